import { parseQuantity } from '#core/kubernetes/quantity.ts';
import { toPath, type PlaceLink } from '#core/lint/structure/context.ts';
import { schemaOfKey } from '#core/lint/structure/objects.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { TextRange } from '#core/text/range.ts';
import {
  effectiveEntries,
  findEntry,
  resolveAlias,
  type AliasNode,
  type MapEntry,
  type YamlNode,
} from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** What a view needs to know of its document. */
export interface ViewSource {
  /** The document leaves things out that are there in the end: a patch, a template. */
  readonly isPartial: boolean;
  /** Whether a template action stands in the range. */
  readonly isTemplated: (range: TextRange) => boolean;
}

type Content = Exclude<YamlNode, AliasNode>;

interface ViewPlace {
  readonly parent: NodeView | undefined;
  readonly link: PlaceLink | undefined;
  /** The entry of a map that holds the value. */
  readonly entry: MapEntry | undefined;
  readonly schema: SchemaNode | undefined;
}

/**
 * A value of a document as the server sees it after decoding and defaulting: through aliases and merge keys, null as absent, defaults
 * of the schema where nothing is written. It keeps the place in the text. Views of fields exist whether the field does or not.
 *
 * Reading never fails: a value of another type, or one that is not known yet because a program fills it in, reads as undefined.
 * So a rule that compares only what it could read abstains where it must.
 */
export class NodeView {
  readonly parent: NodeView | undefined;
  readonly schema: SchemaNode | undefined;
  readonly entry: MapEntry | undefined;
  /** The value as written, perhaps an alias. */
  readonly written: YamlNode | undefined;
  /** The value behind aliases; undefined when it is absent or null. */
  readonly content: Content | undefined;
  readonly #link: PlaceLink | undefined;
  readonly #source: ViewSource;
  readonly #fields = new Map<string, NodeView>();
  #items: readonly NodeView[] | undefined;

  constructor(written: YamlNode | undefined, source: ViewSource, { parent, link, entry, schema }: ViewPlace) {
    const content = resolveAlias(written);
    this.written = written;
    this.content = content?.kind === 'scalar' && content.value.type === 'null' ? undefined : content;
    this.parent = parent;
    this.schema = schema;
    this.entry = entry;
    this.#link = link;
    this.#source = source;
  }

  /** As the server prints it: `spec.template.spec.containers[0].ports[1].name`. */
  get path(): string {
    return formatPath(toPath(this.#link));
  }

  /** Last step of the path: the key, or the index in a list; undefined for the object itself. */
  get step(): string | number | undefined {
    return this.#link?.step;
  }

  get isPresent(): boolean {
    return this.content !== undefined;
  }

  /** Whether it is certain that nothing is there: not when a template or another file may still bring it, or the parent has the wrong type. */
  get isAbsent(): boolean {
    if (this.isPresent) return false;
    const { parent } = this;
    if (!parent) return !this.#source.isPartial;
    if (!parent.isPresent) return parent.isAbsent;
    return !parent.isOpen && parent.content?.kind === (typeof this.step === 'number' ? 'sequence' : 'map');
  }

  /** Whether a map or list may have more members in the end than are written here. */
  get isOpen(): boolean {
    return this.#source.isPartial || (this.content !== undefined && this.#source.isTemplated(this.content.range));
  }

  /** Whether something is written that cannot be known here: a placeholder, a template action, a value of the wrong type. */
  get isUnknown(): boolean {
    const { content } = this;
    return content?.kind === 'scalar' && this.#isPlaceholder(content.text, content.range);
  }

  /** The view of a field, whether it is written or not. */
  field(name: string): NodeView {
    const known = this.#fields.get(name);
    if (known) return known;
    const entry = this.content?.kind === 'map' ? findEntry(this.content, name) : undefined;
    const made = this.#child(name, entry?.value, entry, this.#schemaOf(name));
    this.#fields.set(name, made);
    return made;
  }

  /** The view at the end of several fields. */
  at(...names: readonly string[]): NodeView {
    return names.reduce<NodeView>((view, name) => view.field(name), this);
  }

  /** The fields that are written, each once. */
  get fields(): readonly NodeView[] {
    if (this.content?.kind !== 'map') return [];
    const names = new Set(effectiveEntries(this.content).map(({ key }) => key.text));
    return [...names].map((name) => this.field(name));
  }

  get items(): readonly NodeView[] {
    return (this.#items ??=
      this.content?.kind === 'sequence'
        ? this.content.items.map(({ value }, index) => this.#child(index, value, undefined, this.schema?.items))
        : []);
  }

  /** The string, or the default where nothing is written. */
  get text(): string | undefined {
    const { content } = this;
    if (!content) return this.#fallback('string');
    if (content.kind !== 'scalar' || content.value.type !== 'string' || this.isUnknown) return undefined;
    return content.value.value;
  }

  /** The whole number, or the default where nothing is written. */
  get integer(): number | undefined {
    const { content } = this;
    if (!content) return this.#fallback('number');
    if (content.kind !== 'scalar') return undefined;
    const { value } = content;
    const number = value.type === 'integer' || value.type === 'float' ? Number(value.value) : Number.NaN;
    return Number.isInteger(number) ? number : undefined;
  }

  /** The truth value, or the default where nothing is written. */
  get boolean(): boolean | undefined {
    const { content } = this;
    if (!content) return this.#fallback('boolean');
    return content.kind === 'scalar' && content.value.type === 'boolean' ? content.value.value : undefined;
  }

  /** The amount in base units, whether it is written as a number or as text. */
  get quantity(): number | undefined {
    const { content } = this;
    if (content?.kind !== 'scalar' || this.isUnknown) return undefined;
    return parseQuantity(content.text)?.value;
  }

  /** How many items a list has, none when nothing is written; undefined when there may be more, or when it is no list. */
  get count(): number | undefined {
    if (this.content?.kind === 'sequence') return this.isOpen ? undefined : this.content.items.length;
    return this.isAbsent ? 0 : undefined;
  }

  /** Keys and texts of a map of strings, such as labels; what cannot be read is left out. */
  get textEntries(): readonly (readonly [string, string])[] {
    return this.fields.flatMap((field): (readonly [string, string])[] => {
      const { text } = field;
      return text === undefined || typeof field.step !== 'string' ? [] : [[field.step, text]];
    });
  }

  /** What to underline: a value, the key of an object or list, and for what is absent the place that lacks it. */
  get range(): TextRange {
    const { content, entry, written } = this;
    if (!content) return entry?.key.range ?? this.parent?.range ?? { start: 0, end: 0 };
    if (content.kind === 'scalar') return written?.range ?? content.range;
    if (entry) return entry.key.range;
    const first = content.kind === 'map' ? content.entries[0]?.key.range : undefined;
    return first ?? content.range;
  }

  #isPlaceholder(text: string, range: TextRange): boolean {
    return /\$\{|\{\{/.test(text) || this.#source.isTemplated(range);
  }

  #schemaOf(name: string): SchemaNode | undefined {
    const known = this.schema && schemaOfKey(this.schema, name);
    return known === 'free' || known === 'unknown' ? undefined : known;
  }

  #child(
    step: string | number,
    value: YamlNode | undefined,
    entry: MapEntry | undefined,
    schema: SchemaNode | undefined,
  ): NodeView {
    return new NodeView(value, this.#source, { parent: this, link: { parent: this.#link, step }, entry, schema });
  }

  #fallback(type: 'string'): string | undefined;
  #fallback(type: 'number'): number | undefined;
  #fallback(type: 'boolean'): boolean | undefined;
  #fallback(type: 'string' | 'number' | 'boolean'): unknown {
    const fallback: unknown = this.isAbsent ? this.schema?.raw.default : undefined;
    return typeof fallback === type ? fallback : undefined;
  }
}
