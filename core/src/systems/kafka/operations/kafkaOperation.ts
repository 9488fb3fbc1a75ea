import type { OperationName, Plan } from '#core/operations/model.ts';
import type { PlanFile, PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { Wishes } from '#core/operations/wishes.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';

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
}
