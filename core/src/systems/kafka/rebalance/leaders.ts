import { freeBands, type Bands } from '#core/systems/kafka/rebalance/bands.ts';
import { added, isChanged, type Layout, type Placed } from '#core/systems/kafka/rebalance/layout.ts';

/** Which orders of replicas may be changed, and among whom leaders are to be even. */
export interface LeaderScope {
  readonly sharers: ReadonlySet<number>;
  readonly mayReorder: (placed: Placed) => boolean;
}

/**
 * Evens out preferred leaders by the order of replicas alone, so it costs no copying. Leadership flows from brokers over their band, and
 * to brokers under it, along the shortest chain of brokers of which each hands one partition to the next: a flow in a graph whose edges
 * are partitions. Where no chain leads into the bands it still flows from those who lead more to those who lead less. Every chain lessens
 * what is outside the bands, or else the sum of the squares, so it ends.
 */
export function balanceLeaders(layout: Layout, scope: LeaderScope): void {
  const chains = new LeaderChains(layout, scope);
  let flows = true;
  while (flows) {
    flows = false;
    for (const broker of scope.sharers) {
      while (chains.isOver(broker) && chains.relieve(broker)) flows = true;
      while (chains.isUnder(broker) && chains.feed(broker)) flows = true;
    }
  }
}

/** Whether a broker can be the preferred leader: it is in sync, or the plan copies to it and the order is changed after that. */
function mayLead(placed: Placed, broker: number): boolean {
  return placed.isr.includes(broker) || added(placed).includes(broker);
}

class LeaderChains {
  readonly #layout: Layout;
  readonly #scope: LeaderScope;
  readonly #bands: Bands;
  /** Partitions by their preferred leader. */
  readonly #led: readonly Set<number>[];

  constructor(layout: Layout, scope: LeaderScope) {
    this.#layout = layout;
    this.#scope = scope;
    this.#led = layout.seats.map(() => new Set());
    for (const { after, position } of layout.partitions) this.#ledBy(after[0] ?? -1).add(position);
    const total = [...scope.sharers].reduce((sum, broker) => sum + this.#count(broker), 0);
    this.#bands = freeBands(total, scope.sharers, layout);
  }

  isOver(broker: number): boolean {
    return this.#count(broker) > (this.#bands.upper[broker] ?? 0);
  }

  isUnder(broker: number): boolean {
    return this.#count(broker) < (this.#bands.lower[broker] ?? 0);
  }

  /** Takes one from a broker that leads too many, best to one that has room in its band; false when there is no way. */
  relieve(broker: number): boolean {
    const count = this.#count(broker);
    return (
      this.#push([broker], (end) => this.#count(end) < (this.#bands.upper[end] ?? 0)) ||
      this.#push([broker], (end) => this.#count(end) + 1 < count)
    );
  }

  /** Gives one to a broker that leads too few. */
  feed(broker: number): boolean {
    const count = this.#count(broker);
    const isEnd = (end: number): boolean => end === broker;
    return (
      this.#push(
        this.#givers((giver) => this.#bands.lower[giver] ?? 0),
        isEnd,
      ) ||
      this.#push(
        this.#givers(() => count + 1),
        isEnd,
      )
    );
  }

  /** Brokers that lead more than so many, those with the most first. */
  #givers(least: (broker: number) => number): readonly number[] {
    return [...this.#scope.sharers]
      .filter((broker) => this.#count(broker) > least(broker))
      .toSorted((a, b) => this.#count(b) - this.#count(a) || a - b);
  }

  #count(broker: number): number {
    return this.#ledBy(broker).size;
  }

  /** Hands leadership along the shortest chain from one of the brokers to an end; false when there is none. */
  #push(starts: readonly number[], isEnd: (broker: number) => boolean): boolean {
    const reached = new Map<number, Link | undefined>(starts.map((broker) => [broker, undefined]));
    // A map is walked in the order of insertion, and what is added meanwhile is walked too.
    for (const from of reached.keys()) {
      for (const [to, position] of this.#handovers(from)) {
        if (reached.has(to)) continue;
        reached.set(to, { from, position });
        if (!isEnd(to)) continue;
        this.#handOver(reached, to);
        return true;
      }
    }
    return false;
  }

  /** To whom a broker can hand leadership, the one with the fewest first, and the partition with which it is done best. */
  #handovers(from: number): readonly (readonly [number, number])[] {
    const best = new Map<number, Placed>();
    for (const position of this.#ledBy(from)) {
      const placed = this.#layout.partition(position);
      if (!this.#scope.mayReorder(placed)) continue;
      for (const to of placed.after) {
        if (to === from || !this.#scope.sharers.has(to) || !mayLead(placed, to)) continue;
        const known = best.get(to);
        if (known === undefined || isCheaper(placed, known)) best.set(to, placed);
      }
    }
    return [...best]
      .toSorted(([a], [b]) => this.#count(a) - this.#count(b) || a - b)
      .map(([to, { position }]) => [to, position]);
  }

  #handOver(reached: ReadonlyMap<number, Link | undefined>, end: number): void {
    let to = end;
    for (let link = reached.get(to); link !== undefined; link = reached.get(to)) {
      this.#layout.prefer(this.#layout.partition(link.position), to);
      this.#ledBy(link.from).delete(link.position);
      this.#ledBy(to).add(link.position);
      to = link.from;
    }
  }

  #ledBy(broker: number): Set<number> {
    return this.#led[broker] ?? new Set();
  }
}

interface Link {
  readonly from: number;
  readonly position: number;
}

/** One that is changed anyway; then the one that comes first. */
function isCheaper(placed: Placed, known: Placed): boolean {
  const difference = Number(isChanged(known)) - Number(isChanged(placed));
  return difference === 0 ? placed.position < known.position : difference < 0;
}
