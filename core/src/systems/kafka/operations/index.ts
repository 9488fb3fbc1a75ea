import { ClusterProblem } from '#core/live/ports.ts';
import type { OperationName, Plan } from '#core/operations/model.ts';
import type { Offer, PlanningPorts } from '#core/operations/operations.ts';
import type { SystemOperations, Undertaken, UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { OperationWish, Wishes } from '#core/operations/wishes.ts';
import { kafkaConfigureOf } from '#core/systems/kafka/operations/configure/configureOf.ts';
import { configureRefusal, planKafkaConfigure } from '#core/systems/kafka/operations/configure/planConfigure.ts';
import type { KafkaOperation } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { filesOfMoves, kafkaMovesOf } from '#core/systems/kafka/operations/moves/movesOf.ts';
import { planKafkaDrain } from '#core/systems/kafka/operations/moves/planDrain.ts';
import { planKafkaRebalance } from '#core/systems/kafka/operations/moves/planKafkaRebalance.ts';
import { movesRefusal } from '#core/systems/kafka/operations/moves/planMoves.ts';
import { openKafkaDoor } from '#core/systems/kafka/operations/openDoor.ts';
import { planKafkaRestart, restartRefusal } from '#core/systems/kafka/operations/planRestart.ts';
import { planKafkaScale, scaleRefusal } from '#core/systems/kafka/operations/scale/planScale.ts';
import { filesOfScale, kafkaScaleOf } from '#core/systems/kafka/operations/scale/scaleOf.ts';
import { brokerPlacesOf, kafkaRestartOf } from '#core/systems/kafka/operations/restartOf.ts';

type Table = { readonly [Name in OperationName]?: KafkaOperation<Name> };

/** In the order of a menu. */
const table: Table = {
  restart: {
    refusal: restartRefusal,
    plan: (wish, { data, ...ports }) => planKafkaRestart(data, wish, ports),
    procedure: kafkaRestartOf,
  },
  drain: { refusal: movesRefusal, plan: planKafkaDrain, procedure: kafkaMovesOf, files: filesOfMoves },
  rebalance: { refusal: movesRefusal, plan: planKafkaRebalance, procedure: kafkaMovesOf, files: filesOfMoves },
  scale: { refusal: scaleRefusal, plan: planKafkaScale, procedure: kafkaScaleOf, files: filesOfScale },
  configure: { refusal: configureRefusal, plan: planKafkaConfigure, procedure: kafkaConfigureOf },
};

const names: readonly OperationName[] = ['restart', 'drain', 'rebalance', 'scale', 'configure'];

export const kafkaOperations: SystemOperations = {
  offers: (data) => names.flatMap((operation) => offerOf(operation, table[operation]?.refusal(data))),
  plan: (wish, ports) => planAs(wish.operation, wish, ports),
  undertake,
  files: (plan) => table[plan.operation]?.files?.(plan) ?? [],
};

function offerOf(operation: OperationName, refusal: string | undefined): readonly Offer[] {
  if (!table[operation]) return [];
  return [{ operation, ...(refusal === undefined ? {} : { refusal }) }];
}

async function planAs<Name extends OperationName>(
  name: Name,
  wish: Wishes[Name] & OperationWish,
  ports: PlanningPorts,
): Promise<Plan> {
  const operation = table[name];
  if (!operation) throw unknownOperation(name);
  const refusal = operation.refusal(ports.data);
  if (refusal !== undefined) throw new ClusterProblem('invalid', refusal);
  const door = openKafkaDoor(ports.data, ports.cluster, ports.clock);
  try {
    return await operation.plan(wish, { ...ports, door });
  } finally {
    await door.close();
  }
}

function undertake(plan: Plan, ports: UndertakingPorts): Undertaken {
  const operation = table[plan.operation];
  if (!operation) throw unknownOperation(plan.operation);
  const door = openKafkaDoor(ports.data, ports.cluster, ports.clock, brokerPlacesOf(plan));
  return { procedure: operation.procedure(plan, { ...ports, door }), close: () => door.close() };
}

function unknownOperation(name: OperationName): ClusterProblem {
  return new ClusterProblem('invalid', `Kafka has no operation ${name} yet.`);
}
