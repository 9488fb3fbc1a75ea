import { Document, isAlias, isCollection, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node, Pair, ParsedNode, Scalar, YAMLError, YAMLMap, YAMLSeq } from 'yaml';
import type { TextRange } from '#core/text/range.ts';
import { DOCUMENT_LENGTH_LIMIT, EXPANSION_LIMIT, nestsTooDeep } from '#core/yaml/limits.ts';
import type { MapEntry, MapNode, ScalarNode, ScalarStyle, SequenceNode, YamlNode } from '#core/yaml/nodes.ts';
import { resolveScalar } from '#core/yaml/scalars.ts';
import { readTolerant, type StrayBlock } from '#core/yaml/tolerant.ts';

export type YamlProblemCode = 'syntax' | 'limit' | 'alias';

/** Something that keeps the text from being YAML as the API server reads it. */
export interface YamlProblem {
  readonly code: YamlProblemCode;
  readonly message: string;
  readonly range: TextRange;
}

/** One document, read. Ranges are relative to `text`. */
export interface YamlDocument {
  readonly text: string;
  /** Absent for an empty document and for one beyond the limits. */
  readonly root: YamlNode | undefined;
  /** Empty when the text is good YAML. */
  readonly problems: readonly YamlProblem[];
  /** The tree comes from the tolerant reader, because the text does not parse. */
  readonly recovered: boolean;
  /** Keys and items in columns where none can stand; only in recovered documents. */
  readonly strays: readonly StrayBlock[];
}

/** Reads one document; never throws. `text` may begin with a `---` line. */
export function parseDocumentText(text: string): YamlDocument {
  const limit = describeLimit(text);
  if (limit) return unread(text, { code: 'limit', message: limit, range: firstLine(text) });
  const parsed = parseDocument<ParsedNode, false>(text, {
    schema: 'failsafe',
    keepSourceTokens: false,
    prettyErrors: false,
    logLevel: 'silent',
    uniqueKeys: false,
    strict: true,
  });
  if (!(parsed instanceof Document)) return unread(text);
  if (parsed.errors.length > 0) return recover(text, parsed.errors);
  return convert(text, parsed.contents);
}

function convert(text: string, contents: Node | null): YamlDocument {
  const builder = new TreeBuilder(text);
  const root = contents ? builder.build(contents) : undefined;
  const bomb = builder.expansion > EXPANSION_LIMIT;
  if (bomb) return unread(text, { code: 'alias', message: BOMB, range: firstLine(text) });
  return { text, root, problems: builder.problems, recovered: false, strays: [] };
}

const BOMB =
  'Aliases multiply this document beyond what the API server reads; it is not analysed. Write the repeated parts out or remove the aliases.';

function recover(text: string, errors: readonly YAMLError[]): YamlDocument {
  const tolerant = readTolerant(text);
  const problems = errors.map((error): YamlProblem => {
    const [start, end] = error.pos;
    return { code: 'syntax', message: error.message, range: clampRange(text, start, end) };
  });
  return { text, root: tolerant.root, problems, recovered: true, strays: tolerant.strays };
}

function describeLimit(text: string): string | undefined {
  if (text.length > DOCUMENT_LENGTH_LIMIT) {
    const size = (text.length / 1024 / 1024).toFixed(1);
    return `This document has ${size} million characters; documents above 4 million are not analysed. The API server refuses objects above 1.5 MiB.`;
  }
  if (!nestsTooDeep(text)) return undefined;
  return 'This document nests more than 100 levels deep, deeper than any Kubernetes object; it is not analysed.';
}

function unread(text: string, problem?: YamlProblem): YamlDocument {
  const problems = problem ? [problem] : [];
  return { text, root: undefined, problems, recovered: problem !== undefined, strays: [] };
}

function firstLine(text: string): TextRange {
  const start = Math.max(text.search(/\S/), 0);
  const end = text.indexOf('\n', start);
  return { start, end: end < 0 ? Math.min(text.length, start + 80) : Math.min(end, start + 80) };
}

/** Keeps a problem visible: at least one character, inside the text, and not across a line break. */
function clampRange(text: string, start: number, end: number): TextRange {
  let from = Math.min(start, text.length);
  if (from > 0 && (from === text.length || '\r\n'.includes(text.charAt(from)))) {
    while (from > 0 && '\r\n \t'.includes(text.charAt(from - 1))) from--;
    from = Math.max(from - 1, 0);
  }
  const lineEnd = text.indexOf('\n', from);
  const limit = lineEnd < 0 ? text.length : lineEnd;
  return { start: from, end: Math.max(Math.min(end, limit), Math.min(from + 1, text.length)) };
}

/** Turns the parser's tree into ours, following anchors in the order of the text as YAML demands. */
class TreeBuilder {
  readonly problems: YamlProblem[] = [];
  /** Nodes of the tree with every alias written out. */
  expansion = 0;
  readonly #text: string;
  readonly #anchors = new Map<string, { node: YamlNode; size: number }>();

  constructor(text: string) {
    this.#text = text;
  }

  build(node: Node): YamlNode | undefined {
    const before = this.expansion++;
    const built = this.#convert(node);
    const anchor = isAlias(node) ? undefined : node.anchor;
    if (built && anchor !== undefined) {
      this.#anchors.set(anchor, { node: built, size: this.expansion - before });
    }
    return built;
  }

  #convert(node: Node): YamlNode | undefined {
    if (isScalar(node)) return this.#scalar(node);
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return this.#sequence(node);
    if (!isAlias(node)) return undefined;
    const [start, end] = node.range ?? [0, 0];
    const known = this.#anchors.get(node.source);
    this.expansion += known?.size ?? 0;
    return { kind: 'alias', name: node.source, target: known?.node, range: { start, end } };
  }

  #scalar(node: Scalar): YamlNode | undefined {
    const [start, valueEnd] = node.range ?? [0, 0];
    const style = SCALAR_STYLES[node.type ?? 'PLAIN'] ?? 'plain';
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    if (style === 'plain' && text === '' && !node.tag && !node.anchor) return undefined;
    const end = style === 'literal' || style === 'folded' ? this.#trim(start, valueEnd) : valueEnd;
    const tag = shortTag(node.tag);
    const value = resolveScalar(text, style, tag);
    return { kind: 'scalar', style, text, value, range: { start, end }, ...properties(node, tag) };
  }

  #map(node: YAMLMap): MapNode {
    const [start, valueEnd] = node.range ?? [0, 0];
    const flow = node.flow === true;
    const entries: MapEntry[] = [];
    for (const pair of node.items) {
      const entry = this.#entry(pair, start);
      if (entry) entries.push(entry);
    }
    const end = flow ? valueEnd : (entries.at(-1)?.range.end ?? valueEnd);
    return { kind: 'map', flow, entries, range: { start, end }, ...properties(node, shortTag(node.tag)) };
  }

  #entry(pair: Pair, mapStart: number): MapEntry | undefined {
    const key = this.#key(pair.key, mapStart);
    if (!key) return undefined;
    const value = isNode(pair.value) ? this.build(pair.value) : undefined;
    const end = value?.range.end ?? this.#behindColon(key.range.end);
    return { key, value, range: { start: key.range.start, end } };
  }

  #key(key: unknown, mapStart: number): ScalarNode | undefined {
    const built = isNode(key) ? this.build(key) : undefined;
    const target = built?.kind === 'alias' ? built.target : built;
    if (target?.kind === 'scalar') return { ...target, range: built?.range ?? target.range };
    if (isCollection(key)) {
      const [start, end] = key.range ?? [mapStart, mapStart];
      const message = 'A key must be a single value; the API server has no keys made of lists or maps.';
      this.problems.push({ code: 'syntax', message, range: { start, end } });
      return undefined;
    }
    const start = isNode(key) ? (key.range?.[0] ?? mapStart) : mapStart;
    return { kind: 'scalar', style: 'plain', text: '', value: { type: 'null' }, range: { start, end: start } };
  }

  #sequence(node: YAMLSeq): SequenceNode {
    const [start, valueEnd] = node.range ?? [0, 0];
    const flow = node.flow === true;
    let from = start;
    const items = node.items.map((item) => {
      const range = isNode(item) ? item.range : undefined;
      const value = isNode(item) ? this.build(item) : this.#pairItem(item, from);
      const at = flow ? (value?.range.start ?? from) : this.#dashBefore(range?.[0] ?? from, from);
      const end = value?.range.end ?? at + 1;
      from = Math.max(end, at + 1);
      return { value, range: { start: at, end } };
    });
    const end = flow ? valueEnd : (items.at(-1)?.range.end ?? valueEnd);
    return { kind: 'sequence', flow, items, range: { start, end }, ...properties(node, shortTag(node.tag)) };
  }

  /** A pair written straight into a flow sequence, `[a: b]`, is a map of one entry. */
  #pairItem(item: unknown, from: number): YamlNode | undefined {
    const entry = isPairLike(item) ? this.#entry(item, from) : undefined;
    return entry && { kind: 'map', flow: true, entries: [entry], range: entry.range };
  }

  #dashBefore(offset: number, from: number): number {
    const found = this.#text.lastIndexOf('-', offset);
    return found >= from ? found : Math.max(this.#text.indexOf('-', from), from);
  }

  #behindColon(offset: number): number {
    const colon = this.#text.indexOf(':', offset);
    return colon < 0 ? offset : colon + 1;
  }

  #trim(start: number, end: number): number {
    let at = Math.min(end, this.#text.length);
    while (at > start && ' \t\r\n'.includes(this.#text.charAt(at - 1))) at--;
    return at;
  }
}

const SCALAR_STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

function properties(node: { anchor?: string | undefined }, tag: string | undefined): { anchor?: string; tag?: string } {
  return { ...(node.anchor === undefined ? {} : { anchor: node.anchor }), ...(tag === undefined ? {} : { tag }) };
}

function shortTag(tag: string | undefined): string | undefined {
  return tag?.replace(/^tag:yaml\.org,2002:/, '!!');
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isCollection(value) || isAlias(value);
}

function isPairLike(value: unknown): value is Pair {
  return typeof value === 'object' && value !== null && 'key' in value && 'value' in value;
}
