import { uidOf } from '#core/live/decode/meta.ts';
import { textOf, valueAt } from '#core/live/json.ts';
import { DirtyNamespaces, type Dirt } from '#core/live/dirt.ts';
import type { LiveMetadata, LiveNode, LiveObject, NamespaceObjects } from '#core/live/objects.ts';
import type { JsonObject, WatchEvent } from '#core/live/ports.ts';
import type { Place, WatchedResource } from '#core/live/resources.ts';
import { isSameBuild, keptParts } from '#core/live/sameBuild.ts';
import { sameShape } from '#core/live/sameShape.ts';
import { SortedObjects } from '#core/live/sortedObjects.ts';

/** What one list and watch has told, so that it can be taken back. */
export interface Collection {
  readonly resource: WatchedResource;
  /** Absent: all namespaces, or none. */
  readonly namespace: string | undefined;
  /** Where its objects are, by uid. */
  readonly known: Map<string, Location>;
  /** Uids of the list that is coming in; undefined when none is. What is not among them when it ends is gone. */
  seen: Set<string> | undefined;
}

interface Location {
  readonly namespace: string;
  readonly key: string;
  readonly resourceVersion: string;
}

/** Everything that is known of a cluster, by namespace; objects without one are under the empty name. */
export class ObjectStore {
  private readonly namespaces = new Map<string, Partition>();
  private readonly dirty = new DirtyNamespaces();
  /** Nodes, definitions, or kinds of the whole cluster changed. */
  private isClusterDirty = false;
  private nodeList: readonly LiveObject[] = [];
  private nodes: ReadonlyMap<string, LiveNode> = new Map();

  open(resource: WatchedResource, namespace: string | undefined): Collection {
    return { resource, namespace, known: new Map(), seen: undefined };
  }

  /** Takes what a watch tells. A new list leaves what is shown as it is until it is whole. */
  take(collection: Collection, event: WatchEvent): void {
    if (event.type === 'reset') collection.seen = new Set();
    else if (event.type === 'put') this.put(collection, event.object);
    else if (event.type === 'remove') this.remove(collection, uidOf(event.object));
    else if (event.type === 'synced') this.dropUnseen(collection);
  }

  /** Forgets everything a watch has told. */
  close(collection: Collection): void {
    for (const uid of collection.known.keys()) this.remove(collection, uid);
  }

  /** What changed since the last call, by namespace; those that became empty too. */
  takeDirty(): ReadonlyMap<string, Dirt> {
    if (this.isClusterDirty) this.touch(this.namespaceNames);
    this.isClusterDirty = false;
    return this.dirty.take();
  }

  /** The namespace is looked at as it is now, whatever has changed in it. */
  forgetDirt(namespace: string): void {
    this.dirty.forget(namespace);
  }

  /** As if everything in them had changed. */
  touch(namespaces: Iterable<string>): void {
    for (const namespace of namespaces) this.dirty.mark(namespace);
  }

  get namespaceNames(): readonly string[] {
    return [...this.namespaces.keys()].filter((name) => name !== '');
  }

  /** @param hidden plurals that may not be read there */
  objectsOf(namespace: string, hidden: ReadonlySet<string>): NamespaceObjects {
    const own = this.namespaces.get(namespace);
    const shared = this.namespaces.get('');
    return {
      namespace,
      pods: onlyOf(own?.pods.list(), 'Pod'),
      workloads: onlyOf(own?.workloads.list(), 'StatefulSet', 'Deployment', 'DaemonSet'),
      services: onlyOf(own?.services.list(), 'Service'),
      claims: onlyOf(own?.claims.list(), 'PersistentVolumeClaim'),
      budgets: onlyOf(own?.budgets.list(), 'PodDisruptionBudget'),
      customs: onlyOf(joined(own?.customs.list(), shared?.customs.list()), 'Custom'),
      helmSecrets: onlyOf(own?.helmSecrets.list(), 'Metadata'),
      nodes: this.nodesByName(),
      hidden,
    };
  }

  get definitions(): readonly LiveMetadata[] {
    return onlyOf(this.namespaces.get('')?.definitions.list(), 'Metadata');
  }

  private nodesByName(): ReadonlyMap<string, LiveNode> {
    const list = this.namespaces.get('')?.nodes.list() ?? [];
    if (list !== this.nodeList) {
      this.nodeList = list;
      this.nodes = new Map(onlyOf(list, 'Node').map((node) => [node.meta.name, node]));
    }
    return this.nodes;
  }

  private put(collection: Collection, object: JsonObject): void {
    const uid = uidOf(object);
    const before = collection.known.get(uid);
    const resourceVersion = textOf(valueAt(object, 'metadata', 'resourceVersion'));
    collection.seen?.add(uid);
    // A list after a broken connection repeats what has not changed.
    if (before && resourceVersion !== '' && before.resourceVersion === resourceVersion) return;
    const decoded = collection.resource.decode(object);
    if (!decoded) return;
    const { namespace } = decoded.meta;
    const key = keyOf(decoded);
    collection.known.set(uid, { namespace, key, resourceVersion });
    this.keep(collection.resource.place, key, decoded);
  }

  private keep(place: Place, key: string, decoded: LiveObject): void {
    const { namespace } = decoded.meta;
    const partition = this.namespaces.get(namespace) ?? newPartition();
    this.namespaces.set(namespace, partition);
    const old = partition[place].get(key);
    if (isSameNode(old, decoded)) return;
    const fresh = keptParts(old, decoded);
    partition[place].set(key, fresh);
    if (old && isSameBuild(old, fresh)) this.dirty.markState(namespace, `${place}\n${key}`, old, fresh);
    else this.mark(namespace, place);
  }

  private remove(collection: Collection, uid: string): void {
    const location = collection.known.get(uid);
    if (!location) return;
    const { namespace, key } = location;
    const { place } = collection.resource;
    collection.known.delete(uid);
    const partition = this.namespaces.get(namespace);
    // The name may belong to a new object by now, which nobody has removed.
    if (!partition || partition[place].get(key)?.meta.uid !== uid) return;
    partition[place].delete(key);
    this.mark(namespace, place);
    if (Object.values(partition).every((objects) => objects.size === 0)) this.namespaces.delete(namespace);
  }

  private dropUnseen(collection: Collection): void {
    const { seen, known } = collection;
    collection.seen = undefined;
    if (!seen) return;
    for (const uid of known.keys()) if (!seen.has(uid)) this.remove(collection, uid);
  }

  private mark(namespace: string, place: Place): void {
    if (namespace !== '') this.dirty.mark(namespace);
    else if (place !== 'definitions') this.isClusterDirty = true;
  }
}

type Partition = Readonly<Record<Place, SortedObjects<LiveObject>>>;

function newPartition(): Partition {
  const objects = (): SortedObjects<LiveObject> => new SortedObjects();
  return {
    pods: objects(),
    workloads: objects(),
    services: objects(),
    claims: objects(),
    budgets: objects(),
    customs: objects(),
    helmSecrets: objects(),
    nodes: objects(),
    definitions: objects(),
  };
}

type Kind = LiveObject['kind'];

/** Lists of one place are of its kinds by construction; this tells the compiler, and keeps the array where it is so. */
function onlyOf<K extends Kind>(
  list: readonly LiveObject[] | undefined,
  ...kinds: readonly K[]
): readonly Extract<LiveObject, { kind: K }>[] {
  const isWanted = (object: LiveObject): object is Extract<LiveObject, { kind: K }> =>
    kinds.some((kind) => kind === object.kind);
  if (!list) return [];
  return list.every(isWanted) ? list : list.filter(isWanted);
}

/** Kinds that belong to no namespace stand after those of the namespace. */
function joined(own: readonly LiveObject[] = [], shared: readonly LiveObject[] = []): readonly LiveObject[] {
  return shared.length === 0 ? own : [...own, ...shared];
}

/** By name first, so that lists sorted by it are sorted by name. */
function keyOf(object: LiveObject): string {
  const { name } = object.meta;
  return object.kind === 'Custom' ? `${name}\n${object.customKind}\n${object.group}` : `${name}\n${object.kind}`;
}

/** Heartbeats change a node every few minutes without changing what is known of it. */
function isSameNode(old: LiveObject | undefined, fresh: LiveObject): boolean {
  if (old?.kind !== 'Node' || fresh.kind !== 'Node') return false;
  const { meta: oldMeta, ...oldFacts } = old;
  const { meta, ...facts } = fresh;
  return oldMeta.uid === meta.uid && sameShape(oldMeta.labels, meta.labels) && sameShape(oldFacts, facts);
}
