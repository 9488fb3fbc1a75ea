import type { NamespaceObjects } from '#core/live/objects.ts';
import { keptIfSame } from '#core/live/sameShape.ts';

/** What is told of whole namespaces beside their data clusters, such as their operators; remade for the namespaces that change. */
export class Summaries<View> {
  private readonly read: (objects: NamespaceObjects, now: number) => readonly View[];
  private readonly byNamespace = new Map<string, readonly View[]>();
  private all: readonly View[] | undefined = [];

  /** @param read the views of a namespace, sorted by name */
  constructor(read: (objects: NamespaceObjects, now: number) => readonly View[]) {
    this.read = read;
  }

  /** By namespace, then as they were read; the same array as long as nothing changes. */
  get views(): readonly View[] {
    this.all ??= [...this.byNamespace.keys()].toSorted().flatMap((namespace) => this.byNamespace.get(namespace) ?? []);
    return this.all;
  }

  /** Namespaces that have any. */
  get namespaces(): readonly string[] {
    return [...this.byNamespace.keys()];
  }

  take(objects: NamespaceObjects, now: number): void {
    const old = this.byNamespace.get(objects.namespace);
    const fresh = keptIfSame(old, this.read(objects, now));
    if (fresh === old || (fresh.length === 0 && !old)) return;
    this.all = undefined;
    if (fresh.length === 0) this.byNamespace.delete(objects.namespace);
    else this.byNamespace.set(objects.namespace, fresh);
  }
}
