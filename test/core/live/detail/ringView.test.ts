import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ringPicture, type RingNodePicture } from '#core/live/detail/facts.ts';
import {
  element,
  htmlOf,
  htmlTags,
  svgTags,
  textOf,
  type DetailElement,
  type DetailNode,
} from '#core/live/detail/html.ts';
import { balanceSentences, causeSentences, racksOf, spreadOf } from '#core/live/detail/ringShares.ts';
import { ringView } from '#core/live/detail/ringView.ts';
import { ringFacts } from './fixtures.ts';

const GIB = 1024 ** 3;

const nodeOf = (index: number, more: Partial<RingNodePicture> = {}): RingNodePicture => ({
  hostId: `host-${index}`,
  label: `catalog-${index}`,
  datacenter: 'dc1',
  rack: 'r1',
  verdict: 'up',
  owns: 50,
  loadBytes: 10 * GIB,
  tokens: 16,
  mode: 'NORMAL',
  peers: new Map(),
  hintFiles: 0,
  compactions: [],
  pending: 0,
  streams: [],
  ...more,
});

/** Two racks share what a third node of the second owns alone. */
const uneven = [nodeOf(0), nodeOf(1), nodeOf(2, { rack: 'r2', owns: 100, loadBytes: 25 * GIB, verdict: 'down' })];

const viewOf = (nodes: readonly RingNodePicture[]): DetailElement =>
  element('div', {}, ringView({ nodes, observers: [], schemas: 1 }));

function every(node: DetailNode, visit: (node: DetailElement) => void): void {
  if (typeof node === 'string') return;
  visit(node);
  for (const child of node.children) every(child, visit);
}

describe('how evenly a datacenter is spread', () => {
  test('the largest against the mean, where all tell', () => {
    expect(spreadOf(uneven, ({ owns }) => owns)).toBe(1.5);
    expect(spreadOf([...uneven, nodeOf(3, { owns: undefined })], ({ owns }) => owns)).toBeUndefined();
    expect(spreadOf([], () => 1)).toBeUndefined();
    expect(balanceSentences(uneven)).toEqual([
      'The largest share is 1.50 times the mean.',
      'The largest load is 1.67 times the mean.',
    ]);
    expect(balanceSentences([nodeOf(0, { owns: undefined, loadBytes: undefined })])).toEqual([
      'What each node owns is not known.',
    ]);
  });

  test('racks of different sizes are named as the cause, and what evens them out', () => {
    expect(causeSentences(uneven).join(' ')).toMatch(
      /r1 has 2 nodes, r2 has 1 node\..*added anew with allocate_tokens_for_local_replication_factor/,
    );
    expect(causeSentences(uneven.map((node) => ({ ...node, tokens: 1 }))).join(' ')).toContain('nodetool move');
    expect(causeSentences([nodeOf(0), nodeOf(1, { rack: 'r2' })])).toEqual([]);
  });

  test('a rack whose node does not tell does not tell', () => {
    const [first, second] = racksOf([nodeOf(0), nodeOf(1, { owns: undefined }), nodeOf(2, { rack: 'r2' })]);
    expect([first?.owns, first?.loadBytes, second?.owns]).toEqual([undefined, 20 * GIB, 50]);
  });
});

describe('the racks of a ring', () => {
  const rectsOf = (tree: DetailElement, level: string): DetailElement[] => {
    const found: DetailElement[] = [];
    every(tree, (node) => {
      if (node.tag === 'rect' && node.attributes['class'] === level && node.children.length > 0) found.push(node);
    });
    return found;
  };

  test('are drawn as wide as what they own and hold, in the colours of their nodes', () => {
    const tree = viewOf(uneven);
    const [first, , held] = rectsOf(tree, 'healthy');
    const [down, downHeld] = rectsOf(tree, 'unhealthy');
    const widths = [first, down, held, downHeld].map((rect) => Number(rect?.attributes['width']));
    expect(widths).toEqual([149, 299, 119, 299]);
    expect(textOf(down ?? '')).toBe('catalog-2: down, owns 100.0 %, holds 25.0 GiB');
  });

  test('say the same as a sentence and as a table', () => {
    const text = textOf(viewOf(uneven));
    expect(text).toContain(
      'Racks of dc1: r1 with 2 of 2 nodes up owns 100.0 %; r2 with 0 of 1 node up owns 100.0 %. The largest is 1.00 times the mean.',
    );
    expect(text).toContain('20.0 GiB');
  });

  test('are named as far as there is room', () => {
    const tree = viewOf([nodeOf(0, { rack: 'europe-west-1-b' }), nodeOf(1)]);
    const labels: string[] = [];
    every(tree, (node) => void (node.attributes['class'] === 'label' && labels.push(textOf(node))));
    expect(labels).toEqual(['europe-west-1…', 'r1']);
  });

  test.each([
    ['one rack', [nodeOf(0), nodeOf(1)]],
    ['nothing known', uneven.map((node) => ({ ...node, owns: undefined, loadBytes: undefined }))],
  ])('are not drawn with %s', (_, nodes) => {
    expect(textOf(viewOf(nodes))).not.toContain('Racks of');
  });

  test('are drawn by their loads where shares are not known', () => {
    const tree = viewOf(uneven.map((node) => ({ ...node, owns: undefined })));
    expect(textOf(tree)).toContain('r1 with 2 of 2 nodes up does not tell what it owns');
    expect(htmlOf(tree)).not.toContain('class="axis"');
  });

  test('and everything else stays text, whatever racks and nodes are called', () => {
    const evil = fc.stringMatching(/^[<>"'`&a-z =/\u0000-\u001f\u202e]{0,30}$/);
    const known = new Set<string>([...htmlTags, ...svgTags]);
    fc.assert(
      fc.property(evil, (text) => {
        const hostile = { rack: text, label: text, datacenter: text, compactions: [text], streams: [text] };
        const html = htmlOf(viewOf([nodeOf(0, hostile), nodeOf(1, { ...hostile, rack: `${text}x` })]));
        for (const [, tag = ''] of html.matchAll(/<\/?([^\s>]*)/g)) expect(known.has(tag)).toBe(true);
        expect(html).not.toMatch(/[\u0000-\u001f\u202e]/);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what nodes are at', () => {
  const running = (type: string, percent: number | undefined): Record<string, unknown> => ({
    type,
    keyspace: 'shop',
    table: 'orders',
    percent,
  });
  const session = { peer: '', receiving: { bytes: 2 * GIB, doneBytes: GIB }, sending: undefined };

  test('is read from their answers', () => {
    const { nodes } = ringFacts.ring;
    const picture = ringPicture({
      ring: {
        ...ringFacts.ring,
        nodes: nodes.map((node) => ({
          ...node,
          pendingCompactions: 4,
          streams: [{ operation: 'Bootstrap', sessions: [session] }],
        })),
      },
      answers: [
        { member: 'catalog-0', compactions: { running: [running('Cleanup', 25.9), running('Validation', undefined)] } },
      ],
    });
    expect(picture?.nodes[0]).toMatchObject({
      compactions: ['Cleanup of shop.orders, 25 %', 'Validation of shop.orders'],
      pending: 4,
      streams: ['Bootstrap, 50 % of 2.0 GiB'],
    });
    expect(picture?.nodes[1]?.compactions).toEqual([]);
  });

  test.each([
    [{ compactions: ['a', 'b', 'c', 'd', 'e'], pending: 9 }, 'a; b; c; 2 more; 9 waiting'],
    [{ pending: undefined }, 'how many wait is not known'],
    [{ streams: ['Rebuild'] }, 'Rebuild'],
    [{}, 'none'],
  ])('%j is shown', (more, text) => {
    expect(textOf(viewOf([nodeOf(0, more)]))).toContain(text);
  });
});
