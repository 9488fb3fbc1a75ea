import type { ClusterProblem } from '#core/live/ports.ts';

/** Nodes that are asked at the same time: every question costs the machine of the node a second of CPU. */
export const AT_ONCE = 4;

/** What holds for one node holds for all: rights, logins and the way to the cluster. */
export const FOR_ALL: ReadonlySet<ClusterProblem['kind']> = new Set([
  'configuration',
  'login',
  'unauthenticated',
  'forbidden',
  'unreachable',
  'certificate',
  'cancelled',
]);

/** Works off the items, several at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
