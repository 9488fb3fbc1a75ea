import type { CompletionEntry } from '#core/language/completion/entry.ts';
import { mapKeysAt } from '#core/language/completion/mapKeys.ts';
import type { TypedPlace } from '#core/language/completion/place.ts';
import { addItem, addKey, BARE, isObject, SnippetText, type Layout } from '#core/language/completion/skeleton.ts';
import { valueEntries } from '#core/language/completion/values.ts';
import { describeExpected } from '#core/lint/structure/describe.ts';
import { indentUnit } from '#core/lint/placement/moveBlock.ts';
import { lineBreakOf } from '#core/lint/fixes/edits.ts';
import type { SchemaNode } from '#core/schema/node.ts';

/** Keys that may stand at the cursor, list items where a list is expected, and values where a single value is. */
export function keyEntries(place: TypedPlace): readonly CompletionEntry[] {
  const { schema } = place;
  const layout = layoutAt(place);
  const above = listAbove(place);
  const items = above ? itemEntries(above, layout, 'beside') : [];
  if (!schema) return [...mapKeysAt(place), ...items];
  if (schema.type === 'array') return itemEntries(schema, layout, 'below');
  if (!isObject(schema)) return valueEntries(place);
  return [...propertyEntries(place, schema, layout), ...mapKeysAt(place), ...items];
}

export function layoutAt(place: TypedPlace): Layout {
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
    .filter((name) => !taken.has(name))
    .map((name) => propertyEntry(name, schema, place, layout));
}

function propertyEntry(name: string, holder: SchemaNode, place: TypedPlace, layout: Layout): CompletionEntry {
  const schema = holder.property(name);
  const isRequired = holder.isRequired(name);
  const detail = `${isRequired ? 'required, ' : ''}${schema ? describeExpected(schema) : 'a value'}`;
  const base = { label: name, role: 'key' as const, rank: rankOf(name, isRequired), detail };
  if (place.colonFollows) return { ...base, text: name, isSnippet: false };
  if (place.flow) return { ...base, text: `${name}: `, isSnippet: false };
  const snippet = new SnippetText();
  if (schema) addKey(snippet, name, schema, layout, place.insertRequired ? 0 : BARE);
  return { ...base, text: snippet.text, isSnippet: true };
}

/** Required fields first, then what people write, and at the end what only the server writes. */
function rankOf(name: string, isRequired: boolean): number {
  if (isRequired) return 0;
  return name === 'status' || name === 'managedFields' ? 3 : 1;
}

/** The list a key right above waits for, when its dashes may stand in this column. */
function listAbove(place: TypedPlace): SchemaNode | undefined {
  const { map, schema } = place;
  if (!map || !schema || map.flow) return undefined;
  const index = map.entries.findIndex((entry) => entry.key.range.start === probeStart(place));
  const above = map.entries[index - 1];
  if (!above) return undefined;
  const list = schema.property(above.key.text);
  const isOpen =
    !above.value ||
    (above.value.kind === 'sequence' && !above.value.flow && isInColumn(place, above.value.range.start));
  return list?.type === 'array' && isOpen ? list : undefined;
}

function probeStart(place: TypedPlace): number {
  return place.replace.start - place.offset - (place.quoted ? 1 : 0);
}

function isInColumn(place: TypedPlace, offset: number): boolean {
  const lineStart = Math.max(place.text.lastIndexOf('\n', offset - 1), place.text.lastIndexOf('\r', offset - 1)) + 1;
  return offset - lineStart === place.column;
}

/** A new item of a list: with the whole skeleton, and one entry for each field it may begin with. */
function itemEntries(list: SchemaNode, layout: Layout, position: 'below' | 'beside'): CompletionEntry[] {
  const { items } = list;
  const snippet = new SnippetText();
  addItem(snippet, items, layout, 0);
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
  const inner = { ...layout, column: layout.column + 2 };
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
