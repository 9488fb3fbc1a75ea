import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { schemaAt } from '#core/language/schemaAt.ts';
import type { KnowledgeEntry, KnowledgeTable, KnowledgeType } from '#core/systems/contract.ts';
import {
  environmentKnowledge,
  fileKnowledge,
  findSystem,
  findSystemKind,
  freeFormKnowledge,
  systems,
} from '#core/systems/registry.ts';
import { findReservation, offeredEntries } from '#core/systems/tables.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';
import { bundledCatalog } from '#test/support/catalog.ts';

/** Custom kinds that come with a schema, as group, version and kind. */
const bundled: readonly (readonly [string, string, string])[] = readBundled();

function readBundled(): [string, string, string][] {
  const rows: unknown = JSON.parse(readFileSync(new URL('../../../schemas/kinds.json', import.meta.url), 'utf8'));
  if (!Array.isArray(rows)) throw new Error('kinds.json is no list');
  return rows.map((row: unknown) => [fieldOf(row, 'group'), fieldOf(row, 'version'), fieldOf(row, 'kind')]);
}

function fieldOf(row: unknown, name: string): string {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, name) : undefined;
  if (typeof value !== 'string') throw new Error(`kinds.json has a row without ${name}`);
  return value;
}

const lookUp = (group: string, kind: string, path: YamlPath): KnowledgeTable | undefined =>
  freeFormKnowledge({ group, version: 'v1', kind }, path);

const tables: readonly (readonly [string, KnowledgeTable])[] = systems.flatMap(({ id, knowledge }) => {
  const own = [...knowledge.freeForm, ...knowledge.files, ...knowledge.environments].map(({ table }) => table);
  return [...new Set(own)].map((table) => [`${id}: ${table.name}`, table] as const);
});

describe('kinds', () => {
  test.each(bundled)('%s/%s %s belongs to exactly one system', (group, _version, kind) => {
    const owners = systems.filter(({ kinds }) => kinds.some((row) => row.group === group && row.kind === kind));
    expect(owners).toHaveLength(1);
  });

  test('no kind is listed twice', () => {
    const names = systems.flatMap(({ kinds }) => kinds.map(({ group, kind }) => `${group}/${kind}`));
    expect(new Set(names).size).toBe(names.length);
  });

  test('the same name in several groups stays apart', () => {
    expect(findSystemKind({ group: 'kafka.strimzi.io', kind: 'KafkaTopic' })?.flavour).toBe('strimzi');
    expect(findSystemKind({ group: 'kafka.banzaicloud.io', kind: 'KafkaTopic' })?.flavour).toBe('koperator');
    expect(findSystemKind({ group: 'db.orange.com', kind: 'CassandraCluster' })?.successor).toBeUndefined();
    expect(
      findSystemKind({ group: 'cassandraoperator.instaclustr.com', kind: 'CassandraCluster' })?.successor,
    ).toContain('cass-operator');
    expect(findSystemKind({ group: 'example.org', kind: 'KafkaTopic' })).toBeUndefined();
  });

  test('every system is found by its id and has its snippets', () => {
    expect(systems.map(({ id }) => id)).toEqual(['cassandra', 'kafka', 'spark', 'tfjob']);
    for (const system of systems) {
      expect(findSystem(system.id)).toBe(system);
      expect(existsSync(new URL(`../../../snippets/${system.snippetFile}`, import.meta.url))).toBe(true);
    }
  });
});

describe('a free-form place', () => {
  test.each<[string, string, YamlPath, string]>([
    ['kafka.strimzi.io', 'Kafka', ['spec', 'kafka', 'config'], 'min.insync.replicas'],
    ['kafka.strimzi.io', 'Kafka', ['spec', 'kafka', 'jvmOptions', '-XX'], 'UseG1GC'],
    ['kafka.strimzi.io', 'KafkaNodePool', ['spec', 'jvmOptions', '-XX'], 'MaxGCPauseMillis'],
    ['kafka.strimzi.io', 'KafkaTopic', ['spec', 'config'], 'retention.ms'],
    ['kafka.strimzi.io', 'KafkaConnect', ['spec', 'config'], 'offset.flush.interval.ms'],
    ['kafka.banzaicloud.io', 'KafkaTopic', ['spec', 'config'], 'cleanup.policy'],
    ['cassandra.datastax.com', 'CassandraDatacenter', ['spec', 'config'], 'jvm-server-options'],
    ['cassandra.datastax.com', 'CassandraDatacenter', ['spec', 'config', 'cassandra-yaml'], 'num_tokens'],
    ['cassandra.datastax.com', 'CassandraDatacenter', ['spec', 'config', 'jvm-server-options'], 'max_heap_size'],
    ['k8ssandra.io', 'K8ssandraCluster', ['spec', 'cassandra', 'config', 'cassandraYaml'], 'concurrent_reads'],
    [
      'k8ssandra.io',
      'K8ssandraCluster',
      ['spec', 'cassandra', 'datacenters', 1, 'config', 'cassandraYaml'],
      'concurrent_reads',
    ],
    ['sparkoperator.k8s.io', 'SparkApplication', ['spec', 'sparkConf'], 'spark.eventLog.enabled'],
    ['sparkoperator.k8s.io', 'SparkApplication', ['spec', 'hadoopConf'], 'fs.s3a.endpoint'],
    ['sparkoperator.k8s.io', 'ScheduledSparkApplication', ['spec', 'template', 'sparkConf'], 'spark.ui.port'],
    ['sparkoperator.k8s.io', 'SparkConnect', ['spec', 'sparkConf'], 'spark.sql.shuffle.partitions'],
    ['spark.apache.org', 'SparkApplication', ['spec', 'sparkConf'], 'spark.kubernetes.container.image'],
    ['spark.apache.org', 'SparkCluster', ['spec', 'sparkConf'], 'spark.cores.max'],
  ])('%s %s %j knows %s', (group, kind, path, name) => {
    expect(lookUp(group, kind, path)?.entries.get(name)?.description).toBeTruthy();
  });

  test.each<[string, string, YamlPath]>([
    ['kafka.strimzi.io', 'Kafka', ['spec', 'kafka']],
    ['kafka.strimzi.io', 'Kafka', ['spec', 'kafka', 'config', 'min.insync.replicas']],
    ['kafka.strimzi.io', 'KafkaTopic', ['spec', 'kafka', 'config']],
    ['kafka.strimzi.io', 'KafkaUser', ['spec', 'config']],
    ['example.org', 'Kafka', ['spec', 'kafka', 'config']],
    ['k8ssandra.io', 'K8ssandraCluster', ['spec', 'cassandra', 'datacenters', 'config', 'cassandraYaml']],
    ['sparkoperator.k8s.io', 'ScheduledSparkApplication', ['spec', 'sparkConf']],
    ['', 'ConfigMap', ['data']],
  ])('is not %s %s %j', (group, kind, path) => {
    expect(lookUp(group, kind, path)).toBeUndefined();
  });

  test('exists in the schema of its kind and takes any key there', async () => {
    const catalog = await bundledCatalog();
    const wrong: string[] = [];
    for (const { group, kind, path } of systems.flatMap(({ knowledge }) => knowledge.freeForm)) {
      const steps = path
        .replaceAll('[]', '.[]')
        .split('.')
        .map((step) => (step === '[]' ? 0 : step));
      const versions = catalog.versionsOf(group, kind);
      expect(versions.length, `${group} ${kind}`).toBeGreaterThan(0);
      const accepts = versions.map((version) => {
        const known = steps.map((_step, index) => schemaAt(version.root(), steps.slice(0, index + 1), catalog));
        return known.findLast((schema) => schema !== undefined)?.acceptsUnknownKeys === true;
      });
      if (!accepts.every(Boolean)) wrong.push(`${group} ${kind} ${path}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('a reserved setting', () => {
  const strimzi = lookUp('kafka.strimzi.io', 'Kafka', ['spec', 'kafka', 'config']);
  const connect = lookUp('kafka.strimzi.io', 'KafkaConnect', ['spec', 'config']);
  const cassandra = lookUp('cassandra.datastax.com', 'CassandraDatacenter', ['spec', 'config', 'cassandra-yaml']);
  const spark = lookUp('sparkoperator.k8s.io', 'SparkApplication', ['spec', 'sparkConf']);
  const tensorflow = environmentKnowledge('tensorflow/tensorflow:2.17.0');

  test.each<[KnowledgeTable | undefined, string, boolean]>([
    [strimzi, 'advertised.listeners', true],
    [strimzi, 'listener.name.plain-9092.ssl.keystore.location', true],
    [strimzi, 'log.dirs', true],
    [strimzi, 'broker.rack', true],
    [strimzi, 'zookeeper.connect', true],
    [strimzi, 'ssl.keystore.location', true],
    [strimzi, 'ssl.cipher.suites', false],
    [strimzi, 'broker.session.timeout.ms', false],
    [strimzi, 'controller.quorum.fetch.timeout.ms', false],
    [strimzi, 'controller.quorum.voters', true],
    [strimzi, 'cruise.control.metrics.topic.replication.factor', false],
    [strimzi, 'log.retention.hours', false],
    [connect, 'bootstrap.servers', true],
    [connect, 'ssl.protocol', false],
    [connect, 'group.id', false],
    [cassandra, 'seed_provider', true],
    [cassandra, 'cluster_name', true],
    [cassandra, 'num_tokens', false],
    [spark, 'spark.master', true],
    [spark, 'spark.kubernetes.container.image', true],
    [spark, 'spark.kubernetes.container.image.pullPolicy', false],
    [spark, 'spark.kubernetes.authenticate.driver.oauthTokenFile', true],
    [spark, 'spark.kubernetes.namespace', false],
    [tensorflow, 'TF_CONFIG', true],
    [tensorflow, 'TF_CPP_MIN_LOG_LEVEL', false],
  ])('%#: %s', (table, name, isReserved) => {
    expect(table).toBeDefined();
    expect(table && findReservation(table, name) !== undefined, name).toBe(isReserved);
  });

  test('is not offered', () => {
    expect(strimzi?.entries.has('log.dirs')).toBe(true);
    expect(strimzi && offeredEntries(strimzi).has('log.dirs')).toBe(false);
    expect(strimzi && offeredEntries(strimzi).has('ssl.cipher.suites')).toBe(true);
  });

  test('belongs to an operator: the file and the Apache operator have none', () => {
    expect(fileKnowledge('server.properties')?.table.reserved).toBeUndefined();
    expect(lookUp('spark.apache.org', 'SparkApplication', ['spec', 'sparkConf'])?.reserved).toBeUndefined();
  });

  test.each(tables.filter(([, { reserved }]) => reserved))('%s: every exception is one', (_title, { reserved }) => {
    for (const name of reserved?.except ?? []) {
      expect(
        reserved?.prefixes.some((prefix) => name.startsWith(prefix)),
        name,
      ).toBe(true);
    }
    expect(reserved?.reason).toMatch(/^[A-Z].*\.$/);
  });
});

describe('files and images', () => {
  test.each([
    ['server.properties', 'properties', 'log.dirs'],
    ['controller.properties', 'properties', 'process.roles'],
    ['connect-distributed.properties', 'properties', 'group.id'],
    ['cassandra.yaml', 'yaml', 'commitlog_sync'],
    ['cassandra-rackdc.properties', 'properties', 'rack'],
    ['spark-defaults.conf', 'options', 'spark.driver.memory'],
  ])('%s is of format %s and knows %s', (name, format, setting) => {
    const file = fileKnowledge(name);
    expect(file?.format).toBe(format);
    expect(file?.table.entries.has(setting)).toBe(true);
  });

  test('a file nobody knows is left alone', () => {
    expect(fileKnowledge('application.properties')).toBeUndefined();
  });

  test.each([
    ['apache/kafka:4.1.0', 'KAFKA_MIN_INSYNC_REPLICAS'],
    ['docker.io/confluentinc/cp-kafka@sha256:0a', 'CLUSTER_ID'],
    ['confluentinc/cp-kafka', 'KAFKA_HEAP_OPTS'],
    ['confluentinc/cp-kafka-connect:8.0.0', 'CONNECT_GROUP_ID'],
    ['bitnamilegacy/kafka:3.9', 'KAFKA_CFG_PROCESS_ROLES'],
    ['cassandra:5.0', 'CASSANDRA_SEEDS'],
    ['docker.io/library/cassandra', 'MAX_HEAP_SIZE'],
    ['bitnamilegacy/spark:3.5', 'SPARK_MODE'],
    ['apache/spark:4.0.1', 'SPARK_WORKER_MEMORY'],
    ['tensorflow/tensorflow:2.17.0-gpu', 'NCCL_DEBUG'],
  ])('%s reads %s', (image, name) => {
    expect(environmentKnowledge(image)?.entries.has(name)).toBe(true);
  });

  test.each([
    'nginx',
    'provectuslabs/kafka-ui',
    'apache/kafka-tools',
    'tensorflow/serving',
    'example.org/my-cassandra',
  ])('%s is left alone', (image) => {
    expect(environmentKnowledge(image)).toBeUndefined();
  });
});

const FITS: Readonly<Record<KnowledgeType, RegExp>> = {
  string: /^\S(?:.*\S)?$/s,
  integer: /^-?\d+$/,
  number: /^-?\d+(?:\.\d+)?$/,
  boolean: /^(?:true|false)$/,
  list: /^[^,]+(?:,[^,]+)*$/,
  class: /^[A-Za-z_][\w.$]*$/,
  // A negative one means never.
  duration: /^-?\d+(?:ns|us|ms|s|m|h|d|min)?$/,
  size: /^-?\d+(?:\.\d+)?(?:B|b|[KMGTkmgt](?:i?[Bb])?)?$/,
  rate: /^\d+(?:\.\d+)?[KM]?i?B\/s$/,
  object: /^$/,
  'integer or string': /^\S+$/,
};

/** What is wrong with an entry of a table, in words. */
function faultsOf(name: string, entry: KnowledgeEntry, table: KnowledgeTable): readonly string[] {
  const { type, default: fallback, values, description, since, removedIn, replacedBy } = entry;
  const items = fallback === undefined ? [] : type === 'list' ? fallback.split(',') : [fallback];
  const rows: readonly (readonly [boolean, string])[] = [
    // A switch may be spelled in another way than true and false, and then says how.
    [fallback !== undefined && values === undefined && !FITS[type].test(fallback), `default ${fallback} is no ${type}`],
    [values !== undefined && !items.every((item) => values.includes(item)), `default ${fallback} is not allowed`],
    [values !== undefined && new Set(values).size !== values.length, 'a value twice'],
    [!/^[A-Z0-9`][\x20-\x7e]*[.!]$/.test(description), `description: ${description}`],
    [(description.match(/[.!?](?= |$)/g)?.length ?? 0) > 3, `too long: ${description}`],
    [since !== undefined && !/^\d+\.\d+$/.test(since), `since ${since}`],
    [removedIn !== undefined && !/^\d+\.\d+$/.test(removedIn), `removed in ${removedIn}`],
    [replacedBy !== undefined && !table.entries.has(nameLike(name, replacedBy)), `replaced by unknown ${replacedBy}`],
    [replacedBy === name, 'replaced by itself'],
  ];
  return rows.filter(([isFault]) => isFault).map(([, fault]) => `${name}: ${fault}`);
}

/** Images spell a setting as a variable; what takes its place is named as the setting. */
function nameLike(name: string, replacedBy: string): string {
  const prefix = /^(?:KAFKA_CFG_|KAFKA_|CONNECT_)/.exec(name)?.[0];
  return prefix === undefined ? replacedBy : `${prefix}${replacedBy.replaceAll('.', '_').toUpperCase()}`;
}

describe('a table', () => {
  test('has a name of its own', () => {
    const names = tables.map(([, { name }]) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(tables)('%s: every row holds together', (_title, table) => {
    expect(table.entries.size).toBeGreaterThan(0);
    expect([...table.entries].flatMap(([name, entry]) => faultsOf(name, entry, table))).toEqual([]);
  });

  test('covers what operators meet', () => {
    const size = (name: string): number => fileKnowledge(name)?.table.entries.size ?? 0;
    expect(size('server.properties')).toBeGreaterThan(300);
    expect(size('cassandra.yaml')).toBeGreaterThan(400);
    expect(size('spark-defaults.conf')).toBeGreaterThan(300);
  });
});

describe('what changed between versions', () => {
  const broker = fileKnowledge('server.properties')?.table.entries;
  const node = fileKnowledge('cassandra.yaml')?.table.entries;

  test('what ZooKeeper needed is gone since Kafka 4.0', () => {
    const names = [...(broker ?? [])].filter(([name]) => name.startsWith('zookeeper.'));
    expect(names.length).toBeGreaterThan(10);
    expect(names.every(([, entry]) => entry.removedIn === '4.0')).toBe(true);
    expect(broker?.get('inter.broker.protocol.version')?.removedIn).toBe('4.0');
    expect(broker?.get('log.message.format.version')?.removedIn).toBe('4.0');
  });

  test('a broker takes some changes while it runs', () => {
    expect(broker?.get('min.insync.replicas')?.scope).toBe('cluster');
    expect(broker?.get('ssl.keystore.location')?.scope).toBe('node');
    expect(broker?.get('broker.rack')?.scope).toBe('restart');
  });

  test('an older name of Cassandra points to the newer one and is still read', () => {
    const older = node?.get('read_request_timeout_in_ms');
    expect(older).toMatchObject({ type: 'integer', default: '5000', replacedBy: 'read_request_timeout' });
    expect(older?.removedIn).toBeUndefined();
    expect(node?.get('read_request_timeout')).toMatchObject({ type: 'duration', default: '5000ms', since: '4.1' });
    expect(node?.get('start_rpc')?.removedIn).toBe('4.0');
  });
});
