import { describe, expect, test } from 'vitest';
import { buildRing, type KnownHost, type RingNode, type RingView } from '#core/systems/cassandra/ring.ts';
import {
  everyNodeUpFromEveryView,
  noHintsFor,
  noStreams,
  oneSchema,
  ringSkew,
} from '#core/systems/cassandra/ringChecks.ts';
import { answersOf, hostId, type RingSketch, type ViewSketch } from '#test/core/systems/cassandra/sketches.ts';
import { makeRandom } from '#test/support/random.ts';

const UN = ['UN', 'UN', 'UN'];

function ringOf(sketch: RingSketch, count = 3, known: readonly KnownHost[] = []): RingView {
  const members = Array.from({ length: count }, (_, index) => ({
    name: `cassandra-${index}`,
    rack: sketch.racks?.[index] ?? '',
  }));
  return buildRing(answersOf(sketch), members, known);
}

const verdicts = ({ nodes }: RingView): string[] => nodes.map(({ member, verdict }) => `${member ?? '?'} ${verdict}`);

const nodeOf = ({ nodes }: RingView, index: number): RingNode | undefined =>
  nodes.find((node) => node.hostId === hostId(index));

describe('what a node is', () => {
  test.each<[string, RingSketch['views'], readonly string[]]>([
    ['all see all', { 0: { sees: UN }, 1: { sees: UN }, 2: { sees: UN } }, ['0 up', '1 up', '2 up']],
    [
      'down when its peers say so, though it cannot be asked',
      { 0: { sees: ['UN', 'UN', 'DN'] }, 1: { sees: ['UN', 'UN', 'DN'] } },
      ['0 up', '1 up', '2 down'],
    ],
    [
      'drained when its mode says so, whatever it and others see',
      {
        0: { sees: ['UN', 'DN', 'UN'] },
        1: { sees: UN, mode: 'DRAINED' },
        2: { sees: ['UN', 'DN', 'UN'] },
      },
      ['0 up', '1 drained', '2 up'],
    ],
    [
      'disputed when peers do not agree',
      { 0: { sees: UN }, 1: { sees: ['UN', 'UN', 'DN'] }, 2: { sees: UN } },
      ['0 up', '1 up', '2 disputed'],
    ],
    [
      'disputed when one peer does not know it at all',
      { 0: { sees: UN }, 1: { sees: ['UN', 'UN', '--'] }, 2: { sees: UN } },
      ['0 up', '1 up', '2 disputed'],
    ],
    [
      'cut off: what it sees of the others does not count',
      { 0: { sees: ['UN', 'DN', 'DN'] }, 1: { sees: ['DN', 'UN', 'UN'] }, 2: { sees: ['DN', 'UN', 'UN'] } },
      ['0 down', '1 up', '2 up'],
    ],
    [
      'joining, as its peers see it',
      { 0: { sees: ['UN', 'UN', 'UJ'] }, 1: { sees: ['UN', 'UN', 'UJ'] } },
      ['0 up', '1 up', '2 joining'],
    ],
    [
      'leaving, by its own mode',
      { 0: { sees: UN }, 1: { sees: UN }, 2: { sees: UN, mode: 'LEAVING' } },
      ['0 up', '1 up', '2 leaving'],
    ],
    [
      'up and not serving clients yet',
      { 0: { sees: UN }, 1: { sees: UN, isServing: false }, 2: { sees: UN } },
      ['0 up', '1 not serving', '2 up'],
    ],
    ['unseen when nobody else could be asked', { 0: { sees: UN } }, ['0 unseen', '? up', '? up']],
    [
      'down when it is neither live nor unreachable for its peers',
      { 0: { sees: ['UN', 'UN', '?N'] }, 1: { sees: ['UN', 'UN', '?N'] } },
      ['0 up', '1 up', '2 down'],
    ],
  ])('%s', (_, views, expected) => {
    const short = verdicts(ringOf({ views })).map((text) => text.replace('cassandra-', ''));
    expect(short).toEqual(expected);
  });

  test('its own view never makes it up', () => {
    const ring = ringOf({ views: { 0: { sees: ['UN', 'DN', 'DN'] }, 1: { sees: ['DN', 'UN', 'DN'] } } }, 2);
    expect(verdicts(ring).slice(0, 2)).toEqual(['cassandra-0 down', 'cassandra-1 down']);
    expect(nodeOf(ring, 0)?.callsItselfUp).toBe(true);
  });

  test('alone in its ring it has only its own word', () => {
    const node = ringOf({ views: { 0: { sees: ['UN'] } } }, 1).nodes[0];
    expect([node?.verdict, node?.peers]).toEqual(['up', []]);
  });

  test('with another address it is the same node', () => {
    const [first, ...others] = answersOf({ views: { 0: { sees: UN }, 1: { sees: UN }, 2: { sees: UN } } });
    if (!first?.status) throw new Error('The sketch has no status.');
    const rows = first.status.rows.map((row) => (row.hostId === hostId(2) ? { ...row, address: '10.9.9.9' } : row));
    const ring = buildRing([{ ...first, status: { ...first.status, rows } }, ...others], []);
    expect(ring.nodes).toHaveLength(3);
    expect(nodeOf(ring, 2)).toMatchObject({ verdict: 'up', addresses: ['10.1.0.12', '10.9.9.9'] });
  });

  test('a drained node is no witness of others', () => {
    const ring = ringOf({
      views: { 0: { sees: UN }, 1: { sees: ['DN', 'UN', 'DN'], mode: 'DRAINED' }, 2: { sees: UN } },
    });
    expect(ring.observers).toEqual(['cassandra-0', 'cassandra-2']);
    expect(nodeOf(ring, 0)?.verdict).toBe('up');
  });

  test('a node that does not tell who it is, is no peer of itself', () => {
    const ring = ringOf({ views: { 0: { sees: UN }, 1: { sees: UN, isNameless: true }, 2: { sees: UN } } });
    expect(nodeOf(ring, 1)?.peers.map(({ observer }) => observer)).toEqual(['cassandra-0', 'cassandra-2']);
  });
});

describe('whatever nodes see', () => {
  const states = ['UN', 'UN', 'UN', 'DN', 'UJ', 'UL', '?N', '--', 'DL'];
  const modes = ['NORMAL', 'NORMAL', 'NORMAL', 'DRAINED', 'JOINING', 'LEAVING', 'STARTING', ''];

  test('the verdict is no better than the views of its peers, and its own row changes nothing', () => {
    const random = makeRandom(7);
    const pick = (from: readonly string[]): string => from[random.below(from.length)] ?? '';
    let up = 0;
    for (let round = 0; round < 500; round += 1) {
      const size = 1 + random.below(5);
      const views: Record<number, ViewSketch> = {};
      for (let index = 0; index < size; index += 1) {
        if (random.below(5) === 0) continue;
        views[index] = { sees: Array.from({ length: size }, () => pick(states)), mode: pick(modes) };
      }
      const ring = ringOf({ views }, size);
      for (const { verdict, peers, mode } of ring.nodes) {
        if (verdict !== 'up') continue;
        up += 1;
        expect(peers.every(({ liveness, state }) => liveness === 'up' && state === 'normal')).toBe(true);
        expect(['NORMAL', 'STARTING', '']).toContain(mode);
      }
      expect(peerVerdicts(ringOf({ views: withOwnRowUp(views) }, size))).toEqual(peerVerdicts(ring));
    }
    expect(up).toBeGreaterThan(100);
  });
});

/** Every node calls itself up and normal, where it knows itself. */
function withOwnRowUp(views: RingSketch['views']): RingSketch['views'] {
  const changed = Object.entries(views).map(([index, view]) => {
    const sees = view.sees.map((state, other) => (other === Number(index) && state !== '--' ? 'UN' : state));
    return [index, { ...view, sees }] as const;
  });
  return Object.fromEntries(changed);
}

/** Of nodes that some peer sees; the others have nothing but their own word. */
const peerVerdicts = ({ nodes }: RingView): readonly string[] =>
  nodes
    .filter(({ peers }) => peers.length > 0)
    .map(({ hostId, verdict }) => `${hostId} ${verdict}`)
    .toSorted();

describe('which pod a node runs in', () => {
  const down = { 0: { sees: ['UN', 'DN', 'DN'] } };

  test('is not told when there is a choice', () => {
    expect(ringOf({ views: down }).nodes.map(({ member }) => member)).toEqual(['cassandra-0', undefined, undefined]);
  });

  test('follows when one pod and one node are left', () => {
    const ring = ringOf({ views: { 0: { sees: UN }, 1: { sees: UN } } });
    expect(nodeOf(ring, 2)).toMatchObject({ member: 'cassandra-2', memberKnownBy: 'elimination' });
  });

  test('follows from the racks when they are real', () => {
    const ring = ringOf({ racks: ['r1', 'r2', 'r3'], views: down });
    expect(nodeOf(ring, 2)).toMatchObject({ member: 'cassandra-2', memberKnownBy: 'elimination' });
  });

  test('does not follow from racks that the ring does not have', () => {
    const answers = answersOf({ racks: ['r1', 'r2', 'r3'], views: down });
    const members = ['512M', '512M', '100M'].map((rack, index) => ({ name: `cassandra-${index}`, rack }));
    expect(buildRing(answers, members).nodes.map(({ member }) => member)).toEqual([
      'cassandra-0',
      undefined,
      undefined,
    ]);
  });

  test('is what the operator wrote down, unless the node says otherwise', () => {
    const known = [
      { member: 'cassandra-0', hostId: hostId(1), by: 'operator' },
      { member: 'cassandra-2', hostId: hostId(2), by: 'operator' },
    ] as const;
    const ring = ringOf({ views: down }, 3, known);
    expect(nodeOf(ring, 0)).toMatchObject({ member: 'cassandra-0', memberKnownBy: 'itself' });
    expect(nodeOf(ring, 2)).toMatchObject({ member: 'cassandra-2', memberKnownBy: 'operator' });
    expect(nodeOf(ring, 1)).toMatchObject({ member: 'cassandra-1', memberKnownBy: 'elimination' });
  });

  test('nodes of other datacenters run elsewhere', () => {
    const views = { 0: { sees: ['UN', 'UN', 'DN'] }, 1: { sees: ['UN', 'UN', 'DN'] } };
    const ring = ringOf({ datacenters: ['dc1', 'dc1', 'dc2'], views }, 2);
    expect(ring.nodes.map(({ isElsewhere }) => isElsewhere)).toEqual([false, false, true]);
  });
});

describe('checks of a ring', () => {
  const names = ['cassandra-0', 'cassandra-1', 'cassandra-2'];
  const whole = { 0: { sees: UN }, 1: { sees: UN }, 2: { sees: UN } };

  test('a whole ring holds them all', () => {
    const ring = ringOf({ views: whole });
    const checks = [
      everyNodeUpFromEveryView(ring, names),
      oneSchema(ring),
      noStreams(ring),
      noHintsFor(ring, hostId(0)),
    ];
    expect(checks).toEqual(checks.map(() => ({ holds: true, against: [] })));
  });

  test.each<[string, RingSketch['views'], RegExp]>([
    ['a member was not asked', { 0: { sees: UN }, 1: { sees: UN } }, /^cassandra-2 was not asked$/],
    ['one view differs', { ...whole, 1: { sees: ['UN', 'UN', 'DN'] } }, /^cassandra-1 sees cassandra-2 down$/],
    ['one view lacks a node', { ...whole, 1: { sees: ['UN', 'UN', '--'] } }, /^cassandra-1 does not know cassandra-2$/],
    ['a node joins', { ...whole, 0: { sees: ['UN', 'UN', 'UJ'] } }, /^cassandra-0 sees cassandra-2 up and joining$/],
    ['a node is drained', { ...whole, 2: { sees: UN, mode: 'DRAINED' } }, /^cassandra-2 is in mode DRAINED$/],
    ['clients are not served', { ...whole, 2: { sees: UN, isServing: false } }, /^cassandra-2 does not serve clients$/],
    [
      'a cut-off node sees others down',
      { ...whole, 0: { sees: ['UN', 'DN', 'UN'] } },
      /^cassandra-0 sees cassandra-1 down$/,
    ],
  ])('does not hold when %s', (_, views, against) => {
    const check = everyNodeUpFromEveryView(ringOf({ views }), names);
    expect(check.holds).toBe(false);
    expect(check.against).toContainEqual(expect.stringMatching(against));
  });

  test('two versions of the schema, streams and hints are found', () => {
    const session = { peer: '10.0.0.3', receiving: undefined, sending: undefined };
    const streams = [
      { operation: 'Repair', planId: hostId(5), sessions: [session] },
      // Of a node that joined a ring without data, until it is restarted.
      { operation: 'Bootstrap', planId: hostId(6), sessions: [] },
    ];
    const hints = [{ hostId: hostId(2), files: 3, newestAt: 2, oldestAt: 1 }];
    const ring = ringOf({
      schemas: { [hostId(800)]: [0, 1], [hostId(801)]: [2] },
      views: { ...whole, 1: { sees: UN, answer: { hints, netstats: { mode: 'NORMAL', streams } } } },
    });
    expect(ring.schemas.map(({ addresses }) => addresses.length)).toEqual([2, 1]);
    expect(oneSchema(ring).holds).toBe(false);
    expect(noStreams(ring).against).toEqual(['cassandra-1 streams (Repair with 10.0.0.3)']);
    expect(noHintsFor(ring, hostId(2)).against).toEqual(['cassandra-1 keeps 3 files of hints for it']);
    expect(noHintsFor(ring, hostId(1)).holds).toBe(true);
  });

  test('skew is the largest share against the mean', () => {
    const skew = ringSkew(ringOf({ racks: ['r1', 'r1', 'r2'], views: whole }));
    expect(skew).toContainEqual({
      scope: 'nodes of a datacenter',
      datacenter: 'dc1',
      of: 'load',
      ratio: 1.5,
      largest: 'cassandra-2',
    });
    const racks = skew.find(({ scope, of }) => scope === 'racks of a datacenter' && of === 'ownership');
    expect(racks).toMatchObject({ largest: 'r1' });
    expect(racks?.ratio).toBeCloseTo(4 / 3);
  });
});
