import type { CompletionEntry } from '#core/language/completion/entry.ts';
import { describeSetting, settingOf } from '#core/language/hover/settings.ts';
import type { KnownPlace } from '#core/systems/knownPlace.ts';
import { factsIn, stateIn } from '#core/systems/settingVersions.ts';
import { offeredEntries } from '#core/systems/tables.ts';

/** The values a setting may have, its default first. */
export function settingValues(name: string, { table, version }: KnownPlace): readonly CompletionEntry[] {
  const entry = table.entries.get(name);
  if (!entry) return [];
  const facts = factsIn(entry, version);
  const fallback = facts?.default ?? entry.default;
  const words = facts?.values ?? entry.values ?? (entry.type === 'boolean' ? ['true', 'false'] : []);
  const values = words.length > 0 || fallback === undefined || fallback === '' ? words : [fallback];
  return values.map((value) => ({
    label: value,
    role: 'value',
    text: value,
    isSnippet: false,
    rank: value === fallback ? 0 : 1,
    ...(value === fallback ? { detail: 'default' } : {}),
  }));
}

/**
 * The settings that may stand in a place. Those that the version of the manifest does not know, or knows by another name, are offered
 * last and struck through.
 *
 * @param write makes an entry of a name, the value it begins with, and its rank
 */
export function settingEntries(
  place: KnownPlace,
  write: (name: string, value: string, rank: number) => CompletionEntry,
): CompletionEntry[] {
  return [...offeredEntries(place.table)].map(([name, known]) => {
    const state = stateIn(known, place.version);
    const isOutdated = place.version === undefined ? known.removedIn !== undefined : state !== 'current';
    const value = factsIn(known, place.version)?.default ?? known.default ?? '';
    const documentation = known.description === '' ? describeSetting(settingOf(name, place)) : known.description;
    return {
      ...write(name, value, isOutdated ? 3 : known.description === '' ? 2 : 1),
      detail: known.type,
      ...(documentation === undefined ? {} : { documentation }),
      ...(isOutdated ? { deprecated: true } : {}),
    };
  });
}
