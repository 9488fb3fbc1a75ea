import { describe, expect, test } from 'vitest';
import { textOf } from '#core/live/detail/html.ts';
import type { StoryMoment } from '#core/live/model.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { ContextChange, ContextView, ContextWatch, JudgedCluster } from '#core/live/view.ts';
import { DetailFeed } from '#client/views/detail/detailFeed.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { gatherFailedDriver } from '#test/support/failedDriver.ts';
import { eventWith, judgedWith, NOW } from '#test/core/live/detail/fixtures.ts';

const KEY = 'kafka/shop/orders';

class FakeWatch implements ContextWatch {
  readonly ready = Promise.resolve();
  readonly others = { claims: [], secrets: [] };
  readonly inspected: string[] = [];
  listening = 0;
  moments: readonly StoryMoment[] = [];
  view: ContextView;
  #changed: ((change: ContextChange) => void) | undefined;
  #events: ((events: readonly LiveEvent[]) => void) | undefined;

  constructor(clusters: readonly JudgedCluster[]) {
    this.view = {
      phase: 'live',
      problem: undefined,
      version: undefined,
      namespaces: undefined,
      clusters,
      releases: [],
      operators: [],
      definitions: [],
      limits: [],
    };
  }

  become(view: Partial<ContextView>, change: ContextChange): void {
    this.view = { ...this.view, ...view };
    this.#changed?.(change);
  }

  tell(events: readonly LiveEvent[]): void {
    this.#events?.(events);
  }

  onDidChange(listener: (change: ContextChange) => void): { stop(): void } {
    this.#changed = listener;
    return this.#listen();
  }

  story(): readonly StoryMoment[] {
    return this.moments;
  }

  watchEvents(_key: string, listener: (events: readonly LiveEvent[]) => void): { stop(): void } {
    this.#events = listener;
    return this.#listen();
  }

  keepInspecting(): { stop(): void } {
    return this.#listen();
  }

  inspect(key: string): Promise<void> {
    this.inspected.push(key);
    return Promise.resolve();
  }

  isGone(): boolean {
    return false;
  }

  stop(): void {}

  #listen(): { stop(): void } {
    this.listening++;
    return { stop: () => void this.listening-- };
  }
}

function feedOf(
  watch: FakeWatch,
  key = KEY,
  cluster?: FakeCluster,
): { readonly feed: DetailFeed; readonly changes: () => number } {
  let count = 0;
  const feed = new DetailFeed({
    context: 'production',
    isDemo: false,
    key,
    watch,
    cluster,
    now: () => NOW,
    inspectEveryMs: 1000,
    changed: () => void count++,
  });
  return { feed, changes: () => count };
}

test('shows its cluster, and changes with it and with nothing else', async () => {
  const watch = new FakeWatch([judgedWith([])]);
  const { feed, changes } = feedOf(watch);
  expect(textOf(feed.render())).toContain('orders');
  watch.become({}, { keys: new Set(['kafka/shop/other']), rest: false });
  expect(changes()).toBe(0);
  watch.become({}, { keys: new Set([KEY]), rest: false });
  expect(changes()).toBe(1);
  expect(textOf(feed.render())).toContain('Events are being read.');
  watch.tell([eventWith({ message: 'it was killed' })]);
  expect(changes()).toBe(2);
  expect(textOf(feed.render())).toContain('it was killed');
  await feed.inspect();
  expect(watch.inspected).toEqual([KEY]);
});

test('says why it shows nothing, or something old', () => {
  const watch = new FakeWatch([judgedWith([])]);
  const { feed } = feedOf(watch);
  const problem = new ClusterProblem('unreachable', 'The connection was reset.');
  watch.become({ phase: 'interrupted', problem }, { keys: new Set(), rest: true });
  expect(textOf(feed.render())).toContain('this may be old. The connection was reset.');
  watch.become({ phase: 'live', clusters: [] }, { keys: new Set([KEY]), rest: false });
  expect(textOf(feed.render())).toBe('orders It is not in production any more, or may not be read.');
});

test('stops all that it has begun', () => {
  const watch = new FakeWatch([]);
  const { feed } = feedOf(watch);
  expect(watch.listening).toBe(3);
  feed.stop();
  expect(watch.listening).toBe(0);
});

describe('a job that failed', () => {
  const judged = gatherFailedDriver();
  const { key } = judged.cluster;

  test('tells its story', () => {
    const watch = new FakeWatch([judged]);
    watch.moments = [
      { at: NOW - 60_000, level: 'unhealthy', text: 'driver ended with exit code 1', source: 'kubernetes' },
      { at: NOW + 40_000, level: 'working', text: 'to be run again', source: 'operator', isAhead: true },
    ];
    const page = textOf(feedOf(watch, key).feed.render());
    expect(page).toMatch(/Story .*60 s ago .*Unhealthy .*driver ended with exit code 1 .*in 40 s .*to be run again/);
  });

  test('shows the lines that matter of its log once somebody asks', async () => {
    const cluster = new FakeCluster();
    const asked: string[] = [];
    cluster.onLogs = ({ pod, container, follow }, handlers) => {
      asked.push(`${pod} ${container} ${String(follow)}`);
      handlers.lines(['2026-01-01T12:00:00Z ERROR Scores: no\u001b[1m table', '2026-01-01T12:00:01Z INFO bye']);
      handlers.ended(undefined);
    };
    const { feed, changes } = feedOf(new FakeWatch([judged]), key, cluster);
    expect(textOf(feed.render())).toContain('The log of daily-report-driver, which failed, has not been read.');
    expect(asked).toEqual([]);
    await feed.readFailure();
    expect(asked).toEqual(['daily-report-driver spark-kubernetes-driver false']);
    expect(changes()).toBe(2);
    const page = textOf(feed.render());
    expect(page).toContain('ERROR Scores: no [1m table');
    expect(page).not.toContain('bye');
  });

  test('says so where its log may not be read', async () => {
    const cluster = new FakeCluster();
    cluster.onLogs = (_, handlers) => handlers.ended(new ClusterProblem('forbidden', 'pods/log is forbidden.'));
    const { feed } = feedOf(new FakeWatch([judged]), key, cluster);
    await feed.readFailure();
    expect(textOf(feed.render())).toContain('The log of daily-report-driver could not be read: pods/log is forbidden.');
  });

  test('has nothing to read where nothing failed', async () => {
    const { feed, changes } = feedOf(new FakeWatch([judgedWith([])]), KEY, new FakeCluster());
    await feed.readFailure();
    expect(changes()).toBe(0);
    expect(textOf(feed.render())).not.toContain('What the log says');
  });
});
