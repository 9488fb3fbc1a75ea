import type { ResourceIdentity } from '#core/lint/finding.ts';
import { put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import { CONNECT_ROWS, finishConnect, refuseConnectOauth } from '#core/migrate/kafka/strimziConnect.ts';
import { addPools, KAFKA_ROWS, refuseGoneSecurity } from '#core/migrate/kafka/strimziKafka.ts';
import { NO_FIELD, STRIMZI_LOSSES } from '#core/migrate/kafka/strimziLoss.ts';
import type { Migration } from '#core/migrate/migration.ts';
import { pruneUnknown } from '#core/migrate/prune.ts';
import { runRowsInPlace, type FieldRow, type RowTarget } from '#core/migrate/rows.ts';
import { entryAt, isTrue, itemsOf, leaf, listOf, mapOf, putAt, takeAt, type Entry } from '#core/migrate/tree.ts';

const OLD_VERSIONS = ['v1beta2', 'v1beta1', 'v1alpha1'];

/** Kinds of Strimzi whose v1 takes more than the new apiVersion, and what. The others need nothing else. */
const ROWS_BY_KIND: Readonly<Record<string, readonly FieldRow[]>> = {
  Kafka: KAFKA_ROWS,
  KafkaConnect: CONNECT_ROWS,
  KafkaConnector: [{ from: 'spec.pause', to: 'spec.state: paused or running', make: writeState }],
  KafkaUser: [{ from: 'spec.authorization.acls', to: 'spec.authorization.acls[].operations', make: writeOperations }],
  KafkaNodePool: [],
  KafkaTopic: [],
  KafkaRebalance: [],
};

export const strimziMigrations: readonly Migration[] = Object.entries(ROWS_BY_KIND).map(([kind, rows]): Migration => ({
  from: 'Strimzi before 1.0',
  kinds: `${kind} (kafka.strimzi.io/v1beta2 and older)`,
  to: 'strimzi',
  isUsual: true,
  makes: kind === 'Kafka' ? 'Kafka (v1) and KafkaNodePool' : `${kind} (v1)`,
  matches: (resource) => isOld(resource) && resource.kind === kind,
  rows,
  run: (job) => run(job, kind, rows),
}));

function isOld({ group, version }: ResourceIdentity): boolean {
  return group === 'kafka.strimzi.io' && OLD_VERSIONS.includes(version);
}

function run(job: MigrationJob, kind: string, rows: readonly FieldRow[]): void {
  const draft = job.add(job.source);
  if (kind === 'Kafka') {
    refuseGoneSecurity(job);
    addPools(job, draft);
  }
  if (kind === 'KafkaConnect') refuseConnectOauth(job);
  runRowsInPlace(rows, { job, draft });
  if (kind === 'KafkaConnect') finishConnect(draft);
  takeAt(job.source, ['status']);
  changeVersion(draft);
  for (const made of job.drafts) pruneUnknown(made, job, STRIMZI_LOSSES, NO_FIELD);
}

function changeVersion({ tree }: Draft): void {
  const version = entryAt(tree, ['apiVersion']);
  if (version) version.value = leaf('kafka.strimzi.io/v1');
  if (!entryAt(tree, ['spec'])) putAt(tree, ['spec'], mapOf());
}

function writeState(entry: Entry, { draft }: RowTarget): void {
  put(draft, 'spec.state', leaf(isTrue(entry.value) ? 'paused' : 'running'), entry);
}

/** One operation for each rule became a list of them. */
function writeOperations(entry: Entry, { draft }: RowTarget): void {
  for (const acl of itemsOf(entry.value)) {
    const old = takeAt(acl, ['operation']);
    if (acl.kind === 'map' && !entryAt(acl, ['operations'])) {
      putAt(acl, ['operations'], listOf([old?.value ?? leaf('All')]), old);
    }
  }
  put(draft, 'spec.authorization.acls', entry.value, entry);
}
