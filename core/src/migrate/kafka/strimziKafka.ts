import { lose, put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import { labelCluster, STRIMZI } from '#core/migrate/kafka/topic.ts';
import type { FieldRow, RowTarget } from '#core/migrate/rows.ts';
import {
  entriesOf,
  itemsOf,
  leaf,
  listOf,
  mapOf,
  numberOf,
  takeAt,
  textOf,
  treeAt,
  type Entry,
  type Tree,
} from '#core/migrate/tree.ts';

/** Settings of brokers that only a cluster with ZooKeeper has. */
const ZOOKEEPER_SETTING = /^(?:zookeeper\.|inter\.broker\.protocol\.version$|log\.message\.format\.version$)/;

/** First Kafka that operators with kafka.strimzi.io/v1 alone can run. */
const FIRST_MAJOR = 4;

/** What of a Kafka resource stands elsewhere in v1. Rows that name a pool are read when the pools are made. */
export const KAFKA_ROWS: readonly FieldRow[] = [
  { from: 'metadata.annotations[strimzi.io/node-pools]', silent: true },
  { from: 'metadata.annotations[strimzi.io/kraft]', silent: true },
  { from: 'spec.kafka.replicas', to: 'KafkaNodePool spec.replicas', silent: true },
  { from: 'spec.kafka.storage', to: 'KafkaNodePool spec.storage', silent: true },
  { from: 'spec.kafka.resources', to: 'KafkaNodePool spec.resources', silent: true },
  { from: 'spec.zookeeper', to: 'a KafkaNodePool with the role controller', silent: true },
  { from: 'spec.kafka.version', to: 'spec.kafka.version from Kafka 4 on', make: checkVersion },
  { from: 'spec.kafka.config', to: 'spec.kafka.config without the settings of ZooKeeper', make: cleanConfig },
  interval('topicOperator'),
  interval('userOperator'),
];

function interval(operator: string): FieldRow {
  const place = `spec.entityOperator.${operator}`;
  return {
    from: `${place}.reconciliationIntervalSeconds`,
    to: `${place}.reconciliationIntervalMs`,
    make: (entry, { draft }) => {
      const seconds = numberOf(entry.value);
      if (seconds !== undefined) put(draft, `${place}.reconciliationIntervalMs`, leaf(seconds * 1000), entry);
    },
  };
}

function checkVersion(entry: Entry, { draft, job }: RowTarget): void {
  const version = textOf(entry.value) ?? '';
  if (Number(version.split('.')[0]) >= FIRST_MAJOR) return put(draft, 'spec.kafka.version', entry.value, entry);
  lose(draft, 'spec.kafka.version', `Strimzi with kafka.strimzi.io/v1 runs Kafka 4 and later, this is ${version}`);
  job.step(
    'Upgrade the running cluster to Kafka 4 before this is applied; without spec.kafka.version the operator takes its newest.',
  );
}

function cleanConfig(entry: Entry, { draft }: RowTarget): void {
  const gone = entriesOf(entry.value).filter(({ name }) => ZOOKEEPER_SETTING.test(name));
  for (const { name } of gone) {
    takeAt(entry.value, [name]);
    lose(draft, `spec.kafka.config["${name}"]`, 'with KRaft there is no such setting');
  }
  if (entriesOf(entry.value).length > 0 || gone.length === 0) put(draft, 'spec.kafka.config', entry.value, entry);
}

/** What v1 can only say another way; leaving it out would open the cluster. */
export function refuseGoneSecurity(job: MigrationJob): void {
  for (const listener of itemsOf(job.value('spec.kafka.listeners'))) {
    if (textOf(treeAt(listener, ['authentication', 'type'])) !== 'oauth') continue;
    job.refuse(
      'listeners with authentication of type oauth are written as type custom in v1, with listenerConfig and its secrets; without it the listener would be open',
    );
  }
  const authorization = job.text('spec.kafka.authorization.type');
  if (authorization !== 'opa' && authorization !== 'keycloak') return;
  job.refuse(
    `authorization of type ${authorization} is written as type custom in v1, with authorizerClass and its settings in spec.kafka.config; without it everybody could do everything`,
  );
}

/** The node pools that v1 keeps nodes, storage and resources in. */
export function addPools(job: MigrationJob, kafka: Draft): void {
  const isPooled = job.text('metadata.annotations[strimzi.io/node-pools]') === 'enabled';
  const zookeeper = job.value('spec.zookeeper');
  const [replicas, storage, resources] = ['replicas', 'storage', 'resources'].map((name) =>
    takeAt(job.source, ['spec', 'kafka', name]),
  );
  if (isPooled || usesPools(job)) {
    for (const entry of [replicas, storage])
      if (entry) lose(kafka, `spec.kafka.${entry.name}`, 'the node pools say it');
    if (resources)
      lose(kafka, 'spec.kafka.resources', 'node pools have spec.resources; move it there where they have none');
    if (zookeeper) lose(kafka, 'spec.zookeeper', 'with node pools in KRaft mode there is no ZooKeeper');
    return;
  }
  const pool = beginPool(job, 'kafka', zookeeper ? ['broker'] : ['controller', 'broker']);
  put(pool, 'spec.replicas', replicas?.value ?? leaf(1), replicas);
  put(pool, 'spec.storage', storage?.value ?? mapOf({ type: leaf('ephemeral') }), storage);
  if (resources) put(pool, 'spec.resources', resources.value, resources);
  if (zookeeper) addControllers(job, zookeeper);
  tellAboutKraft(job, zookeeper !== undefined);
}

function usesPools(job: MigrationJob): boolean {
  return job.text('metadata.annotations[strimzi.io/kraft]') === 'enabled';
}

function beginPool(job: MigrationJob, name: string, roles: readonly string[]): Draft {
  const pool = job.begin({ ...STRIMZI, kind: 'KafkaNodePool' }, name);
  labelCluster(pool, job.name);
  put(pool, 'spec.replicas', leaf(1));
  put(pool, 'spec.roles', listOf(roles.map(leaf)));
  return pool;
}

/** Parts of the ZooKeeper section that a pool of controllers has too. */
const SHARED_PARTS = ['replicas', 'storage', 'resources', 'jvmOptions'];

function addControllers(job: MigrationJob, zookeeper: Tree): void {
  const pool = beginPool(job, 'controllers', ['controller']);
  put(pool, 'spec.storage', mapOf({ type: leaf('ephemeral') }));
  for (const entry of entriesOf(zookeeper)) {
    if (SHARED_PARTS.includes(entry.name)) put(pool, `spec.${entry.name}`, entry.value, entry);
    else if (entry.name === 'template') addPodTemplate(pool, entry);
    else lose(pool, `spec.zookeeper.${entry.name}`, 'controllers have no such field of their own');
  }
}

function addPodTemplate(pool: Draft, { value }: Entry): void {
  for (const entry of entriesOf(value)) {
    if (entry.name === 'pod') put(pool, 'spec.template.pod', entry.value, entry);
    else lose(pool, `spec.zookeeper.template.${entry.name}`, 'it was for what ZooKeeper was made of');
  }
}

function tellAboutKraft(job: MigrationJob, hadZooKeeper: boolean): void {
  if (!hadZooKeeper) return;
  job.step('A running cluster keeps its metadata in ZooKeeper: applying this would begin an empty one.');
  job.step(
    'Move it first, with Strimzi 0.45 or older and Kafka 3.9 or older: add the two KafkaNodePools (the brokers\' must be called "kafka" so that pods and volumes stay),',
  );
  job.step(
    'set the annotation strimzi.io/kraft to "migration" on the Kafka resource, wait for status.kafkaMetadataState KRaftPostMigration, then set it to "enabled".',
  );
  job.step('Only then upgrade the operator and apply this. A new cluster needs none of it.');
}
