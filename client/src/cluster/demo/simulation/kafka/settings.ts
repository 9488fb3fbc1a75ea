import { CONFIG_SOURCES, type ConfigEntry, type ConfigSynonym } from '#core/systems/kafka/admin.ts';
import type { KafkaNode, KafkaTopic } from './model.ts';
import type { KafkaSimulation } from './simulation.ts';

/** The settings that the simulated brokers know, and what they tell of them. Source: the tables of Kafka 4.1 and answers of Kafka 4.3. */

export type SettingType = 'text' | 'LONG' | 'INT' | 'BOOLEAN' | 'list' | 'replicas';

export interface KnownSetting {
  readonly type: SettingType;
  /** Undefined: not told unless somebody sets it. */
  readonly default?: string;
  /** Of a topic: the setting of the broker that it has its value from. */
  readonly from?: string;
  readonly isReadOnly?: boolean;
  readonly isSensitive?: boolean;
  /** May be changed within half and double of its value. */
  readonly isThreads?: boolean;
}

export const topicSettings: Readonly<Record<string, KnownSetting>> = {
  'cleanup.policy': { type: 'list', default: 'delete', from: 'log.cleanup.policy' },
  'compression.type': { type: 'text', default: 'producer', from: 'compression.type' },
  'follower.replication.throttled.replicas': { type: 'replicas', default: '' },
  'leader.replication.throttled.replicas': { type: 'replicas', default: '' },
  'max.message.bytes': { type: 'INT', default: '1048588', from: 'message.max.bytes' },
  'min.insync.replicas': { type: 'INT', default: '1', from: 'min.insync.replicas' },
  'retention.bytes': { type: 'LONG', default: '-1', from: 'log.retention.bytes' },
  'retention.ms': { type: 'LONG', default: '604800000', from: 'log.retention.ms' },
  'segment.bytes': { type: 'INT', default: '1073741824', from: 'log.segment.bytes' },
  'segment.ms': { type: 'LONG', default: '604800000', from: 'log.roll.ms' },
  'unclean.leader.election.enable': { type: 'BOOLEAN', default: 'false', from: 'unclean.leader.election.enable' },
};

export const brokerSettings: Readonly<Record<string, KnownSetting>> = {
  'auto.create.topics.enable': { type: 'BOOLEAN', default: 'true', isReadOnly: true },
  'auto.leader.rebalance.enable': { type: 'BOOLEAN', default: 'true', isReadOnly: true },
  'background.threads': { type: 'INT', default: '10', isThreads: true },
  'broker.rack': { type: 'text', default: '', isReadOnly: true },
  'compression.type': { type: 'text', default: 'producer' },
  'controlled.shutdown.enable': { type: 'BOOLEAN', default: 'true', isReadOnly: true },
  'controller.quorum.fetch.timeout.ms': { type: 'INT', default: '2000', isReadOnly: true },
  'default.replication.factor': { type: 'INT', default: '1', isReadOnly: true },
  'follower.replication.throttled.rate': { type: 'LONG' },
  'leader.replication.throttled.rate': { type: 'LONG' },
  'log.cleaner.threads': { type: 'INT', default: '1', isThreads: true },
  'log.cleanup.policy': { type: 'list', default: 'delete' },
  'log.dirs': { type: 'text', default: '/var/lib/kafka/data', isReadOnly: true },
  'log.retention.bytes': { type: 'LONG', default: '-1' },
  'log.retention.ms': { type: 'LONG', default: '' },
  'log.roll.ms': { type: 'LONG', default: '' },
  'log.segment.bytes': { type: 'INT', default: '1073741824' },
  'max.connections': { type: 'INT', default: '2147483647' },
  'message.max.bytes': { type: 'INT', default: '1048588' },
  'min.insync.replicas': { type: 'INT', default: '1' },
  'node.id': { type: 'INT', isReadOnly: true },
  'num.io.threads': { type: 'INT', default: '8', isThreads: true },
  'num.network.threads': { type: 'INT', default: '3', isThreads: true },
  'num.partitions': { type: 'INT', default: '1', isReadOnly: true },
  'num.recovery.threads.per.data.dir': { type: 'INT', default: '2', isThreads: true },
  'num.replica.fetchers': { type: 'INT', default: '1', isThreads: true },
  'offsets.topic.replication.factor': { type: 'INT', default: '3', isReadOnly: true },
  'process.roles': { type: 'list', default: '', isReadOnly: true },
  'replica.lag.time.max.ms': { type: 'LONG', default: '30000', isReadOnly: true },
  'ssl.keystore.password': { type: 'text', default: '', isSensitive: true },
  'unclean.leader.election.enable': { type: 'BOOLEAN', default: 'false' },
};

export function topicEntries(kafka: KafkaSimulation, topic: KafkaTopic): readonly ConfigEntry[] {
  return Object.entries(topicSettings).map(([name, known]) => {
    const { from } = known;
    const inherited =
      from === undefined ? [] : [at(kafka.shared, from, 'allBrokers'), at(kafka.defaults, from, 'file')];
    return entryOf(name, known, [at(topic.config, name, 'topic'), ...inherited]);
  });
}

export function brokerEntries(kafka: KafkaSimulation, node: KafkaNode): readonly ConfigEntry[] {
  const own = new Map([
    ...kafka.defaults,
    ['node.id', String(node.plan.id)],
    ...(node.plan.rack === '' ? [] : [['broker.rack', node.plan.rack] as const]),
    ['process.roles', node.plan.isController ? 'broker,controller' : 'broker'],
  ]);
  const names = new Set([...Object.keys(brokerSettings), ...own.keys(), ...kafka.shared.keys(), ...node.config.keys()]);
  return [...names].toSorted().flatMap((name) => {
    const known = brokerSettings[name] ?? { type: 'text', isReadOnly: own.has(name) };
    const values = [at(node.config, name, 'broker'), at(kafka.shared, name, 'allBrokers'), at(own, name, 'file')];
    const isTold = known.default !== undefined || values.some((value) => value !== undefined);
    return isTold ? [entryOf(name, known, values)] : [];
  });
}

/** Only what is set at runtime for all brokers. */
export function sharedEntries({ shared }: KafkaSimulation): readonly ConfigEntry[] {
  return [...shared.keys()]
    .toSorted()
    .map((name) => entryOf(name, brokerSettings[name] ?? { type: 'text' }, [at(shared, name, 'allBrokers')]));
}

/** One that has only its default is told without synonyms, as real brokers do. */
function entryOf(name: string, known: KnownSetting, values: readonly (ConfigSynonym | undefined)[]): ConfigEntry {
  const present = values.filter((value) => value !== undefined);
  const { isReadOnly = false, isSensitive = false, default: usual = '' } = known;
  const last: readonly ConfigSynonym[] =
    usual === '' ? [] : [{ name: known.from ?? name, value: usual, source: CONFIG_SOURCES.default }];
  const [first = { value: usual, source: CONFIG_SOURCES.default }] = present;
  return {
    name,
    value: isSensitive ? '' : first.value,
    isReadOnly,
    isSensitive,
    source: first.source,
    synonyms: present.length === 0 ? [] : [...present, ...last],
  };
}

function at(
  values: ReadonlyMap<string, string>,
  name: string,
  source: keyof typeof CONFIG_SOURCES,
): ConfigSynonym | undefined {
  const value = values.get(name);
  return value === undefined ? undefined : { name, value, source: CONFIG_SOURCES[source] };
}
