import { describe, expect, it } from 'vitest';
import { operations } from '#core/systems/operations.ts';
import { meta } from '#test/support/liveObjects.ts';
import { COLLAPSED_STOP_MS } from '#client/live/knownContext.ts';
import { LiveContexts, type LiveHost } from '#client/live/liveContexts.ts';
import type { LiveModule } from '#client/live/liveModule.ts';
import { readLiveSettings, type LiveSettings } from '#core/live/liveSettings.ts';
import { ClusterProblem, type ContextSummary, type DirectoryOptions } from '#core/live/ports.ts';
import { NO_OPERATIONS } from '#core/operations/shownRun.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { fakeDirectory, FakeWatch } from '#test/support/fakeWatches.ts';
import { clusterOf, judged, summaryOf, viewOf } from '#test/support/liveViews.ts';

const plain = readLiveSettings({}, { protectedContexts: [], readOnlyContexts: [] }).settings;

/** An editor with contexts, which counts what it is asked for. */
class Stage {
  readonly clock = new FakeClock();
  readonly watches: FakeWatch[] = [];
  readonly directory = fakeDirectory(['shop', 'test'].map((name) => summaryOf(name)));
  readonly errors: string[] = [];
  settings: LiveSettings = plain;
  isTrusted = true;
  loads = 0;
  options: DirectoryOptions | undefined;
  namespaces: (readonly string[] | undefined)[] = [];
  changes = 0;
  readonly inUse = new Set<string>();
  readonly contexts: LiveContexts;

  constructor() {
    const host: LiveHost = {
      load: () => this.#module(),
      settings: () => this.settings,
      isTrusted: () => this.isTrusted,
      environment: { HOME: '/home/ann' },
      clock: this.clock,
      log: { error: (text) => this.errors.push(text), warn: ignore, info: ignore, debug: ignore },
      onLoginMessage: ignore,
      isInUse: (name) => this.inUse.has(name),
      operations: () => NO_OPERATIONS,
    };
    this.contexts = new LiveContexts(host);
    this.contexts.onDidChange(() => (this.changes += 1));
  }

  state(name: string) {
    return this.contexts.contexts.find(({ summary }) => summary.name === name);
  }

  #module(): LiveModule {
    this.loads += 1;
    return {
      createClusterDirectory: (options) => {
        this.options = options;
        return this.directory;
      },
      createDemoDirectory: () => fakeDirectory([summaryOf('Simulation', { isDemo: true })]),
      watchContext: (cluster, { namespaces }) => {
        this.namespaces.push(namespaces);
        const watch = new FakeWatch(cluster.context.name, viewOf([judged(clusterOf('orders'))]));
        this.watches.push(watch);
        return watch;
      },
      operations,
      askableSystems: ['kafka'],
    };
  }
}

function ignore(): void {
  // Nobody listens.
}

describe('contexts of an editor', () => {
  it('are not read, and nothing is loaded, before somebody looks', () => {
    const stage = new Stage();
    expect([stage.loads, stage.contexts.state, stage.contexts.contexts]).toEqual([0, 'unread', []]);
  });

  it('are read without contacting anything', async () => {
    const stage = new Stage();
    stage.settings = { ...plain, kubeconfig: ['/home/ann/other'] };
    await stage.contexts.open();
    await stage.contexts.open();
    expect(stage.loads).toBe(1);
    expect(stage.options?.kubeconfigPaths()).toEqual(['/home/ann/other']);
    expect(stage.contexts.contexts.map(({ connection }) => connection)).toEqual(['closed', 'closed']);
    expect(stage.directory.opened).toEqual([]);
    expect(stage.contexts.state).toBe('read');
  });

  it('are left alone in a workspace that is not trusted', async () => {
    const stage = new Stage();
    stage.isTrusted = false;
    await stage.contexts.open();
    await stage.contexts.refresh();
    expect([stage.loads, stage.contexts.state]).toEqual([0, 'unread']);
    expect(await stage.contexts.openDemo()).toEqual(['Simulation']);
    stage.isTrusted = true;
    await stage.contexts.open();
    stage.isTrusted = false;
    await expect(stage.contexts.connect('shop')).rejects.toThrow('not trusted');
    expect(stage.directory.opened).toEqual([]);
  });

  it('are connected one by one, several at once, each once', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    const [first, again] = await Promise.all([stage.contexts.connect('shop'), stage.contexts.connect('shop')]);
    expect(again).toBe(first);
    await stage.contexts.connect('test');
    expect(stage.directory.opened).toEqual(['shop', 'test']);
    expect(stage.state('shop')).toMatchObject({ connection: 'open' });
    expect(stage.state('shop')?.view?.clusters).toHaveLength(1);
  });

  it('get the namespaces and the protection that settings give them', async () => {
    const stage = new Stage();
    stage.settings = { ...plain, namespaces: { 'sh*': ['a'] }, protectedContexts: ['shop'], readOnlyContexts: ['t*'] };
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    await stage.contexts.connect('test');
    expect(stage.namespaces).toEqual([['a'], undefined]);
    expect(stage.state('shop')).toMatchObject({ isProtected: true, isReadOnly: false });
    expect(stage.state('test')).toMatchObject({ isProtected: false, isReadOnly: true });
    stage.settings = plain;
    await stage.contexts.settingsChanged();
    expect(stage.state('shop')).toMatchObject({ isProtected: false });
  });

  it('say why they cannot be connected', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    stage.directory.refuse('shop', new ClusterProblem('configuration', 'The user ann has no login.'));
    await expect(stage.contexts.connect('shop')).rejects.toThrow('The user ann has no login.');
    expect(stage.state('shop')).toMatchObject({ connection: 'closed', problem: 'The user ann has no login.' });
    stage.directory.refuse('shop', undefined);
    await stage.contexts.connect('shop');
    expect(stage.state('shop')).toMatchObject({ connection: 'open', problem: undefined });
  });
});

describe('a connection', () => {
  it('ends when the row was closed for long, and not when it is opened again', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    stage.contexts.collapse('shop');
    stage.clock.advance(COLLAPSED_STOP_MS - 1);
    await stage.contexts.connect('shop');
    stage.clock.advance(COLLAPSED_STOP_MS);
    expect(stage.state('shop')?.connection).toBe('open');
    stage.contexts.collapse('shop');
    stage.clock.advance(COLLAPSED_STOP_MS);
    expect(stage.state('shop')).toMatchObject({ connection: 'closed', view: undefined });
    expect(stage.watches.map(({ isStopped }) => isStopped)).toEqual([true]);
  });

  it('stays while something else shows what is watched, however long the row is closed', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    stage.inUse.add('shop');
    stage.contexts.collapse('shop');
    stage.clock.advance(3 * COLLAPSED_STOP_MS);
    expect(stage.state('shop')?.connection).toBe('open');
    stage.inUse.clear();
    stage.clock.advance(COLLAPSED_STOP_MS);
    expect(stage.state('shop')?.connection).toBe('closed');
  });

  it('that is ended while it is being made stays ended', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    const connecting = stage.contexts.connect('shop');
    stage.contexts.disconnect('shop');
    await expect(connecting).rejects.toThrow('disconnected meanwhile');
    expect(stage.state('shop')?.connection).toBe('closed');
    expect(stage.watches).toEqual([]);
  });

  it('tells its changes together and its details at once', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    stage.clock.advance(1000);
    const before = stage.changes;
    const told: string[] = [];
    stage.contexts.onDidChangeContext((context, { keys }) => told.push(context, ...keys));
    stage.watches[0]?.change(viewOf([]), ['kafka/prod/orders']);
    stage.watches[0]?.change(viewOf([]), ['kafka/prod/orders']);
    expect(told).toEqual(['shop', 'kafka/prod/orders', 'shop', 'kafka/prod/orders']);
    expect(stage.changes).toBe(before);
    stage.clock.advance(100);
    expect(stage.changes).toBe(before + 1);
    expect(stage.state('shop')?.view?.clusters).toEqual([]);
  });

  it('tells the first change after a quiet time in the next turn, and those after it together', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    stage.clock.advance(1000);
    const before = stage.changes;
    const change = (): void => stage.watches[0]?.change(viewOf([]), ['kafka/prod/orders']);
    change();
    stage.clock.advance(0);
    expect(stage.changes).toBe(before + 1);
    for (let passed = 0; passed < 39; passed += 13) {
      change();
      stage.clock.advance(13);
    }
    expect(stage.changes).toBe(before + 1);
    stage.clock.advance(1);
    expect(stage.changes).toBe(before + 2);
  });

  it('is made again by a refresh when it failed', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    stage.watches[0]?.change(viewOf([], { phase: 'failed' }), []);
    await stage.contexts.refresh();
    await stage.clock.pass();
    expect(stage.watches.map(({ isStopped }) => isStopped)).toEqual([true, false]);
  });
});

describe('changed kubeconfig files', () => {
  const change = async (stage: Stage, summaries: readonly ContextSummary[]): Promise<void> => {
    stage.directory.replace(summaries);
    await stage.clock.pass(100);
  };

  it('bring new contexts and take away those nobody watches', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await change(stage, [summaryOf('new'), summaryOf('shop')]);
    expect(stage.contexts.contexts.map(({ summary }) => summary.name).toSorted()).toEqual(['new', 'shop']);
  });

  it('leave a watched context that is gone as gone, until a refresh', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    await change(stage, [summaryOf('test')]);
    expect(stage.state('shop')).toMatchObject({ isVanished: true, connection: 'closed' });
    expect(stage.watches[0]?.isStopped).toBe(true);
    await stage.contexts.refresh();
    expect(stage.state('shop')).toBeUndefined();
  });

  it('connect a context anew when it means another cluster, and only then', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    await change(stage, [summaryOf('shop', { isCurrent: true }), summaryOf('test')]);
    expect(stage.watches.map(({ isStopped }) => isStopped)).toEqual([false]);
    await change(stage, [summaryOf('shop', { server: 'https://192.0.2.2' }), summaryOf('test')]);
    expect(stage.watches.map(({ isStopped }) => isStopped)).toEqual([true, false]);
  });

  it('connect a context anew when its connection was ended with them', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    await stage.contexts.connect('shop');
    stage.directory.endConnections();
    await stage.clock.pass(100);
    expect(stage.watches.map(({ isStopped }) => isStopped)).toEqual([true, false]);
    expect(stage.state('test')?.connection).toBe('closed');
  });

  it('never let a simulation stand for a cluster of its name', async () => {
    const stage = new Stage();
    await stage.contexts.openDemo();
    await stage.contexts.open();
    await change(stage, [summaryOf('Simulation'), summaryOf('shop')]);
    expect(stage.state('Simulation')).toMatchObject({ summary: { isDemo: true } });
    expect(stage.directory.opened).toEqual([]);
  });

  it('that cannot be read are logged', async () => {
    const stage = new Stage();
    stage.directory.failReading(new Error('broken'));
    await stage.contexts.open();
    expect(stage.errors).toEqual(['Contexts could not be read.']);
    expect(stage.contexts.state).toBe('read');
  });
});

describe('a system', () => {
  it('is asked as long as one reason holds', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    const opened = await stage.contexts.connect('shop');
    const key = 'kafka/prod/orders';
    opened.keepAsking(key, 'expanded');
    opened.keepAsking(key, 'user');
    opened.stopAsking(key, 'expanded');
    expect(stage.state('shop')?.asked).toEqual(new Set([key]));
    expect(stage.watches[0]?.asking).toEqual([key]);
    opened.stopAsking(key, 'user');
    expect(stage.state('shop')?.asked).toEqual(new Set());
    expect(stage.watches[0]?.asking).toEqual([]);
  });

  it('has events while somebody looks at them', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    const opened = await stage.contexts.connect('shop');
    const key = 'kafka/prod/orders';
    opened.showEvents(key);
    opened.showEvents(key);
    expect(stage.watches[0]?.listening).toEqual([key]);
    expect(stage.state('shop')?.events.get(key)).toBeUndefined();
    stage.watches[0]?.tellEvents(key, []);
    expect(stage.state('shop')?.events.get(key)).toEqual([]);
    opened.hideEvents(key);
    expect(stage.watches[0]?.listening).toEqual([]);
  });

  it('is asked no more, and nothing else goes on, when everything stops', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    const opened = await stage.contexts.connect('shop');
    opened.keepAsking('a', 'user');
    opened.showEvents('a');
    stage.contexts.collapse('shop');
    stage.contexts.stop();
    expect(stage.watches[0]).toMatchObject({ isStopped: true, asking: [], listening: [] });
    expect(stage.directory.isStopped).toBe(true);
    expect(stage.clock.waiting).toBe(0);
  });
});

describe('operations of a job', () => {
  const custom = {
    kind: 'Custom',
    group: 'kubeflow.org',
    version: 'v1',
    customKind: 'TFJob',
    spec: {},
    status: {},
  } as const;
  const resource = { ...custom, meta: meta('mnist') };
  const job = clusterOf('mnist', { system: 'tfjob', key: 'tfjob/prod/mnist', resource, workloads: [] });

  it('are in its menu under their true names, and the others name those', async () => {
    const { contexts } = new Stage();
    expect(contexts.offers(job)).toEqual([]);
    await contexts.open();
    const offered = contexts.offers({ ...job });
    expect(offered).toContain('suspend');
    expect(offered).not.toContain('unsuspend');
    expect(offered).not.toContain('rebalance');
    expect(contexts.instead(job, 'rebalance')).toContain('Change Workers');
    expect(contexts.instead(job, 'unsuspend')).toBeUndefined();
    expect(contexts.instead(clusterOf('orders'), 'restart')).toBeUndefined();
  });
});
