/** Objects by key, and as a list sorted by key that is remade only when it is asked for after a change. Removal and replacement are cheap. */
export class SortedObjects<T> {
  private readonly byKey = new Map<string, T>();
  private sortedKeys: readonly string[] = [];
  private objects: readonly T[] = [];
  /** Keys that were put or removed since the list was made. */
  private changed = new Set<string>();

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): T | undefined {
    return this.byKey.get(key);
  }

  set(key: string, object: T): void {
    this.byKey.set(key, object);
    this.changed.add(key);
  }

  delete(key: string): boolean {
    const isGone = this.byKey.delete(key);
    if (isGone) this.changed.add(key);
    return isGone;
  }

  /** The same array as long as nothing changes. */
  list(): readonly T[] {
    if (this.changed.size === 0) return this.objects;
    const changed = [...this.changed].toSorted(compareTexts);
    this.changed = new Set();
    this.sortedKeys = this.merge(changed);
    this.objects = this.sortedKeys.flatMap((key) => this.byKey.get(key) ?? []);
    return this.objects;
  }

  /** One pass over what was sorted and what has changed, so that one event in ten thousand objects does not sort them all. */
  private merge(changed: readonly string[]): readonly string[] {
    const merged: string[] = [];
    let next = 0;
    for (const key of this.sortedKeys) {
      for (; next < changed.length && (changed[next] ?? '') < key; next += 1) this.keep(changed[next], merged);
      if (changed[next] === key) next += 1;
      this.keep(key, merged);
    }
    for (; next < changed.length; next += 1) this.keep(changed[next], merged);
    return merged;
  }

  private keep(key: string | undefined, merged: string[]): void {
    if (key !== undefined && this.byKey.has(key)) merged.push(key);
  }
}

/** By code units: the same on every machine, whatever its language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
