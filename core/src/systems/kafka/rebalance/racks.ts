import type { Layout, Placed } from '#core/systems/kafka/rebalance/layout.ts';
import type { Unsolved } from '#core/systems/kafka/rebalance/model.ts';
import { compareRanks } from '#core/systems/kafka/rebalance/order.ts';
import { placeFor, placementOf, reachableRacks, type Placement } from '#core/systems/kafka/rebalance/placement.ts';
import { whyFixed, type Scope } from '#core/systems/kafka/rebalance/scope.ts';

/**
 * Spreads partitions over as many racks as they have replicas, or as there are. Source: KIP-36. Of replicas that share a rack one goes:
 * rather not that of the leader, rather from the fuller broker. What cannot be spread is named.
 */
export function spreadRacks(layout: Layout, scope: Scope): readonly Unsolved[] {
  const placement = placementOf(layout, scope);
  return layout.partitions.flatMap((placed) => {
    if (scope.isExcluded(placed)) return [];
    const reason = spread(placement, placed);
    return reason === undefined ? [] : [{ topic: placed.source.topic, index: placed.source.index, reason }];
  });
}

function spread(placement: Placement, placed: Placed): string | undefined {
  const { layout } = placement;
  const wanted = reachableRacks(placement, placed);
  for (let racks = layout.racksWith(placed); racks < wanted; racks += 1) {
    const reason = separate(placement, placed, racks + 1);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Moves one replica so that there are this many racks; else says why it cannot. */
function separate(placement: Placement, placed: Placed, racks: number): string | undefined {
  const { layout, scope } = placement;
  let reason: string | undefined;
  for (const from of sharing(layout, placed)) {
    const fixed = whyFixed(placed, from, scope);
    const place = fixed === undefined ? placeFor(placement, placed, from, racks) : { reason: fixed };
    if ('to' in place) {
      layout.replace(placed, from, place.to);
      return undefined;
    }
    reason ??= place.reason;
  }
  return reason;
}

/** Replicas whose rack has another one, the first to go first. */
function sharing(layout: Layout, { after, before }: Placed): readonly number[] {
  const rackOf = (broker: number): number => layout.seat(broker).rack;
  const rank = (broker: number): readonly number[] => [
    before.includes(broker) ? 1 : 0,
    broker === after[0] ? 1 : 0,
    -layout.seat(broker).bytes,
    -layout.seat(broker).held.size,
    broker,
  ];
  return after
    .filter((broker) => after.some((other) => other !== broker && rackOf(other) === rackOf(broker)))
    .toSorted((a, b) => compareRanks(rank(a), rank(b)));
}
