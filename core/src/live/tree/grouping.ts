/** Groups in the order in which their first items come. */
export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Keeps the order otherwise. */
export function favouritesFirst<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): readonly Item[] {
  return items.toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
}
