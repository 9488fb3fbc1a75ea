import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import type { Move, RebalanceBroker, RebalanceInput, RebalancePartition } from '#core/systems/kafka/rebalance/model.ts';

/** What one broker has, now or afterwards. */
export interface BrokerLoad {
  readonly replicas: number;
  /** Afterwards: as the election of preferred leaders ends for the partitions that are changed. */
  readonly leaders: number;
  readonly preferredLeaders: number;
  /** Of its replicas. */
  readonly bytes: number;
  /** How full its disks are, of 100, whoever fills them; undefined when it does not tell. */
  readonly diskPercent: number | undefined;
  /** Replicas that share their rack with another one of the same partition, although a rack is free. */
  readonly rackViolations: number;
}

export interface BrokerSummary {
  readonly id: number;
  readonly rack: string;
  readonly before: BrokerLoad;
  readonly after: BrokerLoad;
  /** With all that comes, before anything goes. */
  readonly peakDiskPercent: number | undefined;
  /** To be copied to it. */
  readonly bytesIn: number;
  /** To be copied from it: followers copy from the leader of the moment, wherever the old replica is. */
  readonly bytesOut: number;
  /** Deleted on it once the others are in sync. */
  readonly bytesFreed: number;
}

export interface RebalanceSummary {
  /** Sorted by id; those that only partitions name too. */
  readonly brokers: readonly BrokerSummary[];
  /** Partitions of which data is copied. */
  readonly dataMoves: number;
  /** Partitions of which only the order changes. */
  readonly leaderOnlyMoves: number;
  readonly replicasToCopy: number;
  readonly bytesToCopy: number;
}

/** Before and after, for the preview. */
export function summarize(input: RebalanceInput, moves: readonly Move[]): RebalanceSummary {
  const changes = new Map(moves.map((move) => [partitionName(move), move]));
  const after = input.partitions.map((one) => afterMove(one, changes.get(partitionName(one))));
  const [loadsBefore, loadsAfter] = [loadsOf(input.brokers, input.partitions), loadsOf(input.brokers, after)];
  const traffic = trafficOf(input.partitions, changes);
  const known = new Map(input.brokers.map((broker) => [broker.id, broker]));
  const ids = new Set([...known.keys(), ...loadsBefore.keys(), ...loadsAfter.keys()]);
  const data = moves.filter((move) => addedBy(move).length > 0);
  return {
    brokers: [...ids]
      .toSorted((a, b) => a - b)
      .map((id) => {
        const counted = { before: loadsBefore.get(id) ?? NOTHING, after: loadsAfter.get(id) ?? NOTHING };
        return summaryOf(id, known.get(id), counted, traffic.get(id) ?? NO_TRAFFIC);
      }),
    dataMoves: data.length,
    leaderOnlyMoves: moves.length - data.length,
    replicasToCopy: data.reduce((sum, move) => sum + addedBy(move).length, 0),
    bytesToCopy: data.reduce((sum, move) => sum + addedBy(move).length * move.bytes, 0),
  };
}

/**
 * Milliseconds that the copying takes at least, at a throttle in bytes a second for each broker and direction; undefined without a
 * throttle. The broker with most to receive or to send decides.
 */
export function estimateMs({ brokers }: RebalanceSummary, throttle: number): number | undefined {
  if (!(throttle > 0)) return undefined;
  const most = brokers.reduce((max, { bytesIn, bytesOut }) => Math.max(max, bytesIn, bytesOut), 0);
  return Math.ceil((most / throttle) * 1000);
}

interface Counted {
  replicas: number;
  leaders: number;
  preferredLeaders: number;
  bytes: number;
  rackViolations: number;
}

interface Traffic {
  bytesIn: number;
  bytesOut: number;
  bytesFreed: number;
}

const NOTHING: Counted = { replicas: 0, leaders: 0, preferredLeaders: 0, bytes: 0, rackViolations: 0 };
const NO_TRAFFIC: Traffic = { bytesIn: 0, bytesOut: 0, bytesFreed: 0 };

function summaryOf(
  id: number,
  broker: RebalanceBroker | undefined,
  { before, after }: { readonly before: Counted; readonly after: Counted },
  traffic: Traffic,
): BrokerSummary {
  const percent = (more: number): number | undefined => diskPercent(broker, more);
  return {
    id,
    rack: broker?.rack ?? '',
    before: { ...before, diskPercent: percent(0) },
    after: { ...after, diskPercent: percent(traffic.bytesIn - traffic.bytesFreed) },
    peakDiskPercent: percent(traffic.bytesIn),
    ...traffic,
  };
}

function diskPercent(broker: RebalanceBroker | undefined, more: number): number | undefined {
  const { totalBytes, usableBytes } = broker ?? {};
  if (totalBytes === undefined || usableBytes === undefined || totalBytes <= 0) return undefined;
  return ((totalBytes - usableBytes + more) / totalBytes) * 100;
}

/** At the end of a copy all replicas are in sync, and the preferred leader is elected if it is. */
function afterMove(partition: RebalancePartition, move: Move | undefined): RebalancePartition {
  if (move === undefined) return partition;
  const isr = addedBy(move).length > 0 ? move.after : partition.isr;
  const preferred = move.after[0] ?? -1;
  return { ...partition, replicas: move.after, isr, leader: isr.includes(preferred) ? preferred : partition.leader };
}

function loadsOf(
  brokers: readonly RebalanceBroker[],
  partitions: readonly RebalancePartition[],
): ReadonlyMap<number, Counted> {
  const loads = new Map<number, Counted>();
  const racks = new Map(brokers.map(({ id, rack }) => [id, rack]));
  const reachable = new Set(brokers.filter(({ isTarget }) => isTarget).map(({ rack }) => rack));
  for (const { replicas, leader, bytes } of partitions) {
    const sharing = sharingRacks(replicas, racks, reachable);
    for (const [at, id] of replicas.entries()) {
      const load = entry(loads, id, NOTHING);
      load.replicas += 1;
      load.bytes += bytes;
      if (at === 0) load.preferredLeaders += 1;
      if (sharing.has(id)) load.rackViolations += 1;
    }
    if (leader >= 0) entry(loads, leader, NOTHING).leaders += 1;
  }
  return loads;
}

/** Replicas that share a rack, where there are racks that have none. */
function sharingRacks(
  replicas: readonly number[],
  racks: ReadonlyMap<number, string>,
  reachable: ReadonlySet<string>,
): ReadonlySet<number> {
  const own = replicas.map((id) => racks.get(id) ?? '');
  const possible = Math.min(replicas.length, new Set([...own, ...reachable]).size);
  if (new Set(own).size >= possible) return new Set();
  return new Set(replicas.filter((_, at) => own.some((rack, other) => other !== at && rack === own[at])));
}

function trafficOf(
  partitions: readonly RebalancePartition[],
  changes: ReadonlyMap<string, Move>,
): ReadonlyMap<number, Traffic> {
  const traffic = new Map<number, Traffic>();
  for (const partition of partitions) {
    const move = changes.get(partitionName(partition));
    if (move === undefined) continue;
    for (const id of addedBy(move)) {
      entry(traffic, id, NO_TRAFFIC).bytesIn += move.bytes;
      if (partition.leader >= 0) entry(traffic, partition.leader, NO_TRAFFIC).bytesOut += move.bytes;
    }
    for (const id of removedBy(move)) entry(traffic, id, NO_TRAFFIC).bytesFreed += move.bytes;
  }
  return traffic;
}

function entry<T extends object>(map: Map<number, T>, id: number, empty: T): T {
  const found = map.get(id) ?? { ...empty };
  map.set(id, found);
  return found;
}

/** Brokers that get a replica. */
export function addedBy({ before, after }: Pick<Move, 'before' | 'after'>): readonly number[] {
  return after.filter((id) => !before.includes(id));
}

/** Brokers that lose theirs. */
export function removedBy({ before, after }: Pick<Move, 'before' | 'after'>): readonly number[] {
  return before.filter((id) => !after.includes(id));
}
