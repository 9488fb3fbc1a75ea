import type { OperationName, Plan, RunRecord } from '#core/operations/model.ts';
import type { PlanFile, PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { ConfigureWish, Wishes } from '#core/operations/wishes.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import type { BrokerPlace } from '#core/systems/kafka/operations/openDoor.ts';

export interface KafkaPlanningPorts extends PlanningPorts {
  readonly door: KafkaDoor;
}

export interface KafkaUndertakingPorts extends UndertakingPorts {
  readonly door: KafkaDoor;
}

/** One operation of Kafka; the table of them is in index.ts. */
export interface KafkaOperation<Name extends OperationName> {
  /** Why it cannot be done with this data cluster; undefined when it can be planned. Contacts nothing. */
  refusal(this: void, data: DataCluster): string | undefined;
  /** @throws ClusterProblem */
  plan(this: void, wish: Wishes[Name], ports: KafkaPlanningPorts): Promise<Plan>;
  procedure(this: void, plan: Plan, ports: KafkaUndertakingPorts): Procedure;
  files?(this: void, plan: Plan): readonly PlanFile[];
  /** As of SystemOperations. */
  undoing?(this: void, record: RunRecord): readonly ConfigureWish[];
  /** Where the brokers of a plan are now; where they were when it was made when absent. Asked whenever a connection is opened. */
  places?(this: void, plan: Plan, ports: UndertakingPorts): () => Promise<readonly BrokerPlace[]>;
}

/** The operations of one flavour; what is missing cannot be done there. */
export type OperationTable = { readonly [Name in OperationName]?: KafkaOperation<Name> };
