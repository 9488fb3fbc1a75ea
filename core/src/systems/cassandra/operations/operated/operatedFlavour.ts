import type { DataCluster } from '#core/live/model.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { PodGuard } from '#core/systems/cassandra/operations/operated/strict.ts';
import type { OperatorFindings, RackWords } from '#core/systems/cassandra/operations/operated/operatedPlan.ts';
import type { RackRoute } from '#core/systems/cassandra/operations/operated/rackRoll.ts';
import type { RingOperator } from '#core/systems/cassandra/operations/operated/ringOperator.ts';

/** What is to be done with the pods of an operator: leave racks to it, take pods out strictly, or drain one and leave it. */
export type Purpose = 'racks' | 'pods' | 'maintenance';

export interface RoutePorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

/** What one operator of Cassandra needs for restarts and drains. */
export interface OperatedFlavour {
  /** Why nothing can be done with this ring; undefined when it can. Contacts nothing. */
  refusal(this: void, data: DataCluster): string | undefined;
  /** What the operator is at, now. @throws ClusterProblem */
  look(this: void, operator: RingOperator, ports: PlanningPorts, purpose: Purpose): Promise<OperatorFindings>;
  guard(this: void, plan: Plan, ports: RoutePorts): PodGuard;
  /** Absent where the operator has no verb for a restart. */
  readonly words?: RackWords;
  /** Whether this ring has racks that the operator can be asked for; it has when absent. */
  hasRacks?(this: void, data: DataCluster): boolean;
  rackRoute?(this: void, plan: Plan, ports: RoutePorts): RackRoute;
}
