import { renderAbsent, renderDetail } from '#core/live/detail/render.ts';
import type { DetailElement } from '#core/live/detail/html.ts';
import type { FailureLines } from '#core/live/detail/storyView.ts';
import { decidingFailure } from '#core/live/jobs/decidingLog.ts';
import { tellingLines } from '#core/live/jobs/tellingLines.ts';
import { readLog } from '#core/live/logs/readLog.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type Stoppable } from '#core/live/ports.ts';
import type { ContextWatch, JudgedCluster } from '#core/live/view.ts';

/** Lines of the end of a log that are looked at. */
const FAILURE_LINES = 5_000;

export interface FeedOptions {
  readonly context: string;
  readonly isDemo: boolean;
  /** Of the data cluster. */
  readonly key: string;
  readonly watch: ContextWatch;
  /** Whose logs can be read; undefined when none can. */
  readonly cluster: Pick<Cluster, 'logs'> | undefined;
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
  #failure: FailureLines | undefined;
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
    return renderDetail({
      judged,
      context,
      isDemo,
      events: this.#events,
      story: watch.story(this.#options.key, this.#events ?? []),
      failure: this.#failureOf(judged),
      interruption,
      now: now(),
    });
  }

  /** Asks the system itself, now. */
  inspect(): Promise<void> {
    return this.#options.watch.inspect(this.#options.key);
  }

  /** Reads the log of what failed last. Resolves also when it cannot be read, which is shown. */
  async readFailure(): Promise<void> {
    const judged = this.#judged();
    const log = judged && failureLogOf(judged);
    const { cluster, changed } = this.#options;
    if (!judged || !log || !cluster) return;
    const { pod, container, previous } = log;
    this.#failure = { kind: 'reading', pod };
    changed();
    const { namespace } = judged.cluster;
    this.#failure = await readLog(cluster, { namespace, pod, container, previous, tailLines: FAILURE_LINES }).then(
      (lines) => ({ kind: 'read', pod, ...tellingLines(lines) }) as const,
      (error: unknown) => {
        if (!(error instanceof ClusterProblem)) throw error;
        return { kind: 'unread', pod, reason: error.message } as const;
      },
    );
    changed();
  }

  stop(): void {
    for (const stoppable of this.#stops) stoppable.stop();
  }

  /** What was read of another pod than the one that failed last says nothing of it. */
  #failureOf(judged: JudgedCluster): FailureLines | undefined {
    const log = failureLogOf(judged);
    if (log === undefined) return undefined;
    return this.#failure?.pod === log.pod ? this.#failure : { kind: 'unasked', pod: log.pod };
  }

  #judged(): JudgedCluster | undefined {
    return this.#options.watch.view.clusters.find(({ cluster }) => cluster.key === this.#options.key);
  }
}

/** Only jobs end: what keeps running is looked at by following its log. */
function failureLogOf({ cluster }: JudgedCluster): ReturnType<typeof decidingFailure> {
  return cluster.system === 'spark' || cluster.system === 'tfjob' ? decidingFailure(cluster) : undefined;
}

function absence({ view }: ContextWatch, context: string): string {
  if (view.phase === 'connecting') return `${context} is being read.`;
  if (view.phase === 'failed') return `${context} cannot be reached. ${view.problem?.message ?? ''}`;
  return `It is not in ${context} any more, or may not be read.`;
}
