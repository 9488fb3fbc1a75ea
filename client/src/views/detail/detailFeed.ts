import { renderAbsent, renderDetail } from '#core/live/detail/render.ts';
import type { DetailElement } from '#core/live/detail/html.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import type { Stoppable } from '#core/live/ports.ts';
import type { ContextWatch, JudgedCluster } from '#core/live/view.ts';

export interface FeedOptions {
  readonly context: string;
  readonly isDemo: boolean;
  /** Of the data cluster. */
  readonly key: string;
  readonly watch: ContextWatch;
  readonly now: () => number;
  /** The system is asked again this often. */
  readonly inspectEveryMs: number;
  /** Something that is shown has changed. */
  readonly changed: () => void;
}

/** What one detail view shows, kept up to date from one watch until it is stopped. */
export class DetailFeed implements Stoppable {
  readonly #options: FeedOptions;
  readonly #stops: readonly Stoppable[];
  #events: readonly LiveEvent[] | undefined;
  #name: string;

  constructor(options: FeedOptions) {
    const { watch, key, changed, inspectEveryMs } = options;
    this.#options = options;
    this.#name = this.#judged()?.cluster.name ?? key.split('/').at(-1) ?? key;
    this.#stops = [
      watch.onDidChange(({ keys, rest }) => {
        if (rest || keys.has(key)) changed();
      }),
      watch.watchEvents(key, (events) => {
        this.#events = events;
        changed();
      }),
      watch.keepInspecting(key, inspectEveryMs),
    ];
  }

  /** The page as it should be now. */
  render(): DetailElement {
    const { context, isDemo, watch, now } = this.#options;
    const judged = this.#judged();
    if (judged === undefined) return renderAbsent(this.#name, absence(watch, context));
    this.#name = judged.cluster.name;
    const { phase, problem } = watch.view;
    const interruption =
      phase === 'interrupted' || phase === 'failed' ? (problem?.message ?? 'The reason is not known.') : '';
    return renderDetail({ judged, context, isDemo, events: this.#events, interruption, now: now() });
  }

  /** Asks the system itself, now. */
  inspect(): Promise<void> {
    return this.#options.watch.inspect(this.#options.key);
  }

  stop(): void {
    for (const stoppable of this.#stops) stoppable.stop();
  }

  #judged(): JudgedCluster | undefined {
    return this.#options.watch.view.clusters.find(({ cluster }) => cluster.key === this.#options.key);
  }
}

function absence({ view }: ContextWatch, context: string): string {
  if (view.phase === 'connecting') return `${context} is being read.`;
  if (view.phase === 'failed') return `${context} cannot be reached. ${view.problem?.message ?? ''}`;
  return `It is not in ${context} any more, or may not be read.`;
}
