import type { Cancellation } from '#core/ports.ts';
import type {
  LiveBudget,
  LiveClaim,
  LiveCustom,
  LiveEvent,
  LivePod,
  LiveService,
  LiveWorkload,
  NamespaceObjects,
  OwnerLink,
} from '#core/live/objects.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import type { SystemId } from '#core/systems/contract.ts';

/** Worst last. `unknown` is for what may not be seen: never shown as healthy, never as broken. */
export type HealthLevel = 'healthy' | 'done' | 'working' | 'unknown' | 'warning' | 'unhealthy';

/** One fact a verdict rests on. */
export interface Evidence {
  readonly level: HealthLevel;
  /** One sentence for people. */
  readonly text: string;
  /** Who says so: `kubernetes`, `kafka`, `cassandra`, `operator`. */
  readonly source: 'kubernetes' | 'kafka' | 'cassandra' | 'spark' | 'tensorflow' | 'operator' | 'helm';
  /** The member it is about. */
  readonly member?: string;
  readonly at?: number;
}

export interface Health {
  readonly level: HealthLevel;
  /** The row's text: what is so and why, `3 of 3 brokers, 2 partitions under min ISR (orders-4, orders-7)`. No full stop at the end. */
  readonly sentence: string;
  /** Worst first. */
  readonly evidence: readonly Evidence[];
}

/** A moment in the story of a job. */
export interface StoryMoment {
  readonly at: number | undefined;
  readonly level: HealthLevel;
  /** One sentence for people without a full stop: `driver ended with exit code 1`. */
  readonly text: string;
  readonly source: Evidence['source'];
  /** It has not come yet: a retry, a deadline. */
  readonly isAhead?: boolean;
}

export type LiveMemberRole =
  | 'broker'
  | 'controller'
  | 'broker and controller'
  | 'node'
  | 'driver'
  | 'executor'
  | 'master'
  | 'worker'
  | 'server'
  | 'chief'
  | 'ps'
  | 'evaluator'
  | 'replica'
  | 'companion';

/** A pod that is part of a data cluster, or the place of one that should be there. */
export interface LiveMember {
  /** Name of the pod, there or not. */
  readonly name: string;
  readonly role: LiveMemberRole;
  /** Undefined while there is no pod of that name. */
  readonly pod: LivePod | undefined;
  /** Of the system: broker id, ordinal, replica index; undefined when it is not known. */
  readonly index: number | undefined;
  readonly rack: string;
  /** Group it belongs to: node pool, rack, replica type. Empty when there are none. */
  readonly group: string;
  /** The container that runs the system. */
  readonly container: string;
  readonly version: string;
}

/** Cassandra ring, Kafka cluster, Spark application, TFJob: the unit of the tree. */
export interface DataCluster {
  /** `kafka/prod/orders`: stable while the cluster exists. */
  readonly key: string;
  readonly system: SystemId;
  /** As in the recognition tables: `strimzi`, `cass-operator`, `kubernetes`. */
  readonly flavour: string;
  readonly namespace: string;
  readonly name: string;
  /** The custom resource that defines it, where an operator runs it. */
  readonly resource: LiveCustom | undefined;
  /** What made it beyond that: an owning custom resource, a Helm release. */
  readonly owner: OwnerLink | { readonly helmRelease: string } | undefined;
  readonly members: readonly LiveMember[];
  /** Members it should have; undefined when nothing says so. */
  readonly wanted: number | undefined;
  readonly version: string;
  readonly workloads: readonly LiveWorkload[];
  readonly services: readonly LiveService[];
  readonly claims: readonly LiveClaim[];
  readonly budgets: readonly LiveBudget[];
  /** Topics, users, rebalances, tasks, backups, node pools: by kind then name. */
  readonly customs: readonly LiveCustom[];
  /** Named by its pods. */
  readonly configMaps: readonly string[];
  readonly secrets: readonly string[];
  /** Plurals that may not be listed where it lives: `pods`. What is missing may be there; absent when everything may be read. */
  readonly hidden?: readonly string[];
  /** The system has ended operators: what took their place. */
  readonly successor?: string;
}

/** What a system says of itself, asked through its own interfaces, at one time. */
export interface InsideFacts<Facts = unknown> {
  readonly askedAt: number;
  /** Undefined when nobody could be asked; see problems. */
  readonly facts: Facts | undefined;
  /** Who could not be asked and why, a sentence each. */
  readonly problems: readonly string[];
}

/** How one system looks alive. Part of every DataSystem; pure except through the ports it is given. */
export interface LiveSystem {
  /** The data clusters of this system in one namespace, sorted by name. */
  gather(objects: NamespaceObjects): readonly DataCluster[];
  /** What is so and why. Without `inside` only what Kubernetes and the operators say counts. */
  health(cluster: DataCluster, inside: InsideFacts | undefined, now: number): Health;
  memberHealth(member: LiveMember, cluster: DataCluster, inside: InsideFacts | undefined, now: number): Health;
  /** What has happened to a job and what is ahead of it, oldest first; absent for what does not end by itself. */
  story?(cluster: DataCluster, events: readonly LiveEvent[], now: number): readonly StoryMoment[];
  /** Asks the system itself; absent where there is nothing to ask. Resolves even when nobody answers. */
  inspect?(cluster: DataCluster, access: InsideAccess): Promise<InsideFacts>;
}

export interface InsideAccess {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly cancellation: Cancellation;
  /** The last answer of the same data cluster, so that a system can tell since when something is so. */
  readonly previous?: InsideFacts | undefined;
}

export function worstLevel(levels: Iterable<HealthLevel>): HealthLevel {
  let worst = 0;
  for (const level of levels) worst = Math.max(worst, severity.indexOf(level));
  return severity[worst] ?? 'healthy';
}

const severity: readonly HealthLevel[] = ['healthy', 'done', 'working', 'unknown', 'warning', 'unhealthy'];
