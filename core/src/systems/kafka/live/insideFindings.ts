import type { DataCluster } from '#core/live/model.ts';
import type { Finding } from '#core/systems/kafka/live/findings.ts';
import type {
  KafkaBrokerFacts,
  KafkaInside,
  KafkaLogDir,
  PartitionList,
} from '#core/systems/kafka/live/insideFacts.ts';
import { bytes, count, lasting, someOf } from '#core/systems/kafka/live/words.ts';

/** A voter this far behind may not keep the quorum alive. Source: default of controller.quorum.fetch.timeout.ms. */
const VOTER_LAG_MS = 2000;
/** Kafka stops a log directory only when it is full; then its broker goes. */
const DISK_WARNING = 0.85;
const DISK_UNHEALTHY = 0.95;

/** What the cluster says of itself that is worth saying. */
export function insideFindings(inside: KafkaInside, cluster: DataCluster): readonly Finding[] {
  return [
    ...partitionFindings(inside),
    ...brokerFindings(inside, cluster),
    ...quorumFindings(inside),
    ...movingFindings(inside),
    ...(inside.brokers ?? []).flatMap(diskFindings),
    ...blindFindings(inside),
  ];
}

function kafka(level: Finding['level'], text: string, short?: string, member?: string): Finding {
  return {
    level,
    text,
    source: 'kafka',
    ...(short === undefined ? {} : { short }),
    ...(member === undefined ? {} : { member }),
  };
}

function partitionFindings({ partitions }: KafkaInside): readonly Finding[] {
  if (!partitions) return [kafka('unknown', 'Partitions could not be described', 'partitions not known')];
  const { total, offline, underMinIsr, atMinIsr, underReplicated, preferredShare } = partitions;
  const classes = [
    about('unhealthy', offline, 'offline', 'Nobody leads them: they can be neither read nor written'),
    about('unhealthy', underMinIsr, 'under min ISR', 'Writes with acks=all are refused'),
    // What is under min ISR is under-replicated too, and said once.
    about('warning', without(underReplicated, underMinIsr), 'under-replicated', 'A replica is not in sync'),
    about('warning', atMinIsr, 'at min ISR', 'One more loss and writes with acks=all are refused', 'evidence'),
  ].flatMap((finding) => finding ?? []);
  const whole: Finding[] =
    underReplicated.count + offline.count + underMinIsr.count === 0
      ? [kafka('healthy', `All ${total === undefined ? 'partitions' : count(total, 'partition')} in sync`)]
      : [];
  const share = preferredShare === undefined ? [] : [preferredFinding(preferredShare)];
  return [...classes, ...whole, ...share];
}

function about(
  level: Finding['level'],
  list: PartitionList,
  state: string,
  meaning: string,
  place: 'sentence' | 'evidence' = 'sentence',
): Finding | undefined {
  if (list.count === 0) return undefined;
  const words = `${count(list.count, 'partition')} ${state}`;
  const text = `${words} (${someOf(list.names, 12, list.count)}). ${meaning}`;
  return kafka(level, text, place === 'sentence' ? `${words} (${someOf(list.names, 3, list.count)})` : undefined);
}

function without(list: PartitionList, other: PartitionList): PartitionList {
  const names = new Set(other.names);
  return { count: Math.max(0, list.count - other.count), names: list.names.filter((name) => !names.has(name)) };
}

function preferredFinding(share: number): Finding {
  return kafka('healthy', `${Math.floor(share * 100)} % of partitions are led by their preferred broker`);
}

function brokerFindings({ brokers }: KafkaInside, { members }: DataCluster): readonly Finding[] {
  if (!brokers) return [];
  const fenced = brokers.filter(({ isFenced }) => isFenced === true);
  const known = new Set(brokers.flatMap(({ id }) => id));
  const knownPods = new Set(brokers.flatMap(({ pod }) => pod ?? []));
  const absent = members.filter(
    ({ role, index, name }) =>
      role !== 'controller' && !knownPods.has(name) && (index === undefined || !known.has(index)),
  );
  return [
    ...fenced.map(({ id, pod }) =>
      kafka('unhealthy', `Broker ${id} is fenced: it serves nothing`, `broker ${id} fenced`, pod),
    ),
    ...absent.map(({ name }) =>
      kafka('unhealthy', `${name} is not registered as a broker`, `${name} not registered`, name),
    ),
  ];
}

function quorumFindings({ quorum }: KafkaInside): readonly Finding[] {
  if (!quorum) return [];
  if (quorum.leaderId < 0) return [kafka('unhealthy', 'The controllers have no leader', 'no controller leads')];
  const behind = quorum.voters.filter(({ behindMs }) => behindMs !== undefined && behindMs > VOTER_LAG_MS);
  const head = kafka('healthy', `Controller ${quorum.leaderId} leads ${count(quorum.voters.length, 'voter')}`);
  if (behind.length === 0) return [head];
  const names = behind.map(({ id, lag, behindMs }) => `${id} by ${count(lag, 'record')}, ${lateness(behindMs ?? 0)}`);
  const majority = Math.floor(quorum.voters.length / 2) + 1;
  const isMajorityAway = quorum.voters.length - behind.length < majority;
  const text = `Controllers behind their leader: ${someOf(names, 5)}`;
  const short = `${behind.length} of ${count(quorum.voters.length, 'controller')} behind`;
  return [head, kafka(isMajorityAway ? 'unhealthy' : 'warning', text, short)];
}

/** A voter that never had all of what this leader wrote. */
function lateness(behindMs: number): string {
  return Number.isFinite(behindMs) ? lasting(behindMs) : 'never caught up';
}

function movingFindings({ reassignments }: KafkaInside): readonly Finding[] {
  if (!reassignments || reassignments.count === 0) return [];
  const words = `${count(reassignments.count, 'partition')} being moved`;
  return [kafka('working', `${words} (${someOf(reassignments.names, 12, reassignments.count)})`, words)];
}

function diskFindings(broker: KafkaBrokerFacts): readonly Finding[] {
  return (broker.logDirs ?? []).flatMap((dir) => diskFinding(broker, dir) ?? []);
}

function diskFinding(
  { id, pod }: KafkaBrokerFacts,
  { path, error, totalBytes, usableBytes }: KafkaLogDir,
): Finding | undefined {
  if (error !== '') {
    const text = `Log directory ${path} of broker ${id} has failed: ${error}`;
    return kafka('unhealthy', text, `a log directory of broker ${id} has failed`, pod);
  }
  if (totalBytes === undefined || usableBytes === undefined || totalBytes <= 0) return undefined;
  const used = 1 - usableBytes / totalBytes;
  if (used < DISK_WARNING) return undefined;
  const percent = `${Math.floor(used * 100)} %`;
  const text = `${percent} of ${bytes(totalBytes)} in use at ${path} of broker ${id}`;
  return kafka(used >= DISK_UNHEALTHY ? 'unhealthy' : 'warning', text, `disk of broker ${id} ${percent} full`, pod);
}

function blindFindings({ unseenTopics, principal }: KafkaInside): readonly Finding[] {
  if (!unseenTopics || unseenTopics.length === 0) return [];
  const words = `${count(unseenTopics.length, 'topic')} not visible`;
  const text = `${words} to ${principal} (${someOf(unseenTopics, 12)}): nothing is known of ${unseenTopics.length === 1 ? 'its' : 'their'} partitions`;
  return [kafka('unknown', text, `${words} to us`)];
}
