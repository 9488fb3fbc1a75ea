/**
 * Which replica lies where, and what should be changed about it, as plain data. Nothing here asks a cluster: the same input makes the
 * same plan on every machine, so that what was previewed is what is carried out.
 */

export interface RebalanceInput {
  readonly brokers: readonly RebalanceBroker[];
  readonly partitions: readonly RebalancePartition[];
}

export interface RebalanceBroker {
  readonly id: number;
  /** Empty where the broker tells none. All such brokers count as one rack: nothing says that they are apart. */
  readonly rack: string;
  /** It is live, not fenced and takes replicas (`cordoned.log.dirs` does not name its disks). */
  readonly isTarget: boolean;
  /** Bytes of its disks and what is free of them; undefined before Kafka 3.3, and then no limit is kept. */
  readonly totalBytes: number | undefined;
  readonly usableBytes: number | undefined;
}

export interface RebalancePartition {
  readonly topic: string;
  readonly index: number;
  /** The first is the preferred leader. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** -1 when nobody leads. */
  readonly leader: number;
  /** Of one replica: the largest of them, local disks only. */
  readonly bytes: number;
  /** `min.insync.replicas`; undefined when it could not be read. */
  readonly minIsr: number | undefined;
}

/** Another list of replicas for one partition. One that adds no broker is a change of order: it moves no data. */
export interface Move {
  readonly topic: string;
  readonly index: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Of one replica; as many are copied as brokers are added. */
  readonly bytes: number;
}

/**
 * - `full`: racks, disks, replicas, leaders and the spread of each topic, as little moved as possible.
 * - `leaders only`: the order of replicas. No data moves.
 * - `new brokers only`: as `full`, to the named brokers only; nothing moves between the others.
 * - `off brokers`: the named brokers hold nothing afterwards.
 * - `racks only`: replicas that share a rack without need.
 */
export type RebalanceMode = 'full' | 'leaders only' | 'new brokers only' | 'off brokers' | 'racks only';

export interface RebalanceRequest {
  readonly mode: RebalanceMode;
  /** The new ones, or those to leave; empty in other modes. */
  readonly brokers: readonly number[];
  /** Names of topics that stay as they are; `*` stands for any text. */
  readonly exclude: readonly string[];
}

export interface Rebalance {
  /** At most one for each partition, in the order of topic and partition. */
  readonly moves: readonly Move[];
  /** What should move and cannot. */
  readonly unsolved: readonly Unsolved[];
}

export interface Unsolved {
  readonly topic: string;
  readonly index: number;
  /** A sentence without its end, and without the partition. */
  readonly reason: string;
}

/** A demotion: brokers keep their replicas and lead nothing. */
export interface Demotion extends Rebalance {
  /** Why it should not be done, a sentence each; empty when nothing speaks against it. */
  readonly refusals: readonly string[];
}
