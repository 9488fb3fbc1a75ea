import { lose, put, type MigrationJob } from '#core/migrate/job.ts';
import type { Migration } from '#core/migrate/migration.ts';
import { METADATA_ROWS, runRows, type FieldRow } from '#core/migrate/rows.ts';
import {
  entriesOf,
  entryAt,
  itemsOf,
  leaf,
  listOf,
  mapOf,
  numberOf,
  putAt,
  takeAt,
  textOf,
  treeAt,
  type MapTree,
  type Tree,
} from '#core/migrate/tree.ts';

const TRAINER = { group: 'trainer.kubeflow.org', version: 'v1alpha1' } as const;
const STEP_LABEL = 'trainer.kubeflow.org/trainjob-ancestor-step';
const NODE = 'node';

const rows: readonly FieldRow[] = [
  ...METADATA_ROWS,
  { from: 'spec.tfReplicaSpecs', to: 'TrainingRuntime: the pod of its only replica', silent: true },
  { from: 'spec.runPolicy.activeDeadlineSeconds', to: 'spec.activeDeadlineSeconds' },
  { from: 'spec.runPolicy.suspend', to: 'spec.suspend' },
  {
    from: 'spec.runPolicy.managedBy',
    lost: 'spec.managedBy takes other values; leave it out unless Kueue starts the job',
  },
  { from: 'spec.runPolicy.backoffLimit', to: 'TrainingRuntime: backoffLimit of the job', silent: true },
  {
    from: 'spec.runPolicy.ttlSecondsAfterFinished',
    to: 'TrainingRuntime: ttlSecondsAfterFinished of the JobSet',
    silent: true,
  },
  { from: 'spec.runPolicy.cleanPodPolicy', lost: 'a JobSet keeps the pods of what has ended' },
  { from: 'spec.runPolicy.schedulingPolicy', lost: 'podGroupPolicy of the TrainingRuntime says it' },
  { from: 'spec.successPolicy', lost: 'with one replica there is nothing to choose' },
  { from: 'spec.enableDynamicWorker', lost: 'with one replica there is nothing to change' },
];

/** Only what runs as one pod: no runtime of Trainer writes the TF_CONFIG that several need. */
export const trainJobMigration: Migration = {
  from: 'Kubeflow Training Operator',
  kinds: 'TFJob (kubeflow.org/v1) with one replica',
  to: 'trainer',
  isUsual: false,
  makes: 'TrainJob and a TrainingRuntime',
  matches: ({ group, kind }) => group === 'kubeflow.org' && kind === 'TFJob',
  rows,
  run,
};

function run(job: MigrationJob): void {
  const problem = whyNot(job);
  if (problem !== undefined) return job.refuse(problem);
  const [role] = entriesOf(job.value('spec.tfReplicaSpecs'));
  const draft = job.begin({ ...TRAINER, kind: 'TrainJob' }, job.name);
  const runtime = mapOf({ apiGroup: leaf(TRAINER.group), kind: leaf('TrainingRuntime'), name: leaf(job.name) });
  put(draft, 'spec.runtimeRef', runtime);
  addRuntime(job, role?.value);
  runRows(rows, { job, draft });
}

function whyNot(job: MigrationJob): string | undefined {
  if (job.text('apiVersion') !== 'kubeflow.org/v1')
    return 'migrate it to kubeflow.org/v1 first (--to training-operator)';
  const roles = entriesOf(job.value('spec.tfReplicaSpecs'));
  const replicas = roles.reduce((sum, { value }) => sum + (numberOf(treeAt(value, ['replicas'])) ?? 1), 0);
  if (roles.length === 1 && replicas === 1) return undefined;
  return 'Kubeflow Trainer has no policy for TensorFlow, so nothing would write the TF_CONFIG that several replicas need; it stays with training-operator 1.9';
}

/** The pod goes as it is; only its container gets the name that Trainer looks for. */
function addRuntime(job: MigrationJob, role: Tree | undefined): void {
  const draft = job.begin({ ...TRAINER, kind: 'TrainingRuntime' }, job.name);
  const pod = treeAt(role, ['template', 'spec']);
  const podMetadata = treeAt(role, ['template', 'metadata']);
  nameContainer(pod);
  const restart = textOf(treeAt(role, ['restartPolicy'])) ?? 'Never';
  if (pod?.kind === 'map')
    putAt(pod, ['restartPolicy'], leaf(restart === 'OnFailure' || restart === 'Always' ? 'OnFailure' : 'Never'));
  if (restart === 'ExitCode') lose(draft, 'restartPolicy ExitCode', 'a Job has podFailurePolicy for it');
  const backoffLimit = takeAt(job.source, ['spec', 'runPolicy', 'backoffLimit'])?.value;
  const ttl = takeAt(job.source, ['spec', 'runPolicy', 'ttlSecondsAfterFinished'])?.value;
  const template: MapTree = mapOf({ metadata: podMetadata, spec: pod });
  const jobSpec = mapOf({ backoffLimit, template });
  const labels: MapTree = mapOf();
  putAt(labels, [STEP_LABEL], leaf('trainer'));
  const replicated = mapOf({ name: leaf(NODE), template: mapOf({ metadata: mapOf({ labels }), spec: jobSpec }) });
  put(draft, 'spec.mlPolicy.numNodes', leaf(1));
  put(draft, 'spec.template.spec', mapOf({ ttlSecondsAfterFinished: ttl, replicatedJobs: listOf([replicated]) }));
}

function nameContainer(pod: Tree | undefined): void {
  const containers = itemsOf(treeAt(pod, ['containers']));
  const main = containers.find((container) => textOf(treeAt(container, ['name'])) === 'tensorflow') ?? containers[0];
  const name = entryAt(main, ['name']);
  if (name) name.value = leaf(NODE);
}
