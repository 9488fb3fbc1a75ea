/** Counts things by their class, the most frequent first. */
export interface Tally {
  add(this: void, name: string, count?: number): void;
  readonly total: number;
  /** A copy, in the order in which a reader wants it. */
  counts(this: void): Readonly<Record<string, number>>;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    add(name, count = 1) {
      counts.set(name, (counts.get(name) ?? 0) + count);
      total += count;
    },
    get total() {
      return total;
    },
    counts: () => Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a)),
  };
}
