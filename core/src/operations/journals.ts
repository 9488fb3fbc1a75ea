import { textOf, valueAt } from '#core/json.ts';
import type { Cluster, JsonObject, Stoppable, WatchEvent } from '#core/live/ports.ts';
import { configMaps, JOURNAL_LABEL, readJournal, type JournalContents } from '#core/operations/configMapJournal.ts';

/** A journal, and where it was found. */
export interface FoundJournal {
  readonly namespace: string;
  /** Name of the ConfigMap. */
  readonly name: string;
  readonly contents: JournalContents;
}

/**
 * Tells of all journals that may be read, sorted by namespace and name, and again after every change. What may not be listed tells
 * nothing: who asks knows from the rights what is missing.
 */
export function watchJournals(
  cluster: Cluster,
  namespaces: readonly string[] | undefined,
  listener: (journals: readonly FoundJournal[]) => void,
): Stoppable {
  const places = namespaces ?? [''];
  const found = places.map(() => new Map<string, FoundJournal>());
  const synced = places.map(() => false);
  const tell = (): void => {
    if (!synced.every(Boolean)) return;
    listener(found.flatMap((of) => [...of.values()]).toSorted(byPlace));
  };
  const watches = places.map((namespace, index) => {
    const query = { ...configMaps, labelSelector: JOURNAL_LABEL, ...(namespace === '' ? {} : { namespace }) };
    return cluster.watch(query, (event) => {
      const journals = found[index] ?? new Map<string, FoundJournal>();
      if (event.type === 'synced' || event.type === 'ended') synced[index] = true;
      apply(journals, event);
      if (event.type !== 'reset' && event.type !== 'interrupted') tell();
    });
  });
  return { stop: () => watches.forEach((watch) => watch.stop()) };
}

function apply(journals: Map<string, FoundJournal>, event: WatchEvent): void {
  if (event.type === 'reset') journals.clear();
  if (event.type !== 'put' && event.type !== 'remove') return;
  const journal = read(event.object);
  const key = `${journal.namespace}/${journal.name}`;
  if (event.type === 'remove') journals.delete(key);
  else journals.set(key, journal);
}

function read(object: JsonObject): FoundJournal {
  return {
    namespace: textOf(valueAt(object, 'metadata', 'namespace')),
    name: textOf(valueAt(object, 'metadata', 'name')),
    contents: readJournal(object),
  };
}

const byPlace = (a: FoundJournal, b: FoundJournal): number =>
  a.namespace.localeCompare(b.namespace, 'en') || a.name.localeCompare(b.name, 'en');
