import type { TextRange } from '#core/text/range.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import type { MapNode, ScalarNode, YamlNode, YamlPath } from '#core/yaml/nodes.ts';
import { readTolerant, type StrayBlock } from '#core/yaml/tolerant.ts';
import { findClosingQuote, isCommentStart } from '#core/yaml/tolerant/lines.ts';

/** Where the cursor stands in the structure of a document, found by putting a word there and reading the text with it. */
export interface CursorPlace {
  /** The document with the word in it; offsets are those of the word's text. */
  readonly root: YamlNode | undefined;
  readonly role: 'key' | 'value' | 'item';
  /** Path of the map that takes the key, of the value, or of the list that takes the item. */
  readonly path: YamlPath;
  /** The map around a key, with the keys it already has. */
  readonly map: MapNode | undefined;
  /** In the file: what a completion replaces. Never more than the word under the cursor. */
  readonly replace: TextRange;
  /** What is already typed of the word, up to the cursor. */
  readonly typed: string;
  readonly quoted: boolean;
  /** The quote that is missing behind the word, and empty when it is there or none is open. */
  readonly missingQuote: string;
  /** Whether a key must bring both its quotes, because its colon touches the value as in JSON. */
  readonly needsQuotes: boolean;
  /** Whether a colon follows the word, so that a key must not bring its own. */
  readonly colonFollows: boolean;
  /** Whether a blank must come before a value, because the cursor stands right behind the colon. */
  readonly needsBlank: boolean;
  /** Whether a comment begins right behind the word, so that a blank must part it from a value. */
  readonly commentFollows: boolean;
  readonly flow: boolean;
  /** Column of the key, or of the key whose value is asked for. */
  readonly column: number;
  /** Text of the document, and its offset in the file. */
  readonly text: string;
  readonly offset: number;
}

/** A word no manifest has. */
const PROBE = 'zzProbe9';

/** Finds out what may stand at an offset of a file; undefined inside comments and block scalars, and where no key or value can be. */
export function locateCursor(fileText: string, fileOffset: number): CursorPlace | undefined {
  const range = documentAt(fileText, fileOffset);
  const text = fileText.slice(range.start, range.end);
  const word = wordAt(text, fileOffset - range.start);
  if (!word || isInComment(text, word.line.start, fileOffset - range.start)) return undefined;
  const probed = insertProbe(text, word);
  const tolerant = readTolerant(probed.text);
  const found = findProbe(tolerant.root, []) ?? findInStrays(tolerant.strays, []);
  if (!found) return undefined;
  return {
    ...found,
    root: tolerant.root,
    replace: { start: word.range.start + range.start, end: word.range.end + range.start },
    typed: text.slice(word.range.start, fileOffset - range.start),
    quoted: word.quoted,
    missingQuote: word.missingQuote,
    needsQuotes: word.needsQuotes,
    colonFollows: word.colonFollows,
    needsBlank: probed.needsBlank,
    commentFollows: isCommentStart(text, word.range.end),
    flow: found.map?.flow ?? word.isInline,
    column: columnOfKey(probed.text, found.anchor),
    text,
    offset: range.start,
  };
}

function documentAt(text: string, offset: number): TextRange {
  const documents = splitDocuments(text);
  return documents.findLast((range) => range.start <= offset) ?? { start: 0, end: text.length };
}

interface Word {
  readonly range: TextRange;
  readonly line: TextRange;
  readonly quoted: boolean;
  readonly missingQuote: string;
  readonly needsQuotes: boolean;
  readonly colonFollows: boolean;
  /** Whether only blanks and dashes stand before the word on its line. */
  readonly isFirst: boolean;
  /** Whether other text than a key with its colon stands before it. */
  readonly isInline: boolean;
}

const WORD = /[^\s,[\]{}"']/;

function wordAt(text: string, cursor: number): Word | undefined {
  const line = lineAt(text, cursor);
  const before = text.slice(line.start, cursor);
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(before)) return undefined;
  const quoteStart = openQuote(text, line.start, cursor);
  if (quoteStart !== undefined) return quotedWord(text, line, quoteStart, cursor);
  let start = cursor;
  while (start > line.start && WORD.test(text.charAt(start - 1)) && !isKeyEnd(text, start - 1)) start--;
  const lead = text.slice(line.start, start);
  const needsQuotes = start === cursor && /[{,][ \t]*$/.test(lead) && /^:\S/.test(text.slice(cursor, line.end));
  const end = needsQuotes ? cursor : wordEnd(text, cursor, line.end);
  return {
    range: { start, end },
    line,
    quoted: false,
    missingQuote: '',
    needsQuotes,
    colonFollows: needsQuotes || /^[ \t]*:(?:\s|$)/.test(text.slice(end, line.end)),
    isFirst: /^[ \t]*(?:-[ \t]+)*$/.test(lead),
    isInline: /[{[,]/.test(lead),
  };
}

function wordEnd(text: string, cursor: number, limit: number): number {
  let end = cursor;
  while (end < limit && WORD.test(text.charAt(end)) && !isKeyEnd(text, end) && !isCommentStart(text, end)) end++;
  return end;
}

/** A word behind an open quote. A quote that opens the next word does not close this one, and what follows is not replaced. */
function quotedWord(text: string, line: TextRange, quoteStart: number, cursor: number): Word {
  const next = findClosingQuote(text, quoteStart, line.end);
  const close = next !== undefined && WORD.test(text.charAt(next + 1)) && text[next + 1] !== ':' ? undefined : next;
  const end = close ?? wordEnd(text, cursor, line.end);
  const lead = text.slice(line.start, quoteStart);
  const colonFollows = /^[ \t]*:/.test(text.slice(close === undefined ? end : close + 1, line.end));
  const isFirst = /^[ \t]*(?:-[ \t]+)*$/.test(lead);
  return {
    range: { start: quoteStart + 1, end },
    line,
    quoted: true,
    missingQuote: close === undefined ? text.charAt(quoteStart) : '',
    needsQuotes: false,
    colonFollows,
    isFirst,
    isInline: /[{[,]/.test(lead),
  };
}

/** The quote the cursor stands behind, if it is still open there. */
function openQuote(text: string, start: number, cursor: number): number | undefined {
  for (let at = start; at < cursor; at++) {
    const isQuote = text[at] === '"' || text[at] === "'";
    if (isQuote && (at === start || /[\s:,[{-]/.test(text.charAt(at - 1)))) {
      const close = findClosingQuote(text, at, cursor);
      if (close === undefined) return at;
      at = close;
    } else if (isCommentStart(text, at)) return undefined;
  }
  return undefined;
}

function isKeyEnd(text: string, offset: number): boolean {
  return text[offset] === ':' && (offset + 1 >= text.length || /[\s,}\]"']/.test(text.charAt(offset + 1)));
}

function lineAt(text: string, offset: number): TextRange {
  let start = offset;
  while (start > 0 && !'\r\n'.includes(text.charAt(start - 1))) start--;
  let end = offset;
  while (end < text.length && !'\r\n'.includes(text.charAt(end))) end++;
  return { start, end };
}

function isInComment(text: string, lineStart: number, offset: number): boolean {
  let quote: number | undefined = lineStart;
  for (let at = lineStart; at < offset; at++) {
    if (text[at] === '"' || text[at] === "'") {
      quote = findClosingQuote(text, at, offset);
      if (quote === undefined) return false;
      at = quote;
    } else if (isCommentStart(text, at)) return true;
  }
  return false;
}

/** The text with the probe in place of the word; on a line of its own the probe is a key, elsewhere whatever the place makes of it. */
function insertProbe(text: string, word: Word): { text: string; needsBlank: boolean } {
  const before = text.slice(0, word.range.start);
  const rest = text.slice(word.range.end, word.line.end);
  const isAlone = /^[ \t]*(?:#.*)?$/.test(rest);
  const needsBlank = before.endsWith(':') && !word.quoted;
  const colon = word.isFirst && !word.quoted && !word.colonFollows && isAlone ? ':' : '';
  const keptRest =
    isAlone || word.colonFollows || word.quoted || word.isInline
      ? text.slice(word.range.end)
      : text.slice(word.line.end);
  const probe = word.needsQuotes ? `"${PROBE}"` : `${PROBE}${word.missingQuote}`;
  const parting = isCommentStart(text, word.range.end) ? ' ' : '';
  return { text: `${before}${needsBlank ? ' ' : ''}${probe}${colon}${parting}${keptRest}`, needsBlank };
}

interface FoundProbe {
  readonly role: CursorPlace['role'];
  readonly path: YamlPath;
  readonly map: MapNode | undefined;
  /** The probe, or the key whose value it is. */
  readonly anchor: ScalarNode;
}

function findProbe(node: YamlNode | undefined, path: YamlPath): FoundProbe | undefined {
  if (node?.kind === 'map') {
    for (const entry of node.entries) {
      if (entry.key.text === PROBE) return { role: 'key', path, map: node, anchor: entry.key };
      if (isProbe(entry.value))
        return { role: 'value', path: [...path, entry.key.text], map: undefined, anchor: entry.key };
      const found = findProbe(entry.value, [...path, entry.key.text]);
      if (found) return found;
    }
    return undefined;
  }
  if (node?.kind !== 'sequence') return undefined;
  for (const [index, item] of node.items.entries()) {
    if (isProbe(item.value)) return { role: 'item', path, map: undefined, anchor: item.value };
    const found = findProbe(item.value, [...path, index]);
    if (found) return found;
  }
  return undefined;
}

function isProbe(node: YamlNode | undefined): node is ScalarNode {
  return node?.kind === 'scalar' && node.text === PROBE;
}

/** Broken text may leave whole blocks beside the tree: what they hold is completed as if they stood in the collection they interrupt. */
function findInStrays(strays: readonly StrayBlock[], base: YamlPath): FoundProbe | undefined {
  for (const stray of strays) {
    const container = [...base, ...stray.containerPath];
    const { entry } = stray;
    if (!entry) {
      const found = findProbe(stray.items, container);
      if (found) return found;
      continue;
    }
    if (entry.key.text === PROBE) return undefined;
    const path = [...container, entry.key.text];
    if (isProbe(entry.value)) return { role: 'value', path, map: undefined, anchor: entry.key };
    const found = findProbe(entry.value, path) ?? findInStrays(stray.nested, path);
    if (found) return found;
  }
  return undefined;
}

function columnOfKey(text: string, anchor: ScalarNode): number {
  return anchor.range.start - lineAt(text, anchor.range.start).start;
}
