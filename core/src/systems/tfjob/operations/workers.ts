import { counted } from '#core/live/plainText.ts';
import { killedPods } from '#core/operations/jobs/jobPods.ts';
import { isSetAt, numberAt, objectAt, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { offered, outOfPlace, refused, type JobOffer, type JobOperation } from '#core/operations/jobs/jobOperations.ts';
import { findOperators } from '#core/operations/operated/operatorWatch.ts';
import { patchStep } from '#core/operations/jobs/jobSteps.ts';
import { patched } from '#core/operations/jobs/mergePatch.ts';
import { WRITES_BEFORE } from '#core/operations/jobs/unchanged.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';
import { acceptsPatch, planJob, readPlanned } from '#core/operations/jobs/planJob.ts';
import type { WorkersWish } from '#core/operations/wishes.ts';
import { sparsePanic } from '#core/systems/tfjob/operations/sparsePanic.ts';
import { endOf, foreign, livingMembers, tfJob } from '#core/systems/tfjob/operations/trainingKind.ts';
import { trainingOperator, trainingProcedure } from '#core/systems/tfjob/operations/training.ts';

/** The key of the workers as it is written: the operator takes any case. */
function workerKey({ resource }: DataCluster): string | undefined {
  const keys = Object.keys(objectAt(resource?.spec, 'tfReplicaSpecs'));
  return keys.find((key) => key === 'Worker') ?? keys.find((key) => key.toLowerCase() === 'worker');
}

function offer(data: DataCluster): JobOffer {
  const reason = foreign(data, tfJob);
  const { resource, name } = data;
  if (reason || !resource) return reason ?? offered;
  const end = endOf(resource);
  if (end !== undefined) return outOfPlace(`${name} ${end}; it takes no workers any more.`);
  if (workerKey(data) === undefined) return refused(`${name} has no workers to change (spec.tfReplicaSpecs.Worker).`);
  const isElastic = isSetAt(resource.spec, 'enableDynamicWorker');
  if (isElastic || livingMembers(data).length === 0) return offered;
  return refused(
    `${name} runs without spec.enableDynamicWorker: its replicas keep the TF_CONFIG they were started with, and would not know of others. Edit and Resubmit runs it anew with another number; Suspend Job lets it be changed before it goes on.`,
  );
}

/**
 * Changes the number of workers of a TFJob that can take it: one whose workers need not know of each other (enableDynamicWorker), or one
 * that has no pods now.
 * 1. the number is written under the resourceVersion that was read;
 * 2. the operator has to have made the workers that are missing, and deleted those with the highest indices.
 * Where several that go at once can end the operator (sparsePanic.ts), both are done for one worker after the other.
 * There is no scale subresource, and no webhook looks at the number. Source: training-operator 1.9.
 */
export const workersOfTfJob: JobOperation<'workers'> = {
  offer,
  plan: planWorkers,
  procedure: trainingProcedure(tfJob),
};

async function planWorkers(wish: WorkersWish, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const to = wantedOf(wish, data);
  const job = await readPlanned(ports);
  const key = workerKey(data) ?? 'Worker';
  const before = numberAt(job.object, 'spec', 'tfReplicaSpecs', key, 'replicas') ?? 1;
  if (before === to) throw new ClusterProblem('invalid', `${data.name} has ${to} workers already.`);
  const beyond = data.members.filter(({ group, index, pod }) => pod && group === 'worker' && (index ?? 0) >= to);
  const surplus = livingMembers(data).filter(({ meta }) => beyond.some(({ name }) => name === meta.name));
  const operator = await trainingOperator(tfJob, ports);
  const { workloads } = await findOperators(cluster, tfJob.flavour, data.namespace);
  const panic = sparsePanic(data, job.object, to, workloads);
  return planJob('workers', ports, {
    title: `Change the workers of TFJob ${data.name} from ${before} to ${to}`,
    job,
    consequence: [
      ...(surplus.length > 0 ? [killedPods(surplus, 'worker', ', those with the highest indices')] : []),
      ...(to > before ? ['The new workers get a TF_CONFIG of their own; those that run keep theirs'] : []),
      ...(panic === undefined ? [] : [`They go one at a time, because ${panic}`]),
      'The rest of the job goes on',
    ],
    isLoss: surplus.length > 0,
    preconditions: [operator.check, await acceptsPatch(cluster, job, replicasOf(key, to))],
    steps: stagesOf(
      before,
      to,
      beyond.flatMap(({ index }) => index ?? []),
      panic !== undefined,
    ).map((stage) => workersStep(job.object, key, stage)),
    risks: ['Whether the training uses more workers, or goes on without those that go, is up to its program.'],
    preview: [{ title: 'Workers', unit: 'count', items: [{ label: data.name, before, after: to }] }],
    parameters: operator.parameters,
  });
}

/** One write of the number of workers. */
interface Stage {
  readonly from: number;
  readonly to: number;
  /** Of the same run. */
  readonly writesBefore: number;
}

/** One after the other where several may not go at once: to each worker that is there and has to go, the highest first. */
function stagesOf(from: number, to: number, surplus: readonly number[], isOneByOne: boolean): readonly Stage[] {
  const indices = [...new Set(surplus)].filter((index) => index < from).toSorted((a, b) => b - a);
  const sizes = isOneByOne && to < from ? [...indices.slice(0, -1), to] : [to];
  return sizes.map((size, index) => ({ from: sizes[index - 1] ?? from, to: size, writesBefore: index }));
}

const replicasOf = (key: string, replicas: number): JsonObject => ({
  spec: { tfReplicaSpecs: { [key]: { replicas } } },
});

function workersStep(object: JsonObject, key: string, { from, to, writesBefore }: Stage): PlannedStep {
  const operator = operatorNames['kubeflow-training-operator'];
  return patchStep({
    id: `workers-${to}`,
    title: counted(to, 'worker'),
    object: patched(object, replicasOf(key, from)),
    patch: replicasOf(key, to),
    goal: 'workers',
    effect:
      to < from
        ? `the ${operator} deletes the workers from index ${to} on`
        : `the ${operator} makes ${to - from} more workers`,
    done: `workers 0 to ${to - 1} are there, and no others`,
    undo: `the same with ${from}`,
    expectedMs: 30_000,
    parameters: { to, [WRITES_BEFORE]: writesBefore },
  });
}

function wantedOf({ to, min, max }: WorkersWish, { name }: DataCluster): number {
  if (min !== undefined || max !== undefined)
    throw new ClusterProblem(
      'invalid',
      `${name} does not change the number of its workers by itself, so it has no bounds.`,
    );
  if (to === undefined || to < 1) throw new ClusterProblem('invalid', `A TFJob has one worker at least.`);
  return to;
}

/**
 * trainer.numNodes cannot be changed, also while the job is suspended. Source: trainer #3995. Trainer 2.0.0 takes the edit, and the webhook of
 * JobSet 0.8.2 then refuses it and every later suspension.
 */
export const workersOfTrainJob: JobOperation<'workers'> = {
  offer: ({ name }) =>
    refused(
      `The number of nodes of a TrainJob cannot be changed: spec.trainer is immutable, or its JobSet does not take it. Edit and Resubmit runs ${name} anew with another one.`,
    ),
  plan: () => Promise.reject(new ClusterProblem('invalid', 'The number of nodes of a TrainJob cannot be changed.')),
  procedure: () => {
    throw new ClusterProblem('invalid', 'The number of nodes of a TrainJob cannot be changed.');
  },
};
