import type { LivePod } from '#core/live/objects.ts';

/** The pods of a namespace by the value of a label, so that many jobs need not look through all of them each. */
export type PodIndex = (label: string, value: string) => readonly LivePod[];

export function indexPods(pods: readonly LivePod[], labels: readonly string[]): PodIndex {
  const byLabel = new Map(labels.map((label) => [label, groupBy(pods, ({ meta }) => meta.labels[label])]));
  return (label, value) => byLabel.get(label)?.get(value) ?? [];
}

/** What has no key is left out; order is kept. */
export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
