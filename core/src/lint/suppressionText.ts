import { lineBreakAfter } from '#core/lint/fixes/edits.ts';
import type { Suppression } from '#core/lint/suppressions.ts';
import type { TextRange } from '#core/text/range.ts';
import { findEntry, resolveAlias, type ScalarNode, type YamlNode } from '#core/yaml/nodes.ts';

/** The annotation that names rules which do not count for its resource. */
export const IGNORE_ANNOTATION = 'data-clusters/ignore';

export const DISABLE_NEXT_LINE = 'data-clusters-disable-next-line';

/** A document as far as suppressions care: `range` in the file, `root` with ranges relative to it. */
export interface SuppressibleDocument {
  readonly index: number;
  readonly range: TextRange;
  readonly root: YamlNode | undefined;
  readonly reliable: boolean;
}

interface CodeList {
  readonly codes: readonly { readonly code: string; readonly start: number; readonly end: number }[];
  readonly reason: string;
  /** Of the text that was read. */
  readonly length: number;
}

/** `CODE[,CODE] reason`; undefined when no code comes first. Offsets are relative to the text. */
function readCodeList(text: string): CodeList | undefined {
  const list = /^\s*[A-Za-z]+\d+(?:\s*,\s*[A-Za-z]+\d+)*(?![A-Za-z0-9_])/.exec(text)?.[0];
  if (list === undefined) return undefined;
  const codes = [...list.matchAll(/[A-Za-z]+\d+/g)].map((match) => ({
    code: match[0].toUpperCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
  return {
    codes,
    reason: text
      .slice(list.length)
      .replace(/^[\s:-]+/, '')
      .trim(),
    length: text.length,
  };
}

/** Comments that fill a line of their own, also inside block scalars, where rules look too. */
export function readCommentSuppressions(
  text: string,
  documents: readonly SuppressibleDocument[],
): readonly Suppression[] {
  return [...text.matchAll(COMMENT)].flatMap((match) => {
    const [whole, word = '', rest = ''] = match;
    const list = readCodeList(rest);
    const document = documents.findLast(({ range }) => range.start <= match.index);
    if (!list || !document) return [];
    const comment = { start: match.index, end: match.index + whole.length };
    const target =
      word === DISABLE_NEXT_LINE ? nextContentLine(text, comment.end) : topTarget(text, comment.start, document);
    return list.codes.map((_code, position) => ({
      ...commentSuppression(text, list, position, comment),
      ...placeIn(document),
      target: target ?? NOWHERE,
      ...(target ? {} : { misplaced: true }),
    }));
  });
}

/** One code of a comment: the comment's line is taken away with its only code, otherwise the code with its comma. */
function commentSuppression(
  text: string,
  list: CodeList,
  position: number,
  comment: TextRange,
): Pick<Suppression, 'code' | 'reason' | 'range' | 'removal'> {
  const { code = '', start = 0, end = 0 } = list.codes[position] ?? {};
  const before = list.codes[position - 1];
  const after = list.codes[position + 1];
  const shift = comment.end - list.length;
  const range = { start: shift + start, end: shift + end };
  const wholeLine = { start: comment.start, end: lineBreakAfter(text, comment.end) };
  const withComma = before
    ? { start: shift + before.end, end: range.end }
    : { start: range.start, end: shift + (after?.start ?? end) };
  return { code, reason: list.reason, range, removal: list.codes.length === 1 ? wholeLine : withComma };
}

function placeIn(document: SuppressibleDocument): Pick<Suppression, 'documentIndex' | 'documentOffset' | 'reliable'> {
  return { documentIndex: document.index, documentOffset: document.range.start, reliable: document.reliable };
}

const NOWHERE: TextRange = { start: 0, end: 0 };

const COMMENT = /^[ \t]*#+[ \t]*(data-clusters-disable(?:-next-line)?)[ \t]+([^\r\n]*)/gm;

/** The next line that holds more than a comment, so that several suppressions can stand above one line. */
function nextContentLine(text: string, from: number): TextRange | undefined {
  const line = /(?:\r\n|\n|\r)([ \t]*[^\s#][^\r\n]*)/g;
  line.lastIndex = from;
  const found = line.exec(text);
  const content = found?.[1];
  if (!found || content === undefined) return undefined;
  const end = found.index + found[0].length;
  return { start: end - content.length, end };
}

/** The file for a comment above everything in it, the document for one above everything else there, otherwise nothing. */
function topTarget(text: string, at: number, document: SuppressibleDocument): TextRange | undefined {
  if (!isPreamble(text.slice(document.range.start, at))) return undefined;
  return document.index === 0 ? { start: 0, end: text.length } : document.range;
}

function isPreamble(text: string): boolean {
  return /^(?:\uFEFF?[ \t]*(?:#[^\r\n]*|---[ \t]*(?:#[^\r\n]*)?|%[^\r\n]*)?(?:\r?\n|\r(?!\n)|$))*$/.test(text);
}

/** Entries of the annotation are divided by line breaks or semicolons; a piece that begins with no code belongs to the reason before it. */
export function readAnnotationSuppressions(documents: readonly SuppressibleDocument[]): readonly Suppression[] {
  return documents.flatMap((document) => {
    const scalar = findAnnotation(document.root);
    if (!scalar) return [];
    const lists = scalar.text.split(/[\n;]/).flatMap((piece) => readCodeList(piece) ?? []);
    const { start } = document.range;
    const range = { start: start + scalar.range.start, end: start + scalar.range.end };
    return lists.flatMap(({ codes, reason }) =>
      codes.map(({ code }) => ({
        code,
        reason,
        range,
        target: document.range,
        ...placeIn(document),
      })),
    );
  });
}

function findAnnotation(root: YamlNode | undefined): ScalarNode | undefined {
  let node = resolveAlias(root);
  for (const key of ['metadata', 'annotations', IGNORE_ANNOTATION]) {
    if (node?.kind !== 'map') return undefined;
    node = resolveAlias(findEntry(node, key)?.value);
  }
  return node?.kind === 'scalar' ? node : undefined;
}
