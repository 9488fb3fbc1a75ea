import type { Cluster } from '#core/live/ports.ts';
import { clusterTitle } from '#core/live/tree/titles.ts';
import type { ContextView, ContextWatch, JudgedCluster } from '#core/live/view.ts';
import { clusterJson, goneJson, isoTime } from '#server/cli/status/json.ts';
import { levelWord } from '#server/cli/status/levels.ts';
import type { StatusOptions } from '#server/cli/status/parseStatus.ts';
import { wantedClusters, writeStatus } from '#server/cli/status/report.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** How often the systems themselves are asked again. */
const ASK_EVERY_MS = 30_000;

type Change =
  | { readonly type: 'cluster'; readonly judged: JudgedCluster }
  | { readonly type: 'gone'; readonly judged: JudgedCluster }
  | { readonly type: 'connection'; readonly view: ContextView };

/** Prints what is so, then every change until the user interrupts: a line each, with its time. */
export async function followChanges(
  watch: ContextWatch,
  cluster: Cluster,
  options: StatusOptions,
  world: CliWorld,
): Promise<void> {
  const { terminal, clusters } = world;
  const follower = new Follower(watch, options);
  const print = (change: Change): void => {
    const time = isoTime(clusters.clock.now());
    terminal.out(options.format === 'json' ? jsonLine(time, change) : textLine(time, change, terminal.colors));
  };
  const first = follower.changes();
  if (options.format === 'json') first.forEach(print);
  else terminal.out(writeStatus(watch.view, cluster.context, options, terminal.colors));
  const listening = watch.onDidChange(() => follower.changes().forEach(print));
  await new Promise<void>((resolve) => terminal.onInterrupt(resolve));
  listening.stop();
  follower.stop();
}

/** What has changed for a reader since the last look: a level or a sentence, not every object behind it. */
class Follower {
  private readonly watch: ContextWatch;
  private readonly options: StatusOptions;
  private known = new Map<string, JudgedCluster>();
  private phase: ContextView['phase'];
  private readonly asking = new Map<string, { stop(): void }>();

  constructor(watch: ContextWatch, options: StatusOptions) {
    this.watch = watch;
    this.options = options;
    this.phase = watch.view.phase;
  }

  changes(): readonly Change[] {
    const { view } = this.watch;
    const now = new Map(wantedClusters(view, this.options.systems).map((judged) => [judged.cluster.key, judged]));
    const gone = [...this.known].filter(([key]) => !now.has(key)).map(([, judged]) => judged);
    const told = [...now].filter(([key, judged]) => isNews(this.known.get(key), judged)).map(([, judged]) => judged);
    const isOther = view.phase !== this.phase;
    this.known = now;
    this.phase = view.phase;
    if (this.options.inside) this.askAgain(now);
    return [
      ...(isOther ? [{ type: 'connection', view } as const] : []),
      ...gone.map((judged) => ({ type: 'gone', judged }) as const),
      ...told.map((judged) => ({ type: 'cluster', judged }) as const),
    ];
  }

  stop(): void {
    for (const asking of this.asking.values()) asking.stop();
  }

  private askAgain(clusters: ReadonlyMap<string, JudgedCluster>): void {
    for (const [key, asking] of this.asking) {
      if (clusters.has(key)) continue;
      asking.stop();
      this.asking.delete(key);
    }
    for (const key of clusters.keys()) {
      if (!this.asking.has(key)) this.asking.set(key, this.watch.keepInspecting(key, ASK_EVERY_MS));
    }
  }
}

function isNews(before: JudgedCluster | undefined, now: JudgedCluster): boolean {
  return before?.health.level !== now.health.level || before.health.sentence !== now.health.sentence;
}

function textLine(time: string, change: Change, hasColors: boolean): string {
  if (change.type === 'connection') return `${time}  ${connectionText(change.view)}\n`;
  const { cluster, health } = change.judged;
  const what = `${cluster.namespace}  ${clusterTitle(cluster)} ${cluster.name}`;
  const word = change.type === 'gone' ? 'gone     ' : levelWord(health.level, hasColors);
  const sentence = change.type === 'gone' ? '' : `  ${printable(health.sentence)}`;
  return `${time}  ${word}  ${printable(what)}${sentence}\n`;
}

function connectionText({ phase, problem }: ContextView): string {
  const reason = problem ? `: ${printable(problem.message)}` : '';
  if (phase === 'live') return 'connected again';
  return phase === 'failed' ? `no connection any more${reason}` : `connection interrupted${reason}`;
}

function jsonLine(time: string, change: Change): string {
  const { type } = change;
  if (type === 'connection') {
    const { phase, problem } = change.view;
    return `${JSON.stringify({ time, type, phase, problem: problem?.message ?? null })}\n`;
  }
  const rest = type === 'gone' ? goneJson(change.judged) : clusterJson(change.judged);
  return `${JSON.stringify({ time, type, ...rest })}\n`;
}
