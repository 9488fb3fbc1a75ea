import type { RingNodePicture, RingPicture } from '#core/live/detail/facts.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';
import { bar, figure, plural, svg, table, type Column } from '#core/live/detail/parts.ts';
import { clean, sizeText } from '#core/live/detail/words.ts';

const SIZE = 220;
const OUTER = 100;
const INNER = 62;

/** Each datacenter as a ring whose arcs are racks and nodes by what they own, and who sees whom. */
export function ringView(picture: RingPicture): readonly DetailElement[] {
  const datacenters = [...new Set(picture.nodes.map(({ datacenter }) => datacenter))];
  return [
    ...datacenters.flatMap((datacenter) =>
      datacenterView(
        datacenter,
        picture.nodes.filter((node) => node.datacenter === datacenter),
      ),
    ),
    ...(picture.observers.length > 0 ? [viewMatrix(picture)] : []),
    ...(picture.schemas > 1 ? [element('p', {}, `The nodes have ${picture.schemas} versions of the schema.`)] : []),
  ];
}

function datacenterView(datacenter: string, unsorted: readonly RingNodePicture[]): readonly DetailElement[] {
  const nodes = unsorted.toSorted((a, b) => (a.rack === b.rack ? compare(a.label, b.label) : compare(a.rack, b.rack)));
  const racks = new Set(nodes.map(({ rack }) => rack)).size;
  const up = nodes.filter(({ verdict }) => verdict === 'up').length;
  const name = `Datacenter ${clean(datacenter) || 'without a name'}`;
  const label = `${name}: ${up} of ${plural(nodes.length, 'node')} up in ${plural(racks, 'rack')}. ${balanceSentence(nodes)}`;
  return [
    element('h3', {}, name),
    figure(
      label,
      svg(
        SIZE,
        SIZE,
        label,
        arcs(nodes),
        element(
          'text',
          { x: SIZE / 2, y: SIZE / 2 + 5, 'text-anchor': 'middle', 'aria-hidden': 'true' },
          `${up} of ${nodes.length} up`,
        ),
      ),
    ),
    table(`Nodes of ${name}`, nodeColumns(nodes), nodes, ({ hostId, label: node }) => `node-${hostId}-${node}`),
  ];
}

/** Ownership counts every copy, so what matters is the largest share against the mean. */
function balanceSentence(nodes: readonly RingNodePicture[]): string {
  const shares = nodes.flatMap(({ owns }) => (owns === undefined ? [] : [owns]));
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  if (shares.length < nodes.length || mean === 0 || nodes.length === 0) return 'What each node owns is not known.';
  return `The largest share is ${(Math.max(...shares) / mean).toFixed(2)} times the mean.`;
}

function arcs(nodes: readonly RingNodePicture[]): readonly DetailElement[] {
  const total = nodes.reduce((sum, node) => sum + weightOf(node, nodes), 0);
  let from = 0;
  let rack = '';
  let rackIndex = -1;
  return nodes.map((node) => {
    if (node.rack !== rack || rackIndex === -1) rackIndex++;
    ({ rack } = node);
    const to = from + weightOf(node, nodes) / total;
    const path = arcPath(from, to);
    from = to;
    const owns = node.owns === undefined ? '' : `, owns ${node.owns.toFixed(1)} %`;
    return element(
      'path',
      { class: `arc ${verdictLevel(node.verdict)} rack${rackIndex % 2}`, d: path },
      element('title', {}, `${clean(node.label)}, rack ${clean(node.rack)}: ${clean(node.verdict)}${owns}`),
    );
  });
}

/** Without ownership all are drawn alike. */
function weightOf({ owns }: RingNodePicture, nodes: readonly RingNodePicture[]): number {
  const isKnown = nodes.every((node) => node.owns !== undefined && node.owns > 0);
  return isKnown ? (owns ?? 1) : 1;
}

/** A sector of a ring between two shares of the circle, from the top on; a whole circle is cut a little short to be drawable. */
function arcPath(from: number, to: number): string {
  const end = Math.min(to, from + 0.9999);
  const point = (radius: number, share: number): string => {
    const angle = 2 * Math.PI * share - Math.PI / 2;
    return `${(SIZE / 2 + radius * Math.cos(angle)).toFixed(2)} ${(SIZE / 2 + radius * Math.sin(angle)).toFixed(2)}`;
  };
  const large = end - from > 0.5 ? 1 : 0;
  return `M ${point(OUTER, from)} A ${OUTER} ${OUTER} 0 ${large} 1 ${point(OUTER, end)} L ${point(INNER, end)} A ${INNER} ${INNER} 0 ${large} 0 ${point(INNER, from)} Z`;
}

function nodeColumns(nodes: readonly RingNodePicture[]): readonly Column<RingNodePicture>[] {
  const mostLoad = Math.max(1, ...nodes.map(({ loadBytes }) => loadBytes ?? 0));
  const mostOwned = Math.max(1, ...nodes.map(({ owns }) => owns ?? 0));
  return [
    { title: 'Node', isHead: true, cell: ({ label }) => clean(label) },
    { title: 'Rack', cell: ({ rack }) => clean(rack) },
    {
      title: 'State',
      cell: ({ verdict, mode }) => (mode === '' ? clean(verdict) : `${clean(verdict)} (mode ${clean(mode)})`),
    },
    {
      title: 'Owns',
      isNumber: true,
      cell: ({ owns }) => (owns === undefined ? 'not known' : bar(owns / mostOwned, `${owns.toFixed(1)} %`)),
    },
    {
      title: 'Load',
      isNumber: true,
      cell: ({ loadBytes }) => (loadBytes === undefined ? 'not known' : bar(loadBytes / mostLoad, sizeText(loadBytes))),
    },
    { title: 'Tokens', isNumber: true, cell: ({ tokens }) => (tokens === undefined ? 'not known' : String(tokens)) },
    { title: 'Hints kept for it', isNumber: true, cell: ({ hintFiles }) => plural(hintFiles, 'file') },
    { title: 'Host ID', cell: ({ hostId }) => clean(hostId) },
  ];
}

const seenWords: Readonly<Record<string, string>> = {
  up: '✓ up',
  down: '✗ down',
  unknown: '? unknown',
  absent: '? not known to it',
};

/** A node's own word counts for nothing, so its own column is left open. */
function viewMatrix({ nodes, observers }: RingPicture): DetailElement {
  const columns: readonly Column<RingNodePicture>[] = [
    { title: 'Node', isHead: true, cell: ({ label }) => clean(label) },
    ...observers.map((observer) => ({
      title: `as ${clean(observer)} sees it`,
      cell: ({ label, peers }: RingNodePicture) =>
        label === observer ? 'itself' : (seenWords[peers.get(observer) ?? ''] ?? 'not said'),
    })),
  ];
  return table('Who sees whom', columns, nodes, ({ hostId, label }) => `view-${hostId}-${label}`);
}

export function verdictLevel(verdict: string): string {
  if (verdict === 'up') return 'healthy';
  if (verdict === 'joining' || verdict === 'leaving' || verdict === 'moving') return 'working';
  if (verdict === 'unseen' || verdict === '') return 'unknown';
  return verdict === 'disputed' ? 'warning' : 'unhealthy';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
