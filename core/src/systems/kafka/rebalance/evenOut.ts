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
  /** A move that relieves by less than this part of the square of what it weighs is not worth its copying. */
  readonly leastRelief: number;
}

/**
 * Moves replicas one by one, from the broker with the highest load to the one with the lowest, until all are in their bands or no move
 * helps: always the replica that helps most for each byte that has to be copied. What counts is the sum of the squares of the distances
 * from the bands, so loads come nearer to each other even where racks or disks keep them from their bands. Every move makes it less, and
 * that of no goal before more, so it ends. Returns whether anything moved.
 */
export function evenOut(levelling: Levelling): boolean {
  const stuck = new StuckPairs(levelling.layout.seats.length);
  let moved = false;
  for (let step = findStep(levelling, stuck); step !== undefined; step = findStep(levelling, stuck)) {
    levelling.layout.replace(step.placed, step.from, step.to);
    stuck.moved(step.from, step.to);
    moved = true;
  }
  return moved;
}

/**
 * Pairs of brokers between which nothing could move when they were looked at. It seldom becomes possible by what others do, so they are
 * not looked at again; who wants to be sure evens out once more, until nothing moves.
 */
class StuckPairs {
  readonly #brokers: number;
  readonly #useless = new Set<number>();
  readonly #blocked = new Set<number>();

  constructor(brokers: number) {
    this.#brokers = brokers;
  }

  has(from: number, to: number): boolean {
    const pair = this.#pair(from, to);
    return this.#useless.has(pair) || this.#blocked.has(pair);
  }

  add(from: number, to: number, why: Stuck): void {
    const pairs = why === 'blocked' ? this.#blocked : this.#useless;
    pairs.add(this.#pair(from, to));
  }

  /** One has less now and may want more, the other has more and may want less. That does not help pairs that are blocked. */
  moved(from: number, to: number): void {
    for (let other = 0; other < this.#brokers; other += 1) {
      this.#useless.delete(this.#pair(to, other));
      this.#useless.delete(this.#pair(other, from));
    }
  }

  #pair(from: number, to: number): number {
    return from * this.#brokers + to;
  }
}

interface Step {
  readonly placed: Placed;
  readonly from: number;
  readonly to: number;
  readonly relief: number;
  readonly gain: number;
  readonly cost: number;
}

function findStep(levelling: Levelling, stuck: StuckPairs): Step | undefined {
  const { scope, goal } = levelling;
  const fullest = byLoad(goal, scope.sharers).toReversed();
  const emptiest = byLoad(goal, scope.receivers);
  for (const from of fullest) {
    let candidates: readonly number[] | undefined;
    for (const to of emptiest) {
      if (from === to || stuck.has(from, to) || !isUneven(goal, from, to)) continue;
      candidates ??= [...levelling.candidates(from)];
      const step = bestStep(levelling, candidates, from, to);
      if (typeof step === 'object') return step;
      stuck.add(from, to, step);
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
  return outside(loadOf(from), from, bands) > 0 || outside(loadOf(to), to, bands) > 0;
}

/** `blocked`: some would help and none is allowed, by racks, room, ISRs or the goals before. `useless`: none would help. */
type Stuck = 'blocked' | 'useless';

function bestStep(levelling: Levelling, positions: readonly number[], from: number, to: number): Step | Stuck {
  let best: Step | undefined;
  let stuck: Stuck = 'useless';
  for (const position of positions) {
    const step = usefulStep(levelling, levelling.layout.partition(position), from, to);
    if (step === undefined || (best !== undefined && !isBetter(step, best))) continue;
    if (isAllowed(levelling, step)) best = step;
    else stuck = 'blocked';
  }
  return best ?? stuck;
}

function usefulStep({ goal, leastRelief }: Levelling, placed: Placed, from: number, to: number): Step | undefined {
  if (placed.after.includes(to)) return undefined;
  const weight = goal.weightOf(placed);
  const relief = reliefOf(goal, weight, from, to);
  if (relief <= 0 || relief < weight * weight * leastRelief) return undefined;
  return { placed, from, to, relief, gain: gainOf(goal, weight, from, to), cost: costOf(placed, from, to) };
}

function isAllowed({ layout, scope, kept }: Levelling, { placed, from, to }: Step): boolean {
  if (!isHealthy(placed) || scope.isExcluded(placed) || !layout.hasRoom(to, placed)) return false;
  if (kept.some((goal) => reliefOf(goal, goal.weightOf(placed), from, to) < 0)) return false;
  if (layout.seat(from).rack === layout.seat(to).rack) return true;
  return layout.racksWith(placed, from, to) >= layout.racksWith(placed);
}

/** By how much less two loads are outside their bands when one gives to the other. */
function gainOf({ bands, loadOf }: Goal, weight: number, from: number, to: number): number {
  const [less, more] = [loadOf(from), loadOf(to)];
  const now = outside(less, from, bands) + outside(more, to, bands);
  return now - outside(less - weight, from, bands) - outside(more + weight, to, bands);
}

/** The same for the squares of the distances. Written as products of whole numbers: its sign is right for any size of disks. */
function reliefOf({ bands, loadOf }: Goal, weight: number, from: number, to: number): number {
  if (weight === 0) return 0;
  const [less, more] = [loadOf(from), loadOf(to)];
  const [fromNow, fromThen] = [outside(less, from, bands), outside(less - weight, from, bands)];
  const [toNow, toThen] = [outside(more, to, bands), outside(more + weight, to, bands)];
  return (fromNow - fromThen) * (fromNow + fromThen) + (toNow - toThen) * (toNow + toThen);
}

/** Bytes that have to be copied because of it, more than without it. */
function costOf({ before, bytes }: Placed, from: number, to: number): number {
  const saved = before.includes(from) ? 0 : bytes;
  const spent = before.includes(to) ? 0 : bytes;
  return Math.max(0, spent - saved);
}

/** More gain for each byte, without dividing by none; then more relief; then what costs less; then the partition that comes first. */
function isBetter(step: Step, best: Step): boolean {
  const difference =
    step.gain * best.cost - best.gain * step.cost || step.relief - best.relief || best.cost - step.cost;
  return difference === 0 ? step.placed.position < best.placed.position : difference > 0;
}
