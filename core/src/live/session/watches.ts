import { plainText } from '#core/live/plainText.ts';
import type { Cluster, ClusterProblem, Stoppable, WatchEvent } from '#core/live/ports.ts';
import { resourceName, type WatchedResource } from '#core/live/resources.ts';
import { REASON_LENGTH } from '#core/live/session/delays.ts';
import type { Collection, ObjectStore } from '#core/live/store.ts';
import type { AccessLimit } from '#core/live/view.ts';

/** Which namespaces are watched, and how. */
export interface WatchScope {
  /** Watched one by one where all at once is not allowed. */
  readonly namespaces: readonly string[];
  /** Only those are of interest. */
  readonly isOnly: boolean;
}

/** One list and watch. */
interface Stream {
  readonly resource: WatchedResource;
  readonly collection: Collection;
  subscription: Stoppable | undefined;
  state: 'loading' | 'live' | 'interrupted' | 'ended';
  /** Has been whole once, so that what is not in it does not exist. */
  isWhole: boolean;
  problem: ClusterProblem | undefined;
}

/** All lists and watches of one cluster. What may not be listed everywhere is listed in the namespaces that are named, each kind for itself. */
export class Watches {
  private readonly cluster: Cluster;
  private readonly store: ObjectStore;
  private readonly scope: WatchScope;
  private readonly changed: () => void;
  private readonly streams = new Map<string, Stream[]>();
  private readonly hidden = new Map<string, ReadonlySet<string>>();
  private isStopped = false;
  /** Why nothing can be watched any more: the login is refused for good. */
  failure: ClusterProblem | undefined;

  constructor(cluster: Cluster, store: ObjectStore, scope: WatchScope, changed: () => void) {
    this.cluster = cluster;
    this.store = store;
    this.scope = scope;
    this.changed = changed;
  }

  /** Does nothing for a kind that is watched already. */
  add(resource: WatchedResource): void {
    const name = resourceName(resource.query);
    if (this.isStopped || this.streams.has(name)) return;
    this.streams.set(name, []);
    const isByNamespace = this.scope.isOnly && resource.query.namespaced;
    for (const namespace of isByNamespace ? this.scope.namespaces : [undefined]) this.open(name, resource, namespace);
    this.hiddenChanged();
  }

  has(resource: WatchedResource): boolean {
    return this.streams.has(resourceName(resource.query));
  }

  /** Every list is whole, or it is known that it will not be. */
  get isSettled(): boolean {
    return this.all.every(({ isWhole, state }) => isWhole || state === 'ended');
  }

  /** The list without which nothing can be said is whole, or it is known that it will not be. */
  get arePodsSettled(): boolean {
    const pods = this.streams.get('pods') ?? [];
    return pods.length > 0 && pods.every(({ isWhole, state }) => isWhole || state === 'ended');
  }

  /** Whether pods can be seen anywhere. */
  get arePodsSeen(): boolean {
    return this.streams.get('pods')?.some(({ isWhole, state }) => isWhole && state !== 'ended') ?? false;
  }

  /** Why what is shown may be out of date: the watch of pods, without which nothing can be judged, or all watches are interrupted. */
  get interruption(): ClusterProblem | undefined {
    const pods = this.streams.get('pods')?.find(({ state }) => state === 'interrupted');
    if (pods) return pods.problem;
    const open = this.all.filter(({ state }) => state !== 'ended');
    return open.length > 0 && open.every(({ state }) => state === 'interrupted') ? open[0]?.problem : undefined;
  }

  /** The namespaces that are watched one by one; undefined when pods are watched in all at once. */
  get namespaces(): readonly string[] | undefined {
    const isSplit = this.streams.get('pods')?.some(({ collection }) => collection.namespace !== undefined) ?? false;
    return isSplit ? this.scope.namespaces : undefined;
  }

  /** What may not be read, and what has never been read because of the server; by resource, then namespace. */
  get limits(): readonly AccessLimit[] {
    const refused = this.all.filter(({ state, isWhole, problem }) => state === 'ended' || (problem && !isWhole));
    return refused
      .map(({ resource: { query }, collection: { namespace }, problem }) => ({
        verb: 'list',
        group: query.group,
        resource: query.plural,
        ...(namespace === undefined ? {} : { namespace }),
        reason: plainText(problem?.message ?? '', REASON_LENGTH),
      }))
      .toSorted((a, b) => (limitKey(a) < limitKey(b) ? -1 : 1));
  }

  /** Plurals that are not seen in a namespace. */
  hiddenIn(namespace: string): ReadonlySet<string> {
    const known = this.hidden.get(namespace);
    if (known) return known;
    const unseen = [...this.streams].filter(([, streams]) => !streams.some((stream) => shows(stream, namespace)));
    const hidden = new Set(unseen.flatMap(([, streams]) => streams[0]?.resource.query.plural ?? []));
    this.hidden.set(namespace, hidden);
    return hidden;
  }

  /** Whether a kind is watched there, so that what is not known of it does not exist. */
  isSeenIn(namespace: string, plural: string): boolean {
    return this.all.some((stream) => stream.resource.query.plural === plural && shows(stream, namespace));
  }

  stop(): void {
    this.isStopped = true;
    for (const { subscription } of this.all) subscription?.stop();
    this.streams.clear();
  }

  private get all(): readonly Stream[] {
    return [...this.streams.values()].flat();
  }

  private open(name: string, resource: WatchedResource, namespace: string | undefined): void {
    const collection = this.store.open(resource, namespace);
    const stream: Stream = {
      resource,
      collection,
      subscription: undefined,
      state: 'loading',
      isWhole: false,
      problem: undefined,
    };
    this.streams.get(name)?.push(stream);
    const query = { ...resource.query, ...(namespace === undefined ? {} : { namespace }) };
    stream.subscription = this.cluster.watch(query, (event) => this.take(name, stream, event));
  }

  private take(name: string, stream: Stream, event: WatchEvent): void {
    if (this.isStopped || stream.state === 'ended') return;
    this.store.take(stream.collection, event);
    if (event.type === 'ended') this.end(name, stream, event.problem);
    else if (event.type === 'interrupted') {
      stream.state = 'interrupted';
      stream.problem = event.problem;
    } else if (event.type === 'synced') {
      stream.state = 'live';
      stream.problem = undefined;
      if (!stream.isWhole) this.hiddenChanged();
      stream.isWhole = true;
    }
    this.changed();
  }

  private end(name: string, stream: Stream, problem: ClusterProblem): void {
    stream.state = 'ended';
    stream.problem = problem;
    stream.subscription?.stop();
    this.store.close(stream.collection);
    this.hiddenChanged();
    if (problem.kind === 'absent') {
      // No longer served, so there is nothing to see; it is watched again when its definition comes back.
      this.streams.delete(name);
    } else if (problem.kind !== 'forbidden') {
      this.failure = problem;
    } else if (stream.resource.query.namespaced && stream.collection.namespace === undefined) {
      for (const namespace of this.scope.namespaces) this.open(name, stream.resource, namespace);
    }
  }

  /** Health depends on what is hidden, so everything is looked at again. */
  private hiddenChanged(): void {
    this.hidden.clear();
    this.store.touch(this.store.namespaceNames);
  }
}

/** Whether a stream has told everything that is in a namespace; what it told stays while it is interrupted. */
function shows({ isWhole, state, collection }: Stream, namespace: string): boolean {
  return isWhole && state !== 'ended' && (collection.namespace === undefined || collection.namespace === namespace);
}

function limitKey({ group, resource, namespace = '' }: AccessLimit): string {
  return `${resource}.${group}\n${namespace}`;
}
