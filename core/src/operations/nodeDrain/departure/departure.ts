import type { DataCluster } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { NodePod } from '#core/operations/nodeDrain/residents.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';

/**
 * How pods of jobs leave a Kubernetes node: a system whose members end instead of being restarted says so itself. Some of its pods can be
 * made again elsewhere while their job goes on; the end of the others ends, or may end, the run of the job: those are decisive, and none of
 * them is evicted unless the wish says so.
 */
export interface Departure {
  /** Those of the pods whose end may be the end of the run, with what would be lost. Contacts nothing. */
  decisive(this: void, data: DataCluster, pods: readonly LivePod[]): readonly DecisivePod[];
  /**
   * Whether a pod that belongs to no job that is known is decisive by its own labels: of a job that is not watched, or that began a moment
   * ago. Contacts nothing.
   */
  claims(this: void, pod: LivePod): boolean;
  /** @throws ClusterProblem when the cluster cannot be asked, or when a decisive pod is named that nobody has agreed to */
  plan(this: void, wish: DepartureWish, ports: PlanningPorts): Promise<Plan>;
  /** Needs nothing but the plan and the cluster: a job may end, and its object be gone, while its pods leave. */
  procedure(this: void, plan: Plan, ports: DeparturePorts): Procedure;
}

export interface DecisivePod {
  /** Name of the pod. */
  readonly pod: string;
  /** What ends with it, and whether it is run again: sentences. */
  readonly loses: string;
}

export interface DepartureWish {
  readonly node: string;
  readonly pods: readonly NodePod[];
  /** What is done with decisive pods: their own end is waited for, or they are evicted. They may not be among the pods when absent. */
  readonly decisive?: 'wait' | 'evict';
}

export interface DeparturePorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
}
