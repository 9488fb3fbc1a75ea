import type { RingNodePicture } from '#core/live/detail/facts.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';
import { bar, figure, svg, table, type Column } from '#core/live/detail/parts.ts';
import { racksOf, spreadOf, type RackPicture } from '#core/live/detail/ringShares.ts';
import { clean, verdictLevel } from '#core/live/detail/words.ts';
import { counted } from '#core/live/plainText.ts';
import { sizeText } from '#core/live/sizes.ts';

const LEFT = 90;
const WIDTH = 300;
const OWNS_HEIGHT = 16;
const LOAD_HEIGHT = 7;
const ROW = 36;
const GAP = 1;

/** The racks of a datacenter with what their nodes own and hold, drawn and as a table; nothing where there is one rack, or nothing known. */
export function rackView(datacenter: string, nodes: readonly RingNodePicture[]): readonly DetailElement[] {
  const racks = racksOf(nodes);
  const isKnown = racks.some(({ owns, loadBytes }) => owns !== undefined || loadBytes !== undefined);
  if (racks.length < 2 || !isKnown) return [];
  const label = `Racks of ${datacenter}: ${racks.map(rackSentence).join('; ')}.${spreadSentence(racks)}`;
  return [
    figure(
      `${label} The upper bar is what the nodes of a rack own, the lower one what they hold; the line is the mean of what racks own.`,
      svg(
        LEFT + WIDTH + 2,
        racks.length * ROW,
        label,
        racks.map((rack, row) => rackBars(rack, row, racks)),
        meanLine(racks),
      ),
    ),
    table(`Racks of ${datacenter}`, rackColumns(racks), racks, ({ rack }) => `rack-${datacenter}-${rack}`),
  ];
}

function rackSentence({ rack, nodes, owns }: RackPicture): string {
  const up = nodes.filter(({ verdict }) => verdict === 'up').length;
  return `${clean(rack)} with ${up} of ${counted(nodes.length, 'node')} up ${owns === undefined ? 'does not tell what it owns' : `owns ${owns.toFixed(1)} %`}`;
}

function spreadSentence(racks: readonly RackPicture[]): string {
  const spread = spreadOf(racks, ({ owns }) => owns);
  return spread === undefined ? '' : ` The largest is ${spread.toFixed(2)} times the mean.`;
}

function rackBars(rack: RackPicture, row: number, racks: readonly RackPicture[]): readonly DetailElement[] {
  const top = row * ROW;
  const most = (of: (one: RackPicture) => number | undefined): number =>
    Math.max(1, ...racks.map((one) => of(one) ?? 0));
  return [
    element('text', { x: 0, y: top + 13, class: 'label' }, shortened(clean(rack.rack))),
    ...segments(rack.nodes, { y: top, height: OWNS_HEIGHT, most: most(({ owns }) => owns), of: ({ owns }) => owns }),
    ...segments(rack.nodes, {
      y: top + OWNS_HEIGHT + 2,
      height: LOAD_HEIGHT,
      most: most(({ loadBytes }) => loadBytes),
      of: ({ loadBytes }) => loadBytes,
    }),
  ];
}

/** As much of a name as there is room for; the table has it whole. */
const shortened = (name: string): string => (name.length > 14 ? `${name.slice(0, 13)}…` : name);

interface BarPlan {
  readonly y: number;
  readonly height: number;
  /** What is as wide as the picture. */
  readonly most: number;
  readonly of: (node: RingNodePicture) => number | undefined;
}

/** A node after the other, each in the colour of its state. */
function segments(nodes: readonly RingNodePicture[], { y, height, most, of }: BarPlan): readonly DetailElement[] {
  let x = LEFT;
  return nodes.map((node) => {
    const width = (WIDTH * (of(node) ?? 0)) / most;
    const rect = element(
      'rect',
      { class: verdictLevel(node.verdict), x: x.toFixed(1), y, width: Math.max(0, width - GAP).toFixed(1), height },
      element('title', {}, nodeSentence(node)),
    );
    x += width;
    return rect;
  });
}

function nodeSentence({ label, verdict, owns, loadBytes }: RingNodePicture): string {
  const owned = owns === undefined ? '' : `, owns ${owns.toFixed(1)} %`;
  const held = loadBytes === undefined ? '' : `, holds ${sizeText(loadBytes)}`;
  return `${clean(label)}: ${clean(verdict)}${owned}${held}`;
}

function meanLine(racks: readonly RackPicture[]): DetailElement | false {
  const spread = spreadOf(racks, ({ owns }) => owns);
  if (spread === undefined) return false;
  const x = (LEFT + WIDTH / spread).toFixed(1);
  return element('line', { class: 'axis', x1: x, x2: x, y1: 0, y2: racks.length * ROW });
}

function rackColumns(racks: readonly RackPicture[]): readonly Column<RackPicture>[] {
  const mostOwned = Math.max(1, ...racks.map(({ owns }) => owns ?? 0));
  const mostLoad = Math.max(1, ...racks.map(({ loadBytes }) => loadBytes ?? 0));
  return [
    { title: 'Rack', isHead: true, cell: ({ rack }) => clean(rack) },
    { title: 'Nodes', isNumber: true, cell: ({ nodes }) => String(nodes.length) },
    {
      title: 'Up',
      isNumber: true,
      cell: ({ nodes }) => String(nodes.filter(({ verdict }) => verdict === 'up').length),
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
  ];
}
