import type { ContextSummary } from '#core/live/ports.ts';
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './entries.ts';

/** A context with what it names. */
export interface ResolvedContext {
  readonly summary: ContextSummary;
  readonly cluster: ClusterEntry;
  readonly userName: string;
  readonly user: UserEntry;
}

/** All contexts sorted by name, after one entry, named by its path, for each file that cannot be used. */
export function summarizeContexts(config: Kubeconfig): readonly ContextSummary[] {
  const broken = config.problems.map(({ file, problem }) => ({ ...nothingKnown, name: file, problem }));
  const names = [...config.contexts.keys()].toSorted((a, b) => a.localeCompare(b));
  return [...broken, ...names.flatMap((name) => summarize(config, name) ?? [])];
}

/** @returns why it cannot be used, or undefined when there is no such context */
export function resolveContext(config: Kubeconfig, name: string): ResolvedContext | string | undefined {
  const summary = summarize(config, name);
  const context = config.contexts.get(name);
  const cluster = config.clusters.get(context?.cluster ?? '');
  if (summary === undefined || context === undefined || cluster === undefined) return summary?.problem;
  if (summary.problem !== undefined) return summary.problem;
  return { summary, cluster, userName: context.user, user: config.users.get(context.user) ?? {} };
}

const nothingKnown = { cluster: '', user: '', namespace: 'default', server: '', isCurrent: false, isDemo: false };

function summarize(config: Kubeconfig, name: string): ContextSummary | undefined {
  const context = config.contexts.get(name);
  if (context === undefined) return undefined;
  const cluster = config.clusters.get(context.cluster);
  const problem = problemOf(config, context, cluster);
  return {
    name,
    cluster: context.cluster,
    user: context.user,
    namespace: context.namespace,
    server: cluster?.server ?? '',
    isCurrent: config.current === name,
    isDemo: false,
    ...(problem === undefined ? {} : { problem }),
  };
}

function problemOf(config: Kubeconfig, context: ContextEntry, cluster: ClusterEntry | undefined): string | undefined {
  if (context.cluster === '') return 'The context names no cluster. Add one to the kubeconfig.';
  if (cluster === undefined)
    return `The context names the cluster ${context.cluster}, which no kubeconfig file has. Add it or correct the name.`;
  if (cluster.server === '') return `The cluster ${context.cluster} has no server address. Add one to the kubeconfig.`;
  if (!isServerAddress(cluster.server))
    return `The server address of the cluster ${context.cluster} is no http or https address. Correct it in the kubeconfig.`;
  if (context.user !== '' && !config.users.has(context.user))
    return `The context names the user ${context.user}, which no kubeconfig file has. Add it or correct the name.`;
  return undefined;
}

function isServerAddress(server: string): boolean {
  const url = URL.parse(server);
  return url !== null && ['http:', 'https:'].includes(url.protocol);
}
