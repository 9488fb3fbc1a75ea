import { isSetAt, textAt, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import { outOfPlace, refused, type JobOffer } from '#core/operations/jobs/jobOperations.ts';
import { livingPods } from '#core/live/jobs/podsLeft.ts';
import { decisiveCondition } from '#core/systems/tfjob/live/conditions.ts';
import { readRunPolicy } from '#core/systems/tfjob/live/replicas.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** What differs between the kinds of training jobs. */
export interface TrainingKind {
  readonly kind: 'TFJob' | 'TrainJob';
  /** Of the operator. */
  readonly flavour: 'kubeflow-training-operator' | 'kubeflow-trainer';
  /** For the middle of a sentence. */
  readonly operator: string;
  /** Value of managedBy with which the operator itself runs the job, as when there is none. */
  readonly manager: string;
  managedBy(this: void, resource: LiveCustom): string;
  /** A label and its value select the pods of a job. */
  readonly jobLabel: string;
  isSuspended(this: void, resource: LiveCustom): boolean;
  suspension(this: void, isSuspended: boolean): JsonObject;
  /** What it deletes when it suspends. */
  readonly suspends: string;
}

/** Source: training-operator 1.9, ReconcileJobs: a suspended job loses pods, services and PodGroup, and resumed gets a new startTime. */
export const tfJob: TrainingKind = {
  kind: 'TFJob',
  flavour: 'kubeflow-training-operator',
  operator: `the ${operatorNames['kubeflow-training-operator']}`,
  manager: 'kubeflow.org/training-operator',
  managedBy: (resource) => readRunPolicy(resource).managedBy,
  jobLabel: 'training.kubeflow.org/job-name',
  isSuspended: (resource) => readRunPolicy(resource).isSuspended,
  suspension: (suspend) => ({ spec: { runPolicy: { suspend } } }),
  suspends: 'its pods, their services and its PodGroup',
};

/** Source: trainer 2.3: the JobSet of the same name is suspended, and with it its Jobs, which delete their pods; seen with 2.0.0. */
export const trainJob: TrainingKind = {
  kind: 'TrainJob',
  flavour: 'kubeflow-trainer',
  operator: operatorNames['kubeflow-trainer'],
  manager: 'trainer.kubeflow.org/trainjob-controller',
  managedBy: ({ spec }) => textAt(spec, 'managedBy'),
  jobLabel: 'jobset.sigs.k8s.io/jobset-name',
  isSuspended: ({ spec }) => isSetAt(spec, 'suspend'),
  suspension: (suspend) => ({ spec: { suspend } }),
  suspends: 'the pods of its JobSet',
};

const endings = new Map([
  ['Succeeded', 'has succeeded'],
  ['Complete', 'has completed'],
  ['Failed', 'has failed'],
]);

/** How the job has ended, `has failed`; undefined while it has not. */
export function endOf({ status }: LiveCustom): string | undefined {
  return endings.get(decisiveCondition(status)?.type ?? '');
}

/** Whether the operator has said that it is suspended. */
export const isKnownSuspended = ({ status }: LiveCustom): boolean => decisiveCondition(status)?.type === 'Suspended';

export const selectorOf = ({ jobLabel }: TrainingKind, name: string): string => `${jobLabel}=${name}`;

export function livingMembers({ members }: DataCluster): readonly LivePod[] {
  return livingPods(members.flatMap(({ pod }) => pod ?? []));
}

const queueLabel = 'kueue.x-k8s.io/queue-name';

/** Kueue suspends jobs of its queues and lets them go on; what is written beside it is put back. */
function queueOf(resource: LiveCustom): string | undefined {
  const queue = resource.meta.labels[queueLabel] ?? '';
  return queue === '' ? undefined : plainText(queue, 63);
}

/** Why nothing but a deletion is of use: no object, an old version, or somebody else's job. */
export function foreign({ resource, name }: DataCluster, training: TrainingKind): JobOffer | undefined {
  if (!resource)
    return refused(`The ${training.kind} ${name} is gone or may not be read; there is nothing to ask for.`);
  if (training.kind === 'TFJob' && resource.version !== 'v1')
    return refused(
      `${name} is a TFJob ${resource.version}, of an operator that has ended. Migrate its manifest to v1.`,
    );
  const manager = training.managedBy(resource);
  if (manager === '' || manager === training.manager) return undefined;
  return refused(`${name} is left to ${plainText(manager, 80)}: ${training.operator} does nothing with it here.`);
}

/** Why it cannot be suspended or let go on: what holds for both. */
export function unsuspendable(data: DataCluster, training: TrainingKind): JobOffer | undefined {
  const { resource, name } = data;
  const reason = foreign(data, training);
  if (reason || !resource) return reason;
  const end = endOf(resource);
  if (end !== undefined) return outOfPlace(`${name} ${end}; ${training.operator} does not suspend what has ended.`);
  const queue = queueOf(resource);
  if (queue === undefined) return undefined;
  return refused(`Kueue decides when ${name} runs (queue ${queue}), and puts its own suspension back.`);
}
