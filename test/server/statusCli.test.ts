import { afterEach, describe, expect, test } from 'vitest';
import { isObject } from '#core/json.ts';
import { liveSystems } from '#core/live/liveSystems.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { SYSTEM_IDS } from '#server/cli/status/parseStatus.ts';
import { systems } from '#core/systems/registry.ts';
import { CliHarness, type CliResult } from '#test/support/cliHarness.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { FakeDirectory } from '#test/support/fakeDirectory.ts';
import { FakeSystem } from '#test/support/fakeSystem.ts';
import { podManifest, workloadManifest } from '#test/support/liveManifests.ts';
import { inProd, orders } from '#test/support/watchedSession.ts';

const open: CliHarness[] = [];
afterEach(async () => {
  for (const harness of open.splice(0)) await harness.remove();
});

interface Cli {
  readonly harness: CliHarness;
  readonly cluster: FakeCluster;
  readonly clock: FakeClock;
  readonly system: FakeSystem;
  readonly directory: FakeDirectory;
  /** Runs the command until it waits for the cluster or for time. */
  readonly begin: (args: readonly string[]) => Promise<{ readonly result: Promise<CliResult> }>;
  /** Runs the command while so much time passes. */
  readonly run: (args: readonly string[], milliseconds?: number) => Promise<CliResult>;
}

async function cli(...more: readonly FakeCluster[]): Promise<Cli> {
  const harness = await CliHarness.create();
  open.push(harness);
  const cluster = new FakeCluster();
  const clock = new FakeClock();
  const system = new FakeSystem();
  const directory = new FakeDirectory(cluster, ...more);
  Object.assign(harness, { clock, directory, systems: [system] });
  const begin = async (args: readonly string[]): Promise<{ readonly result: Promise<CliResult> }> => {
    const asked = directory.asked;
    const state = { isOver: false };
    const result = harness.run(['status', ...args]).finally(() => (state.isOver = true));
    // Until the program is loaded and has read its contexts, or has refused to.
    while (!state.isOver && directory.asked === asked) await clock.pass();
    await clock.pass();
    return { result };
  };
  const run = async (args: readonly string[], milliseconds = 0): Promise<CliResult> => {
    const { result } = await begin(args);
    await clock.pass(milliseconds);
    return result;
  };
  return { harness, cluster, clock, system, directory, begin, run };
}

const broken = podManifest('orders-1', inProd('orders'), { isReady: false });

describe('status', () => {
  test('says how every data cluster is', async () => {
    const { cluster, run, directory } = await cli();
    cluster.put(...orders(), workloadManifest('StatefulSet', 'z', { namespace: 'test' }, { replicas: 0 }));
    expect(await run([])).toEqual({
      code: 0,
      err: '',
      out: [
        'prod',
        '  healthy    Kafka      orders  2 of 2 ready',
        'test',
        '  healthy    Kafka      z       0 of 0 ready',
        '',
        '2 data clusters of context test: 2 healthy.',
        '',
      ].join('\n'),
    });
    expect([directory.isStopped, cluster.isDisposed]).toEqual([true, true]);
  });

  test('names the members of what is not well, and ends with 1', async () => {
    const { cluster, run } = await cli();
    cluster.put(...orders(), broken);
    const { code, out } = await run([]);
    expect(code).toBe(1);
    expect(out).toContain('  unhealthy  Kafka      orders  1 of 2 ready\n    unhealthy  orders-1  not ready\n');
    expect(out).not.toContain('orders-0');
    expect((await run(['--members'])).out).toContain('    healthy    orders-0  ready\n');
  });

  test('colours only where that is wanted', async () => {
    const { cluster, run, harness } = await cli();
    cluster.put(...orders(), broken);
    expect((await run([])).out).not.toContain('\u001B');
    harness.colors = true;
    expect((await run([])).out).toContain('\u001B[31munhealthy\u001B[39m');
  });

  test('keeps to its namespaces and systems', async () => {
    const { cluster, run } = await cli();
    cluster.put(...orders(), workloadManifest('StatefulSet', 'z', { namespace: 'test' }, { replicas: 0 }));
    const { out } = await run(['-n', 'test', '--namespace', 'dev']);
    expect(out).toContain('1 data cluster in test, dev of context test: 1 healthy.');
    expect(out).not.toContain('orders');
    expect(await run(['--system', 'Spark'])).toMatchObject({
      code: 2,
      out: 'No data clusters were found of context test.\n',
    });
  });

  test('names what could not be seen', async () => {
    const { cluster, run } = await cli();
    cluster.put(...orders());
    cluster.isForbidden = ({ resource }) => resource === 'nodes';
    const { code, out } = await run([]);
    expect(code).toBe(0);
    expect(out).toContain('\nNot everything could be seen:\n  cannot list nodes in all namespaces: nodes is forbidden');
  });

  test('asks the systems only when it is told to', async () => {
    const { cluster, run, system } = await cli();
    cluster.put(...orders());
    system.onInspect = async () => ({ askedAt: 0, facts: 'in sync', problems: ['orders-1 did not answer'] });
    expect((await run([])).out).not.toContain('in sync');
    const { out } = await run(['--inside']);
    expect(out).toContain('2 of 2 ready, "in sync"\n    not asked: orders-1 did not answer\n');
  });

  test('prints JSON in its documented shape', async () => {
    const { cluster, run, clock } = await cli();
    cluster.put(...orders(1));
    const { out } = await run(['-o', 'json']);
    expect(clock.waiting).toBe(0);
    expect(JSON.parse(out)).toEqual({
      context: 'test',
      server: 'https://cluster.invalid',
      simulated: false,
      kubernetesVersion: 'v1.34.1',
      namespaces: null,
      clusters: [
        {
          namespace: 'prod',
          system: 'kafka',
          kind: null,
          flavour: 'kubernetes',
          name: 'orders',
          version: '4.1.0',
          level: 'healthy',
          sentence: '1 of 1 ready',
          evidence: [{ level: 'healthy', text: '1 of 1 ready', source: 'kubernetes', member: null, at: null }],
          members: [{ name: 'orders-0', role: 'broker', node: 'node-1', level: 'healthy', sentence: 'ready' }],
          inside: null,
        },
      ],
      limits: [],
      summary: { healthy: 1, done: 0, working: 0, unknown: 0, warning: 0, unhealthy: 0 },
    });
  });

  test('does not take the unknown for good', async () => {
    const { cluster, run, system } = await cli();
    cluster.put(...orders());
    system.remark = () => {
      throw new Error('a bug');
    };
    const { code, err } = await run([]);
    expect(code).toBe(2);
    expect(err).toContain('data-clusters: A data cluster could not be judged: a bug\n');
  });

  test('shows no control characters of a cluster', async () => {
    const { cluster, run, system } = await cli();
    cluster.put(...orders());
    system.remark = () => '\u001B[2J';
    expect((await run([])).out).not.toContain('\u001B');
  });
});

describe('a TrainJob', () => {
  const resource = { group: 'trainer.kubeflow.org', version: 'v1alpha1', plural: 'trainjobs', namespaced: true };
  const bert = {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'TrainJob',
    metadata: { name: 'bert', namespace: 'ml', uid: 'u' },
    spec: { runtimeRef: { name: 'torch' }, suspend: true },
  };

  async function trained(): Promise<Cli> {
    const one = await cli();
    Object.assign(one.harness, { systems: liveSystems });
    one.cluster.serve({ ...resource, kind: 'TrainJob', verbs: ['list', 'watch'], versions: ['v1alpha1'] });
    one.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ml' } }, bert);
    return one;
  }

  test('stands in the column of systems as what it is, and is chosen by the key of its system', async () => {
    const { run } = await trained();
    expect((await run(['--system', 'tfjob'])).out).toMatch(/^ml\n {2}\w+ +TrainJob {3}bert {2}/);
    const { out } = await run(['-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({ clusters: [{ system: 'tfjob', kind: 'TrainJob', name: 'bert' }] });
  });

  test.each([
    ['text', /  gone +ml  TrainJob bert\n/],
    ['json', /"type":"gone","namespace":"ml","system":"tfjob","kind":"TrainJob","name":"bert"/],
  ])('is named so in every line of %s when it goes', async (format, line) => {
    const { cluster, clock, harness, begin } = await trained();
    const { result } = await begin(['--watch', '-o', format]);
    await clock.pass(1000);
    cluster.remove('TrainJob', 'bert', 'ml');
    await clock.pass(1000);
    harness.interrupt();
    expect((await result).out).toMatch(line);
  });
});

describe('a context', () => {
  test('is the current one, or the one that is named', async () => {
    const other = new FakeCluster({ name: 'other', isCurrent: false });
    const { run, directory } = await cli(other);
    other.put(...orders());
    expect((await run(['--context', 'other'])).out).toContain('context other: 1 healthy');
    expect(directory.opened).toEqual(['other']);
  });

  test('that is not there is named, with those that are', async () => {
    const { run, directory } = await cli();
    expect(await run(['--context', 'prod'])).toEqual({
      code: 2,
      out: '',
      err: 'data-clusters: There is no context "prod".\nName one of them with --context: test.\n',
    });
    directory.replace();
    expect((await run([])).err).toMatch(/^data-clusters: No context is chosen\.\nName a kubeconfig file/);
  });

  test('that does not answer ends with 2', async () => {
    const { cluster, run } = await cli();
    cluster.failure = new ClusterProblem('unreachable', 'connection refused\u0007');
    expect(await run([])).toEqual({ code: 2, out: '', err: 'data-clusters: connection refused\uFFFD\n' });
  });

  test('that takes too long ends with 2', async () => {
    const { cluster, run } = await cli();
    cluster.hold('pods');
    const { code, err } = await run(['--timeout', '5'], 5000);
    expect([code, err]).toEqual([
      2,
      'data-clusters: The cluster did not answer within 5 s.\nGive it more time with --timeout.\n',
    ]);
  });
});

describe('status --watch', () => {
  test('prints every change with its time, until it is interrupted', async () => {
    const { cluster, clock, harness, begin } = await cli();
    cluster.put(...orders());
    const { result } = await begin(['--watch']);
    await clock.pass(1000);
    cluster.put(broken);
    await clock.pass(1000);
    cluster.interrupt();
    await clock.pass(1000);
    cluster.recover();
    cluster.remove('StatefulSet', 'orders', 'prod');
    await clock.pass(1000);
    cluster.put(...orders());
    await clock.pass(1000);
    harness.interrupt();
    const { code, out } = await result;
    expect(code).toBe(0);
    expect(out.split('\n').slice(3)).toEqual([
      '1 data cluster of context test: 1 healthy.',
      '2026-01-01T12:00:01.000Z  unhealthy  prod  Kafka orders  1 of 2 ready',
      '2026-01-01T12:00:02.000Z  connection interrupted: The connection was reset.',
      '2026-01-01T12:00:03.000Z  connected again',
      '2026-01-01T12:00:03.000Z  gone       prod  Kafka orders',
      '2026-01-01T12:00:04.000Z  healthy    prod  Kafka orders  2 of 2 ready',
      '',
    ]);
  });

  test('prints an object a line as JSON, and asks the systems again', async () => {
    const { cluster, clock, harness, system, begin } = await cli();
    cluster.put(...orders(1));
    let asked = 0;
    system.onInspect = async () => ({ askedAt: clock.now(), facts: (asked += 1), problems: [] });
    const { result } = await begin(['-w', '-o', 'json', '--inside']);
    await clock.pass(35_000);
    harness.interrupt();
    const lines = (await result).out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines.filter(isObject).map(({ type, sentence }) => `${String(type)} ${String(sentence)}`)).toEqual([
      'cluster 1 of 1 ready, 1',
      'cluster 1 of 1 ready, 2',
      'cluster 1 of 1 ready, 3',
    ]);
  });
});

describe('usage', () => {
  test.each([
    [['x'], 'status takes no "x".'],
    [['--system', 'redis'], 'There is no system "redis".\nUse one of cassandra, kafka, spark, tfjob.'],
    [['-o', 'yaml'], 'The status cannot be printed as "yaml".'],
    [['--timeout', 'soon'], '--timeout cannot be "soon".'],
    [['--all'], 'Unknown option'],
  ])('says what is wrong with %s', async (args, message) => {
    const { code, err } = await (await cli()).run(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('knows every system', () => {
    expect(SYSTEM_IDS).toEqual(systems.map(({ id }) => id));
  });

  test('has help that names every option', async () => {
    const { out, code } = await (await cli()).run(['--help']);
    expect(code).toBe(0);
    for (const option of [
      'context',
      'kubeconfig',
      'namespace',
      'system',
      'inside',
      'timeout',
      'output',
      'members',
      'watch',
    ]) {
      expect(out).toContain(`--${option} `);
    }
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
