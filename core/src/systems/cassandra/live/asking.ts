import type { LivePod } from '#core/live/objects.ts';
import type { ClusterProblem } from '#core/live/ports.ts';

/** Nodes that are asked at the same time: every question costs the machine of the node a second of CPU. */
export const AT_ONCE = 4;
const MOST_AT_ONCE = 12;

/** As many at once as there are machines under them, so that a large ring is not slower to ask than a small one. */
export function atOnceFor(pods: readonly LivePod[]): number {
  const machines = new Set(pods.map(({ node }) => node)).size;
  return Math.min(MOST_AT_ONCE, Math.max(AT_ONCE, machines));
}

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
