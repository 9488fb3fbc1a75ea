import { describe, expect, it } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import type { TreeContext, TreeInput } from '#core/live/tree/input.ts';
import { TreeModel } from '#core/live/tree/model.ts';
import { contextValueOf, type TreeRow } from '#core/live/tree/row.ts';
import { revisionOf } from '#test/support/helmReleases.ts';
import {
  clusterOf,
  contextOf,
  customOf,
  healthOf,
  inputOf,
  judged,
  memberOf,
  metaOf,
  NOW,
  podOf,
  summaryOf,
  viewOf,
  workloadOf,
} from '#test/support/liveViews.ts';

/** The whole tree as text: two blanks a level, the label, and the description behind a bar. */
function draw(input: TreeInput): string {
  const model = new TreeModel(() => input);
  const lines = (id: string | undefined, depth: number): readonly string[] =>
    model
      .childrenOf(id)
      .flatMap((row) => [
        `${'  '.repeat(depth)}${row.label}${row.description === '' ? '' : ` | ${row.description}`}`,
        ...lines(row.id, depth + 1),
      ]);
  return lines(undefined, 0).join('\n');
}

function rowsBelow(model: TreeModel, id: string | undefined): readonly TreeRow[] {
  return model.childrenOf(id).flatMap((row) => [row, ...rowsBelow(model, row.id)]);
}

function allRows(input: TreeInput): readonly TreeRow[] {
  return rowsBelow(new TreeModel(() => input), undefined);
}

const orders = clusterOf('orders', {
  members: [
    memberOf('orders-brokers-0', { index: 0, group: 'brokers', rack: 'a' }),
    memberOf('orders-brokers-1', { index: 1, group: 'brokers', rack: 'b', pod: undefined, version: '' }),
  ],
  claims: [
    {
      kind: 'PersistentVolumeClaim',
      meta: metaOf('data-orders-brokers-0'),
      phase: 'Bound',
      volume: 'pv-1',
      storageClass: 'fast',
      size: '10Gi',
    },
  ],
  services: [
    {
      kind: 'Service',
      meta: metaOf('orders-kafka-brokers'),
      type: 'ClusterIP',
      clusterIp: 'None',
      selector: {},
      ports: [{ name: 'plain', port: 9092 }],
      publishesNotReady: true,
    },
  ],
  budgets: [
    {
      kind: 'PodDisruptionBudget',
      meta: metaOf('orders-kafka'),
      selector: {},
      minAvailable: '2',
      maxUnavailable: '',
      disruptionsAllowed: 1,
      currentHealthy: 3,
      desiredHealthy: 2,
    },
  ],
  customs: [
    customOf('KafkaTopic', 'payments', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    customOf('KafkaTopic', 'refunds', {
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'KafkaError' }] },
    }),
    customOf('KafkaUser', 'shop', { status: { conditions: 'nonsense' } }),
  ],
  configMaps: ['orders-brokers-0'],
  secrets: ['orders-clients-ca'],
});

const sentence = '1 of 2 brokers ready, 2 partitions under min ISR';

describe('the tree of live clusters', () => {
  it('goes from context to namespace to data cluster to members and what else belongs to it', () => {
    const view = viewOf([judged(orders, healthOf('unhealthy', sentence))]);
    expect(draw(inputOf([contextOf('shop', view)]))).toBe(
      [
        'shop | 1 data cluster, 1 needs attention',
        '  prod | 1 data cluster · 1 needs attention',
        `    orders | ${sentence} — Kafka · Strimzi · 4.1`,
        '      orders-brokers-0 | broker 0 · brokers · rack a · node-1 · 4.1.0 · 3 days',
        '      orders-brokers-1 | broker 1 · brokers · rack b',
        '      Storage | 1',
        '        data-orders-brokers-0 | Bound · 10Gi · fast',
        '      Configuration | 2',
        '        orders-brokers-0 | ConfigMap',
        '        orders-clients-ca | Secret',
        '      Services | 1',
        '        orders-kafka-brokers | headless · 9092',
        '      Disruption budgets | 1',
        '        orders-kafka | allows 1 disruption now · at least 2 available',
        '      KafkaTopic | 2',
        '        payments | ready',
        '        refunds | not ready · KafkaError',
        '      KafkaUser | 1',
        '        shop',
        '      Events',
        '        Reading events…',
      ].join('\n'),
    );
  });

  it('puts releases, operators and definitions beside the namespaces', () => {
    const view = viewOf([], {
      releases: [
        {
          namespace: 'prod',
          name: 'cassandra',
          health: healthOf('healthy'),
          revisions: [revisionOf(3, { modifiedAt: NOW }), revisionOf(2, { status: 'superseded', modifiedAt: NOW })],
        },
      ],
      operators: [
        {
          namespace: 'kafka',
          name: 'strimzi-cluster-operator',
          title: 'Strimzi Cluster Operator',
          flavour: 'strimzi',
          version: '1.2.0',
          watches: [],
          workload: workloadOf('strimzi-cluster-operator', { kind: 'Deployment' }),
          health: healthOf('healthy', 'running'),
        },
      ],
      definitions: [
        {
          name: 'kafkas.kafka.strimzi.io',
          group: 'kafka.strimzi.io',
          kind: 'Kafka',
          plural: 'kafkas',
          versions: ['v1'],
          flavour: 'strimzi',
        },
      ],
    });
    expect(draw(inputOf([contextOf('shop', view)]))).toBe(
      [
        'shop',
        '  There are no data clusters here.',
        '  Helm releases | 1',
        '    cassandra | prod · revision 3 · deployed',
        '      Revision 3 | deployed · under 2 min ago',
        '      Revision 2 | superseded · under 2 min ago',
        '  Operators | 1',
        '    Strimzi Cluster Operator | kafka · 1.2.0 — running',
        '  Definitions | 1',
        '    Kafka | kafka.strimzi.io · v1 · Strimzi',
      ].join('\n'),
    );
  });

  it('says quietly what may not be read, in the context and where it would stand', () => {
    const limits = [
      { verb: 'list', group: '', resource: 'services', namespace: 'prod', reason: 'RBAC says no' },
      { verb: 'list', group: '', resource: 'services', namespace: 'other', reason: '' },
      { verb: 'list', group: '', resource: 'namespaces', reason: '' },
    ];
    const input = inputOf([contextOf('shop', viewOf([judged(clusterOf('orders'))], { limits }))]);
    expect(draw(input)).toContain(
      [
        '      Events',
        '        Reading events…',
        '      Services are not shown: no right to list services in prod',
        '  Not shown | 3 rights are missing',
        '    Services are not shown: no right to list services in prod',
        '    Services are not shown: no right to list services in other',
        '    Namespaces are not listed: no right to list namespaces in all namespaces',
      ].join('\n'),
    );
    const rows = allRows(input).filter(({ kind }) => kind === 'limit');
    expect(rows.map(({ icon }) => icon?.id)).toEqual(['lock', 'lock', 'lock', 'lock']);
    expect(rows.at(0)?.tooltip).toContain('The server says: RBAC says no');
    expect(rows.at(-1)?.tooltip).toContain('dataClusters.namespaces');
  });

  it('shows events once they are there, newest first', () => {
    const event = (name: string, at: number) =>
      ({
        kind: 'Event',
        meta: metaOf(name),
        type: 'Warning',
        reason: `Reason of ${name}`,
        message: 'no space left',
        count: 4,
        at,
        about: { kind: 'Pod', name: 'orders-0', uid: 'u' },
      }) as const;
    const events = new Map([[orders.key, [event('old', NOW - 3_600_000), event('new', NOW - 60_000)]]]);
    const drawn = draw(inputOf([contextOf('shop', viewOf([judged(orders)]), { events })]));
    expect(drawn).toContain(
      [
        '        Reason of new | under 2 min ago · 4 times · Pod orders-0 — no space left',
        '        Reason of old | 60 min ago · 4 times · Pod orders-0 — no space left',
      ].join('\n'),
    );
    const none = new Map([[orders.key, []]]);
    expect(draw(inputOf([contextOf('shop', viewOf([judged(orders)]), { events: none })]))).toContain(
      'Nothing has happened lately.',
    );
  });
});

describe('a member', () => {
  it('in trouble tells the reason first', () => {
    const member = memberOf('orders-0', {
      pod: podOf('orders-0', {
        states: [stateOf(3, false), stateOf(1, true)],
        meta: metaOf('orders-0', { createdAt: NOW - 1000 }),
      }),
    });
    const cluster = clusterOf('orders', { members: [member] });
    const health = healthOf('unhealthy', 'crashes');
    const view = viewOf([{ ...judged(cluster), members: [{ member, health }] }]);
    const row = allRows(inputOf([contextOf('shop', view)])).find(({ kind }) => kind === 'member.kafka');
    expect(row?.description).toBe('crashes · broker 0 · node-1 · 4.1.0 · 3 restarts · under 2 min');
    expect(row?.accessibilityLabel).toBe(`Broker orders-0, unhealthy, ${row?.description}`);
    expect(row?.target).toEqual({
      kind: 'pod',
      context: 'shop',
      namespace: 'prod',
      name: 'orders-0',
      uid: 'uid-of-orders-0',
      container: 'kafka',
    });
  });
});

function stateOf(restarts: number, isInit: boolean) {
  return {
    name: 'kafka',
    isInit,
    isReady: true,
    restarts,
    state: 'running',
    waitingReason: '',
    waitingMessage: '',
    runningSince: NOW,
    ended: undefined,
    lastEnd: undefined,
  } as const;
}

describe('a context', () => {
  const only = (context: TreeContext): TreeRow | undefined =>
    new TreeModel(() => inputOf([context])).childrenOf(undefined)[0];

  it('that nothing was asked of only says that it can be connected', () => {
    expect(draw(inputOf([contextOf('shop', undefined)]))).toBe(
      'shop\n  Not connected. Choose Connect to watch this cluster.',
    );
  });

  it.each([
    ['a simulation', { summary: summaryOf('demo', { isDemo: true }) }, 'simulation', 'demo;writable;disconnected;'],
    ['protected', { isProtected: true }, 'protected', 'protected;writable;disconnected;'],
    ['read-only', { isReadOnly: true }, 'read-only', 'readOnly;disconnected;'],
    ['the current one', { summary: summaryOf('x', { isCurrent: true }) }, 'current', 'writable;disconnected;'],
    ['gone', { isVanished: true }, 'no longer in the kubeconfig', 'writable;unusable;'],
    [
      'broken',
      { summary: summaryOf('x', { problem: 'The user ann is missing' }) },
      'The user ann is missing',
      'writable;unusable;',
    ],
    ['being connected', { connection: 'opening' as const }, 'connecting', 'writable;connected;'],
  ])('that is %s is marked so, in words', (_, more, description, value) => {
    const row = only(contextOf('x', undefined, more));
    expect(row?.description).toBe(description);
    expect(row?.accessibilityLabel).toContain(description);
    expect(row && contextValueOf(row)).toBe(`context;${value}ordinary;`);
  });

  it('hands down to its rows what is allowed in it', () => {
    const rows = allRows(inputOf([contextOf('x', viewOf([judged(orders)]), { isProtected: true, isReadOnly: true })]));
    const acting = rows.filter(({ kind }) => kind !== 'message');
    expect(acting.every(({ flags }) => flags.includes('protected') && flags.includes('readOnly'))).toBe(true);
  });

  it('that lost its connection keeps its rows', () => {
    const problem = new ClusterProblem('unreachable', 'connection refused');
    const view = viewOf([judged(orders)], { phase: 'interrupted', problem });
    const row = only(contextOf('x', view));
    expect(row?.description).toBe('connection lost, trying again · 1 data cluster');
    expect(row?.tooltip).toContain('connection refused');
    expect(draw(inputOf([contextOf('x', view)]))).toContain('    orders | ');
  });

  it('that failed says why, in the tree', () => {
    const problem = new ClusterProblem('login', 'The login plugin is missing.');
    const view = viewOf([], { phase: 'failed', problem });
    expect(draw(inputOf([contextOf('x', view)]))).toBe('x | not connected\n  The login plugin is missing.');
  });

  it('stands in its order: put first, current, by name, simulation, gone', () => {
    const contexts = [
      contextOf('gone', undefined, { isVanished: true }),
      contextOf('demo', undefined, { summary: summaryOf('demo', { isDemo: true }) }),
      contextOf('b', undefined),
      contextOf('a', undefined),
      contextOf('now', undefined, { summary: summaryOf('now', { isCurrent: true }) }),
      contextOf('pinned', undefined),
    ];
    const favourites = new Set([rowIds.context('pinned')]);
    const rows = new TreeModel(() => inputOf(contexts, { favourites })).childrenOf(undefined);
    expect(rows.map(({ label }) => label)).toEqual(['pinned', 'now', 'a', 'b', 'demo', 'gone']);
  });
});

describe('texts of a cluster', () => {
  it('lose control characters, line breaks and marks of direction, wherever they stand', () => {
    const evil = 'or\u0000ders\u001b[31m\n\u202eevil\u2066';
    const cluster = clusterOf(evil, {
      namespace: evil,
      version: evil,
      members: [memberOf(evil, { rack: evil, pod: podOf(evil, { node: evil }) })],
      customs: [customOf(evil, evil)],
      secrets: [evil],
      workloads: [workloadOf(evil)],
    });
    const view = viewOf([judged(cluster, healthOf('warning', evil))], {
      limits: [{ verb: evil, group: evil, resource: evil, namespace: evil, reason: evil }],
    });
    const rows = allRows(inputOf([contextOf(evil, view)]));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const shown = [row.label, row.description, row.accessibilityLabel, row.tooltip.replaceAll('\n', '')].join('');
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it('are cut where they have no end', () => {
    const view = viewOf([judged(orders, healthOf('warning', 'x'.repeat(100_000)))]);
    const row = allRows(inputOf([contextOf('x', view)])).find(({ kind }) => kind === 'dataCluster.kafka');
    expect(row?.description.length).toBeLessThan(500);
  });
});
