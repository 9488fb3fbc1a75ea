import {
  ClusterProblem,
  type Cluster,
  type ClusterDirectory,
  type ContextSummary,
  type DirectoryOptions,
} from '#core/live/ports.ts';
import type { OpenCluster } from './api/cluster.ts';
import { createConnections } from './connections.ts';
import type { Kubeconfig } from './kubeconfig/entries.ts';
import { kubeconfigPaths } from './kubeconfig/kubeconfigPaths.ts';
import { loadKubeconfig } from './kubeconfig/loadKubeconfig.ts';
import { resolveContext, summarizeContexts, type ResolvedContext } from './kubeconfig/summaries.ts';
import { watchFiles } from './kubeconfig/watchFiles.ts';
import { systemClock } from './systemClock.ts';

interface OpenContext extends OpenCluster {
  readonly resolved: ResolvedContext;
}

/** The contexts of the kubeconfig files, and one connection for each that is opened. */
export function createClusterDirectory(options: DirectoryOptions): ClusterDirectory {
  const directory = new KubeconfigDirectory(options);
  return {
    contexts: () => directory.contexts(),
    onDidChange: (listener) => directory.onDidChange(listener),
    open: (context) => directory.open(context),
    stop: () => directory.stop(),
  };
}

class KubeconfigDirectory implements ClusterDirectory {
  readonly #options: DirectoryOptions;
  readonly #connections: ReturnType<typeof createConnections>;
  readonly #files: ReturnType<typeof watchFiles>;
  readonly #listeners = new Set<() => void>();
  readonly #open = new Map<string, OpenContext>();
  readonly #stopped = new AbortController();

  constructor(options: DirectoryOptions) {
    this.#options = options;
    const clock = options.clock ?? systemClock;
    this.#connections = createConnections(options, clock, this.#stopped.signal);
    this.#files = watchFiles(clock, () => void this.#reload());
  }

  async contexts(): Promise<readonly ContextSummary[]> {
    return summarizeContexts(await this.#load());
  }

  onDidChange(listener: () => void): { stop(): void } {
    this.#listeners.add(listener);
    return { stop: () => void this.#listeners.delete(listener) };
  }

  async open(name: string): Promise<Cluster> {
    const config = await this.#load();
    if (this.#stopped.signal.aborted) throw stopped();
    const known = this.#open.get(name);
    if (known !== undefined) return known.cluster;
    const resolved = resolveContext(config, name);
    if (resolved === undefined) throw new ClusterProblem('configuration', vanished(name));
    if (typeof resolved === 'string')
      throw new ClusterProblem('configuration', `The context ${name} cannot be used. ${resolved}`);
    const opened = this.#connections.connect(resolved, () => this.#open.delete(name));
    this.#open.set(name, { ...opened, resolved });
    return opened.cluster;
  }

  stop(): void {
    this.#files.stop();
    this.#listeners.clear();
    for (const open of this.#open.values()) open.close(stopped());
    this.#open.clear();
    this.#stopped.abort();
  }

  async #load(): Promise<Kubeconfig> {
    const files = kubeconfigPaths(this.#options.kubeconfigPaths(), this.#options.environment);
    if (this.#options.watchFiles && !this.#stopped.signal.aborted) await this.#files.follow(files);
    const config = await loadKubeconfig(files);
    this.#adjust(config);
    return config;
  }

  async #reload(): Promise<void> {
    await this.#load();
    for (const listener of this.#listeners) listener();
  }

  /** What is open follows the files: a fresh login is used at once, and whatever points elsewhere now is ended. */
  #adjust(config: Kubeconfig): void {
    for (const [name, open] of this.#open) {
      const now = resolveContext(config, name);
      if (now === undefined || typeof now === 'string') this.#end(name, open, vanished(name));
      else if (isSameTarget(now, open.resolved)) this.#update(name, open, now);
      else this.#end(name, open, changed(name));
    }
  }

  #update(name: string, open: OpenContext, now: ResolvedContext): void {
    if (!isSame(now.user, open.resolved.user)) open.transport.useLogin(this.#connections.loginOf(now));
    open.useSummary(now.summary);
    this.#open.set(name, { ...open, resolved: now });
  }

  #end(name: string, open: OpenContext, why: string): void {
    this.#open.delete(name);
    open.close(new ClusterProblem('configuration', why));
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Another namespace is only where one begins to look. */
const isSameTarget = (one: ResolvedContext, other: ResolvedContext): boolean =>
  isSame(one.cluster, other.cluster) && one.userName === other.userName;

const vanished = (name: string): string =>
  `The kubeconfig has no usable context ${name} any more. Choose another, or add it again.`;

const changed = (name: string): string =>
  `The context ${name} was changed in the kubeconfig, so this connection was ended. Open it again.`;

const stopped = (): ClusterProblem => new ClusterProblem('cancelled', 'All connections were closed.');
