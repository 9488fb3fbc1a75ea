import { sizeText } from '#core/live/sizes.ts';

/**
 * Inside facts as far as pictures show them. Each system declares its own facts (core/src/systems/<system>/live); the part they have in
 * common with the pictures is read here with care, so that this folder knows no system and a system without facts has no picture.
 */
type Fields = Readonly<Record<string, unknown>>;

export interface KafkaPicture {
  readonly brokers: readonly KafkaBrokerPicture[];
  readonly total: number | undefined;
  readonly preferredShare: number | undefined;
  /** Names as `orders-4`, at most what the system kept; the counts are whole. */
  readonly offline: NamedCount;
  readonly underMinIsr: NamedCount;
  readonly underReplicated: NamedCount;
  readonly quorum: { readonly leaderId: number; readonly voters: readonly KafkaVoterPicture[] } | undefined;
  readonly topics: readonly KafkaTopicPicture[];
  /** Every partition, where the system tells it. */
  readonly assignment: readonly KafkaPartitionPicture[];
}

export interface NamedCount {
  readonly count: number;
  readonly names: readonly string[];
}

export interface KafkaBrokerPicture {
  readonly id: number;
  readonly pod: string;
  readonly rack: string;
  readonly isFenced: boolean;
  readonly leaders: number;
  readonly replicas: number;
  readonly outOfSync: NamedCount;
  readonly usedBytes: number | undefined;
  readonly totalBytes: number | undefined;
}

export interface KafkaVoterPicture {
  readonly id: number;
  readonly lag: number;
}

export interface KafkaTopicPicture {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minIsr: number | undefined;
  readonly underReplicated: number;
  readonly underMinIsr: number;
  readonly offline: number;
}

export interface KafkaPartitionPicture {
  readonly name: string;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

export function kafkaPicture(facts: unknown): KafkaPicture | undefined {
  if (!isFields(facts) || !Array.isArray(facts['brokers']) || !('topics' in facts)) return undefined;
  const partitions = fieldsAt(facts, 'partitions');
  const quorum = facts['quorum'];
  return {
    brokers: listAt(facts, 'brokers').map(brokerOf),
    total: numberAt(partitions, 'total'),
    preferredShare: numberAt(partitions, 'preferredShare'),
    offline: namedAt(partitions, 'offline'),
    underMinIsr: namedAt(partitions, 'underMinIsr'),
    underReplicated: namedAt(partitions, 'underReplicated'),
    quorum: isFields(quorum)
      ? {
          leaderId: numberAt(quorum, 'leaderId') ?? -1,
          voters: listAt(quorum, 'voters').map((voter) => ({
            id: numberAt(voter, 'id') ?? -1,
            lag: numberAt(voter, 'lag') ?? 0,
          })),
        }
      : undefined,
    topics: listAt(facts, 'topics').map(topicOf),
    assignment: listAt(facts, 'assignment').map((partition) => ({
      name: textAt(partition, 'name'),
      leader: numberAt(partition, 'leader') ?? -1,
      replicas: numbersAt(partition, 'replicas'),
      isr: numbersAt(partition, 'isr'),
    })),
  };
}

function brokerOf(broker: Fields): KafkaBrokerPicture {
  const dirs = listAt(broker, 'logDirs');
  const total = dirs.map((dir) => numberAt(dir, 'totalBytes'));
  const usable = dirs.map((dir) => numberAt(dir, 'usableBytes'));
  const sum = (values: readonly (number | undefined)[]): number | undefined =>
    values.length === 0 || values.includes(undefined)
      ? undefined
      : values.reduce<number>((all, one) => all + (one ?? 0), 0);
  const [totalBytes, usableBytes] = [sum(total), sum(usable)];
  return {
    id: numberAt(broker, 'id') ?? -1,
    pod: textAt(broker, 'pod'),
    rack: textAt(broker, 'rack'),
    isFenced: broker['isFenced'] === true,
    leaders: numberAt(broker, 'leaders') ?? 0,
    replicas: numberAt(broker, 'replicas') ?? 0,
    outOfSync: namedAt(broker, 'outOfSync'),
    totalBytes,
    usedBytes: totalBytes === undefined || usableBytes === undefined ? undefined : totalBytes - usableBytes,
  };
}

function topicOf(topic: Fields): KafkaTopicPicture {
  return {
    name: textAt(topic, 'name'),
    partitions: numberAt(topic, 'partitions') ?? 0,
    replicationFactor: numberAt(topic, 'replicationFactor') ?? 0,
    minIsr: numberAt(topic, 'minIsr'),
    underReplicated: numberAt(topic, 'underReplicated') ?? 0,
    underMinIsr: numberAt(topic, 'underMinIsr') ?? 0,
    offline: numberAt(topic, 'offline') ?? 0,
  };
}

export interface RingPicture {
  readonly nodes: readonly RingNodePicture[];
  /** Those whose view counts. */
  readonly observers: readonly string[];
  readonly schemas: number;
}

export interface RingNodePicture {
  readonly hostId: string;
  /** The pod where it is known, else an address. */
  readonly label: string;
  readonly datacenter: string;
  readonly rack: string;
  readonly verdict: string;
  readonly owns: number | undefined;
  readonly loadBytes: number | undefined;
  readonly tokens: number | undefined;
  readonly mode: string;
  readonly peers: ReadonlyMap<string, string>;
  readonly hintFiles: number;
  /** What it compacts, cleans up or validates now: `Cleanup of shop.orders, 25 %`. */
  readonly compactions: readonly string[];
  /** Undefined when it does not say how many wait. */
  readonly pending: number | undefined;
  /** `Bootstrap, 45 % of 1.2 GiB`. */
  readonly streams: readonly string[];
}

export function ringPicture(facts: unknown): RingPicture | undefined {
  const ring = isFields(facts) ? facts['ring'] : undefined;
  if (!isFields(ring) || !Array.isArray(ring['nodes'])) return undefined;
  const hints = listAt(ring, 'hints');
  const answers = isFields(facts) ? listAt(facts, 'answers') : [];
  return {
    nodes: listAt(ring, 'nodes').map((node) => ringNodeOf(node, hints, answers)),
    observers: textsAt(ring, 'observers'),
    schemas: listAt(ring, 'schemas').length,
  };
}

function ringNodeOf(node: Fields, hints: readonly Fields[], answers: readonly Fields[]): RingNodePicture {
  const hostId = textAt(node, 'hostId');
  const [address = ''] = textsAt(node, 'addresses');
  const own = hints.filter((hint) => textAt(hint, 'hostId') === hostId);
  const member = textAt(node, 'member');
  const answer = answers.find((one) => member !== '' && textAt(one, 'member') === member) ?? {};
  return {
    hostId,
    label: member || address || hostId,
    datacenter: textAt(node, 'datacenter'),
    rack: textAt(node, 'rack'),
    verdict: textAt(node, 'verdict'),
    owns: numberAt(node, 'owns'),
    loadBytes: numberAt(node, 'loadBytes'),
    tokens: numberAt(node, 'tokens'),
    mode: textAt(node, 'mode'),
    peers: new Map(listAt(node, 'peers').map((peer) => [textAt(peer, 'observer'), textAt(peer, 'liveness')])),
    hintFiles: own.reduce((sum, hint) => sum + (numberAt(hint, 'files') ?? 0), 0),
    compactions: listAt(fieldsAt(answer, 'compactions'), 'running').map(compactionText),
    pending: numberAt(node, 'pendingCompactions'),
    streams: listAt(node, 'streams').map(streamText),
  };
}

function compactionText(running: Fields): string {
  const percent = numberAt(running, 'percent');
  const progress = percent === undefined ? '' : `, ${Math.floor(percent)} %`;
  return `${textAt(running, 'type')} of ${textAt(running, 'keyspace')}.${textAt(running, 'table')}${progress}`;
}

function streamText(stream: Fields): string {
  const parts = listAt(stream, 'sessions').flatMap((session) => [
    fieldsAt(session, 'receiving'),
    fieldsAt(session, 'sending'),
  ]);
  const sum = (key: string): number => parts.reduce((total, part) => total + (numberAt(part, key) ?? 0), 0);
  const [bytes, done] = [sum('bytes'), sum('doneBytes')];
  const progress = bytes === 0 ? '' : `, ${Math.floor((100 * done) / bytes)} % of ${sizeText(bytes)}`;
  return `${textAt(stream, 'operation')}${progress}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsAt(value: Fields, key: string): Fields {
  const found = value[key];
  return isFields(found) ? found : {};
}

function listAt(value: Fields, key: string): readonly Fields[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isFields) : [];
}

function numberAt(value: Fields, key: string): number | undefined {
  const found = value[key];
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

function textAt(value: Fields, key: string): string {
  const found = value[key];
  return typeof found === 'string' ? found : '';
}

function textsAt(value: Fields, key: string): readonly string[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}

function numbersAt(value: Fields, key: string): readonly number[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter((item) => typeof item === 'number') : [];
}

function namedAt(value: Fields, key: string): NamedCount {
  const found = fieldsAt(value, key);
  return { count: numberAt(found, 'count') ?? 0, names: textsAt(found, 'names') };
}
