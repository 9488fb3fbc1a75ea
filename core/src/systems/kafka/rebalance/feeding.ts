import type { Move } from '#core/systems/kafka/rebalance/model.ts';
import { comparePartitions } from '#core/systems/kafka/rebalance/order.ts';
import { addedBy, removedBy } from '#core/systems/kafka/rebalance/summary.ts';

/** How many moves may be under way at once. A limit under 1 counts as 1, else nothing would ever end. */
export interface FeedingLimits {
  /** That copy to one broker. Source: the default of Strimzi is 5, of Cruise Control 10. */
  readonly inPerBroker: number;
  /** That copy from one broker or take a replica off it. */
  readonly outPerBroker: number;
  readonly inCluster: number;
}

export const FEEDING_LIMITS: FeedingLimits = { inPerBroker: 5, outPerBroker: 5, inCluster: 50 };

/**
 * Which moves may start now, in order: small ones first, each as soon as there is room for it beside those in flight. A move whose
 * brokers are busy does not hold up those behind it. Changes of order copy nothing, so they always may.
 */
export function nextMoves(
  pending: readonly Move[],
  inFlight: readonly Move[],
  limits: FeedingLimits = FEEDING_LIMITS,
): readonly Move[] {
  const slots = new Slots(limits, inFlight);
  return pending.toSorted(compareSizes).filter((move) => slots.take(move));
}

/** The order in which moves are fed: by the bytes they copy, then by name. */
export function compareSizes(a: Move, b: Move): number {
  return bytesToCopy(a) - bytesToCopy(b) || comparePartitions(a, b);
}

function bytesToCopy(move: Move): number {
  return move.bytes * addedBy(move).length;
}

class Slots {
  readonly #limits: FeedingLimits;
  readonly #in = new Map<number, number>();
  readonly #out = new Map<number, number>();
  #all = 0;

  constructor(limits: FeedingLimits, inFlight: readonly Move[]) {
    this.#limits = limits;
    for (const move of inFlight) this.#count(move);
  }

  take(move: Move): boolean {
    const receivers = addedBy(move);
    if (receivers.length === 0) return true;
    const { inPerBroker, outPerBroker, inCluster } = this.#limits;
    const isFree = (counts: ReadonlyMap<number, number>, id: number, most: number): boolean =>
      (counts.get(id) ?? 0) < Math.max(1, most);
    if (this.#all >= Math.max(1, inCluster)) return false;
    if (!receivers.every((id) => isFree(this.#in, id, inPerBroker))) return false;
    if (!sendersOf(move).every((id) => isFree(this.#out, id, outPerBroker))) return false;
    this.#count(move);
    return true;
  }

  #count(move: Move): void {
    const receivers = addedBy(move);
    if (receivers.length === 0) return;
    this.#all += 1;
    for (const id of receivers) this.#in.set(id, (this.#in.get(id) ?? 0) + 1);
    for (const id of sendersOf(move)) this.#out.set(id, (this.#out.get(id) ?? 0) + 1);
  }
}

/** Those that lose a replica, and the preferred leader, from which the others most likely copy. */
function sendersOf(move: Move): readonly number[] {
  return [...new Set([...move.before.slice(0, 1), ...removedBy(move)])];
}

/**
 * The lists of replicas to ask for, one after the other, each when the one before is in sync: a replica that is still cold must not be
 * elected. The present leader stays first as long as it has a replica, else the first replica that is warm. The last list is the target.
 * A change of order, and a partition that keeps no replica, need one list only.
 */
export function phases(move: Move, leader: number): readonly (readonly number[])[] {
  const warm = move.after.filter((id) => move.before.includes(id));
  const first = warm.includes(leader) ? leader : warm[0];
  const isFree = addedBy(move).length === 0;
  if (isFree || first === undefined || first === move.after[0]) return [move.after];
  return [[first, ...move.after.filter((id) => id !== first)], move.after];
}
