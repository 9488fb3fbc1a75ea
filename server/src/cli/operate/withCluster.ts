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
    const found = clusters.filter((one) => isMeant(one, options));
    const [first, second] = found;
    if (second) throw ambiguous(found, options);
    if (first) return first;
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
    clustersOf: async ({ target }) => {
      if (target.system === 'kubernetes' || target.system === 'helm') return all();
      const clusters = await readClusters(cluster, namespace, options, world);
      const own = clusters.filter(({ key }) => key === target.key);
      // A job that its own run has deleted is made anew by that run.
      return own.length > 0 || target.anchorGoes === true ? own : [await data()];
    },
    history: async () => {
      const { system, name } = options;
      if (system === 'kubernetes' && options.namespace === undefined) return findJournal(options, cluster, world);
      return world.clusters.operations().history({ system, name, namespace }, cluster);
    },
  };
}

function isMeant({ system, name, resource }: DataCluster, options: WhereOptions): boolean {
  const { kind } = options;
  const isKind = kind === undefined || resource?.customKind.toLowerCase() === kind.toLowerCase();
  return system === options.system && name === options.name && isKind;
}

/** Jobs of several kinds may have one name, and a verb is for one of them. */
function ambiguous(found: readonly DataCluster[], { system, name }: WhereOptions): CliError {
  const kinds = found.map(({ resource }) => printable(resource?.customKind ?? 'pods without an object'));
  return new CliError(
    `Several are called ${system}/${printable(name)}: ${kinds.join(', ')}.`,
    `Say which one is meant, as in --kind ${kinds.at(-1) ?? ''}.`,
  );
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
