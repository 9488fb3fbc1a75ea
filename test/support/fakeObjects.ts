import { objectOf, textOf, valueAt } from '#core/json.ts';
import {
  ClusterProblem,
  type AccessQuestion,
  type ApiResource,
  type JsonObject,
  type ObjectAddress,
  type ResourceKind,
  type Stoppable,
  type WatchEvent,
  type WatchQuery,
} from '#core/live/ports.ts';
import { builtInResources, definedResource, isSameResource } from '#test/support/fakeApiResources.ts';
import { isSelected } from '#test/support/fakeSelectors.ts';

interface OpenWatch {
  readonly query: WatchQuery;
  readonly listener: (event: WatchEvent) => void;
  /** Has been told everything that exists, so that single changes follow. */
  isSynced: boolean;
}

/** What a request is about, as far as rights are concerned. */
type Target = Pick<WatchQuery, 'group' | 'plural' | 'namespace'>;

/**
 * The objects of an API server in memory and those who watch them. A watch answers one turn after it was asked for, later changes at
 * once. As a server does it: lists are by namespace then name, every write gets a new resourceVersion, a name that comes back gets
 * a new uid.
 */
export class FakeObjects {
  /** What discovery tells; definitions that are put add to it. */
  served: ApiResource[] = [...builtInResources];
  /** Asked for everything that reads or writes; `namespace` is absent for all namespaces. */
  isForbidden: (question: AccessQuestion) => boolean = () => false;
  /** As long as it is set every request fails with it, and watches are interrupted. */
  failure: ClusterProblem | undefined;

  private readonly objects = new Map<string, JsonObject>();
  protected readonly watches = new Set<OpenWatch>();
  private readonly held = new Set<string>();
  private revision = 1000;

  /** Everything of one kind, by namespace then name. */
  objectsOf(kind: Pick<ResourceKind, 'group' | 'plural'>): readonly JsonObject[] {
    const prefix = `${kind.group}/${kind.plural}/`;
    const own = [...this.objects].filter(([key]) => key.startsWith(prefix));
    return own.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** Creates or replaces. Uid, resourceVersion and namespace are given where the object has none. */
  put(...objects: readonly JsonObject[]): void {
    for (const object of objects) this.store(this.kindOf(object), object);
  }

  /** As a user would delete it; nothing happens when it is not there. */
  remove(kind: string, name: string, namespace = 'default'): void {
    const resource = this.served.find((row) => row.kind === kind);
    if (!resource) throw new Error(`The fake cluster serves no ${kind}.`);
    this.drop(keyOf(resource, resource.namespaced ? namespace : '', name));
  }

  /** Kinds that this server knows besides the built-in ones. */
  serve(...resources: readonly ApiResource[]): void {
    this.served = [
      ...this.served.filter((row) => !resources.some((added) => isSameResource(row, added))),
      ...resources,
    ];
  }

  /** Watches of this plural do not answer until `release`. */
  hold(plural: string): void {
    this.held.add(plural);
  }

  release(plural: string): void {
    this.held.delete(plural);
    for (const watch of this.watches) if (watch.query.plural === plural && !watch.isSynced) this.tellAll(watch);
  }

  /** What is watched now. */
  get queries(): readonly WatchQuery[] {
    return [...this.watches].map(({ query }) => query);
  }

  /** Breaks every connection; changes are not told until `recover`. */
  interrupt(problem = new ClusterProblem('unreachable', 'The connection was reset.'), retryInMs = 1000): void {
    this.failure = problem;
    for (const watch of this.watches) {
      watch.isSynced = false;
      watch.listener({ type: 'interrupted', problem, retryInMs });
    }
  }

  /** Every watch starts again with what exists now. */
  recover(): void {
    this.failure = undefined;
    const open = [...this.watches];
    for (const watch of open) this.tellAll(watch);
  }

  /** Ends the watches that `isForbidden` refuses by now. */
  enforce(): void {
    const refused = [...this.watches].filter(({ query }) => this.isRefused('list', query));
    for (const watch of refused) this.end(watch);
  }

  /** The kind is no longer served: its objects are gone, and so is who watches them. */
  endWatches(plural: string): void {
    this.served = this.served.filter((row) => row.plural !== plural);
    const ended = [...this.watches].filter(({ query }) => query.plural === plural);
    for (const watch of ended) this.end(watch, absent(plural));
  }

  watch(query: WatchQuery, listener: (event: WatchEvent) => void): Stoppable {
    const watch: OpenWatch = { query, listener, isSynced: false };
    this.watches.add(watch);
    queueMicrotask(() => this.begin(watch));
    return { stop: () => void this.watches.delete(watch) };
  }

  private begin(watch: OpenWatch): void {
    if (!this.watches.has(watch)) return;
    if (this.failure) watch.listener({ type: 'interrupted', problem: this.failure, retryInMs: 1000 });
    else if (this.isRefused('list', watch.query)) this.end(watch);
    else if (!this.served.some((row) => isSameResource(row, watch.query))) this.end(watch, absent(watch.query.plural));
    else if (!this.held.has(watch.query.plural)) this.tellAll(watch);
  }

  private end(watch: OpenWatch, problem = forbidden('list', watch.query)): void {
    this.watches.delete(watch);
    watch.listener({ type: 'ended', problem });
  }

  private tellAll(watch: OpenWatch): void {
    watch.listener({ type: 'reset' });
    for (const object of this.matching(watch.query)) watch.listener({ type: 'put', object });
    watch.isSynced = true;
    watch.listener({ type: 'synced' });
  }

  protected matching(query: WatchQuery): readonly JsonObject[] {
    const prefix = `${query.group}/${query.plural}/`;
    const own = [...this.objects].filter(([key, object]) => key.startsWith(prefix) && isMeant(object, query));
    return own.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => shownTo(query, object));
  }

  protected store(kind: ResourceKind, object: JsonObject): JsonObject {
    const namespace = namespaceIn(kind, object);
    const key = keyOf(kind, namespace, nameOf(object));
    const before = this.objects.get(key);
    this.revision += 1;
    const metadata = {
      uid: before ? valueAt(before, 'metadata', 'uid') : `uid-${this.revision}`,
      ...objectOf(object['metadata']),
      ...(kind.namespaced ? { namespace } : {}),
      resourceVersion: String(this.revision),
    };
    const stored = { ...object, metadata };
    this.objects.set(key, stored);
    if (kind.plural === 'customresourcedefinitions') this.serve(definedResource(stored));
    this.tell(kind, stored, before);
    return stored;
  }

  protected drop(key: string): void {
    const object = this.objects.get(key);
    if (!object) return;
    this.objects.delete(key);
    const [group = '', plural = ''] = key.split('/');
    for (const watch of this.watches) {
      if (isSameResource(watch.query, { group, plural }) && watch.isSynced && isMeant(object, watch.query)) {
        watch.listener({ type: 'remove', object: shownTo(watch.query, object) });
      }
    }
  }

  /** An object that a selector no longer means is removed for that watch, as a server tells it. */
  private tell(kind: ResourceKind, object: JsonObject, before: JsonObject | undefined): void {
    for (const watch of this.watches) {
      if (!isSameResource(watch.query, kind) || !watch.isSynced) continue;
      if (isMeant(object, watch.query)) watch.listener({ type: 'put', object: shownTo(watch.query, object) });
      else if (before && isMeant(before, watch.query)) {
        watch.listener({ type: 'remove', object: shownTo(watch.query, object) });
      }
    }
  }

  protected stored(address: ObjectAddress): JsonObject | undefined {
    return this.objects.get(keyOf(address, address.namespace, address.name));
  }

  /** @throws ClusterProblem of kind `absent` */
  protected find(address: ObjectAddress): JsonObject {
    const object = this.stored(address);
    if (!object) throw absent(`${address.plural} "${address.name}"`);
    return object;
  }

  private kindOf(object: JsonObject): ApiResource {
    const [apiVersion, kind] = [textOf(object['apiVersion']), textOf(object['kind'])];
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    const found = this.served.find((row) => row.kind === kind && row.group === group);
    if (!found) throw new Error(`The fake cluster serves no ${apiVersion} ${kind}; call serve first.`);
    return found;
  }

  private isRefused(verb: string, query: Target): boolean {
    const { group, plural, namespace = '' } = query;
    return this.isForbidden({ verb, group, resource: plural, ...(namespace === '' ? {} : { namespace }) });
  }

  /** @throws ClusterProblem when nothing answers or the right is missing */
  protected demand(verb?: string, query?: Target): void {
    if (this.failure) throw this.failure;
    if (verb !== undefined && query && this.isRefused(verb, query)) throw forbidden(verb, query);
  }
}

export const keyOf = (
  { group, plural }: Pick<ResourceKind, 'group' | 'plural'>,
  namespace: string,
  name: string,
): string => `${group}/${plural}/${namespace}/${name}`;

export function nameOf(object: JsonObject): string {
  return textOf(valueAt(object, 'metadata', 'name'));
}

function namespaceOf(object: JsonObject): string {
  return textOf(valueAt(object, 'metadata', 'namespace'));
}

function isMeant(object: JsonObject, query: WatchQuery): boolean {
  const isThere = query.namespace === undefined || query.namespace === namespaceOf(object);
  return isThere && isSelected(object, query);
}

function shownTo({ metadataOnly }: WatchQuery, object: JsonObject): JsonObject {
  if (metadataOnly !== true) return object;
  return { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: object['metadata'] };
}

function forbidden(verb: string, { plural, namespace }: Target): ClusterProblem {
  const where =
    namespace === undefined || namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const message = `${plural} is forbidden: User "tester" cannot ${verb} resource "${plural}" ${where}`;
  return new ClusterProblem('forbidden', message, { status: 403 });
}

const absent = (what: string): ClusterProblem => new ClusterProblem('absent', `${what} not found`, { status: 404 });

/** An object that names no namespace goes into `default`. */
export function namespaceIn(kind: Pick<ResourceKind, 'namespaced'>, object: JsonObject): string {
  return kind.namespaced ? namespaceOf(object) || 'default' : '';
}
