import { counted } from '#core/live/plainText.ts';
import type { Comparison } from '#core/operations/model.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';
import { racksOf, ringSkew } from '#core/systems/cassandra/ringChecks.ts';
import { nodeName } from '#core/systems/cassandra/operations/reading.ts';

/** Share and load of every node and rack. Tokens stay, so what is owned is the same before and after; what is held may become less. */
export function shownShares(ring: RingView): readonly Comparison[] {
  const ofNodes = (of: (node: RingNode) => number | undefined): Comparison['items'] =>
    ring.nodes.flatMap((node) => staying(nodeName(node), of(node)));
  const racks = racksOf(ring).flatMap(({ datacenter, rack, size, owns }) =>
    staying(`${datacenter}, ${rack}: ${counted(size, 'node')}`, owns),
  );
  const shown: readonly Comparison[] = [
    { title: 'Owns', unit: 'percent', items: ofNodes((node) => node.owns) },
    { title: 'Load', unit: 'bytes', items: ofNodes((node) => node.loadBytes) },
    { title: 'Owns, by rack', unit: 'percent', items: racks.length > 1 ? racks : [] },
  ];
  return shown.filter(({ items }) => items.length > 0);
}

const staying = (label: string, value: number | undefined): Comparison['items'] =>
  value === undefined ? [] : [{ label, before: value, after: value }];

/** How uneven the ring is, a sentence for each datacenter and its racks, with the usual cause where it is there. */
export function skewSentences(ring: RingView): readonly string[] {
  const skew = ringSkew(ring).map(
    ({ scope, datacenter, of, ratio, largest }) =>
      `${datacenter}: ${largest} has ${ratio.toFixed(2)} times the mean ${of === 'load' ? 'load' : 'share'} of the ${scope === 'nodes of a datacenter' ? 'nodes' : 'racks'}`,
  );
  return [...skew, ...unequalRacks(ring)];
}

/** Replicas are spread over racks, so that the nodes of a smaller rack hold more each. */
function unequalRacks(ring: RingView): readonly string[] {
  const racks = racksOf(ring);
  const datacenters = [...new Set(racks.map(({ datacenter }) => datacenter))];
  return datacenters.flatMap((datacenter) => {
    const local = racks.filter((rack) => rack.datacenter === datacenter);
    if (new Set(local.map(({ size }) => size)).size < 2) return [];
    const sizes = local.map(({ rack, size }) => `${rack} has ${counted(size, 'node')}`).join(', ');
    return [`${datacenter}: racks are of different sizes (${sizes}), and the nodes of a smaller one hold more each`];
  });
}

/** Above what it owns by this share and this much, a node probably holds what is not its own. */
const EXCESS = 0.15;
const EXCESS_BYTES = 1024 ** 3;

/**
 * What a node would hold by its share of its datacenter, in bytes, and whether it holds clearly more; undefined where shares or loads are not
 * known. A node with larger rows or more garbage looks the same. Load lags by a minute.
 */
export function loadExcess(
  { datacenter, owns = 0, loadBytes = 0 }: RingNode,
  { nodes }: RingView,
): { readonly expected: number; readonly isClear: boolean } | undefined {
  const local = nodes.filter((node) => node.datacenter === datacenter);
  const isTold = local.every((node) => node.owns !== undefined && node.loadBytes !== undefined);
  const owned = local.reduce((sum, node) => sum + (node.owns ?? 0), 0);
  const held = local.reduce((sum, node) => sum + (node.loadBytes ?? 0), 0);
  if (!isTold || owned === 0) return undefined;
  const expected = (held * owns) / owned;
  const excess = loadBytes - expected;
  return { expected, isClear: excess > EXCESS_BYTES && excess > expected * EXCESS };
}
