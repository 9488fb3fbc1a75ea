import { gainOf, type Bands } from '#core/systems/kafka/rebalance/bands.ts';
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
  let moved = false;
  for (let step = findStep(levelling); step !== undefined; step = findStep(levelling)) {
    levelling.layout.replace(step.placed, step.from, step.to);
    moved = true;
  }
  return moved;
}

interface Step {
  readonly placed: Placed;
  readonly from: number;
  readonly to: number;
  readonly gain: number;
  readonly cost: number;
}

function findStep(levelling: Levelling): Step | undefined {
  const { scope, goal } = levelling;
  const fullest = byLoad(goal, scope.sharers).toReversed();
  const emptiest = byLoad(goal, scope.receivers);
  for (const from of fullest) {
    for (const to of emptiest) {
      const step = from === to || !isUneven(goal, from, to) ? undefined : bestStep(levelling, from, to);
      if (step !== undefined) return step;
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
    const step = stepOf(levelling, levelling.layout.partition(position), from, to);
    if (step !== undefined && (best === undefined || isBetter(step, best))) best = step;
  }
  return best;
}

function stepOf(levelling: Levelling, placed: Placed, from: number, to: number): Step | undefined {
  const { goal, kept } = levelling;
  if (placed.after.includes(to)) return undefined;
  const weight = goal.weightOf(placed);
  const gain = gainFor(goal, weight, from, to);
  if (gain <= 0 || gain < weight * LEAST_PART) return undefined;
  if (kept.some((one) => gainFor(one, one.weightOf(placed), from, to) < 0)) return undefined;
  return isAllowed(levelling, placed, from, to)
    ? { placed, from, to, gain, cost: costOf(placed, from, to) }
    : undefined;
}

function gainFor({ bands, loadOf }: Goal, weight: number, from: number, to: number): number {
  if (weight === 0) return 0;
  return gainOf(weight, { broker: from, load: loadOf(from) }, { broker: to, load: loadOf(to) }, bands);
}

function isAllowed({ layout, scope }: Levelling, placed: Placed, from: number, to: number): boolean {
  if (!isHealthy(placed) || scope.isExcluded(placed) || !layout.hasRoom(to, placed)) return false;
  if (layout.seat(from).rack === layout.seat(to).rack) return true;
  return layout.racksWith(placed, from, to) >= layout.racksWith(placed);
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
