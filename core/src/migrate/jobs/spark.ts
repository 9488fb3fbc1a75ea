import { put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import type { Migration } from '#core/migrate/migration.ts';
import { pruneUnknown } from '#core/migrate/prune.ts';
import { runRowsInPlace, type FieldRow, type RowTarget } from '#core/migrate/rows.ts';
import { entryAt, leaf, mapOf, numberOf, takeAt, toSteps, type Entry } from '#core/migrate/tree.ts';

const CURRENT = 'sparkoperator.k8s.io/v1beta2';
const NO_FIELD = `${CURRENT} has no such field`;

/** What an application says another way since v1beta2, below `spec` or, in a schedule, below `spec.template`. */
function rowsBelow(place: string): readonly FieldRow[] {
  return [
    { from: `${place}.restartPolicy`, to: `${place}.restartPolicy.type`, make: writePolicy },
    { from: `${place}.maxSubmissionRetries`, to: `${place}.restartPolicy.onSubmissionFailureRetries` },
    { from: `${place}.submissionRetryInterval`, to: `${place}.restartPolicy.onSubmissionFailureRetryInterval` },
    {
      from: `${place}.driver.cores`,
      to: `${place}.driver.cores, a fraction as coreRequest`,
      make: coresOf(`${place}.driver`),
    },
    {
      from: `${place}.executor.cores`,
      to: `${place}.executor.cores, a fraction as coreRequest`,
      make: coresOf(`${place}.executor`),
    },
    { from: `${place}.initContainerImage`, lost: 'Spark 2.4 and later need no init container' },
  ];

  function writePolicy(entry: Entry, { draft }: RowTarget): void {
    const isOld = entry.value?.kind === 'leaf';
    put(draft, `${place}.restartPolicy`, isOld ? mapOf({ type: entry.value }) : entry.value, entry);
  }
}

/** Whole numbers only; less than one core is asked of Kubernetes, and Spark runs one task at a time. */
function coresOf(role: string): (entry: Entry, target: RowTarget) => void {
  return (entry, { draft }) => {
    const cores = numberOf(entry.value);
    const isWhole = cores === undefined || Number.isInteger(cores);
    put(draft, `${role}.cores`, isWhole ? entry.value : leaf(Math.max(1, Math.ceil(cores))), entry);
    if (isWhole || entryAt(draft.tree, toSteps(`${role}.coreRequest`))) return;
    put(draft, `${role}.coreRequest`, leaf(String(cores)));
  };
}

export const sparkMigration: Migration = {
  from: 'Kubeflow Spark Operator before 1.0',
  kinds: 'SparkApplication, ScheduledSparkApplication (sparkoperator.k8s.io/v1alpha1, v1beta1)',
  to: 'spark-operator',
  isUsual: true,
  makes: 'the same kind (v1beta2)',
  matches: ({ group, version, kind }) =>
    group === 'sparkoperator.k8s.io' &&
    /^(?:Scheduled)?SparkApplication$/.test(kind) &&
    (version === 'v1alpha1' || version === 'v1beta1'),
  rows: rowsBelow('spec'),
  run,
};

function run(job: MigrationJob): void {
  const draft = job.add(job.source);
  const place = job.text('kind') === 'ScheduledSparkApplication' ? 'spec.template' : 'spec';
  runRowsInPlace(rowsBelow(place), { job, draft });
  finish(draft, job, place);
}

function finish(draft: Draft, job: MigrationJob, place: string): void {
  takeAt(job.source, ['status']);
  const version = entryAt(draft.tree, ['apiVersion']);
  if (version) version.value = leaf(CURRENT);
  if (!job.value(`${place}.sparkVersion`)) addSparkVersion(draft, job, place);
  pruneUnknown(draft, job, {}, NO_FIELD);
}

function addSparkVersion(draft: Draft, job: MigrationJob, place: string): void {
  const image = job.text(`${place}.image`) ?? job.text(`${place}.driver.image`) ?? '';
  const [version] = /\d+\.\d+\.\d+/.exec(image) ?? [];
  if (version === undefined) job.step(`Add ${place}.sparkVersion: v1beta2 asks for it, and the image does not tell.`);
  else put(draft, `${place}.sparkVersion`, leaf(version));
}
