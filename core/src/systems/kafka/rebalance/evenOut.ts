import { outside, type Bands } from '#core/systems/kafka/rebalance/bands.ts';
import type { Layout, Placed } from '#core/systems/kafka/rebalance/layout.ts';
import { isHealthy, type Scope } from '#core/systems/kafka/rebalance/scope.ts';

/** Something that is to be even between brokers. */
export interface Goal {
  readonly bands: Bands;
  readonly loadOf: (broker: number) => number;
  /** What one replica of a partition adds to the load. */
  readonly weightOf: (placed: Placed) => number;
}

/** A goal that is being worked at: among whom, with which replicas, and what must not get worse by it. */
export interface Levelling {
  readonly layout: Layout;
  readonly scope: Scope;
  readonly goal: Goal;
  /** Replicas of a broker that may go for this goal, by position. */
  readonly candidates: (broker: number) => Iterable<number>;
  /** Goals that come before it. */
  readonly kept: readonly Goal[];
}

/** A move that brings less than this part of what it weighs into the bands is not worth it. */
const LEAST_PART = 0.1;

/**
 * Moves replicas one by one, from the broker with the highest load to the one with the lowest, until all are in their bands or no move
 * helps: always the replica that helps most for each byte that has to be copied. Every move brings the loads nearer to their bands and
 * none of the goals before further away, so it ends. Returns whether anything moved.
 */
export function evenOut(levelling: Levelling): boolean {
  const stuck = new StuckPairs(levelling.layout.seats.length);
  let moved = false;
  for (let step = nextStep(levelling, stuck); step !== undefined; step = nextStep(levelling, stuck)) {
    levelling.layout.replace(step.placed, step.from, step.to);
    stuck.moved(step.from, step.to);
    moved = true;
  }
  return moved;
}

/**
 * Pairs of brokers between which nothing could move when they were looked at. It seldom becomes possible by what others do, so they are
 * looked at again only when nothing else is left.
 */
class StuckPairs {
  readonly #brokers: number;
  readonly #pairs = new Set<number>();

  constructor(brokers: number) {
    this.#brokers = brokers;
  }

  get isEmpty(): boolean {
    return this.#pairs.size === 0;
  }

  has(from: number, to: number): boolean {
    return this.#pairs.has(from * this.#brokers + to);
  }

  add(from: number, to: number): void {
    this.#pairs.add(from * this.#brokers + to);
  }

  clear(): void {
    this.#pairs.clear();
  }

  /** One has less now and could take more, the other has more and could give some: their other pairs are no nearer to a move. */
  moved(from: number, to: number): void {
    for (let other = 0; other < this.#brokers; other += 1) {
      this.#pairs.delete(to * this.#brokers + other);
      this.#pairs.delete(other * this.#brokers + from);
    }
  }
}

function nextStep(levelling: Levelling, stuck: StuckPairs): Step | undefined {
  const step = findStep(levelling, stuck);
  if (step !== undefined || stuck.isEmpty) return step;
  stuck.clear();
  return findStep(levelling, stuck);
}

interface Step {
  readonly placed: Placed;
  readonly from: number;
  readonly to: number;
  readonly gain: number;
  readonly cost: number;
}

function findStep(levelling: Levelling, stuck: StuckPairs): Step | undefined {
  const { scope, goal } = levelling;
  const fullest = byLoad(goal, scope.sharers).toReversed();
  const emptiest = byLoad(goal, scope.receivers);
  for (const from of fullest) {
    for (const to of emptiest) {
      if (from === to || stuck.has(from, to) || !isUneven(goal, from, to)) continue;
      const step = bestStep(levelling, from, to);
      if (step !== undefined) return step;
      stuck.add(from, to);
    }
  }
  return undefined;
}

/** Relative to what would be even. */
function byLoad({ bands, loadOf }: Goal, brokers: ReadonlySet<number>): readonly number[] {
  const ratio = (broker: number): number => loadOf(broker) / Math.max(1, bands.even[broker] ?? 0);
  return [...brokers].toSorted((a, b) => ratio(a) - ratio(b) || a - b);
}

function isUneven({ bands, loadOf }: Goal, from: number, to: number): boolean {
  return loadOf(from) > (bands.upper[from] ?? 0) || loadOf(to) < (bands.lower[to] ?? 0);
}

function bestStep(levelling: Levelling, from: number, to: number): Step | undefined {
  let best: Step | undefined;
  for (const position of levelling.candidates(from)) {
    const step = usefulStep(levelling, levelling.layout.partition(position), from, to);
    if (step === undefined || (best !== undefined && !isBetter(step, best))) continue;
    if (isAllowed(levelling, step)) best = step;
  }
  return best;
}

function usefulStep({ goal }: Levelling, placed: Placed, from: number, to: number): Step | undefined {
  if (placed.after.includes(to)) return undefined;
  const weight = goal.weightOf(placed);
  const gain = gainFor(goal, weight, from, to);
  if (gain <= 0 || gain < weight * LEAST_PART) return undefined;
  return { placed, from, to, gain, cost: costOf(placed, from, to) };
}

function isAllowed({ layout, scope, kept }: Levelling, { placed, from, to }: Step): boolean {
  if (!isHealthy(placed) || scope.isExcluded(placed) || !layout.hasRoom(to, placed)) return false;
  if (kept.some((goal) => gainFor(goal, goal.weightOf(placed), from, to) < 0)) return false;
  if (layout.seat(from).rack === layout.seat(to).rack) return true;
  return layout.racksWith(placed, from, to) >= layout.racksWith(placed);
}

/** By how much two loads come nearer to their bands when one gives to the other; negative when they go away from them. */
function gainFor({ bands, loadOf }: Goal, weight: number, from: number, to: number): number {
  if (weight === 0) return 0;
  const less = loadOf(from);
  const more = loadOf(to);
  const now = outside(less, from, bands) + outside(more, to, bands);
  return now - outside(less - weight, from, bands) - outside(more + weight, to, bands);
}

/** Bytes that have to be copied because of it, more than without it. */
function costOf({ before, bytes }: Placed, from: number, to: number): number {
  const saved = before.includes(from) ? 0 : bytes;
  const spent = before.includes(to) ? 0 : bytes;
  return Math.max(0, spent - saved);
}

/** More gain for each byte, without dividing by none; then more gain; then the partition that comes first. */
function isBetter(step: Step, best: Step): boolean {
  const difference = step.gain * best.cost - best.gain * step.cost || step.gain - best.gain || best.cost - step.cost;
  return difference === 0 ? step.placed.position < best.placed.position : difference > 0;
}
