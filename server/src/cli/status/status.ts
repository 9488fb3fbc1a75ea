import type { HealthLevel } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { watchContext } from '#core/live/session.ts';
import type { ContextWatch, JudgedCluster } from '#core/live/view.ts';
import type { Log } from '#core/ports.ts';
import { EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS } from '#server/cli/errors.ts';
import { followChanges } from '#server/cli/status/follow.ts';
import { asCliError, openContext, terminalLog } from '#server/cli/status/openContext.ts';
import type { StatusOptions } from '#server/cli/status/parseStatus.ts';
import { readFirst } from '#server/cli/status/readFirst.ts';
import { writeStatus } from '#server/cli/status/report.ts';
import type { CliWorld } from '#server/cli/world.ts';

/** Systems that are asked at the same time. */
const QUESTIONS = 4;

/** Runs `data-clusters status` and returns its exit code. @throws CliError for what keeps it from telling anything */
export async function status(options: StatusOptions, world: CliWorld): Promise<number> {
  const log = terminalLog(world);
  const { kubeconfigs, watch: watchFiles } = options;
  const directory = world.clusters.openDirectory({ kubeconfigs, watchFiles, log });
  try {
    const cluster = await openContext(directory, options.context);
    return await watchCluster(cluster, options, world, log);
  } catch (error) {
    throw error instanceof ClusterProblem ? asCliError(error) : error;
  } finally {
    directory.stop();
  }
}

async function watchCluster(cluster: Cluster, options: StatusOptions, world: CliWorld, log: Log): Promise<number> {
  const { clock, systems } = world.clusters;
  const { namespaces } = options;
  const watch = watchContext(cluster, {
    clock,
    log,
    systems,
    ...(namespaces.length === 0 ? {} : { namespaces, isOnlyThose: true }),
  });
  try {
    await readFirst(watch, options.timeoutMs, clock);
    if (options.inside) await askInside(watch, options);
    if (options.watch) await followChanges(watch, cluster, options, world);
    else world.terminal.out(writeStatus(watch.view, cluster.context, options, world.terminal.colors));
    return exitCode(watch, options);
  } finally {
    watch.stop();
    cluster.dispose();
  }
}

async function askInside(watch: ContextWatch, options: StatusOptions): Promise<void> {
  const keys = selected(watch, options).map(({ cluster }) => cluster.key);
  const ask = async (): Promise<void> => {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) await watch.inspect(key);
  };
  await Promise.all(Array.from({ length: QUESTIONS }, ask));
}

function selected({ view }: ContextWatch, { systems }: StatusOptions): readonly JudgedCluster[] {
  return view.clusters.filter(({ cluster }) => systems.length === 0 || systems.includes(cluster.system));
}

/** Nothing found is no good news: the namespace may be the wrong one. What is not known is neither good nor bad. */
function exitCode(watch: ContextWatch, options: StatusOptions): number {
  const levels = new Set<HealthLevel>(selected(watch, options).map(({ health }) => health.level));
  if (levels.has('unhealthy') || levels.has('warning')) return EXIT_FINDINGS;
  return levels.size === 0 || levels.has('unknown') || watch.view.phase !== 'live' ? EXIT_FAILED : EXIT_CLEAN;
}
