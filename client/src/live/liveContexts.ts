import { KnownContext, type ContextHost } from '#client/live/knownContext.ts';
import { Listeners } from '#client/live/listeners.ts';
import type { DirectoryOptions, LiveModule } from '#client/live/liveModule.ts';
import type { OpenContext } from '#client/live/openContext.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { policyOf, type ContextPolicy, type LiveSettings } from '#core/live/liveSettings.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { Clock, ClusterDirectory, ContextSummary, Stoppable } from '#core/live/ports.ts';
import type { TreeContext } from '#core/live/tree/input.ts';
import type { ContextChange } from '#core/live/view.ts';
import { jobVerbs, type OperationName } from '#core/operations/model.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { ContextOperations } from '#core/operations/shownRun.ts';
import type { Log } from '#core/ports.ts';

/** Changes within this time of the last are told together, in milliseconds: well below what an event may take to become a row. */
const GATHER_MS = 40;

export interface LiveHost {
  /** Called once, when clusters are first looked at. */
  readonly load: () => LiveModule;
  readonly settings: () => LiveSettings;
  /** Whether the workspace is trusted; nothing but simulations is connected before. */
  readonly isTrusted: () => boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onLoginMessage: (user: string, text: string) => void;
  /** Whether something besides the tree shows what is watched of a context, so that it stays watched when its row is closed. */
  readonly isInUse: (context: string) => boolean;
  /** What is known of the operations in a context; `operationsChanged` is to be called when it is another. */
  readonly operations: (context: string) => ContextOperations;
}

/** `unread` before somebody has looked, and in workspaces that are not trusted. */
export type DirectoryState = 'unread' | 'reading' | 'read';

/**
 * The contexts of this editor and what is watched of them. Nothing is read before `open`, and nothing is contacted before `connect`.
 * This is the one owner of connections: views and actions ask it for theirs.
 */
export class LiveContexts {
  readonly #host: LiveHost;
  readonly #contexts = new Map<string, KnownContext>();
  readonly #directories = new Map<'kubeconfig' | 'demo', ClusterDirectory>();
  readonly #listening: Stoppable[] = [];
  readonly #changed: Listeners<[]>;
  readonly #told: Listeners<[context: string, change: ContextChange]>;
  readonly #offers = new WeakMap<DataCluster, readonly OperationName[]>();
  #module: LiveModule | undefined;
  #state: DirectoryState = 'unread';
  #telling: Stoppable | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #reading = 0;

  constructor(host: LiveHost) {
    this.#host = host;
    const failed = (error: unknown): void => host.log.error('A listener of live clusters failed.', error);
    this.#changed = new Listeners(failed);
    this.#told = new Listeners(failed);
  }

  get state(): DirectoryState {
    return this.#state;
  }

  /** In no particular order. */
  get contexts(): readonly TreeContext[] {
    return [...this.#contexts.values()].map(({ snapshot }) => snapshot);
  }

  /** Told a moment after something changed, once for all changes of that moment. */
  onDidChange(listener: () => void): Stoppable {
    return this.#changed.add(listener);
  }

  /** Told at once, with what changed in which context. */
  onDidChangeContext(listener: (context: string, change: ContextChange) => void): Stoppable {
    return this.#told.add(listener);
  }

  /** Reads the kubeconfig files and from then on notices their changes. Does nothing in a workspace that is not trusted. */
  async open(): Promise<void> {
    if (this.#directories.has('kubeconfig') || !this.#host.isTrusted()) return;
    const { environment, log, clock, settings, onLoginMessage } = this.#host;
    const options: DirectoryOptions = {
      kubeconfigPaths: () => settings().kubeconfig,
      environment,
      log,
      watchFiles: true,
      clock,
      onLoginMessage,
    };
    this.#state = 'reading';
    await this.#addDirectory('kubeconfig', this.#load().createClusterDirectory(options));
  }

  /** Adds the simulated clusters and connects them; returns their names. */
  async openDemo(): Promise<readonly string[]> {
    if (!this.#directories.has('demo')) {
      const { clock, log } = this.#host;
      await this.#addDirectory('demo', this.#load().createDemoDirectory({ clock, log }));
    }
    const demos = [...this.#contexts.values()].filter(({ isDemo }) => isDemo);
    await Promise.all(demos.map((demo) => demo.connect()));
    return demos.map(({ name }) => name);
  }

  /** Reads the files again, forgets contexts that are gone, and connects again what is wanted and failed. */
  async refresh(): Promise<void> {
    for (const [name, context] of this.#contexts) if (context.isVanished) this.#contexts.delete(name);
    if (this.#directories.size === 0) return this.open();
    await this.#read();
    for (const context of this.#contexts.values()) {
      if (context.opened?.watch.view.phase === 'failed') {
        context.disconnect();
        void context.connect();
      }
    }
  }

  /** Settings have changed: they say which files there are, and what is protected. */
  async settingsChanged(): Promise<void> {
    for (const context of this.#contexts.values()) context.changed();
    if (this.#directories.size > 0) await this.#read();
  }

  /**
   * The watched context, connected when it is not.
   *
   * @throws UserProblem when it cannot be: unknown, not trusted, not readable
   */
  async connect(name: string): Promise<OpenContext> {
    const known = this.#contexts.get(name);
    if (!known) throw new UserProblem(`There is no context ${name}.`, 'Refresh the view of data clusters.');
    if (!known.isDemo && !this.#host.isTrusted()) {
      throw new UserProblem('This workspace is not trusted.', 'Trust it to connect to clusters.');
    }
    const opened = await known.connect();
    if (opened) return opened;
    throw new UserProblem(known.snapshot.problem ?? 'It was disconnected meanwhile.', 'Correct it and connect again.');
  }

  /** What is watched now; undefined when the context is not connected. */
  connected(name: string): OpenContext | undefined {
    return this.#contexts.get(name)?.opened;
  }

  disconnect(name: string): void {
    this.#contexts.get(name)?.disconnect();
  }

  /** The row of the context was closed. */
  collapse(name: string): void {
    this.#contexts.get(name)?.collapse();
  }

  policy(name: string): ContextPolicy {
    return policyOf(name, this.#host.settings());
  }

  isAskable({ system }: DataCluster): boolean {
    return this.#module?.askableSystems.includes(system) ?? false;
  }

  /** What can be done with data clusters. Loads what does it. */
  get operations(): Operations {
    return this.#load().operations;
  }

  /** Operations that the menu of a data cluster has; none before clusters were looked at. */
  offers(data: DataCluster): readonly OperationName[] {
    const known = this.#offers.get(data);
    if (known) return known;
    const offers = this.#module?.operations.offers(data) ?? [];
    const offered = offers.flatMap(({ operation, isInMenu }) => (isInMenu === false ? [] : [operation]));
    this.#offers.set(data, offered);
    return offered;
  }

  /** Under which name a job has what is called so for others; undefined where the name is its own, or the state forbids it. */
  instead(data: DataCluster, operation: OperationName): string | undefined {
    if (jobVerbs.has(operation)) return undefined;
    const offer = this.#module?.operations.offers(data).find((one) => one.operation === operation);
    return offer?.isInMenu === false ? offer.refusal : undefined;
  }

  operationsChanged(context: string): void {
    this.#contexts.get(context)?.changed();
  }

  stop(): void {
    this.#telling?.stop();
    for (const listening of this.#listening) listening.stop();
    for (const context of this.#contexts.values()) context.disconnect();
    this.#contexts.clear();
    this.#telling?.stop();
    for (const directory of this.#directories.values()) directory.stop();
    this.#directories.clear();
    this.#state = 'unread';
  }

  #load(): LiveModule {
    return (this.#module ??= this.#host.load());
  }

  async #addDirectory(name: 'kubeconfig' | 'demo', directory: ClusterDirectory): Promise<void> {
    this.#directories.set(name, directory);
    this.#listening.push(directory.onDidChange(() => void this.#read()));
    await this.#read();
  }

  /** Reads all directories; what an earlier reading brings after a later one does not count. */
  async #read(): Promise<void> {
    const reading = ++this.#reading;
    const directories = [...this.#directories.values()];
    const lists = await Promise.all(
      directories.map(async (directory) => ({ directory, summaries: await this.#contextsOf(directory) })),
    );
    if (reading !== this.#reading) return;
    const names = new Set<string>();
    for (const { directory, summaries } of lists) {
      for (const summary of summaries) {
        const known = this.#contexts.get(summary.name);
        // A simulation must never stand for a cluster of the same name, nor the other way round.
        if (known && known.isDemo !== summary.isDemo) continue;
        names.add(summary.name);
        if (known) known.update(summary);
        else this.#contexts.set(summary.name, new KnownContext(summary, this.#contextHost(directory)));
      }
    }
    this.#forgetOthers(names);
    if (this.#directories.has('kubeconfig')) this.#state = 'read';
    this.#tellSoon();
  }

  async #contextsOf(directory: ClusterDirectory): Promise<readonly ContextSummary[]> {
    try {
      return await directory.contexts();
    } catch (error) {
      this.#host.log.error('Contexts could not be read.', error);
      return [];
    }
  }

  /** What was being watched stays, as gone; nobody misses the others. */
  #forgetOthers(names: ReadonlySet<string>): void {
    for (const [name, context] of this.#contexts) {
      if (names.has(name) || context.isVanished) continue;
      if (context.isConnected) context.vanish();
      else this.#contexts.delete(name);
    }
  }

  #contextHost(directory: ClusterDirectory): ContextHost {
    const { clock, log } = this.#host;
    return {
      clock,
      open: (name) => directory.open(name),
      watch: (cluster) => {
        const { namespaces } = this.policy(cluster.context.name);
        return this.#load().watchContext(cluster, { clock, log, ...(namespaces ? { namespaces } : {}) });
      },
      policy: (name) => this.policy(name),
      operations: (name) => this.#host.operations(name),
      changed: () => this.#tellSoon(),
      told: (name, change) => this.#told.tell(name, change),
      isInUse: (name) => this.#host.isInUse(name),
    };
  }

  /** The first change after a quiet time is told in the next turn. */
  #tellSoon(): void {
    const { clock } = this.#host;
    // A clock may be set back at any time.
    const quiet = Math.max(0, clock.now() - this.#toldAt);
    this.#telling ??= clock.after(Math.max(0, GATHER_MS - quiet), () => {
      this.#telling = undefined;
      this.#toldAt = clock.now();
      this.#changed.tell();
    });
  }
}
