import { lose, put, type MigrationJob } from '#core/migrate/job.ts';
import { BROKER_OPTIONS, ZOOKEEPER_OPTIONS } from '#core/migrate/kafka/brokerOptions.ts';
import { beginTopic, labelCluster, settingLeaf, STRIMZI } from '#core/migrate/kafka/topic.ts';
import type { Migration } from '#core/migrate/migration.ts';
import { METADATA_ROWS, runRows, type FieldRow, type RowTarget } from '#core/migrate/rows.ts';
import {
  entriesOf,
  itemsOf,
  leaf,
  listOf,
  mapOf,
  numberOf,
  putAt,
  textOf,
  treeAt,
  type Entry,
  type MapTree,
  type Tree,
} from '#core/migrate/tree.ts';

const rows: readonly FieldRow[] = [
  ...METADATA_ROWS,
  { from: 'state', silent: true },
  { from: 'scale', silent: true },
  { from: 'spec.kafkaOptions', to: 'Kafka spec.kafka.config', make: writeConfig },
  { from: 'spec.brokerCount', to: 'KafkaNodePool spec.replicas', silent: true },
  { from: 'spec.storageClass', to: 'KafkaNodePool spec.storage.volumes[0].class', silent: true },
  { from: 'spec.resources.diskSpace', to: 'KafkaNodePool spec.storage.volumes[0].size', silent: true },
  { from: 'spec.resources', to: 'KafkaNodePool spec.resources', silent: true },
  { from: 'spec.nodeSelector', to: 'KafkaNodePool spec.template.pod.affinity.nodeAffinity', silent: true },
  { from: 'spec.topics', to: 'a KafkaTopic for each', silent: true },
  {
    from: 'spec.image',
    lost: 'Strimzi runs its own images; spec.kafka.version chooses among the versions your operator supports',
  },
  { from: 'spec.zookeeperConnect', lost: 'Kafka 4 keeps its metadata itself (KRaft), in the controllers' },
  {
    from: 'spec.minimumGracePeriod',
    lost: 'it was how long a pod stays on a node that is gone; write a toleration into spec.template.pod of the KafkaNodePool if the usual 300 s do not fit',
  },
  { from: 'spec.jmxSidecar', lost: 'spec.kafka.metricsConfig of the Kafka resource brings metrics without a sidecar' },
  {
    from: 'spec.leaderImbalanceRatio',
    lost: 'brokers balance their leaders themselves (leader.imbalance.per.broker.percentage in spec.kafka.config)',
  },
  {
    from: 'spec.leaderImbalanceInterval',
    lost: 'brokers balance their leaders themselves (leader.imbalance.check.interval.seconds in spec.kafka.config)',
  },
];

export const krallistic: Migration = {
  from: 'krallistic/kafka-operator',
  kinds: 'Kafkacluster (krallistic.github.com/v1)',
  to: 'strimzi',
  isUsual: true,
  makes: 'Kafka, KafkaNodePool and a KafkaTopic for each topic',
  matches: ({ group, kind }) => group === 'krallistic.github.com' && kind === 'Kafkacluster',
  rows,
  run,
};

function run(job: MigrationJob): void {
  const { name } = job;
  const draft = job.begin({ ...STRIMZI, kind: 'Kafka' }, name);
  put(draft, 'spec.kafka.listeners', plainListener());
  addPools(job, name);
  for (const topic of itemsOf(job.value('spec.topics'))) addTopic(job, topic, name);
  runRows(rows, { job, draft });
  put(draft, 'spec.entityOperator', mapOf({ topicOperator: emptyMap(), userOperator: emptyMap() }));
  job.step(
    'This is a new, empty cluster: copy the data over, with MirrorMaker 2 for instance, before clients move to it.',
  );
  job.step(
    `Clients find it at ${name}-kafka-bootstrap:9092; the listener is neither encrypted nor authenticated, as before.`,
  );
}

function plainListener(): Tree {
  const listener = { name: leaf('plain'), port: leaf(9092), type: leaf('internal'), tls: leaf(false) };
  return listOf([mapOf(listener)]);
}

function emptyMap(): Tree {
  return { kind: 'leaf', lines: ['{}'], scalar: undefined };
}

function writeConfig(entry: Entry, { draft }: RowTarget): void {
  for (const option of entriesOf(entry.value)) {
    const setting = BROKER_OPTIONS.get(option.name);
    const text = textOf(option.value);
    if (setting !== undefined && text !== undefined) {
      putAt(draft.tree, ['spec', 'kafka', 'config', setting], settingLeaf(text), option);
    } else {
      const isZooKeeper = ZOOKEEPER_OPTIONS.includes(option.name);
      const why = isZooKeeper
        ? 'there is no ZooKeeper any more'
        : 'the old operator had no such option and passed it over';
      lose(draft, `spec.kafkaOptions.${option.name}`, why);
    }
  }
}

/** An odd small number of nodes can vote as well; others get three controllers of their own. */
function addPools(job: MigrationJob, cluster: string): void {
  const brokers = numberOf(job.value('spec.brokerCount')) ?? 1;
  const isDual = brokers === 1 || brokers === 3 || brokers === 5;
  addPool(job, cluster, isDual ? 'dual' : 'brokers', {
    roles: isDual ? ['controller', 'broker'] : ['broker'],
    replicas: brokers,
  });
  if (isDual) return;
  addPool(job, cluster, 'controllers', { roles: ['controller'], replicas: 3 });
  job.step('The pool "controllers" is new; see whether its storage and its resources fit.');
}

interface PoolShape {
  readonly roles: readonly string[];
  readonly replicas: number;
}

function addPool(job: MigrationJob, cluster: string, name: string, { roles, replicas }: PoolShape): void {
  const draft = job.begin({ ...STRIMZI, kind: 'KafkaNodePool' }, name);
  labelCluster(draft, cluster);
  const runsBrokers = roles.includes('broker');
  put(draft, 'spec.replicas', leaf(replicas));
  put(draft, 'spec.roles', listOf(roles.map(leaf)));
  put(draft, 'spec.storage', storage(job, runsBrokers, roles.includes('controller')));
  const resources = runsBrokers ? toResources(job.value('spec.resources')) : undefined;
  if (resources) put(draft, 'spec.resources', resources);
  const affinity = toAffinity(job.value('spec.nodeSelector'));
  if (affinity) put(draft, 'spec.template.pod.affinity', affinity);
}

/** The old operator gave every broker 100G when nothing was said. */
function storage(job: MigrationJob, runsBrokers: boolean, votes: boolean): Tree {
  const size = runsBrokers ? (job.text('spec.resources.diskSpace') ?? '100G') : '10Gi';
  const className = job.text('spec.storageClass');
  const volume = mapOf({
    id: leaf(0),
    type: leaf('persistent-claim'),
    size: leaf(size),
    ...(className === undefined ? {} : { class: leaf(className) }),
    ...(votes ? { kraftMetadata: leaf('shared') } : {}),
    deleteClaim: leaf(false),
  });
  return mapOf({ type: leaf('jbod'), volumes: listOf([volume]) });
}

function toResources(old: Tree | undefined): Tree | undefined {
  const [cpu, memory] = [treeAt(old, ['cpu']), treeAt(old, ['memory'])];
  if (!cpu && !memory) return undefined;
  const requests = mapOf({ ...(cpu ? { cpu } : {}), ...(memory ? { memory } : {}) });
  return mapOf({ requests, ...(memory ? { limits: mapOf({ memory }) } : {}) });
}

function toAffinity(selector: Tree | undefined): MapTree | undefined {
  const wanted = entriesOf(selector).map(({ name, value }) =>
    mapOf({ key: leaf(name), operator: leaf('In'), values: listOf(value ? [value] : []) }),
  );
  if (wanted.length === 0) return undefined;
  const terms = mapOf({ nodeSelectorTerms: listOf([mapOf({ matchExpressions: listOf(wanted) })]) });
  return mapOf({ nodeAffinity: mapOf({ requiredDuringSchedulingIgnoredDuringExecution: terms }) });
}

function addTopic(job: MigrationJob, topic: Tree, cluster: string): void {
  const name = textOf(treeAt(topic, ['name']));
  if (name === undefined) return;
  const draft = beginTopic(job, name, cluster);
  put(draft, 'spec.partitions', treeAt(topic, ['partitions']) ?? leaf(1));
  put(draft, 'spec.replicas', treeAt(topic, ['replicationFactor']) ?? leaf(1));
}
