interface PartitionId {
  readonly topic: string;
  readonly index: number;
}

/** By code units: the same on every machine, whatever its language. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function comparePartitions(a: PartitionId, b: PartitionId): number {
  return compareTexts(a.topic, b.topic) || a.index - b.index;
}

/** The first number that differs decides; the smaller comes first. */
export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [at, left] of a.entries()) {
    const right = b[at] ?? left;
    if (left !== right) return left - right;
  }
  return 0;
}

/** The item with the lowest rank, the first of equals; undefined of an empty list. */
export function lowest<T>(items: Iterable<T>, rankOf: (item: T) => readonly number[]): T | undefined {
  let best: { readonly item: T; readonly rank: readonly number[] } | undefined;
  for (const item of items) {
    const rank = rankOf(item);
    if (best === undefined || compareRanks(rank, best.rank) < 0) best = { item, rank };
  }
  return best?.item;
}
