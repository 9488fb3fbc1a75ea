import type { MapEntry, ScalarNode, ScalarStyle, SequenceItem, YamlNode } from '#core/yaml/nodes.ts';
import { resolveScalar } from '#core/yaml/scalars.ts';
import { findClosingQuote, isCommentStart } from '#core/yaml/tolerant/lines.ts';

const DEPTH_LIMIT = 64;

/** Result of reading at an offset: what stands there and where reading goes on. */
export interface FlowResult {
  readonly node: YamlNode | undefined;
  readonly end: number;
}

/** Reads a flow collection or scalar that begins at `offset`; nothing at or behind `limit` is looked at. Unclosed brackets end at `limit`. */
export function readFlow(text: string, offset: number, limit: number, depth = 0): FlowResult {
  const opening = text[offset];
  if ((opening === '{' || opening === '[') && depth < DEPTH_LIMIT) {
    return opening === '{' ? readFlowMap(text, offset, limit, depth) : readFlowSequence(text, offset, limit, depth);
  }
  if (opening === '"' || opening === "'") return readQuoted(text, offset, limit);
  return readFlowPlain(text, offset, limit);
}

/** Reads a quoted scalar; without a closing quote it ends at `limit`. */
export function readQuoted(text: string, offset: number, limit: number): FlowResult & { node: ScalarNode } {
  const style: ScalarStyle = text[offset] === '"' ? 'double' : 'single';
  const close = findClosingQuote(text, offset, limit);
  const end = close === undefined ? limit : close + 1;
  const content = text.slice(offset + 1, close ?? limit).replaceAll(/[ \t]*\r?\n[ \t]*/g, ' ');
  const value = style === 'single' ? content.replaceAll("''", "'") : unescapeDouble(content);
  return { node: makeScalar(value, style, offset, end), end };
}

export function makeScalar(text: string, style: ScalarStyle, start: number, end: number): ScalarNode {
  return { kind: 'scalar', style, text, value: resolveScalar(text, style), range: { start, end } };
}

function readFlowMap(text: string, offset: number, limit: number, depth: number): FlowResult {
  const entries: MapEntry[] = [];
  let at = skipFiller(text, offset + 1, limit);
  while (at < limit && text[at] !== '}' && text[at] !== ']') {
    const key = readFlow(text, skipQuestion(text, at, limit), limit, depth + 1);
    at = skipFiller(text, key.end, limit);
    let value: YamlNode | undefined;
    let end = key.end;
    if (text[at] === ':' && at < limit) {
      end = at + 1;
      at = skipFiller(text, at + 1, limit);
      if (at < limit && !',}]'.includes(text.charAt(at))) {
        const read = readFlow(text, at, limit, depth + 1);
        ({ node: value, end } = read);
        at = skipFiller(text, read.end, limit);
      }
    }
    if (key.node?.kind === 'scalar') {
      entries.push({ key: key.node, value, range: { start: key.node.range.start, end } });
    }
    at = skipSeparator(text, at, limit, key.end);
  }
  const end = Math.min(at + (at < limit ? 1 : 0), limit);
  return { node: { kind: 'map', flow: true, entries, range: { start: offset, end } }, end };
}

function readFlowSequence(text: string, offset: number, limit: number, depth: number): FlowResult {
  const items: SequenceItem[] = [];
  let at = skipFiller(text, offset + 1, limit);
  while (at < limit && text[at] !== ']' && text[at] !== '}') {
    const start = at;
    const item = readFlowItem(text, at, limit, depth + 1);
    if (item.node) items.push({ value: item.node, range: item.node.range });
    at = skipSeparator(text, skipFiller(text, item.end, limit), limit, start);
  }
  const end = Math.min(at + (at < limit ? 1 : 0), limit);
  return { node: { kind: 'sequence', flow: true, items, range: { start: offset, end } }, end };
}

/** A pair written straight into a sequence, `[a: b]`, is a map of one entry. */
function readFlowItem(text: string, offset: number, limit: number, depth: number): FlowResult {
  const first = readFlow(text, offset, limit, depth);
  const colon = skipFiller(text, first.end, limit);
  if (first.node?.kind !== 'scalar' || text[colon] !== ':' || colon >= limit) return first;
  const at = skipFiller(text, colon + 1, limit);
  const isEmpty = at >= limit || ',}]'.includes(text.charAt(at));
  const value = isEmpty ? { node: undefined, end: colon + 1 } : readFlow(text, at, limit, depth);
  const range = { start: first.node.range.start, end: value.end };
  const entry: MapEntry = { key: first.node, value: value.node, range };
  return { node: { kind: 'map', flow: true, entries: [entry], range }, end: value.end };
}

/** The sign of an explicit key, `{? a : b}`, changes nothing. */
function skipQuestion(text: string, at: number, limit: number): number {
  return text[at] === '?' && ' \t\r\n'.includes(text.charAt(at + 1)) ? skipFiller(text, at + 1, limit) : at;
}

function readFlowPlain(text: string, offset: number, limit: number): FlowResult {
  let at = offset;
  while (at < limit && !',[]{}\n\r'.includes(text.charAt(at))) {
    if (text[at] === ':' && (at + 1 >= limit || ' \t\r\n,]}'.includes(text.charAt(at + 1)))) break;
    if (isCommentStart(text, at)) break;
    at++;
  }
  const raw = text.slice(offset, at);
  const content = raw.trimEnd();
  if (content === '') return { node: undefined, end: at };
  const end = offset + content.length;
  if (content.startsWith('*')) {
    const name = content.slice(1);
    return { node: { kind: 'alias', name, target: undefined, range: { start: offset, end } }, end };
  }
  return { node: makeScalar(content, 'plain', offset, end), end };
}

/** Steps over a comma; always moves on, so that no text can hold the reader in place. */
function skipSeparator(text: string, at: number, limit: number, before: number): number {
  if (at < limit && text[at] === ',') return skipFiller(text, at + 1, limit);
  return at > before || '}]'.includes(text.charAt(at)) ? at : at + 1;
}

function skipFiller(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    if (isCommentStart(text, at)) while (at < limit && text[at] !== '\n' && text[at] !== '\r') at++;
    else if (' \t\r\n'.includes(text.charAt(at))) at++;
    else break;
  }
  return at;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  '"': '"',
  '\\': '\\',
  '/': '/',
};

function unescapeDouble(content: string): string {
  return content.replaceAll(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|(.))/g, (whole: string, hex2, hex4, one) => {
    const hex: unknown = hex2 ?? hex4;
    if (typeof hex === 'string') return String.fromCodePoint(Number.parseInt(hex, 16));
    return typeof one === 'string' ? (ESCAPES[one] ?? one) : whole;
  });
}
