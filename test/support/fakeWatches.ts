import type { StoryMoment } from '#core/live/model.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import type { Cluster, ClusterDirectory, ContextSummary, Stoppable } from '#core/live/ports.ts';
import type { ContextChange, ContextView, ContextWatch } from '#core/live/view.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';

/** A watch that shows what a test gives to it and notes what it is asked for. */
export class FakeWatch implements ContextWatch {
  readonly context: string;
  view: ContextView;
  isStopped = false;
  readonly asking: string[] = [];
  readonly inspected: string[] = [];
  readonly ready = Promise.resolve();
  readonly others = { claims: [], secrets: [] };
  readonly #listeners = new Set<(change: ContextChange) => void>();
  readonly #events = new Map<string, (events: readonly LiveEvent[]) => void>();

  constructor(context: string, view: ContextView) {
    this.context = context;
    this.view = view;
  }

  get listening(): readonly string[] {
    return [...this.#events.keys()];
  }

  change(view: ContextView, keys: readonly string[]): void {
    this.view = view;
    for (const listener of this.#listeners) listener({ keys: new Set(keys), rest: true });
  }

  tellEvents(key: string, events: readonly LiveEvent[]): void {
    this.#events.get(key)?.(events);
  }

  onDidChange(listener: (change: ContextChange) => void): Stoppable {
    this.#listeners.add(listener);
    return { stop: () => void this.#listeners.delete(listener) };
  }

  async inspect(key: string): Promise<void> {
    this.inspected.push(key);
  }

  keepInspecting(key: string): Stoppable {
    this.asking.push(key);
    return { stop: () => void this.asking.splice(this.asking.indexOf(key), 1) };
  }

  isGone(): boolean {
    return false;
  }

  readonly stories = new Map<string, readonly StoryMoment[]>();

  story(key: string): readonly StoryMoment[] {
    return this.stories.get(key) ?? [];
  }

  watchEvents(key: string, listener: (events: readonly LiveEvent[]) => void): Stoppable {
    this.#events.set(key, listener);
    return { stop: () => void this.#events.delete(key) };
  }

  stop(): void {
    this.isStopped = true;
  }
}

export interface SummaryDirectory extends ClusterDirectory {
  readonly opened: readonly string[];
  readonly isStopped: boolean;
  replace(summaries: readonly ContextSummary[]): void;
  refuse(context: string, problem: Error | undefined): void;
  failReading(error: Error): void;
  /** As if the files said something else that summaries do not tell. */
  endConnections(): void;
}

/** A directory of contexts whose clusters nobody asks anything. */
export function fakeDirectory(first: readonly ContextSummary[]): SummaryDirectory {
  return new TableDirectory(first);
}

class TableDirectory implements SummaryDirectory {
  readonly opened: string[] = [];
  isStopped = false;
  #summaries: readonly ContextSummary[];
  #failure: Error | undefined;
  readonly #clusters = new Map<string, Cluster>();
  readonly #refusals = new Map<string, Error>();
  readonly #listeners = new Set<() => void>();

  constructor(summaries: readonly ContextSummary[]) {
    this.#summaries = summaries;
  }

  async contexts(): Promise<readonly ContextSummary[]> {
    if (this.#failure) throw this.#failure;
    return this.#summaries;
  }

  replace(summaries: readonly ContextSummary[]): void {
    this.#summaries = summaries;
    for (const listener of this.#listeners) listener();
  }

  refuse(context: string, problem: Error | undefined): void {
    if (problem) this.#refusals.set(context, problem);
    else this.#refusals.delete(context);
  }

  failReading(error: Error): void {
    this.#failure = error;
  }

  onDidChange(listener: () => void): Stoppable {
    this.#listeners.add(listener);
    return { stop: () => void this.#listeners.delete(listener) };
  }

  async open(context: string): Promise<Cluster> {
    this.opened.push(context);
    const refusal = this.#refusals.get(context);
    if (refusal) throw refusal;
    const summary = this.#summaries.find(({ name }) => name === context);
    if (!summary) throw new Error(`There is no context ${context}.`);
    const known = this.#clusters.get(context);
    if (known) return known;
    const cluster = new FakeCluster(summary);
    this.#clusters.set(context, cluster);
    return cluster;
  }

  endConnections(): void {
    this.#clusters.clear();
    for (const listener of this.#listeners) listener();
  }

  stop(): void {
    this.isStopped = true;
  }
}
