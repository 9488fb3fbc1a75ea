import type { Cluster, Stoppable } from '#core/live/ports.ts';
import type { AccessLimit, ContextView } from '#core/live/view.ts';
import type { FoundJournal } from '#core/operations/journals.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { Log } from '#core/ports.ts';

/** A context that is watched. */
export interface WatchedContext {
  readonly name: string;
  readonly cluster: Cluster;
  readonly view: ContextView;
}

export interface JournalWatchesHost {
  readonly operations: () => Operations;
  readonly log: Log;
  readonly changed: (context: string) => void;
}

interface Watched {
  readonly cluster: Cluster;
  /** The namespaces that are watched there; others are watched anew. */
  readonly scope: string;
  /** Where single namespaces had to be asked for: those with data clusters. */
  substitute: string | undefined;
  journals: readonly FoundJournal[];
  limits: readonly AccessLimit[];
  watch: Stoppable | undefined;
  isStopped: boolean;
}

/** The journals of every context that is watched, in the namespaces that are watched there; of no other context. */
export class JournalWatches implements Stoppable {
  readonly #host: JournalWatchesHost;
  readonly #watched = new Map<string, Watched>();

  constructor(host: JournalWatchesHost) {
    this.#host = host;
  }

  /** Begins and ends watches so that they are those of the contexts that are watched now. */
  follow(contexts: readonly WatchedContext[]): void {
    const names = new Set(contexts.map(({ name }) => name));
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#end(name);
    for (const context of contexts) {
      const { phase, namespaces } = context.view;
      if (phase === 'connecting' || phase === 'failed') continue;
      const scope = JSON.stringify(namespaces ?? []);
      if (isWatched(this.#watched.get(context.name), context, scope)) continue;
      this.#end(context.name);
      void this.#begin(context, scope);
    }
  }

  journals(context: string): readonly FoundJournal[] {
    return this.#watched.get(context)?.journals ?? [];
  }

  limits(context: string): readonly AccessLimit[] {
    return this.#watched.get(context)?.limits ?? [];
  }

  stop(): void {
    for (const name of this.#watched.keys()) this.#end(name);
  }

  async #begin({ name, cluster, view }: WatchedContext, scope: string): Promise<void> {
    const watched: Watched = {
      cluster,
      scope,
      substitute: undefined,
      journals: [],
      limits: [],
      watch: undefined,
      isStopped: false,
    };
    this.#watched.set(name, watched);
    const { namespaces, limits } = await readableOf(cluster, view);
    if (watched.isStopped) return;
    watched.limits = limits;
    if (view.namespaces === undefined && namespaces !== undefined) watched.substitute = substituteOf(view);
    if (namespaces === undefined || namespaces.length > 0) {
      watched.watch = this.#host.operations().watchJournals(cluster, namespaces, (journals) => {
        watched.journals = journals;
        this.#host.changed(name);
      });
    }
    if (limits.length > 0) this.#host.changed(name);
  }

  #end(name: string): void {
    const watched = this.#watched.get(name);
    if (!watched) return;
    watched.isStopped = true;
    watched.watch?.stop();
    this.#watched.delete(name);
    this.#host.changed(name);
  }
}

function isWatched(known: Watched | undefined, { cluster, view }: WatchedContext, scope: string): boolean {
  if (known?.cluster !== cluster || known.scope !== scope) return false;
  return known.substitute === undefined || known.substitute === substituteOf(view);
}

const substituteOf = (view: ContextView): string => namespacesWithClusters(view).join();

function namespacesWithClusters({ clusters }: ContextView): readonly string[] {
  return [...new Set(clusters.map(({ cluster }) => cluster.namespace))].toSorted();
}

interface Readable {
  /** Undefined for all. */
  readonly namespaces: readonly string[] | undefined;
  readonly limits: readonly AccessLimit[];
}

/** Where journals may be listed. What cannot be asked is tried. */
async function readableOf(cluster: Cluster, view: ContextView): Promise<Readable> {
  if (view.namespaces === undefined) {
    const refusal = await refusalOf(cluster, undefined);
    if (!refusal) return { namespaces: undefined, limits: [] };
    const single = await readableIn(cluster, namespacesWithClusters(view));
    return single.namespaces?.length === 0 ? { namespaces: [], limits: [refusal] } : single;
  }
  return readableIn(cluster, view.namespaces);
}

async function readableIn(cluster: Cluster, namespaces: readonly string[]): Promise<Readable> {
  const refusals = await Promise.all(namespaces.map((namespace) => refusalOf(cluster, namespace)));
  return {
    namespaces: namespaces.filter((_, index) => refusals[index] === undefined),
    limits: refusals.flatMap((refusal) => refusal ?? []),
  };
}

async function refusalOf(cluster: Cluster, namespace: string | undefined): Promise<AccessLimit | undefined> {
  const place = namespace === undefined ? {} : { namespace };
  const right = { verb: 'list', group: '', resource: 'configmaps', ...place };
  try {
    const { isAllowed, reason } = await cluster.can(right);
    return isAllowed ? undefined : { ...right, reason };
  } catch {
    return undefined;
  }
}
