import type { Plan } from '#core/operations/model.ts';
import type { DrainWish, RebalanceWish } from '#core/operations/wishes.ts';
import type { KafkaOperation } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { filesOfMoves, kafkaMovesOf } from '#core/systems/kafka/operations/moves/movesOf.ts';
import { planKafkaDrain } from '#core/systems/kafka/operations/moves/planDrain.ts';
import { planKafkaRebalance } from '#core/systems/kafka/operations/moves/planKafkaRebalance.ts';

/**
 * Leaders that change places copy no data and touch nothing that an operator owns, so they are moved by Kafka's own protocol, whoever runs
 * the cluster and whether there is a Cruise Control or not. Everything else is asked of the operator.
 */
function isByProtocol(wish: DrainWish | RebalanceWish): boolean {
  return wish.operation === 'drain'
    ? wish.how === 'demote'
    : wish.mode === 'leaders only' && wish.reassignment === undefined;
}

const BY_PROTOCOL = new Set(['demote', 'leaders only']);

/** Plans of moves say what they were made of. */
function isPlanByProtocol({ parameters }: Plan): boolean {
  return BY_PROTOCOL.has(String(parameters['mode'] ?? parameters['how'] ?? ''));
}

/** An operation of an operator, but for what Kafka's own protocol does. */
export function drainBesideProtocol(operated: KafkaOperation<'drain'>): KafkaOperation<'drain'> {
  return {
    ...operated,
    plan: (wish, ports) => (isByProtocol(wish) ? planKafkaDrain(wish, ports) : operated.plan(wish, ports)),
    procedure: (plan, ports) => (isPlanByProtocol(plan) ? kafkaMovesOf(plan, ports) : operated.procedure(plan, ports)),
    files: (plan) => (isPlanByProtocol(plan) ? filesOfMoves(plan) : []),
  };
}

export function rebalanceBesideProtocol(operated: KafkaOperation<'rebalance'>): KafkaOperation<'rebalance'> {
  return {
    ...operated,
    plan: (wish, ports) => (isByProtocol(wish) ? planKafkaRebalance(wish, ports) : operated.plan(wish, ports)),
    procedure: (plan, ports) => (isPlanByProtocol(plan) ? kafkaMovesOf(plan, ports) : operated.procedure(plan, ports)),
    files: (plan) => (isPlanByProtocol(plan) ? filesOfMoves(plan) : []),
  };
}
