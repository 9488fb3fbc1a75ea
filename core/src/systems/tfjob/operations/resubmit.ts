import { valueAt, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { offered, type JobOperation } from '#core/operations/jobs/jobOperations.ts';
import { patchStep } from '#core/operations/jobs/jobSteps.ts';
import { acceptsPatch, planJob, readPlanned, type PlannedJob } from '#core/operations/jobs/planJob.ts';
import { wantedChanges, type WantedChanges } from '#core/operations/jobs/wantedManifest.ts';
import type { ResubmitWish } from '#core/operations/wishes.ts';
import { differInPlacement } from '#core/systems/tfjob/operations/placement.ts';
import { planAnew } from '#core/systems/tfjob/operations/rerun.ts';
import {
  endOf,
  foreign,
  isKnownSuspended,
  livingMembers,
  type TrainingKind,
} from '#core/systems/tfjob/operations/trainingKind.ts';
import { trainingOperator, trainingProcedure } from '#core/systems/tfjob/operations/training.ts';

/** What the operator makes of an edit of a field by itself. */
interface EditRow {
  readonly field: RegExp;
  /** `heeded`: without a new run; `later`: by pods that are made later only; `refused`: the server does not take it. */
  readonly is: 'heeded' | 'later' | 'refused';
  /** Only of an edit that changes nothing but where pods may run. */
  readonly isPlacement?: boolean;
  readonly text: string;
}

/** First match counts. Source: training-operator 1.9, its webhook and CEL rules, and its reconciler. */
const editsOfTfJob: readonly EditRow[] = [
  { field: /^metadata\./, is: 'heeded', text: 'labels and annotations are read by others, and no pod is touched' },
  {
    field: /^spec\.runPolicy\.(?:cleanPodPolicy|ttlSecondsAfterFinished|activeDeadlineSeconds|backoffLimit)$/,
    is: 'heeded',
    text: 'the Kubeflow Training Operator reads it at its next look, and no pod is touched',
  },
  { field: /^spec\.runPolicy\.managedBy$/, is: 'refused', text: 'it cannot be changed' },
  { field: /^spec\.runPolicy\.schedulingPolicy(?:\.queue)?$/, is: 'refused', text: 'the queue cannot be changed' },
  {
    field: /^spec\.tfReplicaSpecs/,
    is: 'later',
    text: 'pods that run keep what they were started with; only pods made later get it',
  },
  { field: /./, is: 'later', text: 'what runs is not told of it' },
];

/** Names of what a TrainJob changes of the pods of its runtime: in 2.0, in 2.1 and 2.2, and from 2.3 on. */
const OVERRIDES = /^spec\.(?:podSpecOverrides|podTemplateOverrides|runtimePatches)(?=\.|$)/;

/**
 * Source: CEL rules and webhook of trainer 2.3. Trainer 2.0.0 takes edits of trainer, initializer and labels, and its JobSet refuses them: no pod
 * ever gets them, and the job can neither be suspended nor resumed until they are taken back.
 */
const editsOfTrainJob: readonly EditRow[] = [
  { field: /^metadata\./, is: 'heeded', text: 'labels and annotations are read by others, and no pod is touched' },
  {
    field: OVERRIDES,
    is: 'later',
    isPlacement: true,
    text: 'it can be changed only while the job is suspended',
  },
  {
    field: OVERRIDES,
    is: 'refused',
    text: 'of a suspended job only node selectors, tolerations and scheduling gates can be changed',
  },
  { field: /./, is: 'refused', text: 'it cannot be changed' },
];

/**
 * Makes a job as a changed manifest says, with what that takes: edits that the operator heeds by itself, and edits that reach every pod because none
 * is there, are written; for all others the job is made anew, as in rerunOf.
 */
export function resubmitOf(training: TrainingKind): JobOperation<'resubmit'> {
  return {
    offer: (data) => foreign(data, training) ?? offered,
    plan: (wish, ports) => planResubmission(training, wish, ports),
    procedure: trainingProcedure(training),
  };
}

async function planResubmission(
  training: TrainingKind,
  { manifest }: ResubmitWish,
  ports: PlanningPorts,
): Promise<Plan> {
  const { data } = ports;
  const job = await readPlanned(ports);
  const wanted = wantedChanges(manifest, job.object);
  refuseSuspension(wanted, training);
  const rows = wanted.changes.map(({ path, text }) => ({ text, row: rowOf(path, training, job.object, wanted.patch) }));
  const consequence = rows.map(({ text, row }) => `${text} — by itself: ${row.text}`);
  if (rows.every(({ row: { is } }) => is === 'heeded' || (is === 'later' && isAsleep(data, training))))
    return planEdit(training, wanted, consequence, job, ports);
  return planAnew('resubmit', training, ports, { title: 'Edit and resubmit', changes: wanted.patch, consequence });
}

/** No pod is there, and none is made before it goes on. */
function isAsleep(data: DataCluster, training: TrainingKind): boolean {
  const { resource } = data;
  const isSuspended = resource !== undefined && training.isSuspended(resource) && isKnownSuspended(resource);
  return isSuspended && endOf(resource) === undefined && livingMembers(data).length === 0;
}

function rowOf(path: string, { kind }: TrainingKind, before: JsonObject, patch: JsonObject): EditRow {
  const table = kind === 'TFJob' ? editsOfTfJob : editsOfTrainJob;
  const fields = path.split('.');
  const isPlacement = differInPlacement(valueAt(before, ...fields), valueAt(patch, ...fields));
  return (
    table.find((row) => row.field.test(path) && (isPlacement || row.isPlacement !== true)) ?? {
      field: /./,
      is: 'later',
      text: 'what runs is not told of it',
    }
  );
}

/** Suspending is a verb of its own, with its own consequence. */
function refuseSuspension({ changes }: WantedChanges, { kind }: TrainingKind): void {
  const path = kind === 'TFJob' ? 'spec.runPolicy.suspend' : 'spec.suspend';
  if (changes.some((change) => change.path === path))
    throw new ClusterProblem(
      'invalid',
      `The manifest changes ${path}. Use Suspend Job or Resume Job for that, and leave it as it is here.`,
    );
}

/** Nothing is killed. */
async function planEdit(
  training: TrainingKind,
  { patch }: WantedChanges,
  consequence: readonly string[],
  job: PlannedJob,
  ports: PlanningPorts,
): Promise<Plan> {
  const { data, cluster } = ports;
  const name = `${training.kind} ${data.name}`;
  const operator = await trainingOperator(training, ports);
  return planJob('resubmit', ports, {
    title: `Edit ${name}`,
    job,
    consequence: [...consequence, 'Nothing is run anew'],
    isLoss: false,
    preconditions: [operator.check, await acceptsPatch(cluster, job, patch)],
    steps: [
      patchStep({
        id: 'edit',
        title: `Change ${name}`,
        object: job.object,
        patch,
        goal: '',
        effect: 'the fields are written; no pod is touched',
        done: 'the server keeps them',
        undo: 'the same with the values of before',
        expectedMs: 2000,
      }),
    ],
    risks: [],
    parameters: operator.parameters,
  });
}
