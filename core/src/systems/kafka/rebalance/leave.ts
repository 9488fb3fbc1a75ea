import { added, type Layout, type Placed } from '#core/systems/kafka/rebalance/layout.ts';
import type { Unsolved } from '#core/systems/kafka/rebalance/model.ts';
import { compareRanks } from '#core/systems/kafka/rebalance/order.ts';
import { placeFor, placementOf, reachableRacks, type Placement } from '#core/systems/kafka/rebalance/placement.ts';
import { whyFixed } from '#core/systems/kafka/rebalance/scope.ts';
import type { Scope } from '#core/systems/kafka/rebalance/scope.ts';

/**
 * Takes every replica off the named brokers, and touches no other:
 * 1. partitions with the fewest brokers to go to come first, large ones before small ones;
 * 2. each replica gets the best place that keeps the partition in as many racks as before, or as there are without these brokers;
 * 3. where only room is missing, a replica that this plan brought there goes elsewhere, if that makes room;
 * 4. what still has no place stays and is named.
 */
export function leaveBrokers(layout: Layout, scope: Scope): readonly Unsolved[] {
  const placement = placementOf(layout, scope);
  const leaving = [...scope.named].flatMap((from) =>
    [...layout.seat(from).held].map((position) => ({ from, position })),
  );
  const choices = new Map<number, number>();
  for (const { position } of leaving) choices.set(position, choicesOf(placement, layout.partition(position)));
  const rank = ({ from, position }: (typeof leaving)[number]): readonly number[] => [
    choices.get(position) ?? 0,
    -layout.partition(position).bytes,
    position,
    from,
  ];
  return leaving
    .toSorted((a, b) => compareRanks(rank(a), rank(b)))
    .flatMap(({ from, position }) => leaveOne(placement, layout.partition(position), from))
    .toSorted((a, b) => a.at - b.at)
    .map(({ unsolved }) => unsolved);
}

function choicesOf({ scope }: Placement, { after }: Placed): number {
  return scope.receivers.size - after.filter((broker) => scope.receivers.has(broker)).length;
}

function leaveOne(
  placement: Placement,
  placed: Placed,
  from: number,
): readonly { readonly at: number; readonly unsolved: Unsolved }[] {
  const { layout, scope } = placement;
  const { topic, index } = placed.source;
  const fixed = whyFixed(placed, from, scope);
  const place = fixed === undefined ? placeOrMakeRoom(placement, placed, from) : { reason: fixed };
  if ('reason' in place) return [{ at: placed.position, unsolved: { topic, index, reason: place.reason } }];
  layout.replace(placed, from, place.to);
  return [];
}

function placeOrMakeRoom(placement: Placement, placed: Placed, from: number): ReturnType<typeof placeFor> {
  const least = Math.min(placement.layout.racksWith(placed), reachableRacks(placement, placed));
  const place = placeFor(placement, placed, from, least);
  if ('to' in place || !makeRoom(placement, placed, from, least)) return place;
  return placeFor(placement, placed, from, least);
}

/** Sends on one replica that this plan brought to a broker whose only fault is that it has no room. */
function makeRoom(placement: Placement, wanted: Placed, from: number, leastRacks: number): boolean {
  const { layout, scope } = placement;
  const full = [...scope.receivers].filter(
    (broker) => !wanted.after.includes(broker) && layout.racksWith(wanted, from, broker) >= leastRacks,
  );
  return full.some((broker) => {
    const brought = [...layout.seat(broker).held]
      .map((position) => layout.partition(position))
      .filter((one) => added(one).includes(broker) && layout.hasRoomFor(broker, wanted.bytes - one.bytes))
      .toSorted((a, b) => a.bytes - b.bytes || a.position - b.position);
    return brought.some((one) => sendOn(placement, one, broker));
  });
}

function sendOn(placement: Placement, placed: Placed, from: number): boolean {
  const place = placeFor(placement, placed, from, placement.layout.racksWith(placed));
  if ('reason' in place) return false;
  placement.layout.replace(placed, from, place.to);
  return true;
}
