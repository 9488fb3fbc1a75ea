import { sizeText } from '#core/live/sizes.ts';
import type { Comparison } from '#core/operations/model.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';
import { ringSkew } from '#core/systems/cassandra/ringChecks.ts';
import { nodeName } from '#core/systems/cassandra/operations/reading.ts';

/** Share and load of every node. Tokens stay, so what is owned is the same before and after; what is held may become less. */
export function shownShares({ nodes }: RingView): readonly Comparison[] {
  const items = (of: (node: RingNode) => number | undefined): Comparison['items'] =>
    nodes.flatMap((node) => {
      const value = of(node);
      return value === undefined ? [] : [{ label: nodeName(node), before: value, after: value }];
    });
  const owns = items((node) => node.owns);
  const load = items((node) => node.loadBytes);
  return [
    ...(owns.length === 0 ? [] : [{ title: 'Owns', unit: 'percent' as const, items: owns }]),
    ...(load.length === 0 ? [] : [{ title: 'Load', unit: 'bytes' as const, items: load }]),
  ];
}

/** How uneven the ring is, a sentence for each datacenter and its racks. */
export function skewSentences(ring: RingView): readonly string[] {
  return ringSkew(ring).map(
    ({ scope, datacenter, of, ratio, largest }) =>
      `${datacenter}: ${largest} has ${ratio.toFixed(2)} times the mean ${of === 'load' ? 'load' : 'share'} of the ${scope === 'nodes of a datacenter' ? 'nodes' : 'racks'}`,
  );
}

/** Above what it owns by this share and this much, a node probably holds what is not its own. */
const EXCESS = 0.15;
const EXCESS_BYTES = 1024 ** 3;

/**
 * Nodes that hold clearly more than their share of their datacenter. No node says what it holds and does not own, so it is told from the
 * load: a node with larger rows or more garbage looks the same. Load lags by a minute.
 */
export function overfull({ nodes }: RingView): readonly { readonly node: RingNode; readonly text: string }[] {
  return nodes.flatMap((node) => {
    const local = nodes.filter(({ datacenter }) => datacenter === node.datacenter);
    const isTold = local.every(({ owns, loadBytes }) => owns !== undefined && loadBytes !== undefined);
    const owned = local.reduce((sum, { owns = 0 }) => sum + owns, 0);
    const held = local.reduce((sum, { loadBytes = 0 }) => sum + loadBytes, 0);
    if (!isTold || owned === 0) return [];
    const expected = (held * (node.owns ?? 0)) / owned;
    const excess = (node.loadBytes ?? 0) - expected;
    if (excess <= EXCESS_BYTES || excess <= expected * EXCESS) return [];
    const text = `${nodeName(node)} holds ${sizeText(node.loadBytes ?? 0)}, and its share would be ${sizeText(expected)}`;
    return [{ node, text }];
  });
}
