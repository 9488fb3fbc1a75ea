import type { Plan } from '#core/operations/model.ts';
import type { PlanFile } from '#core/operations/operations.ts';
import { ProcedureOfKinds, type StepKind } from '#core/operations/stepKinds.ts';
import { partitionName, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import { otherKubernetes } from '#core/systems/kafka/operations/kafkaIdentity.ts';
import type { KafkaUndertakingPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { ALL_DIRS, CordonStep } from '#core/systems/kafka/operations/moves/cordonStep.ts';
import { MoveStep } from '#core/systems/kafka/operations/moves/moveStep.ts';
import { readMoves } from '#core/systems/kafka/operations/moves/moveText.ts';
import { MovesRun } from '#core/systems/kafka/operations/moves/movesRun.ts';
import { ElectStep, OrderStep } from '#core/systems/kafka/operations/moves/orderSteps.ts';
import type { MoveStepKind } from '#core/systems/kafka/operations/moves/planSteps.ts';
import { reassignmentJson, rollbackJson } from '#core/systems/kafka/rebalance/exchange.ts';
import { SweepStep } from '#core/systems/kafka/operations/moves/sweepStep.ts';
import { Throttle, ThrottleStep, UnthrottleStep } from '#core/systems/kafka/operations/moves/throttleSteps.ts';
import { VerifyStep } from '#core/systems/kafka/operations/moves/verifyStep.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';
import { matchesTopic } from '#core/systems/kafka/rebalance/topicPattern.ts';

/**
 * Moves replicas of a Kafka cluster:
 *
 * 1. Values of all throttles are written down, then copying is throttled. Brokers that are to hold nothing are cordoned where Kafka can.
 * 2. Step by step data is moved, a few partitions at a time (moveStep.ts).
 * 3. Where nothing keeps new partitions away from a broker that leaves, those that came meanwhile are moved too (sweepStep.ts).
 * 4. Replicas come into their final order, preferred leaders are elected, throttles are what they were before.
 * 5. It is verified that everything is where it should be.
 *
 * Properties, tested with faults, cancels and kills:
 * - no partition has fewer copies because of us at any time, and nothing is begun while one is under min ISR;
 * - throttles are at the end what they were at the start, however the run ends, unless it is paused or a broker does not answer: then that is said;
 * - at the end every partition has the replicas of the plan, or is named with the reason;
 * - whoever goes on with a run asks the cluster how far it is; nothing depends on what the one before knew, but for the throttles of before.
 */
export function kafkaMovesOf(plan: Plan, ports: KafkaUndertakingPorts): ProcedureOfKinds {
  const run = runOf(plan, ports);
  return new ProcedureOfKinds(kindsOf(run), () => otherKubernetes(ports.cluster, plan.target));
}

/** The same steps for a plan that has others besides. */
export function moveKindsOf(plan: Plan, ports: KafkaUndertakingPorts): Readonly<Record<MoveStepKind, StepKind>> {
  return kindsOf(runOf(plan, ports));
}

function kindsOf(run: MovesRun): Readonly<Record<MoveStepKind, StepKind>> {
  const throttle = new Throttle(run);
  return {
    // In the order in which they leave a run that ends early: what moves goes back before the throttle is taken off.
    move: new MoveStep(run),
    sweep: new SweepStep(run, throttle),
    throttle: new ThrottleStep(run, throttle),
    cordon: new CordonStep(run, ALL_DIRS),
    uncordon: new CordonStep(run, undefined),
    order: new OrderStep(run),
    elect: new ElectStep(run),
    unthrottle: new UnthrottleStep(run, throttle),
    verify: new VerifyStep(run),
  };
}

/** What Kafka's own tool would need to do the same, and to take it back. */
export function filesOfMoves(plan: Plan): readonly PlanFile[] {
  const moves = movesOfPlan(plan);
  if (moves.length === 0) return [];
  return [
    { name: 'reassignment.json', text: reassignmentJson(moves) },
    { name: 'rollback.json', text: rollbackJson(moves) },
  ];
}

export function movesOfPlan({ steps }: Plan): readonly Move[] {
  return steps.flatMap(({ parameters }) => readMoves(parameters['moves']));
}

function runOf(plan: Plan, { clock, door }: KafkaUndertakingPorts): MovesRun {
  const { parameters, target } = plan;
  const moves = movesOfPlan(plan);
  const { throttle } = parameters;
  return new MovesRun({
    clock,
    door,
    kafkaClusterId: target.systemIdentity ?? '',
    brokers: numbersIn(parameters['brokers']),
    moves,
    throttle: typeof throttle === 'number' ? throttle : undefined,
    leaving: numbersIn(parameters['leaving']),
    isElected: electedBy(plan, moves),
  });
}

function electedBy({ parameters }: Plan, moves: readonly Move[]): (partition: PartitionState) => boolean {
  const names = new Set(moves.map(partitionName));
  if (parameters['elected'] !== 'all') return (partition) => names.has(partitionName(partition));
  const exclude = Array.isArray(parameters['exclude']) ? parameters['exclude'].map(String) : [];
  return (partition) => names.has(partitionName(partition)) || !matchesTopic(partition.topic, exclude);
}

const numbersIn = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : []);
