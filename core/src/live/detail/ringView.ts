import type { RingNodePicture, RingPicture } from '#core/live/detail/facts.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';
import { bar, figure, svg, table, type Column } from '#core/live/detail/parts.ts';
import { counted } from '#core/live/plainText.ts';
import { rackView } from '#core/live/detail/rackView.ts';
import { balanceSentences, causeSentences } from '#core/live/detail/ringShares.ts';
import { clean, verdictLevel } from '#core/live/detail/words.ts';
import { sizeText } from '#core/live/sizes.ts';

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
  const label = `${name}: ${up} of ${counted(nodes.length, 'node')} up in ${counted(racks, 'rack')}. ${balanceSentences(nodes).join(' ')}`;
  const causes = causeSentences(nodes);
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
    ...(causes.length > 0 ? [element('p', {}, causes.join(' '))] : []),
    ...rackView(clean(datacenter), nodes),
    table(`Nodes of ${name}`, nodeColumns(nodes), nodes, ({ hostId, label: node }) => `node-${hostId}-${node}`),
  ];
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
    { title: 'Hints kept for it', isNumber: true, cell: ({ hintFiles }) => counted(hintFiles, 'file') },
    { title: 'Compactions', cell: ({ compactions, pending }) => compactionsText(compactions, pending) },
    { title: 'Streams', cell: ({ streams }) => (streams.length === 0 ? 'none' : streams.map(clean).join('; ')) },
    { title: 'Host ID', cell: ({ hostId }) => clean(hostId) },
  ];
}

/** Of more than this only the count is told. */
const MOST_COMPACTIONS = 3;

function compactionsText(running: readonly string[], pending: number | undefined): string {
  const more = running.length - MOST_COMPACTIONS;
  const parts = [
    ...running.slice(0, MOST_COMPACTIONS).map(clean),
    ...(more > 0 ? [`${more} more`] : []),
    ...(pending === undefined ? ['how many wait is not known'] : pending > 0 ? [`${pending} waiting`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join('; ');
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
