import type { RingNodePicture } from '#core/live/detail/facts.ts';
import { counted } from '#core/live/plainText.ts';
import { clean } from '#core/live/detail/words.ts';

/** What the nodes of one rack own and hold together; undefined where one of them does not tell. */
export interface RackPicture {
  readonly rack: string;
  readonly nodes: readonly RingNodePicture[];
  /** Percent; the racks of a datacenter add up to 100 times its replication factor. */
  readonly owns: number | undefined;
  readonly loadBytes: number | undefined;
}

/** Of the nodes of one datacenter, which stand in the order of their racks. */
export function racksOf(nodes: readonly RingNodePicture[]): readonly RackPicture[] {
  return [...new Set(nodes.map(({ rack }) => rack))].map((rack) => {
    const own = nodes.filter((node) => node.rack === rack);
    return {
      rack,
      nodes: own,
      owns: sumOf(own, ({ owns }) => owns),
      loadBytes: sumOf(own, ({ loadBytes }) => loadBytes),
    };
  });
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number | undefined): number | undefined {
  return items.reduce<number | undefined>((total, item) => {
    const value = of(item);
    return total === undefined || value === undefined ? undefined : total + value;
  }, 0);
}

/** The largest against the mean, 1 is even; undefined when one is not known, or when there is nothing. */
export function spreadOf<Item>(items: readonly Item[], of: (item: Item) => number | undefined): number | undefined {
  const total = sumOf(items, of);
  if (total === undefined || total === 0) return undefined;
  return Math.max(...items.map((item) => of(item) ?? 0)) / (total / items.length);
}

/** Ownership counts every copy, so what matters is the largest share against the mean. */
export function balanceSentences(nodes: readonly RingNodePicture[]): readonly string[] {
  const [share, load] = [spreadOf(nodes, ({ owns }) => owns), spreadOf(nodes, ({ loadBytes }) => loadBytes)];
  return [
    share === undefined
      ? 'What each node owns is not known.'
      : `The largest share is ${share.toFixed(2)} times the mean.`,
    ...(load === undefined ? [] : [`The largest load is ${load.toFixed(2)} times the mean.`]),
  ];
}

/** From here on it is worth saying how it came. */
const UNEVEN = 1.2;

/** Why shares are uneven and what evens them out; empty for a ring that is even. */
export function causeSentences(nodes: readonly RingNodePicture[]): readonly string[] {
  const racks = racksOf(nodes);
  const isUneven = (spreadOf(nodes, ({ owns }) => owns) ?? 1) >= UNEVEN;
  const areUnequal = new Set(racks.map((rack) => rack.nodes.length)).size > 1;
  const sizes = racks.map((rack) => `${clean(rack.rack)} has ${counted(rack.nodes.length, 'node')}`).join(', ');
  const hasOneToken = nodes.every(({ tokens }) => tokens === 1);
  return [
    ...(areUnequal
      ? [
          `Racks are of different sizes: ${sizes}. Replicas are spread over racks, so the nodes of a smaller one hold more each.`,
        ]
      : []),
    ...(isUneven
      ? [
          hasOneToken
            ? 'Each node has one token, which nodetool move can change.'
            : 'Nodes of several tokens keep them: only nodes that are added anew with allocate_tokens_for_local_replication_factor, in racks of one size, make shares even.',
        ]
      : []),
  ];
}
