import type { MapEntry, MapNode, ScalarNode, SequenceItem, YamlNode, YamlPath } from '#core/yaml/nodes.ts';
import type { TextRange } from '#core/text/range.ts';
import { makeScalar, readFlow, readQuoted } from '#core/yaml/tolerant/flow.ts';
import {
  findClosingQuote,
  findKeyColon,
  isColon,
  isCommentStart,
  isDash,
  isQuestion,
  skipBlanks,
  splitLines,
  type SourceLine,
} from '#core/yaml/tolerant/lines.ts';

/**
 * A key or list item in a column where none can stand, for instance a key in the column of the dashes above it.
 * It is not part of the tree; lint/placement.ts finds out where it belongs.
 */
export interface StrayBlock {
  /** Absent for a stray list item. */
  readonly entry: MapEntry | undefined;
  /** The stray list, when a dash stands where none can. */
  readonly items: YamlNode | undefined;
  readonly column: number;
  /** What the block interrupts. */
  readonly containerKind: 'map' | 'sequence';
  /** Path of the interrupted collection, from the root or from the value of the enclosing stray. */
  readonly containerPath: YamlPath;
  /** Strays inside this one; their paths start at its value. */
  readonly nested: readonly StrayBlock[];
  readonly range: TextRange;
}

export interface TolerantDocument {
  readonly root: YamlNode | undefined;
  readonly strays: readonly StrayBlock[];
  /** Lines that are neither a key, an item nor the continuation of a value. */
  readonly junk: readonly TextRange[];
}

/**
 * Reads YAML by indentation alone and makes the best of whatever stands there. For text that parses it gives the same
 * tree as the parser, as far as completion needs it (anchors are kept by name, aliases are not followed).
 */
export function readTolerant(text: string): TolerantDocument {
  return new TolerantReader(text).read();
}

const DEPTH_LIMIT = 128;

class TolerantReader {
  readonly #text: string;
  readonly #lines: readonly SourceLine[];
  #index = 0;
  #depth = 0;
  #path: (string | number)[] = [];
  #strays: StrayBlock[] = [];
  readonly #junk: TextRange[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#lines = splitLines(text);
  }

  read(): TolerantDocument {
    const root = this.#readRoot();
    while (this.#current()) this.#readStray('map');
    return { root, strays: this.#strays, junk: this.#junk };
  }

  #readRoot(): YamlNode | undefined {
    for (; this.#index < this.#lines.length; this.#index++) {
      const line = this.#lines[this.#index];
      if (line?.kind === 'content') return this.#readNode(line.start + line.indent, line.indent, -1);
      const inline = line?.kind === 'marker' ? this.#contentBehindMarker(line) : undefined;
      if (line && inline !== undefined) return this.#readNode(inline, inline - line.start, -1);
    }
    return undefined;
  }

  #contentBehindMarker(line: SourceLine): number | undefined {
    if (!this.#text.startsWith('---', line.start)) return undefined;
    const at = skipBlanks(this.#text, line.start + 3, line.end);
    return at < line.end ? at : undefined;
  }

  /** The line to read next: content only; undefined at the end of the document. */
  #current(): SourceLine | undefined {
    for (; this.#index < this.#lines.length; this.#index++) {
      const line = this.#lines[this.#index];
      if (line?.kind === 'content') return line;
      if (line?.kind === 'marker' && this.#text.startsWith('...', line.start)) {
        this.#index = this.#lines.length;
      }
    }
    return undefined;
  }

  #readNode(at: number, column: number, parentColumn: number): YamlNode | undefined {
    const line = this.#lines[this.#index];
    if (!line || this.#depth > DEPTH_LIMIT) return this.#skipDeep(parentColumn);
    const props = readProperties(this.#text, at, line.end);
    this.#depth++;
    const node = this.#readBare(props.end, props.end - line.start, parentColumn, column);
    this.#depth--;
    return node && props.anchor !== undefined ? { ...node, anchor: props.anchor } : node;
  }

  #readBare(at: number, atColumn: number, parentColumn: number, column: number): YamlNode | undefined {
    const line = this.#lines[this.#index];
    if (!line) return undefined;
    if (at >= line.end) {
      this.#index++;
      return this.#readNested(parentColumn, parentColumn);
    }
    if (isDash(this.#text, at, line.end)) return this.#readSequence(atColumn, at, 'indented');
    if (this.#startsBlock({ ...line, indent: at - line.start })) return this.#readMap(column, at);
    return this.#readInline(at, parentColumn);
  }

  #readMap(column: number, firstAt: number): MapNode {
    const entries: MapEntry[] = [];
    let line = this.#lines[this.#index];
    let at = firstAt;
    for (let isFirst = true; line; isFirst = false) {
      if (!isFirst && line.indent < column) break;
      const entry = isFirst || line.indent === column ? this.#readEntry(at, line.end, column) : undefined;
      if (entry) entries.push(entry);
      else this.#readStray('map');
      line = this.#current();
      at = line ? line.start + line.indent : at;
    }
    const end = entries.at(-1)?.range.end ?? firstAt;
    return { kind: 'map', flow: false, entries, range: { start: firstAt, end } };
  }

  #readEntry(at: number, lineEnd: number, column: number): MapEntry | undefined {
    if (isQuestion(this.#text, at, lineEnd)) return this.#readExplicitEntry(at, lineEnd, column);
    const colon = findKeyColon(this.#text, at, lineEnd);
    return colon === undefined ? undefined : this.#readPair(readKey(this.#text, at, colon), colon, column);
  }

  /** `? key` on one line, and `: value` on the next when there is one. */
  #readExplicitEntry(at: number, lineEnd: number, column: number): MapEntry {
    const key = readKey(this.#text, skipBlanks(this.#text, at + 1, lineEnd), lineEnd);
    this.#index++;
    const line = this.#current();
    const colon = line ? line.start + line.indent : at;
    if (line?.indent === column && isColon(this.#text, colon, line.end)) return this.#readPair(key, colon, column);
    return { key, value: undefined, range: key.range };
  }

  #readPair(key: ScalarNode, colon: number, column: number): MapEntry {
    this.#path.push(key.text);
    const value = this.#readValue(colon + 1, column);
    this.#path.pop();
    return { key, value, range: { start: key.range.start, end: value?.range.end ?? colon + 1 } };
  }

  #readValue(from: number, column: number): YamlNode | undefined {
    const line = this.#lines[this.#index];
    if (!line) return undefined;
    const props = readProperties(this.#text, skipBlanks(this.#text, from, line.end), line.end);
    let node: YamlNode | undefined;
    if (props.end < line.end) node = this.#readInline(props.end, column);
    else {
      this.#index++;
      node = this.#readNested(column, column);
    }
    return node && props.anchor !== undefined ? { ...node, anchor: props.anchor } : node;
  }

  /** The block below a key or dash: deeper than `column`, or a list in `dashColumn` itself. */
  #readNested(column: number, dashColumn: number): YamlNode | undefined {
    const line = this.#current();
    if (!line) return undefined;
    const at = line.start + line.indent;
    if (line.indent > column) return this.#readNode(at, line.indent, column);
    if (line.indent === dashColumn && isDash(this.#text, at, line.end)) {
      return this.#readSequence(line.indent, at, 'indentless');
    }
    return undefined;
  }

  #readSequence(column: number, firstAt: number, style: 'indented' | 'indentless'): YamlNode {
    const items: SequenceItem[] = [];
    let line = this.#lines[this.#index];
    let at = firstAt;
    for (let isFirst = true; line; isFirst = false) {
      if (!isFirst && line.indent < column) break;
      if ((isFirst || line.indent === column) && isDash(this.#text, at, line.end)) {
        items.push(this.#readItem(at, column, items.length));
      } else if (line.indent === column && style === 'indentless') break;
      else this.#readStray('sequence');
      line = this.#current();
      at = line ? line.start + line.indent : at;
    }
    const end = items.at(-1)?.range.end ?? firstAt + 1;
    return { kind: 'sequence', flow: false, items, range: { start: firstAt, end } };
  }

  #readItem(at: number, column: number, index: number): SequenceItem {
    const line = this.#lines[this.#index];
    const end = line?.end ?? at + 1;
    const rest = skipBlanks(this.#text, at + 1, end);
    this.#path.push(index);
    let value: YamlNode | undefined;
    if (line && rest < end) value = this.#readNode(rest, rest - line.start, column);
    else {
      this.#index++;
      value = this.#readNested(column, Number.NaN);
    }
    this.#path.pop();
    return { value, range: { start: at, end: value?.range.end ?? at + 1 } };
  }

  /** Reads one key, one list or one line that stands in a column where it cannot belong to what is open. */
  #readStray(containerKind: 'map' | 'sequence'): void {
    const line = this.#current();
    if (!line) return;
    const at = line.start + line.indent;
    const colon = findKeyColon(this.#text, at, line.end);
    const dash = isDash(this.#text, at, line.end);
    if (colon === undefined && !dash) {
      this.#junk.push({ start: at, end: line.end });
      this.#index++;
      return;
    }
    const containerPath = [...this.#path];
    const outer = { path: this.#path, strays: this.#strays };
    const nested: StrayBlock[] = [];
    this.#strays = nested;
    this.#path = [];
    const entry = colon === undefined ? undefined : this.#readStrayEntry(at, colon, line.indent);
    const items = entry ? undefined : this.#readSequence(line.indent, at, 'indented');
    this.#path = outer.path;
    this.#strays = outer.strays;
    const range = entry?.range ?? items?.range ?? { start: at, end: line.end };
    this.#strays.push({ entry, items, column: line.indent, containerKind, containerPath, nested, range });
  }

  /** Like readEntry, but paths below start at the value. */
  #readStrayEntry(at: number, colon: number, column: number): MapEntry {
    const key = readKey(this.#text, at, colon);
    const value = this.#readValue(colon + 1, column);
    return { key, value, range: { start: at, end: value?.range.end ?? colon + 1 } };
  }

  #readInline(at: number, parentColumn: number): YamlNode | undefined {
    const line = this.#lines[this.#index];
    if (!line) return undefined;
    const first = this.#text[at];
    if ((first === '|' || first === '>') && isBlockHeader(this.#text.slice(at, line.end))) {
      return this.#readBlockScalar(at, parentColumn);
    }
    if (first === '"' || first === "'") return this.#readQuotedLines(at, parentColumn);
    if (first === '{' || first === '[') {
      return this.#finishFlow(readFlow(this.#text, at, this.#flowLimit(parentColumn)));
    }
    if (first === '*') {
      this.#index++;
      const end = trimmedEnd(this.#text, at, line.end);
      const name = this.#text.slice(at + 1, end);
      return { kind: 'alias', name, target: undefined, range: { start: at, end } };
    }
    return this.#readPlain(at, parentColumn);
  }

  #readPlain(at: number, parentColumn: number): ScalarNode {
    const first = this.#lines[this.#index];
    let end = trimmedEnd(this.#text, at, first?.end ?? at);
    const parts = [this.#text.slice(at, end)];
    const hadComment = this.#text.slice(end, first?.end ?? end).includes('#');
    this.#index++;
    let line = hadComment ? undefined : this.#current();
    while (line && line.indent > parentColumn && !this.#startsBlock(line)) {
      const start = line.start + line.indent;
      end = trimmedEnd(this.#text, start, line.end);
      parts.push(this.#text.slice(start, end));
      this.#index++;
      line = this.#current();
    }
    return makeScalar(parts.join(' '), 'plain', at, end);
  }

  #readQuotedLines(at: number, parentColumn: number): YamlNode {
    const line = this.#lines[this.#index];
    const limit = this.#flowLimit(parentColumn);
    const closed = findClosingQuote(this.#text, at, limit) !== undefined;
    const read = readQuoted(this.#text, at, closed ? limit : (line?.end ?? limit));
    return this.#finishFlow(read) ?? read.node;
  }

  /** Flow content ends at the latest before a less indented line that starts a key or item of its own. */
  #flowLimit(parentColumn: number): number {
    for (let i = this.#index + 1; i < this.#lines.length; i++) {
      const line = this.#lines[i];
      if (line?.kind === 'marker') return line.start;
      if (line?.kind === 'content' && line.indent <= parentColumn && this.#startsBlock(line)) {
        return line.start;
      }
    }
    return this.#text.length;
  }

  #finishFlow(read: { node: YamlNode | undefined; end: number }): YamlNode | undefined {
    while ((this.#lines[this.#index + 1]?.start ?? read.end) < read.end) this.#index++;
    this.#index++;
    return read.node;
  }

  #readBlockScalar(at: number, parentColumn: number): ScalarNode {
    const header = this.#lines[this.#index];
    let end = header ? trimmedEnd(this.#text, at, header.end) : at;
    const content: string[] = [];
    this.#index++;
    for (; this.#index < this.#lines.length; this.#index++) {
      const line = this.#lines[this.#index];
      if (!line || (line.kind !== 'blank' && line.indent <= parentColumn)) break;
      content.push(this.#text.slice(line.start, line.end));
      if (line.kind !== 'blank') ({ end } = line);
    }
    const style = this.#text[at] === '|' ? 'literal' : 'folded';
    const keepsBreak = !this.#text.slice(at, header?.end).includes('-');
    return makeScalar(joinBlock(content, style) + (keepsBreak ? '\n' : ''), style, at, end);
  }

  #startsBlock(line: SourceLine): boolean {
    const at = line.start + line.indent;
    return (
      isDash(this.#text, at, line.end) ||
      isQuestion(this.#text, at, line.end) ||
      findKeyColon(this.#text, at, line.end) !== undefined
    );
  }

  #skipDeep(parentColumn: number): undefined {
    this.#index++;
    let line = this.#current();
    while (line && line.indent > parentColumn) {
      this.#index++;
      line = this.#current();
    }
    return undefined;
  }
}

function readKey(text: string, at: number, colon: number): ScalarNode {
  const quote = text[at];
  if (quote === '"' || quote === "'") return readQuoted(text, at, colon).node;
  const end = trimmedEnd(text, at, colon);
  return makeScalar(text.slice(at, end), 'plain', at, end);
}

function readProperties(text: string, from: number, end: number): { end: number; anchor?: string } {
  let at = from;
  let anchor: string | undefined;
  for (;;) {
    const match = /^[&!][^\s,[\]{}]*/.exec(text.slice(at, end));
    if (!match) return anchor === undefined ? { end: at } : { end: at, anchor };
    if (match[0].startsWith('&')) anchor = match[0].slice(1);
    at = skipBlanks(text, at + match[0].length, end);
  }
}

/** End of the content of a line from `from`, without a trailing comment and blanks. */
function trimmedEnd(text: string, from: number, lineEnd: number): number {
  let end = lineEnd;
  for (let at = from + 1; at < lineEnd; at++) {
    if (isCommentStart(text, at)) {
      end = at;
      break;
    }
  }
  while (end > from && ' \t'.includes(text.charAt(end - 1))) end--;
  return end;
}

function isBlockHeader(rest: string): boolean {
  return /^[|>][-+\d]{0,2}[ \t]*(?:#.*)?$/.test(rest);
}

/** Content of a block scalar without its indentation. Folding ignores more indented lines, which only matters for long texts. */
function joinBlock(lines: readonly string[], style: 'literal' | 'folded'): string {
  const indent = lines.find((line) => line.trim() !== '')?.search(/\S/) ?? 0;
  const text = lines
    .map((line) => line.slice(indent))
    .join('\n')
    .trimEnd();
  return style === 'literal' ? text : text.replaceAll(/(?<=\S)\n(?=\S)/g, ' ');
}
