import type { Layout } from '#core/systems/kafka/rebalance/layout.ts';

/** How far from the mean a load may be before something is moved. Source: the balance thresholds (1.1) of Cruise Control. */
const TOLERANCE = 0.1;

/** 10 x 1.1 is a little more than 11 in binary numbers. */
const ROUNDING = 1e-6;

/**
 * Partitions smaller than this are not moved for the sake of disks, and brokers that differ by no more are even enough.
 * Source: the default of topicmappr.
 */
export const SMALLEST_FOR_DISKS = 512 * 1024 * 1024;

/** Loads of brokers, by place, and between which limits each should be. */
export interface Bands {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** What would be even. */
  readonly even: readonly number[];
}

/** Whole things that cost bytes to move: one more than a tenth from the mean is let be, as by Cruise Control. */
export function countBands(total: number, brokers: ReadonlySet<number>, layout: Layout): Bands {
  const mean = brokers.size === 0 ? 0 : total / brokers.size;
  return bandsOf(layout, (broker) => (brokers.has(broker) ? mean : 0), 0);
}

/** Whole things that cost nothing to move: not further from the mean than a tenth, or than the whole numbers beside it. */
export function freeBands(total: number, brokers: ReadonlySet<number>, layout: Layout): Bands {
  const mean = brokers.size === 0 ? 0 : total / brokers.size;
  const lower = Math.min(Math.floor(mean), Math.ceil(mean * (1 - TOLERANCE) - ROUNDING));
  const upper = Math.max(Math.ceil(mean), Math.floor(mean * (1 + TOLERANCE) + ROUNDING));
  const forAll = (bound: number): readonly number[] =>
    layout.seats.map((_, broker) => (brokers.has(broker) ? bound : 0));
  return { even: forAll(mean), lower: forAll(lower), upper: forAll(upper) };
}

/** Shares by the size of the disks where every broker tells it, else equal ones. */
export function byteBands(total: number, brokers: ReadonlySet<number>, layout: Layout): Bands {
  const sizes = [...brokers].map((broker) => layout.seat(broker).totalBytes ?? 0);
  const areTold = sizes.every((size) => size > 0);
  const sum = areTold ? sizes.reduce((a, b) => a + b, 0) : brokers.size;
  const sizeOf = (broker: number): number => (areTold ? (layout.seat(broker).totalBytes ?? 0) : 1);
  return bandsOf(layout, (broker) => (brokers.has(broker) ? (total * sizeOf(broker)) / sum : 0), SMALLEST_FOR_DISKS);
}

/** Rounded outwards to whole numbers, so that sums are exact and a mean of a half is no fault of anybody. */
function bandsOf(layout: Layout, evenOf: (broker: number) => number, leastMargin: number): Bands {
  const even = layout.seats.map((_, broker) => evenOf(broker));
  const margin = (mean: number): number => Math.max(mean * TOLERANCE, leastMargin);
  return {
    even,
    lower: even.map((mean) => Math.max(0, Math.floor(mean - margin(mean) + ROUNDING))),
    upper: even.map((mean) => Math.ceil(mean + margin(mean) - ROUNDING)),
  };
}

/** How far a load is outside its band. */
export function outside(load: number, broker: number, { lower, upper }: Bands): number {
  return Math.max(0, load - (upper[broker] ?? 0), (lower[broker] ?? 0) - load);
}
