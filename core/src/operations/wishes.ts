import type { OperationName } from '#core/operations/model.ts';

/**
 * What a person wants done, as the palette and the command line put it. A wish names members by the names of their pods; what is
 * possible and what it costs is said by the plan that is made of it.
 */
export type OperationWish = Wishes[OperationName];

/** By the name of the operation. */
export interface Wishes {
  readonly restart: RestartWish;
  readonly drain: DrainWish;
  readonly rebalance: RebalanceWish;
  readonly scale: ScaleWish;
  readonly configure: ConfigureWish;
  readonly replace: ReplaceWish;
  readonly rollback: RollbackWish;
  readonly rerun: RerunWish;
  readonly suspend: SuspendWish;
  readonly unsuspend: UnsuspendWish;
  readonly stop: StopWish;
  readonly resubmit: ResubmitWish;
  readonly workers: WorkersWish;
  readonly schedule: ScheduleWish;
}

export interface RestartWish {
  readonly operation: 'restart';
  /**
   * `fully replicated`: every replica is back in sync before the next member goes; `min-ISR safe`: only writes are kept possible. Of Cassandra:
   * every node is up and has got the writes kept for it; or every range keeps a QUORUM, and nothing more is waited for.
   */
  readonly level: 'fully replicated' | 'min-ISR safe';
  /** Pods to restart, in any order; all when absent. */
  readonly only?: readonly string[];
  /** Only those whose pod is of an older template than the workload's. */
  readonly pendingOnly?: boolean;
  /** Pods in the order in which they are to go; the order that is safest when absent. Those that are not named come last. */
  readonly order?: readonly string[];
  /** Of Cassandra under an operator: pod by pod under our own gates, also where the operator could be left to restart whole racks. */
  readonly strict?: boolean;
}

export interface DrainWish {
  readonly operation: 'drain';
  /**
   * Of Kafka, `demote`: it stays and leads nothing; `evacuate`: it stays and holds nothing. Of Cassandra, `maintenance`: it has written
   * everything to disk, is away for clients and for other nodes, and stays so until it is restarted.
   */
  readonly how: 'demote' | 'evacuate' | 'maintenance';
  readonly members: readonly string[];
  /** Bytes a second of copying, for each broker that sends or receives; the procedure's own choice when absent. */
  readonly throttle?: number;
}

/** Of Kafka. */
export type RebalanceMode = 'full' | 'leaders only' | 'new brokers only' | 'off brokers' | 'racks only';

/**
 * Of Cassandra, whose tokens stay where they are: `cleanup` drops what nodes no longer own, `repair` makes replicas alike, `rebuild` fills the
 * nodes of a new datacenter; the others are maintenance of what is on disk.
 */
export type TendingMode = 'cleanup' | 'repair' | 'rebuild' | 'flush' | 'compact' | 'upgrade sstables';

export interface RebalanceWish {
  readonly operation: 'rebalance';
  /** Each system says which of them it has. */
  readonly mode: RebalanceMode | TendingMode;
  /** Of the modes about some brokers: the new ones, or those to leave. Of Cassandra: the nodes to go over; all when absent. */
  readonly members?: readonly string[];
  /** Names of topics that stay as they are; `*` stands for any text. */
  readonly exclude?: readonly string[];
  /** As of a drain. */
  readonly throttle?: number;
  /**
   * Carries out a file of kafka-reassign-partitions, its JSON text, instead of planning anything: mode, members and exclude are not looked
   * at. The rollback file of an earlier plan takes that plan back.
   */
  readonly reassignment?: string;
  /** Of a rebuild: the datacenter that the data comes from. */
  readonly source?: string;
  /** Of a cleanup: the files of each node are looked at, to know whether it is needed; takes a minute a node at most. */
  readonly exact?: boolean;
}

export interface ScaleWish {
  readonly operation: 'scale';
  /** How many members there shall be. */
  readonly to: number;
  /** StatefulSet or node pool, where there are several. */
  readonly group?: string;
  /** As of a drain. */
  readonly throttle?: number;
}

export interface ConfigureWish {
  readonly operation: 'configure';
  /** Settings by their names as the system spells them; null takes one away. */
  readonly settings: Readonly<Record<string, string | null>>;
  /** Pod of the one member it is for; all when absent. */
  readonly member?: string;
}

/** Of Cassandra: a node that is lost for good. */
export interface ReplaceWish {
  readonly operation: 'replace';
  /** Its pod; of a node that has none any more, its Host ID. */
  readonly member: string;
  /**
   * `replace`: its pod begins anew with an empty volume, takes over its tokens and is sent its data. `remove`: it does not come back, and
   * the others take over what it owned.
   */
  readonly how: 'replace' | 'remove';
}

/** Of a Helm release, which is no data cluster. */
export interface RollbackWish {
  readonly operation: 'rollback';
  readonly release: string;
  readonly namespace: string;
  /** The revision to go back to; the newest before the current one that was deployed when absent. */
  readonly to?: number;
}

/** A job is run once more from its beginning, as it is written; a run that is under way is killed. */
export interface RerunWish {
  readonly operation: 'rerun';
}

/** The pods of a job go and the job stays, to be let go on later. What is not in a checkpoint is lost. */
export interface SuspendWish {
  readonly operation: 'suspend';
}

/** A suspended job gets its pods again. */
export interface UnsuspendWish {
  readonly operation: 'unsuspend';
}

/** A job ends for good, and its object goes with its pods. */
export interface StopWish {
  readonly operation: 'stop';
}

/** A job as it shall be written; the plan says what its operator makes of each difference, and does what it takes to have it heeded. */
export interface ResubmitWish {
  readonly operation: 'resubmit';
  /** The manifest, YAML or JSON, of one object: the job itself, by kind and name. Of what it does not name nothing is changed. */
  readonly manifest: string;
}

/** A job that can take it gets more or fewer workers. At least one of the numbers is there. */
export interface WorkersWish {
  readonly operation: 'workers';
  /** How many workers or executors there shall be. */
  readonly to?: number;
  /** Bounds inside which the job changes their number by itself, where it does. */
  readonly min?: number;
  readonly max?: number;
}

/** Of what starts jobs by a schedule. Runs that are under way are left alone. */
export interface ScheduleWish {
  readonly operation: 'schedule';
  readonly to: 'paused' | 'running';
}

/** A Kubernetes node must go, whatever runs on it. */
export interface NodeDrainWish {
  readonly node: string;
  /** Pods whose data is on an emptyDir lose it; `keep` leaves the node undrained as long as there are some. */
  readonly emptyDir: 'keep' | 'lose';
  /**
   * Members of data clusters that cannot be moved safely from here, and pods whose end may be the end of the run of a job: `refuse`, which
   * is meant when absent, keeps the node from being drained; `leave` leaves them where they are, and the node is not empty afterwards.
   * Only of such pods of jobs: `wait` waits until they have ended by themselves, `evict` evicts them, which may lose the run.
   */
  readonly unmovable?: 'refuse' | 'leave' | 'wait' | 'evict';
  /** Pods that are moved off the node, `NAMESPACE/NAME`; it takes pods again afterwards if it did before. All when absent: it is drained. */
  readonly only?: readonly string[];
}
