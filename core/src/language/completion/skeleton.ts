import type { SchemaNode } from '#core/schema/node.ts';

/** How the text around a completion is laid out. */
export interface Layout {
  /** Column of the key that is inserted. */
  readonly column: number;
  /** Blanks for one level. */
  readonly unit: number;
  /** Blanks between the column of a key and the dash of its list: 0 where the author writes lists in the column of their key. */
  readonly dash: number;
  readonly eol: string;
}

/** Text with numbered places to fill in, in the snippet syntax of LSP. */
export class SnippetText {
  #text = '';
  #stops = 0;

  get text(): string {
    return this.#text;
  }

  get stops(): number {
    return this.#stops;
  }

  add(plain: string): this {
    this.#text += plain.replaceAll(/[\\$}]/g, (special) => `\\${special}`);
    return this;
  }

  stop(values: readonly string[] = []): this {
    this.#stops++;
    if (values.length === 0) this.#text += `$${this.#stops}`;
    else if (values.length === 1) this.#text += `\${${this.#stops}:${escapeValue(values[0] ?? '')}}`;
    else this.#text += `\${${this.#stops}|${values.map(escapeChoice).join(',')}|}`;
    return this;
  }
}

const DEPTH_LIMIT = 5;

/** Depth at which a key brings nothing along but the place for its value. */
export const BARE = DEPTH_LIMIT + 1;

/** A key with what must follow it: the required children of an object, the first item of a list, a place for a value. */
export function addKey(
  snippet: SnippetText,
  name: string,
  schema: SchemaNode | undefined,
  layout: Layout,
  depth = 0,
): void {
  snippet.add(`${quoteKey(name)}:`);
  if (schema && isObject(schema)) addObject(snippet, schema, layout, depth);
  else if (schema?.type === 'array') addList(snippet, schema, layout, depth);
  else {
    snippet.add(' ');
    addValue(snippet, schema);
  }
}

/** The required children of an object at a column, the first of them where the text stands already. */
export function addChildren(snippet: SnippetText, schema: SchemaNode, layout: Layout, depth: number): void {
  const required = (schema.raw.required ?? []).filter((name) => schema.property(name)?.raw.default === undefined);
  if (required.length === 0 || depth > DEPTH_LIMIT) {
    snippet.stop();
    return;
  }
  for (const [index, name] of required.entries()) {
    if (index > 0) snippet.add(newLine(layout, layout.column));
    addKey(snippet, name, schema.property(name), layout, depth + 1);
  }
}

function addObject(snippet: SnippetText, schema: SchemaNode, layout: Layout, depth: number): void {
  const column = layout.column + layout.unit;
  snippet.add(newLine(layout, column));
  addChildren(snippet, schema, { ...layout, column }, depth);
}

function addList(snippet: SnippetText, schema: SchemaNode, layout: Layout, depth: number): void {
  const column = layout.column + layout.dash;
  snippet.add(newLine(layout, column));
  addItem(snippet, schema.items, { ...layout, column }, depth);
}

/** One list item with its dash; the column is that of the dash. */
export function addItem(snippet: SnippetText, items: SchemaNode | undefined, layout: Layout, depth: number): void {
  snippet.add('- ');
  if (items && isObject(items)) addChildren(snippet, items, { ...layout, column: layout.column + 2 }, depth + 1);
  else addValue(snippet, items);
}

function addValue(snippet: SnippetText, schema: SchemaNode | undefined): void {
  snippet.stop(valueChoices(schema));
}

/** Values to choose from right in the skeleton; a single one is filled in. */
export function valueChoices(schema: SchemaNode | undefined): readonly string[] {
  const values = schema?.raw.enum?.filter((value) => value !== '' && value !== null).map(String) ?? [];
  return values.length <= 12 ? values : [];
}

export function isObject(schema: SchemaNode): boolean {
  return schema.type === 'object' || (schema.type === undefined && schema.raw.properties !== undefined);
}

function newLine(layout: Layout, column: number): string {
  return layout.eol + ' '.repeat(column);
}

/** A key that YAML would read as something else than a string is written in quotes. */
function quoteKey(name: string): string {
  return /^(?:y|n|yes|no|on|off|true|false|null|~)$/i.test(name) || !/^[\w$./-]+$/.test(name) ? `"${name}"` : name;
}

function escapeValue(text: string): string {
  return text.replaceAll(/[\\$}]/g, (special) => `\\${special}`);
}

function escapeChoice(text: string): string {
  return text.replaceAll(/[\\$},|]/g, (special) => `\\${special}`);
}
