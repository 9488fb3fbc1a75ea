import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributeNames, element, htmlOf, htmlTags, svgTags, textOf, type DetailNode } from '#core/live/detail/html.ts';
import { renderAbsent, renderDetail } from '#core/live/detail/render.ts';
import { formatTime } from '#core/time.ts';
import { eventWith, inputWith, judgedWith, kafkaFacts, memberWith, NOW, ringFacts } from './fixtures.ts';

const MINUTE = 60_000;

function every(node: DetailNode, visit: (node: Exclude<DetailNode, string>) => void): void {
  if (typeof node === 'string') return;
  visit(node);
  for (const child of node.children) every(child, visit);
}

/** The rows of the table with a caption, as texts of their cells. */
function rowsOf(tree: DetailNode, caption: RegExp): string[][] {
  const rows: string[][] = [];
  every(tree, (node) => {
    if (node.tag !== 'table' || !caption.test(textOf(node.children[0] ?? ''))) return;
    every(node, (row) => {
      if (row.tag === 'tr') rows.push(row.children.map((cell) => textOf(cell).trim()));
    });
  });
  return rows;
}

/** All kinds of cluster at once, for what must hold of each. */
const anyInputs = [
  inputWith(
    judgedWith(
      [memberWith('orders-0')],
      {},
      { inside: { askedAt: NOW - 5000, facts: kafkaFacts, problems: ['orders-1 does not answer'] } },
    ),
  ),
  inputWith(
    judgedWith(
      [memberWith('catalog-0')],
      { system: 'cassandra' },
      { inside: { askedAt: NOW, facts: ringFacts, problems: [] } },
    ),
  ),
  inputWith(judgedWith([memberWith('report-driver', { role: 'driver' })], { system: 'spark' }), {
    events: [eventWith()],
  }),
  inputWith(judgedWith([memberWith('mnist-worker-0', { role: 'worker', group: 'worker' })], { system: 'tfjob' }), {
    events: undefined,
  }),
  inputWith(judgedWith([])),
];

describe('a page', () => {
  test('has one title, a heading for every part, and parts that are named by their headings', () => {
    for (const input of anyInputs) {
      const ids = new Set<string>();
      const references: string[] = [];
      let titles = 0;
      every(renderDetail(input), ({ tag, attributes }) => {
        if (tag === 'h1') titles++;
        if (attributes['id'] !== undefined) ids.add(attributes['id']);
        if (attributes['aria-labelledby'] !== undefined) references.push(attributes['aria-labelledby']);
      });
      expect(titles).toBe(1);
      expect(references.filter((id) => !ids.has(id))).toEqual([]);
    }
  });

  test('says who runs the data cluster by the name the tree gives it, and nobody where nobody does', () => {
    const page = (flavour: string): string => textOf(renderDetail(inputWith(judgedWith([], { flavour }))));
    expect(page('kubeflow-spark-operator')).toMatch(/\(Kubeflow Spark Operator\) in namespace /);
    expect(page('kubernetes')).toMatch(/[^)] in namespace /);
    expect(page('kubernetes')).not.toMatch(/\) in namespace |\(\)/);
  });

  test('every picture has a text, every table a caption and heads', () => {
    for (const input of anyInputs) {
      every(renderDetail(input), ({ tag, attributes, children }) => {
        if (tag === 'svg' && attributes['aria-hidden'] !== 'true')
          expect(attributes['aria-label']?.length).toBeGreaterThan(10);
        if (tag !== 'table') return;
        expect(children.map((child) => (typeof child === 'string' ? child : child.tag))).toEqual([
          'caption',
          'thead',
          'tbody',
        ]);
        every(children[1] ?? '', (head) => {
          if (head.tag === 'th') expect(head.attributes['scope']).toBe('col');
        });
      });
    }
  });

  test('is made of nothing that loads or runs anything', () => {
    const tags = new Set<string>([...htmlTags, ...svgTags]);
    const names = new Set<string>(attributeNames);
    const active =
      /^(?:on.*|style|href|src|srcdoc|action|script|iframe|object|embed|img|a|use|foreignObject|form|input|base|meta|link)$/;
    expect([...tags, ...names].filter((name) => active.test(name))).toEqual([]);
    for (const input of anyInputs) {
      every(renderDetail(input), ({ tag, attributes }) => {
        expect(tags.has(tag)).toBe(true);
        expect(Object.keys(attributes).filter((name) => !names.has(name))).toEqual([]);
      });
    }
  });

  test('whatever a cluster says stays text', () => {
    const evil = fc.stringMatching(/^[<>"'`&a-z =/\u0000-\u001f\u202e]{0,30}$/);
    fc.assert(
      fc.property(evil, (text) => {
        const judged = judgedWith(
          [memberWith(text, { rack: text, version: text })],
          { name: text, version: text, namespace: text },
          {
            health: {
              level: 'warning',
              sentence: text,
              evidence: [{ level: 'warning', text, source: 'kafka', member: text }],
            },
            inside: {
              askedAt: NOW,
              facts: { ...kafkaFacts, topics: [{ name: text, partitions: 1 }] },
              problems: [text],
            },
          },
        );
        const html = htmlOf(
          renderDetail(inputWith(judged, { events: [eventWith({ reason: text, message: text })], context: text })),
        );
        const known = new Set<string>([...htmlTags, ...svgTags]);
        for (const [, tag = ''] of html.matchAll(/<\/?([^\s>]*)/g)) expect(known.has(tag)).toBe(true);
        expect(html).not.toMatch(/[\u0000-\u001f\u202e]/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the head', () => {
  test('says what is so, in whose words, and when the system was asked', () => {
    const judged = judgedWith(
      [],
      {},
      {
        health: {
          level: 'unhealthy',
          sentence: '2 of 3 brokers',
          evidence: [
            { level: 'unhealthy', text: 'is fenced', source: 'kafka', member: 'orders-1', at: NOW - 3 * MINUTE },
            { level: 'warning', text: 'orders-1 was restarted 8 times', source: 'kubernetes', member: 'orders-1' },
          ],
        },
        inside: { askedAt: NOW - 12_000, facts: undefined, problems: ['orders-1: the port is closed'] },
      },
    );
    const text = textOf(renderDetail(inputWith(judged)));
    expect(text).toContain('Unhealthy  2 of 3 brokers');
    expect(text).toContain('orders-1: is fenced  says Kafka ,  3 min ago');
    expect(text).toContain('orders-1 was restarted 8 times  says Kubernetes');
    expect(text).toContain('Kafka itself could not be asked, tried  12 s ago');
    expect(text).toContain('orders-1: the port is closed');
  });

  test('a system that was not asked is not spoken for, and one that cannot be asked has no button', () => {
    expect(textOf(renderDetail(inputWith(judgedWith([]))))).toContain('Kafka itself has not been asked yet');
    expect(htmlOf(renderDetail(inputWith(judgedWith([], { system: 'tfjob' }))))).not.toContain('<button');
  });

  test('a simulation, an interruption and an absence are said', () => {
    const text = textOf(
      renderDetail(inputWith(judgedWith([]), { isDemo: true, interruption: 'The connection was reset.' })),
    );
    expect(text).toContain('This is a simulation');
    expect(text).toContain('The connection is interrupted, so this may be old. The connection was reset.');
    expect(textOf(renderAbsent('orders', 'It is gone.'))).toBe('orders It is gone.');
  });
});

describe('Kafka', () => {
  const withFacts = (facts: unknown): DetailNode =>
    renderDetail(inputWith(judgedWith([], {}, { inside: { askedAt: NOW, facts, problems: [] } })));

  test('brokers with their share, partitions with trouble on each, the quorum, topics worst first', () => {
    const tree = withFacts(kafkaFacts);
    expect(textOf(tree)).toContain(
      'Broker 0 leads 6 of 6 partitions; an even share is 6.0.  50 % of partitions are led by their preferred replica.'.replace(
        '  ',
        ' ',
      ),
    );
    expect(rowsOf(tree, /^Brokers/)[2]).toEqual([
      '1 (orders-1)',
      'b',
      'fenced: serves nothing',
      '0',
      '6',
      '2',
      '3.0 GiB of 4.0 GiB',
    ]);
    expect(
      rowsOf(tree, /^Partitions with trouble: 0 without a leader, 1 under min ISR, 2 under-replicated/).slice(1),
    ).toEqual([
      ['audit-0', 'under min ISR, under-replicated', '', '× not in sync'],
      ['audit-1', 'under-replicated', '', '× not in sync'],
    ]);
    expect(rowsOf(tree, /^Controllers: 0 leads/)[2]).toEqual(['1', 'follower', '812']);
    expect(rowsOf(tree, /^Topics/).map(([name]) => name)).toEqual(['Topic', 'audit', 'orders']);
  });

  test('with the whole assignment, a grid that says the same in words', () => {
    const assignment = [
      { name: 'audit-0', leader: 0, replicas: [1, 0], isr: [0] },
      { name: 'orders-0', leader: -1, replicas: [1], isr: [1] },
    ];
    const text = textOf(withFacts({ ...kafkaFacts, assignment }));
    expect(text).toContain('6 partitions across 2 brokers: 2 partitions with a replica that is not in sync.');
    expect(text).toContain('4 more are not drawn.');
    expect(text).toContain('audit-0: broker 0 leads, broker 1 is preferred');
    expect(text).toContain('audit-0: broker 1 not in sync');
    expect(text).toContain('audit-0: led by 0, in sync 0, not in sync 1');
  });

  test('of more partitions than can be drawn, those with trouble are', () => {
    const assignment = Array.from({ length: 300 }, (_, index) => ({
      name: `audit-${index}`,
      leader: 0,
      replicas: [0, 1],
      isr: index === 299 ? [0] : [0, 1],
    }));
    const partitions = { ...kafkaFacts.partitions, total: 300, underReplicated: { count: 1, names: ['audit-299'] } };
    const text = textOf(withFacts({ ...kafkaFacts, partitions, assignment }));
    expect(text).toContain('300 partitions across 2 brokers: 1 partition with a replica that is not in sync.');
    expect(text).toContain('60 more are not drawn.');
    expect(text).toContain('audit-299: broker 1 not in sync');
    expect(text).toContain('audit-238: broker 0 leads');
    expect(text).not.toContain('audit-239: broker 0 leads');
  });

  test.each([undefined, 'text', [], {}, { brokers: 'none', topics: 1 }])(
    'facts that are none have no picture: %j',
    (facts) => {
      expect(textOf(withFacts(facts))).not.toContain('Partitions and brokers');
    },
  );
});

test('Cassandra: a ring by rack, its nodes, and who sees whom', () => {
  const tree = renderDetail(
    inputWith(judgedWith([], { system: 'cassandra' }, { inside: { askedAt: NOW, facts: ringFacts, problems: [] } })),
  );
  expect(textOf(tree)).toContain(
    'Datacenter dc1: 2 of 3 nodes up in 2 racks. The largest share is 1.50 times the mean.',
  );
  expect(rowsOf(tree, /^Nodes of/)[2]?.slice(0, 7)).toEqual([
    'catalog-1',
    'r1',
    'drained (mode DRAINED)',
    '25.0 %',
    '12.0 GiB',
    '16',
    '51 files',
  ]);
  expect(rowsOf(tree, /^Who sees whom/).slice(1)).toEqual([
    ['catalog-0', 'itself', '✓ up'],
    ['catalog-1', '✗ down', '? not known to it'],
    ['catalog-2', '✓ up', 'itself'],
  ]);
});

test('Spark: when each executor ran and how it ended', () => {
  const members = [
    memberWith('report-driver', { role: 'driver' }, { runningSince: NOW - 30 * MINUTE }),
    memberWith(
      'report-exec-1',
      { role: 'executor' },
      {
        runningSince: undefined,
        ended: {
          exitCode: 137,
          signal: undefined,
          reason: 'OOMKilled',
          message: '',
          startedAt: NOW - 25 * MINUTE,
          finishedAt: NOW - 20 * MINUTE,
        },
      },
    ),
    memberWith('report-exec-2', { role: 'executor', pod: undefined }),
  ];
  const text = textOf(renderDetail(inputWith(judgedWith(members, { system: 'spark' }))));
  expect(text).toContain('2 runs of drivers and executors in the last 30 min, 1 going on.');
  expect(text).toContain('driver report-driver: has been running for 30 min');
  expect(text).toContain('executor report-exec-1: ran 5 min, ended with exit code 137 (OOMKilled)');
});

test('TFJob: replicas by type with their restarts', () => {
  const end = { exitCode: 137, signal: undefined, reason: 'OOMKilled', message: '', startedAt: NOW, finishedAt: NOW };
  const members = [
    memberWith('mnist-ps-0', { role: 'ps', group: 'ps' }),
    memberWith('mnist-worker-0', { role: 'worker', group: 'worker' }),
    memberWith('mnist-worker-1', { role: 'worker', group: 'worker', index: 1 }, { restarts: 8, lastEnd: end }),
  ];
  const text = textOf(renderDetail(inputWith(judgedWith(members, { system: 'tfjob' }))));
  expect(text).toContain('worker: 2 replicas, 8 restarts.');
  expect(text).toContain('mnist-worker-1: runs, 8 restarts, last ended with exit code 137 (OOMKilled)');
});

describe('members and events', () => {
  test('columns that say nothing are left out', () => {
    const tree = renderDetail(inputWith(judgedWith([memberWith('orders-0', { rack: 'a' }, { restarts: 3 })])));
    expect(rowsOf(tree, /^Members: 1 of 1/)).toEqual([
      ['Member', 'Health', 'Role', 'Number', 'Rack', 'Restarts', 'Node', 'Pod made'],
      ['orders-0', 'Healthy   runs', 'broker', '0', 'a', '3', 'node-1', '90 min ago'],
    ]);
  });

  test('events come newest first, with a line of time that counts the warnings', () => {
    const events = [
      eventWith({ at: NOW - 40 * MINUTE, type: 'Warning', reason: 'BackOff', count: 12 }),
      eventWith(),
      eventWith({ at: undefined, reason: 'Odd' }),
    ];
    const tree = renderDetail(inputWith(judgedWith([]), { events }));
    expect(rowsOf(tree, /^Events/).map((row) => [row[0], row[2], row[5]])).toEqual([
      ['When', 'Reason', 'Times'],
      ['5 min ago', 'Started', '1'],
      ['40 min ago', 'BackOff', '12'],
      ['at an unknown time', 'Odd', '1'],
    ]);
    expect(textOf(tree)).toContain('3 events in the last 40 min, 1 warning.');
  });
});

test('a moment is written as RFC 3339', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (at) => {
      expect(formatTime(at)).toBe(new Date(at).toISOString().replace(/\.\d+Z/, 'Z'));
    }),
  );
});

test('children that are absent leave no trace', () => {
  expect(
    htmlOf(element('p', { title: undefined, x: 1.005 }, undefined, false, ['a', [element('span', {}, '<')]])),
  ).toBe('<p x="1"><span>&#60;</span></p>'.replace('<p x="1">', '<p x="1">a'));
});
