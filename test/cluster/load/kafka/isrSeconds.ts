/** One partition as the newest answer of any broker has it. */
export interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** -1 when nobody leads. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

export interface MetadataSample {
  /** Seconds, on any clock that only goes forward. */
  readonly at: number;
  readonly partitions: readonly PartitionState[];
  /** Brokers that answered. None: nothing is known for this moment. */
  readonly answered: readonly number[];
  /** The leader of the controllers' quorum, when somebody said it. */
  readonly controller?: number;
}

export interface IsrSummary {
  readonly samples: number;
  readonly seconds: number;
  /** Seconds for which no broker answered. */
  readonly unknownSeconds: number;
  /** Sums over partitions. */
  readonly underReplicatedPartitionSeconds: number;
  readonly underMinIsrPartitionSeconds: number;
  readonly offlinePartitionSeconds: number;
  /** Time in which any partition was in that state. */
  readonly underMinIsrSeconds: number;
  readonly offlineSeconds: number;
  /** Most brokers missing from ISRs at one moment. */
  readonly maxBrokersOutOfSync: number;
  readonly leaderChanges: number;
  /** Most leaders on one broker, as a multiple of an equal share. */
  readonly maxLeaderSkew: number;
  readonly leaderSkewAtEnd: number;
  /** Percent of partitions led by their first replica, at the end. */
  readonly preferredLeadersAtEnd: number;
  readonly underReplicatedAtEnd: number;
  /** Controllers in the order in which they led the quorum. */
  readonly controllers: readonly number[];
}

export interface IsrClock {
  add(this: void, sample: MetadataSample): void;
  summarize(this: void): IsrSummary;
}

/**
 * Adds up how long partitions were in which state. A state holds until the next sample. Partitions with no more replicas
 * than must be in sync are left out of what is under min ISR: they are so whenever one broker is away.
 */
export function createIsrClock(minInSync: number): IsrClock {
  const sums = { unknown: 0, underReplicated: 0, underMinIsr: 0, offline: 0, anyUnderMinIsr: 0, anyOffline: 0 };
  const seen = { samples: 0, first: 0, maxOut: 0, leaderChanges: 0, maxSkew: 0 };
  const controllers: number[] = [];
  let last: MetadataSample | undefined;

  const addTime = (state: MetadataSample, seconds: number): void => {
    if (state.answered.length === 0) sums.unknown += seconds;
    const counts = countStates(state.partitions, minInSync);
    sums.underReplicated += counts.underReplicated * seconds;
    sums.underMinIsr += counts.underMinIsr * seconds;
    sums.offline += counts.offline * seconds;
    if (counts.underMinIsr > 0) sums.anyUnderMinIsr += seconds;
    if (counts.offline > 0) sums.anyOffline += seconds;
  };

  return {
    add(sample) {
      if (last === undefined) seen.first = sample.at;
      else {
        addTime(last, sample.at - last.at);
        seen.leaderChanges += countLeaderChanges(last.partitions, sample.partitions);
      }
      seen.samples += 1;
      seen.maxOut = Math.max(seen.maxOut, brokersOutOfSync(sample.partitions).size);
      seen.maxSkew = Math.max(seen.maxSkew, leaderSkew(sample.partitions));
      if (sample.controller !== undefined && sample.controller !== controllers.at(-1)) {
        controllers.push(sample.controller);
      }
      last = sample;
    },
    summarize() {
      const partitions = last?.partitions ?? [];
      return {
        samples: seen.samples,
        seconds: round((last?.at ?? 0) - seen.first),
        unknownSeconds: round(sums.unknown),
        underReplicatedPartitionSeconds: round(sums.underReplicated),
        underMinIsrPartitionSeconds: round(sums.underMinIsr),
        offlinePartitionSeconds: round(sums.offline),
        underMinIsrSeconds: round(sums.anyUnderMinIsr),
        offlineSeconds: round(sums.anyOffline),
        maxBrokersOutOfSync: seen.maxOut,
        leaderChanges: seen.leaderChanges,
        maxLeaderSkew: round(seen.maxSkew),
        leaderSkewAtEnd: round(leaderSkew(partitions)),
        preferredLeadersAtEnd: percentPreferred(partitions),
        underReplicatedAtEnd: countStates(partitions, minInSync).underReplicated,
        controllers,
      };
    },
  };
}

function countStates(
  partitions: readonly PartitionState[],
  minInSync: number,
): { underReplicated: number; underMinIsr: number; offline: number } {
  const count = (is: (state: PartitionState) => boolean): number => partitions.filter(is).length;
  return {
    underReplicated: count(({ isr, replicas }) => isr.length < replicas.length),
    underMinIsr: count(({ isr, replicas }) => replicas.length > minInSync && isr.length < minInSync),
    offline: count(({ leader }) => leader < 0),
  };
}

const keyOf = ({ topic, partition }: PartitionState): string => `${topic}-${partition}`;

function countLeaderChanges(before: readonly PartitionState[], after: readonly PartitionState[]): number {
  const old = new Map(before.map((state) => [keyOf(state), state.leader]));
  return after.filter((state) => (old.get(keyOf(state)) ?? state.leader) !== state.leader && state.leader >= 0).length;
}

function brokersOutOfSync(partitions: readonly PartitionState[]): ReadonlySet<number> {
  return new Set(partitions.flatMap(({ replicas, isr }) => replicas.filter((broker) => !isr.includes(broker))));
}

function leaderSkew(partitions: readonly PartitionState[]): number {
  const brokers = new Set(partitions.flatMap(({ replicas }) => replicas));
  const leaders = new Map<number, number>();
  for (const { leader } of partitions) if (leader >= 0) leaders.set(leader, (leaders.get(leader) ?? 0) + 1);
  const led = [...leaders.values()];
  const total = led.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : (Math.max(...led) * brokers.size) / total;
}

const percentPreferred = (partitions: readonly PartitionState[]): number =>
  Math.round(
    (100 * partitions.filter(({ leader, replicas }) => leader === replicas[0]).length) / Math.max(1, partitions.length),
  );

const round = (value: number): number => Math.round(value * 100) / 100;
