import { describe, expect, it, vi } from 'vitest';
import type { Asker } from '#client/operations/asker.ts';
import { Abandoned, Planner } from '#client/operations/planner.ts';
import { chooseNode } from '#client/operations/nodes.ts';
import { chooseSubject } from '#client/operations/subjects.ts';
import { askConfigure } from '#client/operations/wishes/configure.ts';
import { askDrain } from '#client/operations/wishes/drain.ts';
import { askRebalance, movesInText } from '#client/operations/wishes/rebalance.ts';
import { askReplace } from '#client/operations/wishes/replace.ts';
import { askRestart } from '#client/operations/wishes/restart.ts';
import { askScale } from '#client/operations/wishes/scale.ts';
import { settingsInText } from '#client/operations/wishes/settingsInText.ts';
import type { OperationName } from '#core/operations/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { clusterOf, judged, memberOf, podOf, viewOf, workloadOf } from '#test/support/liveViews.ts';
import { planOf } from '#test/support/operationRuns.ts';
import { answering } from './answering.ts';
import { FakeOperations } from './fakeOperations.ts';

vi.mock('vscode', () => ({}));

const members = [0, 1, 2].map((id) =>
  memberOf(`orders-${id}`, { index: id, pod: podOf(`orders-${id}`, { node: `node-${id % 2}` }) }),
);
const data = clusterOf('orders', { members, wanted: 3 });
const whole = { data, member: undefined };
const one = { data, member: 'orders-1' };

describe('what is asked for a restart', () => {
  it.each([
    ['All members', [], { level: 'fully replicated' }],
    ['Only members with an outdated pod', [], { level: 'fully replicated', pendingOnly: true }],
    ['All members, waiting less', [], { level: 'min-ISR safe' }],
    ['Chosen members…', [['orders-2', 'orders-0']], { level: 'fully replicated', only: ['orders-0', 'orders-2'] }],
  ])('%s', async (scope, more, wish) => {
    expect(await askRestart(whole, answering(scope, ...more))).toEqual({ operation: 'restart', ...wish });
  });

  it('strictly, where an operator could be left to restart racks, and nowhere else', async () => {
    const strictly = 'All members, strictly one pod at a time';
    const operated = { ...whole, data: { ...data, flavour: 'cass-operator' } };
    expect(await askRestart(operated, answering(strictly))).toEqual({
      operation: 'restart',
      level: 'fully replicated',
      strict: true,
    });
    await expect(askRestart(whole, answering(strictly))).rejects.toThrow('has no All members, strictly');
  });

  it('of one member is nothing', async () => {
    expect(await askRestart(one, answering())).toMatchObject({ only: ['orders-1'] });
  });

  it('is given up with the first question that is not answered, or with nobody chosen', async () => {
    expect(await askRestart(whole, answering(undefined))).toBeUndefined();
    expect(await askRestart(whole, answering('Chosen members…', []))).toBeUndefined();
  });
});

describe('what is asked for a dead node', () => {
  const hostId = '1B583A1A-7125-4b54-89f4-8fe1ed1b6e88';

  it('is whether it comes back, and which it is where that is not said', async () => {
    expect(await askReplace(one, answering('Replace it'))).toEqual({
      operation: 'replace',
      member: 'orders-1',
      how: 'replace',
    });
    expect(await askReplace(whole, answering('Replace it', 'orders-2'))).toMatchObject({ member: 'orders-2' });
    expect(await askReplace(whole, answering('Remove it', 'A node without a pod…', hostId))).toEqual({
      operation: 'replace',
      member: hostId.toLowerCase(),
      how: 'remove',
    });
    await expect(askReplace(whole, answering('Remove it', 'A node without a pod…', 'x'))).rejects.toThrow('Host ID');
    await expect(askReplace(whole, answering('Replace it', 'A node without a pod…'))).rejects.toThrow('has no');
  });

  it('is given up with any question that is not answered', async () => {
    expect(await askReplace(whole, answering(undefined))).toBeUndefined();
    expect(await askReplace(whole, answering('Replace it', undefined))).toBeUndefined();
  });
});

describe('what is asked for a drain', () => {
  it('of one member: how far, and for what moves data how fast', async () => {
    expect(await askDrain(one, answering('Demote'))).toEqual({
      kind: 'members',
      wish: { operation: 'drain', how: 'demote', members: ['orders-1'] },
    });
    expect(await askDrain(one, answering('Evacuate', '20'))).toEqual({
      kind: 'members',
      wish: { operation: 'drain', how: 'evacuate', members: ['orders-1'], throttle: 20 * 1024 * 1024 },
    });
    expect(await askDrain(one, answering('Evacuate', ''))).not.toHaveProperty('wish.throttle');
    await expect(askDrain(one, answering('Evacuate', '-1'))).rejects.toThrow('Write a number above 0');
  });

  it('of the Kubernetes node: that of the member, or one of those that members are on', async () => {
    expect(await askDrain(one, answering('Leave the Kubernetes node', []))).toEqual({
      kind: 'node',
      wish: { node: 'node-1', emptyDir: 'keep', unmovable: 'refuse' },
    });
    const answers = answering('Leave the Kubernetes node', 'node-0', [
      'Lose what is on an emptyDir',
      'Leave members that cannot be moved safely',
    ]);
    expect(await askDrain(whole, answers)).toEqual({
      kind: 'node',
      wish: { node: 'node-0', emptyDir: 'lose', unmovable: 'leave' },
    });
    const ways = [
      [['Wait for the end of drivers and other pods that decide a run'], 'wait'],
      [['Evict drivers and other pods that decide a run'], 'evict'],
      // What costs least of what was chosen together.
      [
        [
          'Wait for the end of drivers and other pods that decide a run',
          'Evict drivers and other pods that decide a run',
        ],
        'wait',
      ],
    ] as const;
    for (const [given, unmovable] of ways) {
      expect(await askDrain(one, answering('Leave the Kubernetes node', given))).toMatchObject({ wish: { unmovable } });
    }
  });
});

describe('what is asked for a rebalance', () => {
  it('is the mode, topics to leave out, and how fast', async () => {
    expect(await askRebalance(whole, undefined, answering('Full', ' audit-*, ,payments', '5'))).toEqual({
      operation: 'rebalance',
      mode: 'full',
      exclude: ['audit-*', 'payments'],
      throttle: 5 * 1024 * 1024,
    });
  });

  it('is which brokers where the mode is about some, and no throttle where nothing is copied', async () => {
    expect(await askRebalance(whole, undefined, answering('Off brokers…', ['orders-2'], '', ''))).toEqual({
      operation: 'rebalance',
      mode: 'off brokers',
      members: ['orders-2'],
    });
    const answers = answering('Leaders only', '');
    expect(await askRebalance(whole, undefined, answers)).toEqual({ operation: 'rebalance', mode: 'leaders only' });
    expect(answers.left()).toBe(0);
  });
});

describe('what is asked for a rebalance of Cassandra', () => {
  const ring: typeof whole = { ...whole, data: { ...whole.data, system: 'cassandra' } };

  it.each([
    ['Clean up', { mode: 'cleanup' }],
    ['Clean up, after a look at the files', { mode: 'cleanup', exact: true }],
    ['Repair', { mode: 'repair' }],
  ])('is what is done with each node: %s', async (label, wish) => {
    expect(await askRebalance(ring, undefined, answering(label))).toEqual({ operation: 'rebalance', ...wish });
  });
});

describe('moves of a document', () => {
  const text = '{"version": 1, "partitions": [{"topic": "orders", "partition": 0, "replicas": [1, 2]}]}';

  it('are carried out as they are', async () => {
    const moves = movesInText('/x/rollback.json', text);
    expect(await askRebalance(whole, moves, answering('Moves of rollback.json', ''))).toEqual({
      operation: 'rebalance',
      mode: 'full',
      reassignment: text,
    });
  });

  it('are found in JSON that has some, and nowhere else', () => {
    for (const [file, content] of [
      ['/x/a.yaml', text],
      ['/x/package.json', '{"name": "x"}'],
    ] as const) {
      expect(movesInText(file, content)).toBeUndefined();
    }
  });
});

describe('what is asked for scaling', () => {
  it('is how many, and how fast data may leave when there are to be fewer', async () => {
    expect(await askScale(whole, answering('5'))).toEqual({ operation: 'scale', to: 5 });
    expect(await askScale(whole, answering('2', '10'))).toMatchObject({ to: 2, throttle: 10 * 1024 * 1024 });
    await expect(askScale(whole, answering('many'))).rejects.toThrow('Write a number of members.');
  });

  it('is which part, where there are several', async () => {
    const pools = clusterOf('orders', {
      members: [memberOf('a-0', { group: 'a' }), memberOf('b-0', { group: 'b' }), memberOf('b-1', { group: 'b' })],
      workloads: [workloadOf('x')],
    });
    const subject = { data: pools, member: undefined };
    expect(await askScale(subject, answering('b', '4'))).toEqual({ operation: 'scale', to: 4, group: 'b' });
  });
});

describe('what is asked for a configuration', () => {
  it('is names and values until nothing more comes; a name alone takes the setting away', async () => {
    const answers = answering('min.insync.replicas = 2', 'log.retention.ms', 'compression.type=', '');
    expect(await askConfigure(whole, [], answers)).toEqual({
      operation: 'configure',
      settings: { 'min.insync.replicas': '2', 'log.retention.ms': null, 'compression.type': '' },
    });
    expect(await askConfigure(one, [], answering('a=1', ''))).toMatchObject({ member: 'orders-1' });
    expect(await askConfigure(whole, [], answering(''))).toBeUndefined();
    expect(await askConfigure(whole, [], answering('a=1', undefined))).toBeUndefined();
    await expect(askConfigure(whole, [], answering('no name'))).rejects.toThrow('Write name=value');
  });

  it('can be taken from a document that is open', async () => {
    const sources = settingsInText('/x/server.properties', '# c\nlog.retention.hours=24\nnum.io.threads = 8\n');
    const answers = answering('Take them from server.properties…', ['num.io.threads']);
    expect(await askConfigure(whole, sources, answers)).toEqual({
      operation: 'configure',
      settings: { 'num.io.threads': '8' },
    });
  });

  it('finds settings in properties files and in the files of ConfigMaps, and nowhere else', () => {
    const manifest = `kind: Service\ndata:\n  a.properties: x=1\n---\nkind: ConfigMap\nmetadata:\n  name: kafka\ndata:\n  server.properties: |\n    broker.id=1\n    a=b\\\n      c\n  readme.txt: a=b\n`;
    expect(settingsInText('/x/kafka.yaml', manifest)).toEqual([
      { title: 'server.properties of ConfigMap kafka', settings: [['broker.id', '1']] },
    ]);
    expect(settingsInText('/x/notes.txt', 'a=b')).toEqual([]);
    expect(settingsInText('/x/broken.yaml', 'kind: [')).toEqual([]);
  });
});

describe('which data cluster is meant', () => {
  const view = viewOf([judged(data)]);
  const sources = (asker: Asker, contexts: readonly string[] = ['shop']) => ({
    access: { viewOf: (context: string) => (context === 'shop' ? view : undefined), connectedContexts: () => contexts },
    offers: () => ['restart'] as const,
    instead: (_: unknown, operation: OperationName) =>
      operation === 'rebalance' ? 'Change Workers does it.' : undefined,
    asker,
  });

  it('is that of the row: a data cluster, or one member of it', async () => {
    const row = { target: { kind: 'dataCluster', context: 'shop', key: data.key } };
    expect(await chooseSubject(row, 'restart', sources(answering()))).toEqual({ context: 'shop', ...whole });
    const pod = { target: { kind: 'pod', context: 'shop', namespace: 'prod', name: 'orders-1' } };
    expect(await chooseSubject(pod, 'restart', sources(answering()))).toEqual({ context: 'shop', ...one });
    const gone = { target: { kind: 'dataCluster', context: 'shop', key: 'kafka/prod/gone' } };
    await expect(chooseSubject(gone, 'restart', sources(answering()))).rejects.toThrow('no longer there');
  });

  it('is asked for without a row, among those that offer it', async () => {
    expect(await chooseSubject(undefined, 'restart', sources(answering('orders')))).toMatchObject({ data });
    // What has another name there can be chosen, to be told which.
    expect(await chooseSubject(undefined, 'rebalance', sources(answering('orders')))).toMatchObject({ data });
    await expect(chooseSubject(undefined, 'scale', sources(answering()))).rejects.toThrow(
      'No data cluster that is watched offers this.',
    );
    await expect(chooseSubject(undefined, 'restart', sources(answering(), []))).rejects.toThrow(
      'No cluster is connected.',
    );
  });

  it('is offered by what its system is called, not by its key', async () => {
    const told: (string | undefined)[] = [];
    const pick: Asker['pick'] = async (_, choices) => {
      told.push(...choices.map(({ description }) => description));
      return undefined;
    };
    for (const operation of ['restart', 'rebalance'] as const)
      await chooseSubject(undefined, operation, sources({ ...answering(), pick }));
    expect(told).toEqual(['Kafka in prod', 'Kafka in prod, where this has another name']);
  });

  it('of a node is asked for with what runs on it, also where nodes may not be listed', async () => {
    const cluster = new FakeCluster({ name: 'shop' });
    cluster.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-9' } });
    const access = { ...sources(answering()).access, clusterOf: async () => cluster };
    expect(await chooseNode({ access, asker: answering('node-9') })).toEqual({ context: 'shop', node: 'node-9' });
    cluster.isForbidden = ({ resource }) => resource === 'nodes';
    expect(await chooseNode({ access, asker: answering('node-1') })).toEqual({ context: 'shop', node: 'node-1' });
  });
});

describe('planning', () => {
  const fake = new FakeOperations();
  const make = (showProgress: <R>(title: string, work: Promise<R>) => Promise<R> = (_, work) => work): Planner =>
    new Planner({
      contexts: {
        clusterOf: async () => new FakeCluster(),
        dataOf: async () => [data, clusterOf('others')],
        policyOf: () => ({ isProtected: false, isReadOnly: true }),
        isDemo: () => false,
      },
      operations: () => fake,
      clock: new FakeClock(),
      showProgress,
    });

  it('makes a proposal, also in a read-only context', async () => {
    const wish = { operation: 'restart', level: 'fully replicated' } as const;
    expect(await make().plan('shop', data, wish)).toEqual({ context: 'shop', plan: planOf(), clusters: [data] });
    expect(await make().planNodeDrain('shop', { node: 'n', emptyDir: 'keep' })).toMatchObject({ clusters: [data] });
  });

  it('ends quietly when nobody waits for it, and says why when it cannot be done', async () => {
    const wish = { operation: 'restart', level: 'fully replicated' } as const;
    const impatient = make(() => Promise.reject(new Abandoned('no')));
    expect(await impatient.plan('shop', data, wish)).toBeUndefined();
    fake.planned = new ClusterProblem('unreachable', 'No broker answers.');
    await expect(make().plan('shop', data, wish)).rejects.toMatchObject({
      message: 'No broker answers.',
      name: 'UserProblem',
    });
  });

  it('is refused with the reason where the operation is not offered', () => {
    fake.offered = [{ operation: 'scale', refusal: 'Its operator scales it.' }];
    expect(() => make().requireOffer('scale', data, 'Scaling')).toThrow('Its operator scales it.');
    expect(() => make().requireOffer('drain', data, 'A drain')).toThrow(
      'A drain is not possible with orders (strimzi).',
    );
  });
});
