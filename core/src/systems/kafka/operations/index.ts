import { ClusterProblem } from '#core/live/ports.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { OperationName, Plan } from '#core/operations/model.ts';
import type { Offer, PlanningPorts } from '#core/operations/operations.ts';
import type { SystemOperations, Undertaken, UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { OperationWish, Wishes } from '#core/operations/wishes.ts';
import { kafkaConfigureOf } from '#core/systems/kafka/operations/configure/configureOf.ts';
import { configureRefusal, planKafkaConfigure } from '#core/systems/kafka/operations/configure/planConfigure.ts';
import { wishesToUndo } from '#core/systems/kafka/operations/configure/undoConfigure.ts';
import { confluentRestart } from '#core/systems/kafka/operations/confluent/restart.ts';
import type { OperationTable } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { koperatorDrain, koperatorRebalance } from '#core/systems/kafka/operations/koperator/rebalance.ts';
import { koperatorRestart } from '#core/systems/kafka/operations/koperator/restart.ts';
import { filesOfMoves, kafkaMovesOf } from '#core/systems/kafka/operations/moves/movesOf.ts';
import { planKafkaDrain } from '#core/systems/kafka/operations/moves/planDrain.ts';
import { planKafkaRebalance } from '#core/systems/kafka/operations/moves/planKafkaRebalance.ts';
import { movesRefusal } from '#core/systems/kafka/operations/moves/planMoves.ts';
import { openKafkaDoor } from '#core/systems/kafka/operations/openDoor.ts';
import { planKafkaRestart, restartRefusal } from '#core/systems/kafka/operations/planRestart.ts';
import { brokerPlacesOf, restartProcedureOf } from '#core/systems/kafka/operations/restartOf.ts';
import { planKafkaScale, scaleRefusal } from '#core/systems/kafka/operations/scale/planScale.ts';
import { filesOfScale, kafkaScaleOf } from '#core/systems/kafka/operations/scale/scaleOf.ts';
import { strimziDrain, strimziRebalance } from '#core/systems/kafka/operations/strimzi/rebalance.ts';
import { strimziRestart } from '#core/systems/kafka/operations/strimzi/restart.ts';

/** Of clusters that no operator runs. */
const table: OperationTable = {
  restart: {
    refusal: restartRefusal,
    plan: (wish, { data, ...ports }) => planKafkaRestart(data, wish, ports),
    procedure: restartProcedureOf,
  },
  drain: { refusal: movesRefusal, plan: planKafkaDrain, procedure: kafkaMovesOf, files: filesOfMoves },
  rebalance: { refusal: movesRefusal, plan: planKafkaRebalance, procedure: kafkaMovesOf, files: filesOfMoves },
  scale: { refusal: scaleRefusal, plan: planKafkaScale, procedure: kafkaScaleOf, files: filesOfScale },
  configure: {
    refusal: configureRefusal,
    plan: planKafkaConfigure,
    procedure: kafkaConfigureOf,
    undoing: wishesToUndo,
  },
};

/** Of those that an operator runs: it owns the pods, so it is asked. What is missing here is refused or done as without one. */
const byFlavour: Readonly<Record<string, OperationTable>> = {
  strimzi: { restart: strimziRestart, drain: strimziDrain, rebalance: strimziRebalance },
  'confluent-for-kubernetes': { restart: confluentRestart },
  koperator: { restart: koperatorRestart, drain: koperatorDrain, rebalance: koperatorRebalance },
};

/** By the group of the resource beside which a plan is kept: plans do not say their flavour. */
const flavours: Readonly<Record<string, string>> = {
  'kafka.strimzi.io': 'strimzi',
  'platform.confluent.io': 'confluent-for-kubernetes',
  'kafka.banzaicloud.io': 'koperator',
};

function operationOf<Name extends OperationName>(flavour: string, name: Name): OperationTable[Name] {
  return byFlavour[flavour]?.[name] ?? table[name];
}

/** In the order of a menu. */
const names: readonly OperationName[] = ['restart', 'drain', 'rebalance', 'scale', 'configure'];

export const kafkaOperations: SystemOperations = {
  offers: (data) => names.flatMap((operation) => offerOf(operation, data)),
  plan: (wish, ports) => planAs(wish.operation, wish, ports),
  undertake,
  files: (plan) => operationOf(flavourOf(plan), plan.operation)?.files?.(plan) ?? [],
  undoing: (record) => operationOf(flavourOf(record.plan), record.plan.operation)?.undoing?.(record) ?? [],
};

function flavourOf({ target }: Plan): string {
  const [group = ''] = target.anchor.apiVersion.split('/');
  return flavours[group] ?? '';
}

function offerOf(operation: OperationName, data: DataCluster): readonly Offer[] {
  const found = operationOf(data.flavour, operation);
  if (!found) return [];
  const refusal = found.refusal(data);
  return [{ operation, ...(refusal === undefined ? {} : { refusal }) }];
}

async function planAs<Name extends OperationName>(
  name: Name,
  wish: Wishes[Name] & OperationWish,
  ports: PlanningPorts,
): Promise<Plan> {
  const operation: OperationTable[Name] = operationOf(ports.data.flavour, name);
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
  const operation = operationOf(flavourOf(plan), plan.operation);
  if (!operation) throw unknownOperation(plan.operation);
  const door = openKafkaDoor(
    ports.data,
    ports.cluster,
    ports.clock,
    brokerPlacesOf(plan),
    operation.places?.(plan, ports),
  );
  return { procedure: operation.procedure(plan, { ...ports, door }), close: () => door.close() };
}

function unknownOperation(name: OperationName): ClusterProblem {
  return new ClusterProblem('invalid', `Kafka has no operation ${name} yet.`);
}
