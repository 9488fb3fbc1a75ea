import { expect, test } from 'vitest';
import { textOf } from '#core/live/detail/html.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { ContextChange, ContextView, ContextWatch, JudgedCluster } from '#core/live/view.ts';
import { DetailFeed } from '#client/views/detail/detailFeed.ts';
import { eventWith, judgedWith, NOW } from '#test/core/live/detail/fixtures.ts';

const KEY = 'kafka/shop/orders';

class FakeWatch implements ContextWatch {
  readonly ready = Promise.resolve();
  readonly others = { claims: [], secrets: [] };
  readonly inspected: string[] = [];
  listening = 0;
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

  stop(): void {}

  #listen(): { stop(): void } {
    this.listening++;
    return { stop: () => void this.listening-- };
  }
}

function feedOf(watch: FakeWatch): { readonly feed: DetailFeed; readonly changes: () => number } {
  let count = 0;
  const feed = new DetailFeed({
    context: 'production',
    isDemo: false,
    key: KEY,
    watch,
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
