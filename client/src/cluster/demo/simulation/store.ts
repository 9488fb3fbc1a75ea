import type { Clock, Stoppable } from '#core/live/ports.ts';
import { ApiError } from './apiError.ts';
import type { Kind } from './kinds.ts';
import type { KubeObject, NewObject } from './objects.ts';
import { randomUuid, type Random } from './random.ts';
import { timeText } from './objects.ts';

export interface Change {
  readonly version: number;
  readonly kind: Kind;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

/** Changes that a watch can still be begun from. */
const KEPT_CHANGES = 20_000;

/**
 * Every object of the simulated cluster. Objects are values: a change replaces the object, and gets the next resource version.
 */
export class ObjectStore {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #objects = new Map<Kind, Map<string, KubeObject>>();
  readonly #sorted = new Map<Kind, readonly string[]>();
  readonly #lists = new Map<Kind, Map<string | undefined, readonly KubeObject[]>>();
  readonly #changes: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  #version = 1000;
  #oldest = 1000;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  get version(): number {
    return this.#version;
  }

  now(): number {
    return this.#clock.now();
  }

  get(kind: Kind, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(kind)?.get(`${namespace}/${name}`);
  }

  /** Keys `namespace/name` in the order of lists. */
  keys(kind: Kind): readonly string[] {
    let keys = this.#sorted.get(kind);
    if (keys === undefined) {
      keys = [...(this.#objects.get(kind)?.keys() ?? [])].toSorted(byText);
      this.#sorted.set(kind, keys);
    }
    return keys;
  }

  byKey(kind: Kind, key: string): KubeObject | undefined {
    return this.#objects.get(kind)?.get(key);
  }

  /** In the order of lists. The same array as long as nothing of the kind changes. */
  list(kind: Kind, namespace?: string): readonly KubeObject[] {
    const objects = this.#objects.get(kind);
    if (objects === undefined) return [];
    let lists = this.#lists.get(kind);
    if (lists === undefined) {
      lists = new Map();
      this.#lists.set(kind, lists);
    }
    let list = lists.get(namespace);
    if (list === undefined) {
      const prefix = `${namespace}/`;
      const keys = namespace === undefined ? this.keys(kind) : this.keys(kind).filter((key) => key.startsWith(prefix));
      list = keys.flatMap((key) => objects.get(key) ?? []);
      lists.set(namespace, list);
    }
    return list;
  }

  count(kind: Kind): number {
    return this.#objects.get(kind)?.size ?? 0;
  }

  /** Gives a new object its identity. @throws ApiError when the name is taken */
  add(kind: Kind, object: NewObject): KubeObject {
    const key = keyOf(object);
    if (this.#objects.get(kind)?.has(key) === true) {
      throw new ApiError(409, 'AlreadyExists', `${kind.plural} "${object.metadata.name}" already exists`);
    }
    const metadata = {
      creationTimestamp: timeText(this.now()),
      uid: randomUuid(this.#random),
      ...(hasSpec(object) && { generation: 1 }),
      ...object.metadata,
      resourceVersion: '',
    };
    return this.#write(kind, 'ADDED', { ...object, metadata });
  }

  /** Puts a changed object in the place of its former state; the same contents again change nothing. */
  put(kind: Kind, object: KubeObject): KubeObject {
    const previous = this.#objects.get(kind)?.get(keyOf(object));
    if (previous === undefined) throw new Error(`${kind.plural} ${keyOf(object)} is not there`);
    return previous === object ? object : this.#write(kind, 'MODIFIED', object);
  }

  remove(kind: Kind, object: KubeObject): void {
    const key = keyOf(object);
    const previous = this.#objects.get(kind)?.get(key);
    if (previous === undefined) return;
    this.#version++;
    this.#objects.get(kind)?.delete(key);
    this.#sorted.delete(kind);
    const last = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(this.#version) } };
    this.#tell({ version: this.#version, kind, type: 'DELETED', object: last, previous });
  }

  /** What happened after a version; undefined when that is too long ago. */
  changesAfter(version: number, kind: Kind): readonly Change[] | undefined {
    if (version < this.#oldest) return undefined;
    return this.#changes.filter((change) => change.version > version && change.kind === kind);
  }

  /** Forgets all former changes, so that older versions are gone, as a compaction of etcd does. */
  compact(): void {
    this.#changes.length = 0;
    this.#oldest = this.#version;
  }

  onDidChange(listener: (change: Change) => void): Stoppable {
    this.#listeners.add(listener);
    return { stop: () => this.#listeners.delete(listener) };
  }

  #write(kind: Kind, type: 'ADDED' | 'MODIFIED', object: KubeObject): KubeObject {
    this.#version++;
    const key = keyOf(object);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    let objects = this.#objects.get(kind);
    if (objects === undefined) {
      objects = new Map();
      this.#objects.set(kind, objects);
    }
    const previous = objects.get(key);
    objects.set(key, stored);
    if (previous === undefined) this.#sorted.delete(kind);
    this.#tell({ version: this.#version, kind, type, object: stored, previous });
    return stored;
  }

  #tell(change: Change): void {
    this.#lists.delete(change.kind);
    this.#changes.push(change);
    if (this.#changes.length > KEPT_CHANGES * 2) {
      this.#oldest = this.#changes[KEPT_CHANGES - 1]?.version ?? this.#version;
      this.#changes.splice(0, KEPT_CHANGES);
    }
    for (const listener of this.#listeners) listener(change);
  }
}

function keyOf({ metadata }: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function hasSpec(object: NewObject): boolean {
  return object['spec'] !== undefined;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
