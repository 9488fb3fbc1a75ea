import { evenOut } from '#core/systems/kafka/rebalance/evenOut.ts';
import { DISK_LIMIT, type Layout, type Seat } from '#core/systems/kafka/rebalance/layout.ts';
import type { Unsolved } from '#core/systems/kafka/rebalance/model.ts';
import { lowest } from '#core/systems/kafka/rebalance/order.ts';
import type { Scope } from '#core/systems/kafka/rebalance/scope.ts';

/** Takes from disks that are fuller than the limit what fits elsewhere. Returns whether anything moved. */
export function relieveDisks(layout: Layout, scope: Scope): boolean {
  const limits = layout.seats.map(limitOf);
  const told = layout.seats.flatMap(({ totalBytes }, broker) => (totalBytes === undefined ? [] : [broker]));
  return evenOut({
    layout,
    scope: { ...scope, sharers: new Set(told) },
    goal: {
      bands: { lower: limits.map(() => Number.MIN_SAFE_INTEGER), upper: limits, even: limits },
      loadOf: (broker) => layout.seat(broker).usedBytes,
      weightOf: ({ bytes }) => bytes,
    },
    candidates: (broker) => layout.seat(broker).held,
    kept: [],
    // The limit is a hard one: every byte over it counts.
    leastRelief: 0,
  });
}

/** Brokers that stay too full, each by the largest partition on it. */
export function tooFull(layout: Layout, scope: Scope): readonly Unsolved[] {
  return layout.seats.flatMap((seat) => {
    if (seat.usedBytes <= limitOf(seat)) return [];
    const own = [...seat.held].map((position) => layout.partition(position)).filter((one) => !scope.isExcluded(one));
    const largest = lowest(own, ({ bytes, position }) => [-bytes, position]);
    if (largest === undefined) return [];
    const reason = `the disks of broker ${seat.id} stay more than 80 % full: nothing on them can go elsewhere`;
    return [{ topic: largest.source.topic, index: largest.source.index, reason }];
  });
}

function limitOf({ totalBytes }: Seat): number {
  return totalBytes === undefined ? Number.MAX_SAFE_INTEGER : totalBytes * DISK_LIMIT;
}
