import type { DataCluster } from '#core/live/model.ts';
import type { OperationName, Plan } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { Wishes } from '#core/operations/wishes.ts';

/** One operation of Cassandra; the table of them is in index.ts. */
export interface CassandraOperation<Name extends OperationName> {
  /** Why it cannot be done with this ring; undefined when it can be planned. Contacts nothing. */
  refusal(this: void, data: DataCluster): string | undefined;
  /** @throws ClusterProblem */
  plan(this: void, wish: Wishes[Name], ports: PlanningPorts): Promise<Plan>;
  procedure(this: void, plan: Plan, ports: UndertakingPorts): Procedure;
}

/** The operations of one flavour; what is missing cannot be done there, or is done as without an operator. */
export type OperationTable = { readonly [Name in OperationName]?: CassandraOperation<Name> };
