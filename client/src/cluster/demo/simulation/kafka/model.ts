/** What a simulated Kafka cluster is made of. Sizes in bytes, rates in bytes a second, times in milliseconds. */

export interface KafkaNodePlan {
  readonly id: number;
  readonly isBroker: boolean;
  readonly isController: boolean;
  readonly rack: string;
  /** `namespace/name`. */
  readonly pod: string;
}

export interface KafkaTopicPlan {
  readonly name: string;
  /** Replicas of each partition, preferred leader first. */
  readonly assignment: readonly (readonly number[])[];
  readonly config?: Readonly<Record<string, string>>;
  readonly isInternal?: boolean;
  /** Of each partition, about; some megabytes when absent. */
  readonly partitionBytes?: number;
}

export interface KafkaPlan {
  readonly clusterId: string;
  readonly version: string;
  readonly nodes: readonly KafkaNodePlan[];
  readonly topics: readonly KafkaTopicPlan[];
  /** Settings of every broker, over what the simulation takes as default. */
  readonly config?: Readonly<Record<string, string>>;
  readonly pace?: Partial<KafkaPace>;
  /** Of the volume of each broker. */
  readonly volumeBytes?: number;
}

/** How fast things go. The defaults make a broker Ready some seconds before it is in sync, as measured on real brokers. */
export interface KafkaPace {
  /** From the start of the process to an open port, which is all that a TCP probe sees. */
  readonly portOpenMs: number;
  /** From the start to the registration with the controllers. */
  readonly registeredMs: number;
  /** Reading the log after an end without shutdown, on top. */
  readonly recoveryMs: number;
  readonly shutdownMs: number;
  /** broker.session.timeout.ms: until the controllers fence a broker that died. */
  readonly sessionMs: number;
  readonly electionMs: number;
  /** Written to each partition. */
  readonly writeRate: number;
  /** What one broker can fetch to catch up. */
  readonly catchUpRate: number;
  /** What one broker can fetch for replicas that are moved to it. */
  readonly moveRate: number;
}

export const usualPace: KafkaPace = {
  portOpenMs: 2500,
  registeredMs: 4000,
  recoveryMs: 6000,
  shutdownMs: 2500,
  sessionMs: 9000,
  electionMs: 1500,
  writeRate: 40_000,
  catchUpRate: 2_000_000,
  moveRate: 40_000_000,
};

export interface KafkaNode {
  readonly plan: KafkaNodePlan;
  state: 'absent' | 'starting' | 'running' | 'stopping';
  startedAt: number;
  /** A controlled shutdown began. */
  stoppingAt: number;
  /** The process ended, in whatever way. */
  goneAt: number;
  endedCleanly: boolean;
  /** Known to the controllers, fenced or not, until somebody unregisters it. */
  isKnown: boolean;
  /** Known to the controllers and not fenced. */
  isRegistered: boolean;
  epoch: number;
  /** When its copy of the metadata log was last whole. */
  caughtUpAt: number;
  /** Set for this broker at runtime. */
  readonly config: Map<string, string>;
  /** What the variables of its container said when it was started; wins over what the file of every broker says. */
  variables: ReadonlyMap<string, string>;
}

export interface KafkaPartition {
  readonly topic: string;
  readonly index: number;
  /** While it is moved, those of the target and then those that are to go. */
  replicas: number[];
  isr: number[];
  /** -1: nobody. */
  leader: number;
  leaderEpoch: number;
  size: number;
  /** Bytes that a replica lacks; absent for none. */
  readonly behind: Map<number, number>;
  /** Of a reassignment that is under way. */
  adding: readonly number[];
  removing: readonly number[];
}

export interface KafkaTopic {
  readonly name: string;
  readonly id: string;
  readonly isInternal: boolean;
  readonly partitions: KafkaPartition[];
  readonly config: Map<string, string>;
}

/** What clients would have felt, for tests of operations. */
export interface KafkaMeasures {
  /** Sum over partitions. */
  readonly underMinIsrMs: number;
  readonly offlineMs: number;
  readonly underReplicatedMs: number;
  readonly mostBrokersOutOfSync: number;
  readonly leaderChanges: number;
  readonly uncleanShutdowns: number;
}
