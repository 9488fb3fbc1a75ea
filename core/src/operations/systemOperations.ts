import type { DataCluster } from '#core/live/model.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { Departure } from '#core/operations/nodeDrain/departure/departure.ts';
import type { Offer, PlanFile, PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { ConfigureWish, OperationWish } from '#core/operations/wishes.ts';
import type { SystemId } from '#core/systems/contract.ts';

/** The systems that have operations. */
export type SystemTable = Readonly<Partial<Record<SystemId, SystemOperations>>>;

/** The operations of one system: a line for each in core/src/systems/operations.ts. */
export interface SystemOperations {
  offers(this: void, data: DataCluster): readonly Offer[];
  /** @throws ClusterProblem when the cluster cannot be asked, or when the wish cannot be fulfilled there */
  plan(this: void, wish: OperationWish, ports: PlanningPorts): Promise<Plan>;
  /** What does the steps of a plan of this system, on whatever machine. @throws ClusterProblem for a plan it cannot do */
  undertake(this: void, plan: Plan, ports: UndertakingPorts): Undertaken;
  /** What can be done with members whose volumes keep them on a node that has to go, a sentence each with its cost; nothing when absent. */
  pinned?(this: void, data: DataCluster, pods: readonly string[]): readonly string[];
  /** How members leave a Kubernetes node, where that is no restart of them; a restart that ends elsewhere when absent. */
  readonly departure?: Departure;
  /** Files that go with a plan; none when absent. */
  files?(this: void, plan: Plan): readonly PlanFile[];
  /** What puts back what a run has changed, as of Operations; nothing when absent. Only of runs that are over. Never throws. */
  undoing?(this: void, record: RunRecord): readonly ConfigureWish[];
}

export interface UndertakingPorts {
  readonly data: DataCluster;
  readonly cluster: Cluster;
  readonly clock: Clock;
}

export interface Undertaken {
  readonly procedure: Procedure;
  close(this: void): Promise<void>;
}
