// Puts the releases of a system together: what is true of the newest, since when and until when a setting exists, and what was different before.

/** Facts that are compared between releases. */
const COMPARED = ['type', 'default', 'values', 'min', 'max', 'above', 'smallest', 'also'];

/**
 * @param releases oldest first: the minor version and its tables
 * @returns {{ versions: string[], tables: Record<string, Record<string, object>> }}
 */
export function mergeReleases(releases) {
  const names = new Set(releases.flatMap(({ tables }) => Object.keys(tables)));
  return {
    versions: releases.map(({ minor }) => minor),
    tables: Object.fromEntries([...names].map((table) => [table, mergeTable(releases, table)])),
  };
}

function mergeTable(releases, table) {
  const names = new Set(releases.flatMap(({ tables }) => Object.keys(tables[table] ?? {})));
  return Object.fromEntries(
    [...names]
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((name) => [
        name,
        mergeSetting(releases.map(({ minor, tables }) => ({ minor, facts: tables[table]?.[name] }))),
      ]),
  );
}

function mergeSetting(history) {
  const known = history.filter(({ facts }) => facts !== undefined);
  const first = known[0];
  const last = known.at(-1);
  const next = history[history.indexOf(last) + 1];
  const { internal, ...newest } = last.facts;
  const isNew = first !== history[0] && newest.since === undefined && newest.deprecatedIn === undefined;
  const renaming = known.find(({ facts }) => facts.replacedBy !== undefined);
  const renamedIn = renaming && renaming !== history[0] ? renaming.minor : undefined;
  const before = differences(known);
  return {
    ...newest,
    ...(isNew && renamedIn === undefined ? { since: first.minor } : {}),
    ...(next && newest.removedIn === undefined ? { removedIn: next.minor } : {}),
    ...(renamedIn ? { renamedIn } : {}),
    ...(internal ? { internal } : {}),
    ...(before.length > 0 ? { before } : {}),
  };
}

/** What was different up to some release, oldest first; null where there was no such fact. */
function differences(known) {
  const newest = known.at(-1).facts;
  const found = [];
  for (const [index, { facts }] of known.slice(0, -1).entries()) {
    const changed = COMPARED.filter((fact) => JSON.stringify(facts[fact]) !== JSON.stringify(newest[fact]));
    if (changed.length === 0) continue;
    const was = Object.fromEntries(changed.map((fact) => [fact, facts[fact] ?? null]));
    const until = known[index + 1].minor;
    const previous = found.at(-1);
    if (previous && JSON.stringify(previous.was) === JSON.stringify(was)) previous.until = until;
    else found.push({ until, was });
  }
  return found.map(({ until, was }) => ({ until, ...was }));
}
