import type { CompletionEntry } from '#core/language/completion/entry.ts';
import { kindValueEntries } from '#core/language/completion/kinds.ts';
import type { TypedPlace } from '#core/language/completion/place.ts';
import { referenceEntries } from '#core/language/completion/references.ts';
import { settingValues } from '#core/language/completion/settings.ts';
import { isObject } from '#core/language/completion/skeleton.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { knownMapAt } from '#core/systems/knownPlace.ts';

/** Values that may stand at the cursor: what the schema allows, its default, names that exist elsewhere, usual amounts. */
export function valueEntries(place: TypedPlace): readonly CompletionEntry[] {
  const isKind = place.path.length === 1 && (place.path[0] === 'kind' || place.path[0] === 'apiVersion');
  if (isKind) return kindValueEntries(place);
  const references = [...referenceEntries(place), ...valuesOfSetting(place)];
  const schema = place.role === 'item' ? place.schema?.items : place.schema;
  if (!schema) return references.map((entry) => writeValue(entry, place));
  if (place.role === 'item' && isObject(schema)) return objectItems(schema);
  return dedupe([...references, ...schemaValues(schema, place)]).map((entry) => writeValue(entry, place));
}

/** Values of a setting in a free-form map, whose schema takes anything. */
function valuesOfSetting({ kind, root, path, role, catalog }: TypedPlace): readonly CompletionEntry[] {
  const name = path.at(-1);
  if (!kind || role !== 'value' || typeof name !== 'string') return [];
  const known = knownMapAt(kind, root, path.slice(0, -1), catalog.settings);
  return known ? settingValues(name, known) : [];
}

function schemaValues(schema: SchemaNode, place: TypedPlace): CompletionEntry[] {
  const { raw } = schema;
  const fallback = raw.default;
  const allowed = raw.enum ?? wellKnownValues(place);
  const values = allowed?.filter((value) => value !== '' && value !== null).map(String) ?? [];
  const known = values.map((value) => entryOf(value, value === fallback ? 'default' : undefined));
  if (raw.type === 'boolean') {
    return ['true', 'false'].map((value) => entryOf(value, fallback === (value === 'true') ? 'default' : undefined));
  }
  if (raw.format === 'quantity') return usualAmounts(place).map((value) => entryOf(value, undefined));
  const isSimple = typeof fallback === 'string' || typeof fallback === 'number';
  if (known.length === 0 && isSimple) return [entryOf(String(fallback), 'default')];
  return known;
}

/** Objects for a list in flow style, one for each field they may begin with. */
function objectItems(schema: SchemaNode): CompletionEntry[] {
  return schema.propertyNames.map((name) => ({
    label: name,
    role: 'item',
    text: `{${name}: $1}`,
    isSnippet: true,
    rank: schema.isRequired(name) ? 0 : 1,
  }));
}

/** Values of the built-in type for a field a custom resource leaves open: the pod of a SparkApplication is a pod. */
function wellKnownValues(place: TypedPlace): readonly (string | number | boolean | null)[] | undefined {
  const type = place.holder?.raw['x-type'];
  const field = place.path.at(-1);
  if (type === undefined || typeof field !== 'string') return undefined;
  return place.catalog.wellKnownType(type)?.property(field)?.raw.enum;
}

/** Amounts people start with, by the name of the resource. */
const USUAL_AMOUNTS: Readonly<Record<string, readonly string[]>> = {
  cpu: ['250m', '500m', '1', '2', '4'],
  memory: ['512Mi', '1Gi', '2Gi', '4Gi', '8Gi', '16Gi'],
  storage: ['10Gi', '50Gi', '100Gi', '500Gi', '1Ti'],
  'ephemeral-storage': ['1Gi', '2Gi', '5Gi'],
  'nvidia.com/gpu': ['1', '2', '4'],
};

function usualAmounts(place: TypedPlace): readonly string[] {
  const name = place.path.at(-1);
  return USUAL_AMOUNTS[String(name)] ?? USUAL_AMOUNTS['storage'] ?? [];
}

function entryOf(value: string, detail: string | undefined): CompletionEntry {
  return {
    label: value,
    role: 'value',
    text: value,
    isSnippet: false,
    rank: detail === 'default' ? 0 : 1,
    ...(detail === undefined ? {} : { detail }),
  };
}

function dedupe(entries: readonly CompletionEntry[]): CompletionEntry[] {
  const seen = new Set<string>();
  return entries.filter((entry) => !seen.has(entry.label) && seen.add(entry.label));
}

/** Puts a blank behind the colon, quotes around what the server would not read as a string, and the quote that is missing. */
function writeValue(entry: CompletionEntry, place: TypedPlace): CompletionEntry {
  if (entry.isSnippet) return entry;
  const schema = place.role === 'item' ? place.schema?.items : place.schema;
  const needsQuotes =
    !place.quoted &&
    schema?.type === 'string' &&
    /^(?:[-+.\d].*|y|n|yes|no|on|off|true|false|null|~)$/i.test(entry.text);
  const text = needsQuotes ? `"${entry.text}"` : `${entry.text}${place.missingQuote}`;
  return { ...entry, text: `${place.needsBlank ? ' ' : ''}${text}${place.commentFollows ? ' ' : ''}` };
}
