import type { SettingCatalogues, SettingFacts, FactType } from '#core/schema/settingCatalogues.ts';
import type { ChangeScope, KnowledgeEntry, KnowledgeTable, KnowledgeType, SystemId } from '#core/systems/contract.ts';
import { variableOf } from '#core/systems/tables.ts';

const completed = new WeakMap<SettingCatalogues, WeakMap<KnowledgeTable, KnowledgeTable>>();

/**
 * A table with every setting its system's releases declare: our own words from the table, the facts from the catalogue, which wins where
 * they differ. Settings that only the table knows, those of plug-ins and old releases, stay.
 */
export function completeTable(table: KnowledgeTable, catalogues: SettingCatalogues): KnowledgeTable {
  if (!table.catalogue) return table;
  const tables = completed.get(catalogues) ?? new WeakMap<KnowledgeTable, KnowledgeTable>();
  completed.set(catalogues, tables);
  const known = tables.get(table);
  if (known) return known;
  const made = { ...table, entries: completeEntries(table, catalogues) };
  tables.set(table, made);
  return made;
}

function completeEntries(
  { entries, catalogue }: KnowledgeTable,
  catalogues: SettingCatalogues,
): ReadonlyMap<string, KnowledgeEntry> {
  const all = new Map(entries);
  if (!catalogue) return all;
  const { system, table, variables } = catalogue;
  for (const [setting, facts] of catalogues.table(system, table)) {
    const name = variables === undefined ? setting : variableOf(variables, setting);
    const note = variables === undefined ? '' : `Becomes \`${setting}\`.`;
    all.set(name, completeEntry(entries.get(name), facts, system, note));
  }
  return all;
}

const TYPES: Readonly<Record<FactType, KnowledgeType>> = {
  boolean: 'boolean',
  string: 'string',
  password: 'string',
  class: 'class',
  list: 'list',
  int: 'integer',
  short: 'integer',
  long: 'integer',
  double: 'number',
  number: 'number',
  duration: 'duration',
  size: 'size',
  rate: 'rate',
  object: 'object',
};

const SCOPES: Readonly<Record<NonNullable<SettingFacts['mode']>, ChangeScope>> = {
  'read-only': 'restart',
  'per-broker': 'node',
  'cluster-wide': 'cluster',
};

/** What the catalogue calls a text or an object may be something of which our own table knows more: a class, a list, a duration. */
function typeOf(own: KnowledgeEntry | undefined, type: FactType): KnowledgeType {
  return own !== undefined && (type === 'string' || type === 'object') ? own.type : TYPES[type];
}

/** Where the case does not count, the spelling is ours. */
function valuesOf(own: KnowledgeEntry | undefined, { values, anyCase }: SettingFacts): readonly string[] | undefined {
  if (!values) return own?.values;
  const spelled = own?.values?.map((value) => value.toLowerCase()).toSorted();
  const isSame =
    anyCase === true &&
    spelled?.join() ===
      values
        .map((value) => value.toLowerCase())
        .toSorted()
        .join();
  return isSame ? own?.values : values;
}

/** A node of Cassandra reads cassandra.yaml before its classes' own defaults count; our table has those of the file. */
function defaultOf(
  own: KnowledgeEntry | undefined,
  { default: declared }: SettingFacts,
  system: SystemId,
): string | undefined {
  const fallback = system === 'cassandra' ? (own?.default ?? declared) : (declared ?? own?.default);
  return fallback === null || fallback === '' ? undefined : fallback;
}

function completeEntry(
  own: KnowledgeEntry | undefined,
  facts: SettingFacts,
  system: SystemId,
  note: string,
): KnowledgeEntry {
  const { type, mode } = facts;
  const fallback = defaultOf(own, facts, system);
  const values = valuesOf(own, facts);
  const since = facts.since ?? own?.since;
  const { removedIn } = facts;
  const replacedBy = facts.replacedBy ?? own?.replacedBy;
  const scope = mode ? SCOPES[mode] : own?.scope;
  return {
    type: typeOf(own, type),
    description: own?.description ?? note,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(values ? { values } : {}),
    ...(since === undefined ? {} : { since }),
    ...(removedIn === undefined ? {} : { removedIn }),
    ...(replacedBy === undefined ? {} : { replacedBy }),
    ...(scope === undefined ? {} : { scope }),
    facts,
  };
}
