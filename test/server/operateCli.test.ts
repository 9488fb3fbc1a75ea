import { describe, expect, test } from 'vitest';
import { liveSystems } from '#core/live/liveSystems.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { cli, planWith, precondition, recordOf } from './operateCli.ts';

const textContaining = (text: string): unknown => expect.stringContaining(text);

const wishes: readonly (readonly [readonly string[], OperationWish])[] = [
  [
    ['restart', 'kafka/orders', '--order', 'orders-1,orders-0'],
    { operation: 'restart', level: 'fully replicated', order: ['orders-1', 'orders-0'], pendingOnly: false },
  ],
  [
    ['drain', 'kafka/orders', '--how', 'evacuate', '--member', 'orders-1', '--throttle', '50MB'],
    { operation: 'drain', how: 'evacuate', members: ['orders-1'], throttle: 50_000_000 },
  ],
  [
    ['drain', 'kafka/orders', '--how', 'demote', '--member', 'orders-1,orders-0'],
    { operation: 'drain', how: 'demote', members: ['orders-1', 'orders-0'] },
  ],
  [
    ['drain', 'kafka/orders', '--how', 'maintenance', '--member', 'orders-1'],
    { operation: 'drain', how: 'maintenance', members: ['orders-1'] },
  ],
  [['rebalance', 'kafka/orders'], { operation: 'rebalance', mode: 'full' }],
  [
    ['rebalance', 'kafka/orders', '--mode', 'cleanup', '--exact'],
    { operation: 'rebalance', mode: 'cleanup', exact: true },
  ],
  [
    [
      'rebalance',
      'kafka/orders',
      '--mode',
      'new-brokers',
      '--member',
      'orders-3',
      '--exclude',
      'tmp-*',
      '--throttle=1.5MiB/s',
    ],
    {
      operation: 'rebalance',
      mode: 'new brokers only',
      members: ['orders-3'],
      exclude: ['tmp-*'],
      throttle: 1_572_864,
    },
  ],
  [['scale', 'kafka/orders', '--to', '5', '--group', 'orders'], { operation: 'scale', to: 5, group: 'orders' }],
  [
    ['configure', 'kafka/orders', '--set', 'log.retention.ms=a=b', '--unset', 'num.io.threads'],
    { operation: 'configure', settings: { 'log.retention.ms': 'a=b', 'num.io.threads': null } },
  ],
  [['replace', 'kafka/orders', '--member', 'orders-1'], { operation: 'replace', member: 'orders-1', how: 'replace' }],
  [
    ['replace', 'kafka/orders', '--member', 'orders-1', '--how', 'remove'],
    { operation: 'replace', member: 'orders-1', how: 'remove' },
  ],
  [['rerun', 'kafka/orders'], { operation: 'rerun' }],
  [['suspend', 'kafka/orders'], { operation: 'suspend' }],
  [['unsuspend', 'kafka/orders'], { operation: 'unsuspend' }],
  [['stop', 'kafka/orders'], { operation: 'stop' }],
  [['workers', 'kafka/orders', '--to', '4'], { operation: 'workers', to: 4 }],
  [['workers', 'kafka/orders', '--min', '2', '--max', '8'], { operation: 'workers', min: 2, max: 8 }],
  [['schedule', 'kafka/orders', '--pause'], { operation: 'schedule', to: 'paused' }],
  [['schedule', 'kafka/orders', '--resume'], { operation: 'schedule', to: 'running' }],
];

test('a rollback is of a release, in the namespace that is named or in that of the context', async () => {
  const harness = await cli();
  await harness.run('plan', 'rollback', 'strimzi', '--to', '3', '-n', 'operators');
  await harness.run('rollback', 'helm/strimzi', '--dry-run');
  expect(harness.operations.rollbacks).toEqual([
    { operation: 'rollback', release: 'strimzi', namespace: 'operators', to: 3 },
    { operation: 'rollback', release: 'strimzi', namespace: 'prod' },
  ]);
  expect((await harness.run('rollback')).err).toContain('which Helm release');
  expect((await harness.run('rollback', 'kafka/orders')).err).toContain('is no Helm release');
  expect((await harness.run('rollback', 'orders', '--to', '0')).err).toContain('--to cannot be "0"');
  expect((await harness.run('restart', 'helm/orders')).err).toContain('data-clusters rollback');
});

describe('operations', () => {
  test.each(wishes)('%j is understood', async (args, wish) => {
    const { run, operations } = await cli();
    expect(await run(...args, '--yes')).toMatchObject({ code: 0, err: '' });
    expect(operations.wishes).toEqual([wish]);
    expect(operations.runs.length).toBe(1);
  });

  test('a file of moves is carried out', async () => {
    const { run, operations, harness } = await cli();
    await harness.write('rollback.json', '{"version":1,"partitions":[]}');
    expect((await run('rebalance', 'kafka/orders', '--file', 'rollback.json', '--yes')).code).toBe(0);
    expect(operations.wishes).toEqual([
      { operation: 'rebalance', mode: 'full', reassignment: '{"version":1,"partitions":[]}' },
    ]);
    expect(await run('rebalance', 'kafka/orders', '--file', 'none.json')).toMatchObject({
      code: 2,
      err: textContaining('The file of moves cannot be read'),
    });
  });

  test('a changed manifest is read from its file', async () => {
    const { run, operations, harness } = await cli();
    await harness.write('job.yaml', 'kind: TFJob\n');
    expect((await run('resubmit', 'kafka/orders', '--file', 'job.yaml', '--yes')).code).toBe(0);
    expect(operations.wishes).toEqual([{ operation: 'resubmit', manifest: 'kind: TFJob\n' }]);
    expect(await run('resubmit', 'kafka/orders', '--file', 'none.yaml')).toMatchObject({
      code: 2,
      err: textContaining('The file of the manifest cannot be read'),
    });
  });

  test('a node is drained as a whole', async () => {
    const { run, operations } = await cli();
    expect((await run('drain', 'node/worker-3', '--yes')).code).toBe(0);
    expect(operations.nodes).toEqual(['worker-3']);
    expect(operations.nodeWishes.at(-1)).toEqual({ node: 'worker-3', emptyDir: 'keep', unmovable: 'refuse' });
  });

  test.each(['leave', 'wait', 'evict'])(
    'a node is drained with a word about what cannot be moved: %s',
    async (unmovable) => {
      const { run, operations } = await cli();
      expect((await run('drain', 'node/worker-3', '--unmovable', unmovable, '--yes')).code).toBe(0);
      expect(operations.nodeWishes.at(-1)).toEqual({ node: 'worker-3', emptyDir: 'keep', unmovable });
    },
  );

  test('single pods are moved off a node', async () => {
    const { run, operations } = await cli();
    expect((await run('drain', 'node/worker-3', '--pod', 'prod/etl-exec-1,prod/etl-exec-2', '--yes')).code).toBe(0);
    expect(operations.nodeWishes.at(-1)).toMatchObject({ only: ['prod/etl-exec-1', 'prod/etl-exec-2'] });
  });

  test.each([
    [['drain', 'kafka/orders', '--member', 'orders-1'], 'drain must be told how.'],
    [['drain', 'kafka/orders', '--how', 'demote'], 'drain must be told which members.'],
    [['drain', 'kafka/orders', '--how', 'away', '--member', 'orders-1'], 'There is no how "away"'],
    [['drain', 'node/worker-3', '--how', 'demote'], 'are for data clusters'],
    [['drain', 'kafka/orders', '--how', 'demote', '--member', 'a', '--unmovable', 'leave'], 'are for nodes'],
    [['drain', 'node/worker-3', '--unmovable', 'kill'], 'There is no unmovable "kill"'],
    [['drain', 'node/worker-3', '--empty-dir', 'burn'], 'There is no empty-dir "burn"'],
    [['drain', 'node/worker-3', '--pod', 'etl-exec-1'], '--pod cannot be "etl-exec-1"'],
    [['drain', 'kafka/orders', '--how', 'demote', '--member', 'a', '--pod', 'a/b'], '--pod is for nodes'],
    [['restart', 'node/worker-3'], 'A node cannot be given to restart.'],
    [['rebalance', 'kafka/orders', '--mode', 'all'], 'There is no mode "all"'],
    [['rebalance', 'kafka/orders', '--throttle', 'fast'], '--throttle cannot be "fast"'],
    [['rebalance', 'kafka/orders', '--throttle', '0'], '--throttle cannot be "0"'],
    [['rebalance', 'kafka/orders', '--file', 'a', '--mode', 'full'], '--file says what goes where'],
    [['scale', 'kafka/orders'], 'scale must be told how far.'],
    [['scale', 'kafka/orders', '--to', '-1'], 'ambiguous'],
    [['scale', 'kafka/orders', '--to', 'many'], '--to cannot be "many"'],
    [['configure', 'kafka/orders'], 'configure must be told what.'],
    [['configure', 'kafka/orders', '--set', 'x'], '--set cannot be "x"'],
    [['replace', 'kafka/orders'], 'replace must be told which node is dead.'],
    [['replace', 'kafka/orders', '--member', 'a', '--how', 'kill'], 'There is no how "kill"'],
    [['resubmit', 'kafka/orders'], 'resubmit must be told the changed manifest.'],
    [['workers', 'kafka/orders'], 'workers must be told how many.'],
    [['workers', 'kafka/orders', '--to', 'many'], '--to cannot be "many"'],
    [['schedule', 'kafka/orders'], 'schedule must be told one thing.'],
    [['schedule', 'kafka/orders', '--pause', '--resume'], 'schedule must be told one thing.'],
    [['suspend', 'kafka/orders', '--kind', 'TrainJob'], 'There is no kafka/orders in namespace'],
    [['plan'], 'plan must be told what to plan.'],
    [['plan', 'lint', 'kafka/orders'], '"lint" cannot be planned.'],
    [['restart', 'kafka/orders', '-o', 'markdown'], 'Only a plan can be Markdown.'],
    [['resume', 'kafka/orders', '-o', 'markdown'], 'Only a plan can be Markdown.'],
    [['cancel', 'kafka/orders'], 'No run of kafka/orders is under way.'],
  ] as const)('%j cannot run', async (args, text) => {
    const { run, operations } = await cli();
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(text);
    expect(operations.runs).toEqual([]);
  });
});

describe('plan', () => {
  const preview = [
    {
      title: 'Disk',
      unit: 'percent' as const,
      limit: 80,
      items: [
        { label: 'broker 0', before: 71.4, after: 50 },
        { label: 'broker 1', before: 10, after: 10 },
      ],
    },
    { title: 'Data', unit: 'bytes' as const, items: [{ label: 'broker 0', before: 2 ** 31, after: 2 ** 30 }] },
  ];

  test('shows every member before and after, and does nothing', async () => {
    const { run, operations } = await cli();
    operations.planned = planWith({ preview });
    const { code, out } = await run('plan', 'rebalance', 'kafka/orders');
    expect(code).toBe(0);
    expect(out).toContain('broker 0  71 % -> 50 %  2.0 GiB -> 1.0 GiB\n  broker 1  10 %\n');
    expect(operations.runs).toEqual([]);
  });

  test('can be a document, and be saved with the files that go with it', async () => {
    const { run, operations, harness } = await cli();
    operations.planned = planWith({ preview });
    const { out } = await run('plan', 'rebalance', 'kafka/orders', '-o', 'markdown', '--save', 'change-17');
    expect(out).toMatch(/^# Safe restart of Kafka orders\n/);
    expect(out).toContain('| Disk, at most 80 % | Before | After |\n|---|--:|--:|\n| broker 0 | 71 % | 50 % |');
    expect(await harness.read('change-17/plan.md')).toBe(out);
    expect(await harness.read('change-17/rollback.json')).toBe('{}');
  });
});

describe('contexts', () => {
  test('that are protected want the name', async () => {
    const { run, operations, harness } = await cli();
    harness.environment = { DATA_CLUSTERS_PROTECTED_CONTEXTS: 'prod-*, te*t' };
    const refused = await run('restart', 'kafka/orders', '--yes');
    expect(refused).toMatchObject({ code: 2, err: textContaining('is protected.\nAdd --confirm orders') });
    harness.typed = ['y'];
    expect((await run('restart', 'kafka/orders')).code).toBe(2);
    expect(operations.runs).toEqual([]);
    expect((await run('restart', 'kafka/orders', '--confirm', 'orders')).code).toBe(0);
  });

  test('that are read-only are planned for and never changed', async () => {
    const { run, operations, harness } = await cli();
    harness.environment = { DATA_CLUSTERS_READ_ONLY_CONTEXTS: 'test' };
    operations.current = recordOf(operations.planned, { kind: 'paused', reason: '', fix: '' });
    for (const command of ['restart', 'resume', 'cancel'])
      expect(await run(command, 'kafka/orders')).toMatchObject({ code: 2, err: textContaining('is read-only') });
    expect((await run('plan', 'restart', 'kafka/orders')).code).toBe(0);
    expect([operations.runs, operations.asked]).toEqual([[], []]);
  });
});

describe('cancel', () => {
  test('asks whoever runs it, and waits until it has ended', async () => {
    const { run, operations, cluster } = await cli();
    operations.current = recordOf(operations.planned, { kind: 'running' });
    operations.holder = 'bob@laptop (2)';
    const { ask } = operations;
    operations.ask = async (...request) => {
      setImmediate(() => (operations.current = recordOf(operations.planned, { kind: 'cancelled' })));
      return ask(...request);
    };
    const { code, out } = await run('cancel', 'kafka/orders');
    expect(code).toBe(0);
    expect(out).toContain('bob@laptop (2) is asked to cancel it.\ncancelled after 0 of 2 steps');
    expect(operations.asked).toEqual(['cancel']);
    expect(cluster.isDisposed).toBe(true);
  });

  test('says when it has not ended in time', async () => {
    const { run, operations } = await cli();
    operations.current = recordOf(operations.planned, { kind: 'running' });
    operations.holder = 'bob@laptop (2)';
    const { code, err } = await run('cancel', 'kafka/orders', '--pause', '--timeout', '2');
    expect(code).toBe(1);
    expect(err).toContain('It has not ended within 2 s');
    expect(operations.asked).toEqual(['pause']);
  });

  test('ends a run from here that nobody holds', async () => {
    const { run, operations } = await cli();
    operations.planned = planWith({ preconditions: [precondition('holds')] });
    operations.current = recordOf(operations.planned, { kind: 'stopped', reason: '', fix: '' });
    operations.state = { kind: 'cancelled' };
    const wanted: string[] = [];
    operations.during = async ({ control }) => void wanted.push(control.wish);
    expect((await run('cancel', 'kafka/orders', '--pause')).code).toBe(2);
    expect((await run('cancel', 'kafka/orders')).code).toBe(0);
    expect(wanted).toEqual(['cancel']);
  });
});

describe('jobs of one name', () => {
  const kinds = [
    { group: 'kubeflow.org', version: 'v1', kind: 'TFJob', plural: 'tfjobs' },
    { group: 'trainer.kubeflow.org', version: 'v1alpha1', kind: 'TrainJob', plural: 'trainjobs' },
  ];

  const stage = async () => {
    const one = await cli();
    const verbs = ['list', 'watch'];
    one.cluster.serve(...kinds.map((kind) => ({ ...kind, namespaced: true, verbs, versions: [kind.version] })));
    for (const { group, version, kind } of kinds)
      one.cluster.put({
        apiVersion: `${group}/${version}`,
        kind,
        metadata: { name: 'mnist', namespace: 'prod', uid: `uid of the ${kind}` },
        spec: {},
      });
    Object.assign(one.harness, { systems: liveSystems });
    return one;
  };

  test('are not guessed at: the kind says which is meant', async () => {
    const { run, operations } = await stage();
    const { code, err } = await run('suspend', 'tfjob/mnist', '--yes');
    expect(code).toBe(2);
    expect(err).toContain('Several are called tfjob/mnist: TFJob, TrainJob.');
    expect(operations.wishes).toEqual([]);
    expect((await run('suspend', 'tfjob/mnist', '--kind', 'trainjob', '--yes')).code).toBe(0);
    expect(operations.runs[0]?.clusters.map(({ resource }) => resource?.customKind)).toEqual(['TrainJob']);
  });

  test('are gone on with by the key of the plan, also while there is no object', async () => {
    const { run, operations } = await stage();
    const { target } = operations.planned;
    const own = { ...target, system: 'tfjob', name: 'mnist' } as const;
    const key = 'tfjob/prod/mnist/trainjob.trainer.kubeflow.org';
    const paused = { kind: 'paused', reason: 'r', fix: 'f' } as const;
    operations.current = recordOf({ ...operations.planned, target: { ...own, key } }, paused);
    expect((await run('resume', 'tfjob/mnist', '--yes')).code).toBe(0);
    expect(operations.runs[0]?.clusters.map((data) => data.key)).toEqual([key]);
    const gone = { ...own, name: 'gone', key: 'tfjob/prod/gone', anchorGoes: true } as const;
    operations.current = recordOf({ ...operations.planned, target: gone }, paused);
    expect((await run('resume', 'tfjob/gone', '--yes')).code).toBe(0);
    expect(operations.runs[1]?.clusters).toEqual([]);
  });
});
