/** One line of a YAML text as the tolerant reader sees it. Offsets are relative to the document. */
export interface SourceLine {
  readonly start: number;
  /** Behind the last character before the line break. */
  readonly end: number;
  /** Count of leading blanks and tabs. */
  readonly indent: number;
  readonly kind: 'blank' | 'comment' | 'content' | 'marker';
}

export function splitLines(text: string): SourceLine[] {
  const lines: SourceLine[] = [];
  let start = 0;
  while (start <= text.length) {
    let end = start;
    while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
    lines.push(describeLine(text, start, end));
    if (end >= text.length) break;
    start = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
  }
  return lines;
}

function describeLine(text: string, start: number, end: number): SourceLine {
  let at = start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : start;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  const indent = at - start;
  if (at === end) return { start, end, indent, kind: 'blank' };
  if (text[at] === '#') return { start, end, indent, kind: 'comment' };
  const isMarker = indent === 0 && /^(?:---|\.\.\.)(?:[ \t]|$)|^%/.test(text.slice(start, end));
  return { start, end, indent, kind: isMarker ? 'marker' : 'content' };
}

/** Whether a `#` at this offset begins a comment: only at the start of a line or after white space. */
export function isCommentStart(text: string, offset: number): boolean {
  if (text[offset] !== '#') return false;
  const before = text[offset - 1];
  return before === undefined || before === ' ' || before === '\t' || before === '\n' || before === '\r';
}

/** First offset at or after `from` and before `end` that is not a blank; `end` when only blanks or a comment are left. */
export function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  return isCommentStart(text, at) ? end : at;
}

/** Whether a dash at this offset introduces a list item. */
export function isDash(text: string, offset: number, end: number): boolean {
  if (text[offset] !== '-') return false;
  return offset + 1 >= end || text[offset + 1] === ' ' || text[offset + 1] === '\t';
}

/** Whether a question mark at this offset introduces an explicit key. */
export function isQuestion(text: string, offset: number, end: number): boolean {
  return text[offset] === '?' && (offset + 1 >= end || text[offset + 1] === ' ' || text[offset + 1] === '\t');
}

/** Offset of the colon that ends an implicit key starting here, if this line has one. */
export function findKeyColon(text: string, offset: number, end: number): number | undefined {
  const quote = text[offset];
  if (quote === '"' || quote === "'") {
    const close = findClosingQuote(text, offset, end);
    if (close === undefined) return undefined;
    const colon = skipBlanks(text, close + 1, end);
    return isColon(text, colon, end) ? colon : undefined;
  }
  if (quote === undefined || '[]{},#&!|>%@`'.includes(quote)) return undefined;
  for (let at = offset; at < end; at++) {
    if (isColon(text, at, end)) return at === offset ? undefined : at;
    if (isCommentStart(text, at)) return undefined;
  }
  return undefined;
}

/** Offset of the quote that closes the one at `offset`, searched up to `end`. */
export function findClosingQuote(text: string, offset: number, end: number): number | undefined {
  const quote = text[offset];
  for (let at = offset + 1; at < end; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++;
      else return at;
    }
  }
  return undefined;
}

/** Whether a colon stands here as YAML wants it in block style: at the end of a line or before a blank. */
export function isColon(text: string, offset: number, end: number): boolean {
  if (text[offset] !== ':' || offset >= end) return false;
  const next = text[offset + 1];
  return offset + 1 >= end || next === ' ' || next === '\t';
}
