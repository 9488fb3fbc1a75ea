import type { CompletionEntry } from '#core/language/completion/entry.ts';
import { mapKeysAt } from '#core/language/completion/mapKeys.ts';
import type { TypedPlace } from '#core/language/completion/place.ts';
import {
  addItem,
  addKey,
  BARE,
  isObject,
  SnippetText,
  type Layout,
  type SkeletonPlace,
} from '#core/language/completion/skeleton.ts';
import { valueEntries } from '#core/language/completion/values.ts';
import { describeExpected } from '#core/lint/structure/describe.ts';
import { indentUnit } from '#core/lint/placement/moveBlock.ts';
import { lineBreakOf } from '#core/lint/fixes/edits.ts';
import { compareMinors } from '#core/kubernetes/versions.ts';
import type { SchemaNode } from '#core/schema/node.ts';

/** Keys that may stand at the cursor, list items where a list is expected, and values where a single value is. */
export function keyEntries(place: TypedPlace): readonly CompletionEntry[] {
  const { schema } = place;
  const layout = layoutAt(place);
  const above = listAbove(place);
  const items = above
    ? itemEntries(above.list, skeletonAt({ ...place, path: [...place.path, above.name] }, layout), 'beside')
    : [];
  if (!schema) return [...mapKeysAt(place), ...items];
  if (schema.type === 'array') return itemEntries(schema, skeletonAt(place, layout), 'below');
  if (!isObject(schema)) return valueEntries(place);
  return [...propertyEntries(place, schema, layout), ...mapKeysAt(place), ...items];
}

function skeletonAt(place: TypedPlace, layout: Layout): SkeletonPlace {
  return { kind: place.kind, path: place.path, layout, depth: place.insertRequired ? 0 : BARE };
}

function layoutAt(place: TypedPlace): Layout {
  return {
    column: place.column,
    unit: indentUnit(place.text),
    dash: dashIndent(place.text),
    eol: lineBreakOf(place.text),
  };
}

/** Whether the author writes lists in the column of their key; judged by the first list of the document. */
function dashIndent(text: string): number {
  const match = /^([ \t]*)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*([ \t]*)- /m.exec(text);
  return match ? Math.max((match[2]?.length ?? 0) - (match[1]?.length ?? 0), 0) : 2;
}

function propertyEntries(place: TypedPlace, schema: SchemaNode, layout: Layout): CompletionEntry[] {
  const taken = new Set(place.map?.entries.map((entry) => entry.key.text));
  return schema.propertyNames
    .filter((name) => !taken.has(name) && !isNewer(name, schema, place))
    .map((name) => propertyEntry(name, schema, place, layout));
}

/** A field that the Kubernetes the manifest is for does not know yet. */
function isNewer(name: string, { raw }: SchemaNode, { kubernetesVersion }: TypedPlace): boolean {
  const since = raw['x-since']?.[name];
  return since !== undefined && kubernetesVersion !== undefined && compareMinors(kubernetesVersion, since) < 0;
}

function propertyEntry(name: string, holder: SchemaNode, place: TypedPlace, layout: Layout): CompletionEntry {
  const schema = holder.property(name);
  const isRequired = holder.isRequired(name);
  const detail = `${isRequired ? 'required, ' : ''}${schema ? describeExpected(schema) : 'a value'}`;
  const base = { label: name, role: 'key' as const, rank: rankOf(name, isRequired), detail };
  if (place.colonFollows || place.quoted) return { ...base, text: bareKey(name, place), isSnippet: false };
  if (place.flow) return { ...base, text: `${name}: `, isSnippet: false };
  const snippet = new SnippetText();
  if (schema) addKey(snippet, name, schema, skeletonAt(place, layout));
  return { ...base, text: snippet.text, isSnippet: true };
}

/** A key without a value, with the quotes and the colon that are missing around it. Between two quotes is room for its name only. */
function bareKey(name: string, { missingQuote, needsQuotes, colonFollows }: TypedPlace): string {
  if (needsQuotes) return `"${name}"`;
  return colonFollows || missingQuote === '' ? `${name}${missingQuote}` : `${name}${missingQuote}: `;
}

/** Required fields first, then what people write, and at the end what only the server writes. */
function rankOf(name: string, isRequired: boolean): number {
  if (isRequired) return 0;
  return name === 'status' || name === 'managedFields' ? 3 : 1;
}

/** The list a key right above waits for, when its dashes may stand in this column. */
function listAbove(place: TypedPlace): { readonly name: string; readonly list: SchemaNode } | undefined {
  const { map, schema } = place;
  if (!map || !schema || map.flow) return undefined;
  const index = map.entries.findIndex((entry) => entry.key.range.start === probeStart(place));
  const above = map.entries[index - 1];
  if (!above) return undefined;
  const list = schema.property(above.key.text);
  const isOpen =
    !above.value ||
    (above.value.kind === 'sequence' && !above.value.flow && isInColumn(place, above.value.range.start));
  return list?.type === 'array' && isOpen ? { name: above.key.text, list } : undefined;
}

function probeStart(place: TypedPlace): number {
  return place.replace.start - place.offset - (place.quoted ? 1 : 0);
}

function isInColumn(place: TypedPlace, offset: number): boolean {
  const lineStart = Math.max(place.text.lastIndexOf('\n', offset - 1), place.text.lastIndexOf('\r', offset - 1)) + 1;
  return offset - lineStart === place.column;
}

/** A new item of a list: with the whole skeleton, and one entry for each field it may begin with. */
function itemEntries(list: SchemaNode, place: SkeletonPlace, position: 'below' | 'beside'): CompletionEntry[] {
  const { items } = list;
  const snippet = new SnippetText();
  addItem(snippet, items, place);
  const rank = position === 'below' ? 0 : 2;
  const whole: CompletionEntry = {
    label: '- item',
    role: 'item',
    text: snippet.text,
    isSnippet: true,
    rank,
    detail: items ? describeExpected(items) : 'a value',
    filter: '-',
  };
  if (!items || !isObject(items)) return [whole];
  const layout = { ...place.layout, column: place.layout.column + 2 };
  const inner = { ...place, path: [...place.path, 0], layout };
  const fields = items.propertyNames.map((name): CompletionEntry => {
    const field = new SnippetText().add('- ');
    addKey(field, name, items.property(name), inner);
    return {
      label: `- ${name}`,
      role: 'key',
      text: field.text,
      isSnippet: true,
      rank: rank + (items.isRequired(name) ? 0 : 1),
      filter: `- ${name}`,
    };
  });
  return [whole, ...fields];
}
