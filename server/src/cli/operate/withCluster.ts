import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { watchContext } from '#core/live/session.ts';
import { CliError } from '#server/cli/errors.ts';
import type { WhereOptions } from '#server/cli/operate/parseOperate.ts';
import { asCliError, openContext, terminalLog } from '#server/cli/status/openContext.ts';
import { readFirst } from '#server/cli/status/readFirst.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** A data cluster as it was found, and the connection to where it is. */
export interface Found {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Reads everything about it anew. @throws CliError when there is no such data cluster */
  data(): Promise<DataCluster>;
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
    const opened = cluster;
    const namespace = options.namespace ?? cluster.context.namespace;
    return await work({ cluster, namespace, data: () => findData(opened, namespace, options, world) });
  } catch (error) {
    throw error instanceof ClusterProblem ? asCliError(error) : error;
  } finally {
    cluster?.dispose();
    directory.stop();
  }
}

async function findData(
  cluster: Cluster,
  namespace: string,
  options: WhereOptions,
  world: CliWorld,
): Promise<DataCluster> {
  const { clock, systems } = world.clusters;
  const watch = watchContext(cluster, {
    clock,
    systems,
    log: terminalLog(world),
    namespaces: [namespace],
    isOnlyThose: true,
  });
  try {
    await readFirst(watch, options.timeoutMs, clock);
    const { clusters } = watch.view;
    const judged = clusters.find(({ cluster: one }) => one.system === options.system && one.name === options.name);
    if (judged) return judged.cluster;
    const known = clusters.map(({ cluster: one }) => `${one.system}/${printable(one.name)}`);
    const where = `in namespace ${printable(namespace)} of context ${printable(cluster.context.name)}`;
    throw new CliError(
      `There is no ${options.system}/${printable(options.name)} ${where}.`,
      known.length === 0 ? 'Name another namespace with --namespace.' : `There is ${known.join(', ')}.`,
    );
  } finally {
    watch.stop();
  }
}
