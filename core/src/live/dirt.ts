import type { LiveObject } from '#core/live/objects.ts';

/** What has changed in a namespace since it was looked at. */
export interface Dirt {
  /** Something came, went or is built otherwise, so that data clusters have to be gathered anew. */
  readonly isWhole: boolean;
  /** Objects as they were looked at last, with those that took their place and differ in their state only. */
  readonly replaced: ReadonlyMap<LiveObject, LiveObject>;
}

/** Changes of namespaces between two looks. */
export class DirtyNamespaces {
  private readonly whole = new Set<string>();
  private readonly states = new Map<string, Map<string, { readonly old: LiveObject; readonly fresh: LiveObject }>>();

  mark(namespace: string): void {
    this.whole.add(namespace);
  }

  /** @param key of the object among those of its namespace */
  markState(namespace: string, key: string, old: LiveObject, fresh: LiveObject): void {
    if (this.whole.has(namespace)) return;
    const states = this.states.get(namespace) ?? new Map<string, { old: LiveObject; fresh: LiveObject }>();
    this.states.set(namespace, states);
    states.set(key, { old: states.get(key)?.old ?? old, fresh });
  }

  forget(namespace: string): void {
    this.whole.delete(namespace);
    this.states.delete(namespace);
  }

  /** Everything since the last call. */
  take(): ReadonlyMap<string, Dirt> {
    const taken = new Map<string, Dirt>();
    for (const [namespace, states] of this.states) {
      const replaced = new Map([...states.values()].map(({ old, fresh }) => [old, fresh]));
      taken.set(namespace, { isWhole: false, replaced });
    }
    for (const namespace of this.whole) taken.set(namespace, { isWhole: true, replaced: new Map() });
    this.states.clear();
    this.whole.clear();
    return taken;
  }
}
