import { usualKeys, usualValues } from '#core/language/completion/usual.ts';
import type { KindSchema } from '#core/schema/catalog.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

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
  readonly #named = new Map<string, number>();

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

  /** A place that is filled in together with all others of the same name. */
  shared(name: string): this {
    const known = this.#named.get(name);
    if (known !== undefined) {
      this.#text += `$${known}`;
      return this;
    }
    this.#named.set(name, this.#stops + 1);
    return this.stop([name]);
  }
}

/** The kind a skeleton is for, the path of the object it continues, and how it is laid out. */
export interface SkeletonPlace {
  readonly kind: KindSchema | undefined;
  readonly path: YamlPath;
  readonly layout: Layout;
  /** Levels above, counted so that recursive schemas end; {@link BARE} leaves out everything below. */
  readonly depth: number;
}

const DEPTH_LIMIT = 8;

/** Depth at which a key brings nothing along but the place for its value. */
export const BARE = DEPTH_LIMIT + 1;

/** A key with what must follow it: the keys of an object without which it is of no use, the first item of a list, a place for a value. */
export function addKey(snippet: SnippetText, name: string, schema: SchemaNode | undefined, place: SkeletonPlace): void {
  snippet.add(`${quoteKey(name)}:`);
  const path = [...place.path, name];
  const { layout } = place;
  if (schema && isObject(schema)) {
    const column = layout.column + layout.unit;
    snippet.add(newLine(layout, column));
    addChildren(snippet, schema, { ...place, path, layout: { ...layout, column } });
  } else if (schema?.type === 'array') {
    const column = layout.column + layout.dash;
    snippet.add(newLine(layout, column));
    addItem(snippet, schema.items, { ...place, path, layout: { ...layout, column } });
  } else {
    snippet.add(' ');
    addValue(snippet, schema, { ...place, path });
  }
}

/** The keys of an object without which it is of no use, the first of them where the text stands already. */
function addChildren(snippet: SnippetText, schema: SchemaNode, place: SkeletonPlace): void {
  const names = place.depth > DEPTH_LIMIT ? [] : skeletonKeys(schema, place);
  if (names.length === 0) {
    snippet.stop();
    return;
  }
  for (const [index, name] of names.entries()) {
    if (index > 0) snippet.add(newLine(place.layout, place.layout.column));
    const child = schema.property(name) ?? schema.additional;
    addKey(snippet, name, child, { ...place, depth: place.depth + 1 });
  }
}

/** What is required and has no default, and what nobody leaves out. */
function skeletonKeys(schema: SchemaNode, { kind, path }: SkeletonPlace): readonly string[] {
  const usual = usualKeys(schema, kind, path).filter((name) => schema.property(name) ?? schema.acceptsUnknownKeys);
  const required = schema.raw.required ?? [];
  const needed = required
    .filter((name) => schema.property(name)?.raw.default === undefined && !usual.includes(name))
    .toSorted((a, b) => Number(b === 'name') - Number(a === 'name'));
  return usual.length > 0 && required.every((name) => usual.includes(name)) ? usual : [...needed, ...usual];
}

/** One list item with its dash; the column is that of the dash. */
export function addItem(snippet: SnippetText, items: SchemaNode | undefined, place: SkeletonPlace): void {
  snippet.add('- ');
  const path = [...place.path, 0];
  const layout = { ...place.layout, column: place.layout.column + 2 };
  if (items && isObject(items)) addChildren(snippet, items, { ...place, path, layout, depth: place.depth + 1 });
  else addValue(snippet, items, { ...place, path });
}

function addValue(snippet: SnippetText, schema: SchemaNode | undefined, { kind, path }: SkeletonPlace): void {
  const isName = path.at(-1) === 'app' || (path.length === 2 && path[0] === 'metadata' && path[1] === 'name');
  if (isName) snippet.shared('name');
  else snippet.stop([...new Set([...usualValues(kind, path), ...valueChoices(schema)])]);
}

/** Values to choose from right in the skeleton; a single one is filled in. */
function valueChoices(schema: SchemaNode | undefined): readonly string[] {
  if (schema?.type === 'boolean') return ['true', 'false'];
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
