import { CONFIG_SOURCES, type ConfigEntry, type ConfigSynonym } from '#core/systems/kafka/admin.ts';
import type { KafkaNode, KafkaTopic } from './model.ts';
import type { KafkaSimulation } from './simulation.ts';

/** The settings that the simulated brokers know, and what they tell of them. Source: the tables of Kafka 4.1 and answers of Kafka 4.3. */

export type SettingType = 'text' | 'LONG' | 'INT' | 'BOOLEAN' | 'list' | 'replicas';

export interface KnownSetting {
  readonly type: SettingType;
  /** Null: told as empty. Undefined: not told unless somebody sets it. */
  readonly default?: string | null;
  /** Of a topic: the setting of the broker that it has its value from. */
  readonly from?: string;
  /** The broker has its default under other names, which are not told as synonyms. */
  readonly isComputed?: boolean;
  readonly least?: number;
  /** Only for one broker, not for all of them. */
  readonly isPerBroker?: boolean;
  /** Version of Kafka. */
  readonly since?: string;
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
  'min.insync.replicas': { type: 'INT', default: '1', from: 'min.insync.replicas', least: 1 },
  'retention.bytes': { type: 'LONG', default: '-1', from: 'log.retention.bytes' },
  'retention.ms': { type: 'LONG', default: '604800000', from: 'log.retention.ms', isComputed: true },
  'segment.bytes': { type: 'INT', default: '1073741824', from: 'log.segment.bytes' },
  'segment.ms': { type: 'LONG', default: '604800000', from: 'log.roll.ms', isComputed: true },
  'unclean.leader.election.enable': { type: 'BOOLEAN', default: 'false', from: 'unclean.leader.election.enable' },
};

export const brokerSettings: Readonly<Record<string, KnownSetting>> = {
  'auto.create.topics.enable': { type: 'BOOLEAN', default: 'true', isReadOnly: true },
  'auto.leader.rebalance.enable': { type: 'BOOLEAN', default: 'true', isReadOnly: true },
  'background.threads': { type: 'INT', default: '10', isThreads: true, least: 1 },
  'broker.rack': { type: 'text', default: null, isReadOnly: true },
  'compression.type': { type: 'text', default: 'producer' },
  'controlled.shutdown.enable': { type: 'BOOLEAN', default: 'true', isReadOnly: true },
  'controller.quorum.fetch.timeout.ms': { type: 'INT', default: '2000', isReadOnly: true },
  'cordoned.log.dirs': { type: 'list', default: '', isPerBroker: true, since: '4.3' },
  'default.replication.factor': { type: 'INT', default: '1', isReadOnly: true },
  'follower.replication.throttled.rate': { type: 'LONG', least: 0 },
  'leader.replication.throttled.rate': { type: 'LONG', least: 0 },
  'log.cleaner.threads': { type: 'INT', default: '1', isThreads: true, least: 1 },
  'log.cleanup.policy': { type: 'list', default: 'delete' },
  'log.dirs': { type: 'list', default: null, isReadOnly: true },
  'log.retention.bytes': { type: 'LONG', default: '-1' },
  'log.retention.ms': { type: 'LONG', default: null },
  'log.roll.ms': { type: 'LONG', default: null },
  'log.segment.bytes': { type: 'INT', default: '1073741824' },
  'max.connections': { type: 'INT', default: '2147483647' },
  'message.max.bytes': { type: 'INT', default: '1048588' },
  'min.insync.replicas': { type: 'INT', default: '1', least: 1 },
  'node.id': { type: 'INT', isReadOnly: true },
  'num.io.threads': { type: 'INT', default: '8', isThreads: true, least: 1 },
  'num.network.threads': { type: 'INT', default: '3', isThreads: true, least: 1 },
  'num.partitions': { type: 'INT', default: '1', isReadOnly: true },
  'num.recovery.threads.per.data.dir': { type: 'INT', default: '2', isThreads: true, least: 1 },
  'num.replica.fetchers': { type: 'INT', default: '1', isThreads: true, least: 1 },
  'offsets.topic.replication.factor': { type: 'INT', default: '3', isReadOnly: true },
  'process.roles': { type: 'list', isReadOnly: true },
  'replica.lag.time.max.ms': { type: 'LONG', default: '30000', isReadOnly: true },
  'ssl.keystore.password': { type: 'text', default: null, isSensitive: true },
  'unclean.leader.election.enable': { type: 'BOOLEAN', default: 'false' },
};

/** The one of every simulated broker. */
export const LOG_DIR = '/var/lib/kafka/data';

export const isKnownTo = ({ plan }: KafkaSimulation, { since }: KnownSetting): boolean =>
  since === undefined || compareVersions(plan.version, since) >= 0;

function compareVersions(a: string, b: string): number {
  const [first, second] = [a, b].map((version) => version.split('.').map(Number));
  const place = [0, 1].find((index) => first?.[index] !== second?.[index]);
  return place === undefined ? 0 : (first?.[place] ?? 0) - (second?.[place] ?? 0);
}

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
    ...node.variables,
    ['log.dirs', LOG_DIR],
    ['node.id', String(node.plan.id)],
    ...(node.plan.rack === '' ? [] : [['broker.rack', node.plan.rack] as const]),
    ['process.roles', node.plan.isController ? 'broker,controller' : 'broker'],
  ]);
  const known = Object.keys(brokerSettings).filter((name) => isKnownTo(kafka, brokerSettings[name] ?? UNKNOWN));
  const names = new Set([...known, ...own.keys(), ...kafka.shared.keys(), ...node.config.keys()]);
  return [...names].toSorted().flatMap((name) => {
    const setting = brokerSettings[name] ?? { type: 'text', isReadOnly: own.has(name) };
    const values = [at(node.config, name, 'broker'), at(kafka.shared, name, 'allBrokers'), at(own, name, 'file')];
    const isTold = setting.default !== undefined || values.some((value) => value !== undefined);
    return isTold ? [entryOf(name, setting, values)] : [];
  });
}

const UNKNOWN: KnownSetting = { type: 'text' };

/** Only what is set at runtime for all brokers. */
export function sharedEntries({ shared }: KafkaSimulation): readonly ConfigEntry[] {
  return [...shared.keys()]
    .toSorted()
    .map((name) => entryOf(name, brokerSettings[name] ?? { type: 'text' }, [at(shared, name, 'allBrokers')]));
}

function entryOf(name: string, known: KnownSetting, values: readonly (ConfigSynonym | undefined)[]): ConfigEntry {
  const { isReadOnly = false, isSensitive = false, isComputed = false } = known;
  const usual = known.default ?? '';
  const isTopicsOwn = name in topicSettings && known.from === undefined;
  const last =
    typeof known.default === 'string' && !isComputed && !isTopicsOwn
      ? { name: known.from ?? name, value: usual, source: CONFIG_SOURCES.default }
      : undefined;
  const synonyms = [...values, last].filter((value) => value !== undefined);
  const [first = { value: usual, source: CONFIG_SOURCES.default }] = synonyms;
  return { name, value: isSensitive ? '' : first.value, isReadOnly, isSensitive, source: first.source, synonyms };
}

function at(
  values: ReadonlyMap<string, string>,
  name: string,
  source: keyof typeof CONFIG_SOURCES,
): ConfigSynonym | undefined {
  const value = values.get(name);
  return value === undefined ? undefined : { name, value, source: CONFIG_SOURCES[source] };
}

/** Settings that an image makes from the variables of its container; what is known only at run time is left out. */
export function settingsOfVariables(
  variables: readonly { readonly name: string; readonly value?: string }[],
): ReadonlyMap<string, string> {
  const found = variables.flatMap(({ name, value }) => {
    const property = name
      .replace(/^KAFKA_(?:CFG_)?/, '')
      .toLowerCase()
      .replaceAll('_', '.');
    const isSetting = name.startsWith('KAFKA_') && Object.hasOwn(brokerSettings, property);
    return isSetting && value !== undefined && !value.includes('$') ? [[property, value] as const] : [];
  });
  return new Map(found);
}
