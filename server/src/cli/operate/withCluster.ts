import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { watchContext } from '#core/live/session.ts';
import type { JournalContents } from '#core/operations/configMapJournal.ts';
import type { Plan } from '#core/operations/model.ts';
import { CliError } from '#server/cli/errors.ts';
import { findJournal } from '#server/cli/operate/findJournal.ts';
import type { WhereOptions } from '#server/cli/operate/options.ts';
import { asCliError, openContext, terminalLog } from '#server/cli/status/openContext.ts';
import { readFirst } from '#server/cli/status/readFirst.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** What was named, and the connection to where it is. */
export interface Found {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Reads everything about the data cluster anew. @throws CliError when there is no such data cluster */
  data(this: void): Promise<DataCluster>;
  /** Every data cluster of the context. */
  all(this: void): Promise<readonly DataCluster[]>;
  /** Those that a plan is about. @throws CliError when one of them is gone */
  clustersOf(this: void, plan: Plan): Promise<readonly DataCluster[]>;
  /** What is written down of its runs; undefined when there is nothing. */
  history(this: void): Promise<JournalContents | undefined>;
}

/** Opens the context, does something with it and closes everything. Problems of the cluster end as CliErrors. */
export async function withCluster<T>(
  options: WhereOptions,
  world: CliWorld,
  work: (found: Found) => Promise<T>,
): Promise<T> {
  const log = terminalLog(world);
  const directory = world.clusters.openDirectory({ kubeconfigs: options.kubeconfigs, watchFiles: false, log });
  let cluster: Cluster | undefined;
  try {
    cluster = await openContext(directory, options.context);
    return await work(finder(cluster, options, world));
  } catch (error) {
    throw error instanceof ClusterProblem ? asCliError(error) : error;
  } finally {
    cluster?.dispose();
    directory.stop();
  }
}

function finder(cluster: Cluster, options: WhereOptions, world: CliWorld): Found {
  const namespace = options.namespace ?? cluster.context.namespace;
  const all = (): Promise<readonly DataCluster[]> => readClusters(cluster, undefined, options, world);
  const data = async (): Promise<DataCluster> => {
    const clusters = await readClusters(cluster, namespace, options, world);
    const found = clusters.find((one) => one.system === options.system && one.name === options.name);
    if (found) return found;
    const known = clusters.map((one) => `${one.system}/${printable(one.name)}`);
    const where = `in namespace ${printable(namespace)} of context ${printable(cluster.context.name)}`;
    throw new CliError(
      `There is no ${options.system}/${printable(options.name)} ${where}.`,
      known.length === 0 ? 'Name another namespace with --namespace.' : `There is ${known.join(', ')}.`,
    );
  };
  return {
    cluster,
    namespace,
    data,
    all,
    clustersOf: async ({ target: { system } }) =>
      system === 'kubernetes' || system === 'helm' ? all() : [await data()],
    history: async () => {
      const { system, name } = options;
      if (system === 'kubernetes' && options.namespace === undefined) return findJournal(options, cluster, world);
      return world.clusters.operations().history({ system, name, namespace }, cluster);
    },
  };
}

async function readClusters(
  cluster: Cluster,
  namespace: string | undefined,
  { timeoutMs }: WhereOptions,
  world: CliWorld,
): Promise<readonly DataCluster[]> {
  const { clock, systems } = world.clusters;
  const watch = watchContext(cluster, {
    clock,
    systems,
    log: terminalLog(world),
    ...(namespace === undefined ? {} : { namespaces: [namespace], isOnlyThose: true }),
  });
  try {
    await readFirst(watch, timeoutMs, clock);
    return watch.view.clusters.map((judged) => judged.cluster);
  } finally {
    watch.stop();
  }
}
