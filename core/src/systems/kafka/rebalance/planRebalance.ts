import { balanceReplicas } from '#core/systems/kafka/rebalance/balance.ts';
import { isChanged, Layout, type Placed } from '#core/systems/kafka/rebalance/layout.ts';
import { balanceLeaders } from '#core/systems/kafka/rebalance/leaders.ts';
import { leaveBrokers } from '#core/systems/kafka/rebalance/leave.ts';
import type {
  Rebalance,
  RebalanceInput,
  RebalanceMode,
  RebalanceRequest,
  Unsolved,
} from '#core/systems/kafka/rebalance/model.ts';
import { spreadRacks } from '#core/systems/kafka/rebalance/racks.ts';
import { relieveDisks, tooFull } from '#core/systems/kafka/rebalance/relieve.ts';
import { isHealthy, scopeOf, type Scope } from '#core/systems/kafka/rebalance/scope.ts';

/**
 * Plans which replica goes where. It starts from what is, and never builds an assignment anew:
 * 1. what must move: replicas on brokers to leave, replicas that share a rack without need, disks that are too full;
 * 2. what should: disks, then the number of replicas, then each topic, each until it is within a tenth of the mean;
 * 3. both again until nothing moves any more, since one may make way for the other;
 * 4. the order of replicas, which is free: preferred leaders within a tenth of the mean.
 *
 * What holds of every plan: replicas go only to brokers that take them, no partition has two on one, and each has as many as before and in
 * as many racks (without brokers to leave: in as many as can be reached). A disk that is given anything stays at or under 80 % even if all
 * that comes is there before anything goes. A partition that nobody leads is left alone, one under min ISR too, but for replicas that are
 * out of sync. The same input makes the same plan. Processor and network are not looked at: the brokers do not tell of them.
 */
export function planRebalance(input: RebalanceInput, request: RebalanceRequest): Rebalance {
  const layout = new Layout(input);
  const scope = scopeOf(layout, request);
  const unsolved = placeReplicas[scope.mode](layout, scope);
  balanceLeaders(layout, {
    sharers: scope.sharers,
    mayReorder: (placed) => isHealthy(placed) && !scope.isExcluded(placed) && mayReorder(placed, scope),
  });
  return { moves: layout.moves(), unsolved };
}

/** One row for each mode. */
const placeReplicas: Readonly<Record<RebalanceMode, (layout: Layout, scope: Scope) => readonly Unsolved[]>> = {
  full: (layout, scope) => {
    const unsolved = improve(layout, scope);
    return [...unsolved, ...tooFull(layout, scope)];
  },
  'leaders only': () => [],
  'new brokers only': (layout, scope) => {
    // What cannot be spread over racks with the new brokers alone was not asked for.
    improve(layout, scope);
    return [];
  },
  'off brokers': leaveBrokers,
  'racks only': spreadRacks,
};

/** One round brings nearly all; more follow only where one move made way for another. */
const MOST_ROUNDS = 12;

function improve(layout: Layout, scope: Scope): readonly Unsolved[] {
  let unsolved: readonly Unsolved[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    unsolved = spreadRacks(layout, scope);
    const relieved = relieveDisks(layout, scope);
    const balanced = balanceReplicas(layout, scope);
    if (!relieved && !balanced) break;
  }
  return unsolved;
}

/** Modes that move few replicas change the order of those partitions only. */
function mayReorder(placed: Placed, { mode, named }: Scope): boolean {
  if (mode === 'full' || mode === 'leaders only') return true;
  if (mode === 'new brokers only') return placed.after.some((broker) => named.has(broker));
  return isChanged(placed);
}
