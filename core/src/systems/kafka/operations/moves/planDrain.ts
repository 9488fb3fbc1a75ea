import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { DrainWish } from '#core/operations/wishes.ts';
import type { KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { brokersNamed, planMoves, type MovesWanted } from '#core/systems/kafka/operations/moves/planMoves.ts';
import { planDemotion } from '#core/systems/kafka/rebalance/planDemotion.ts';
import { planRebalance } from '#core/systems/kafka/rebalance/planRebalance.ts';

/**
 * Demote: the named brokers keep their replicas and lead nothing. Evacuate: they hold nothing, and are members still.
 * @throws ClusterProblem when the cluster cannot be asked, or there is nothing to do
 */
export function planKafkaDrain(wish: DrainWish, ports: KafkaPlanningPorts): Promise<Plan> {
  if (wish.members.length === 0) throw new ClusterProblem('invalid', 'No broker is named.');
  if (wish.how === 'maintenance')
    throw new ClusterProblem('invalid', 'A broker is not drained for maintenance: demote it, or restart it.');
  const brokers = brokersNamed(ports.data, wish.members);
  return planMoves(wish.how === 'demote' ? demotion(wish, brokers) : evacuation(wish, brokers), ports);
}

function demotion({ members, how, throttle }: DrainWish, brokers: readonly number[]): MovesWanted {
  return {
    operation: 'drain',
    title: `Demote ${members.join(', ')}`,
    solve: (input) => {
      const demotion = planDemotion(input, brokers);
      // Where another broker is preferred already there is nothing to move, and an election left to do.
      const led = input.partitions.filter(({ leader }) => brokers.includes(leader));
      if (demotion.moves.length > 0 || demotion.unsolved.length > 0 || led.length === 0) return demotion;
      const moves = led.map(({ topic, index, replicas, bytes }) => ({
        topic,
        index,
        before: replicas,
        after: replicas,
        bytes,
      }));
      return { ...demotion, moves };
    },
    unsolvedIs: 'consent',
    leaving: [],
    mayUncordon: false,
    throttle,
    elected: 'moved',
    exclude: [],
    parameters: { how, members },
    nothing: `${members.join(', ')} leads nothing.`,
  };
}

function evacuation({ members, how, throttle }: DrainWish, brokers: readonly number[]): MovesWanted {
  return {
    operation: 'drain',
    title: `Evacuate ${members.join(', ')}`,
    solve: (input) => planRebalance(input, { mode: 'off brokers', brokers, exclude: [] }),
    unsolvedIs: 'fails',
    leaving: brokers,
    mayUncordon: false,
    throttle,
    elected: 'moved',
    exclude: [],
    parameters: { how, members },
    nothing: `${members.join(', ')} holds no replica.`,
  };
}
