import { byteBands, countBands, outside, type Bands } from '#core/systems/kafka/rebalance/bands.ts';
import type { Layout, Placed } from '#core/systems/kafka/rebalance/layout.ts';
import { lowest } from '#core/systems/kafka/rebalance/order.ts';
import type { Scope } from '#core/systems/kafka/rebalance/scope.ts';

/** Where a replica that has to move goes best. The bands are those of the whole load, once the plan is done. */
export interface Placement {
  readonly layout: Layout;
  readonly scope: Scope;
  readonly bytes: Bands;
  readonly counts: Bands;
}

export function placementOf(layout: Layout, scope: Scope): Placement {
  const bytes = layout.seats.reduce((sum, seat) => sum + seat.bytes, 0);
  const counts = layout.seats.reduce((sum, { held }) => sum + held.size, 0);
  return {
    layout,
    scope,
    bytes: byteBands(bytes, scope.sharers, layout),
    counts: countBands(counts, scope.sharers, layout),
  };
}

/** Racks that a partition could be spread over: those of its own replicas that stay, and those of all brokers that take some. */
export function reachableRacks({ layout, scope }: Placement, placed: Placed): number {
  const isLeaving = (broker: number): boolean => scope.mode === 'off brokers' && scope.named.has(broker);
  const brokers = [...placed.after.filter((broker) => !isLeaving(broker)), ...scope.receivers];
  return Math.min(placed.after.length, new Set(brokers.map((broker) => layout.seat(broker).rack)).size);
}

/**
 * The best broker to take a replica of a partition from another, or why there is none. It has none of it yet and room at the peak, and
 * the partition is then in at least as many racks as `leastRacks`. Among these: more racks, disks in their band, few replicas, few of the
 * same topic, the emptier one.
 */
export function placeFor(
  placement: Placement,
  placed: Placed,
  from: number,
  leastRacks: number,
): { readonly to: number } | { readonly reason: string } {
  const { layout, scope } = placement;
  const free = [...scope.receivers].filter((broker) => !placed.after.includes(broker));
  if (free.length === 0) return { reason: scope.receivers.size === 0 ? NO_TARGET : ALL_HOLD };
  const roomy = free.filter((broker) => layout.hasRoom(broker, placed));
  if (roomy.length === 0) return { reason: NO_ROOM };
  const apart = roomy.filter((broker) => layout.racksWith(placed, from, broker) >= leastRacks);
  const to = lowest(apart, (broker) => rankOf(placement, placed, from, broker));
  return to === undefined ? { reason: roomy.length < free.length ? NO_ROOM_APART : NONE_APART } : { to };
}

const NO_TARGET = 'there is no broker that may take it';
const ALL_HOLD = 'every broker that may take it has a replica of it already';
const NO_ROOM = 'no broker that may take it has room: its disks would be more than 80 % full while it moves';
const NONE_APART = 'only brokers in racks that have a replica already could take it';
const NO_ROOM_APART =
  'the brokers in racks of their own have no room: their disks would be more than 80 % full while it moves';

function rankOf(placement: Placement, placed: Placed, from: number, broker: number): readonly number[] {
  const { layout, bytes, counts } = placement;
  const seat = layout.seat(broker);
  const bytesThen = seat.bytes + placed.bytes;
  const countThen = seat.held.size + 1;
  const ratio = (load: number, even: number | undefined): number => load / Math.max(1, even ?? 0);
  return [
    -layout.racksWith(placed, from, broker),
    outside(bytesThen, broker, bytes) - outside(seat.bytes, broker, bytes),
    outside(countThen, broker, counts) - outside(seat.held.size, broker, counts),
    layout.topicCount(placed.topic, broker),
    ratio(bytesThen, bytes.even[broker]) + ratio(countThen, counts.even[broker]),
    broker,
  ];
}
