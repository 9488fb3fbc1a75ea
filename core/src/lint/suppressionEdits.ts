import { lineBreakAfter, lineBreakOf, lineStart } from '#core/lint/fixes/edits.ts';
import { DISABLE_NEXT_LINE, IGNORE_ANNOTATION } from '#core/lint/suppressionText.ts';
import type { TextEdit } from '#core/text/range.ts';
import { findEntry, resolveAlias, type MapEntry, type MapNode, type YamlNode } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/**
 * Puts a comment above the line of an offset; undefined where a line above would become part of a text.
 * `text`, `root` and `offset` are those of one document.
 */
export function disableOnLine(
  text: string,
  root: YamlNode | undefined,
  offset: number,
  code: string,
): TextEdit | undefined {
  const at = lineStart(text, offset);
  if (root && standsInsideScalar(root, at)) return undefined;
  const indent = /^[ \t]*/.exec(text.slice(at))?.[0] ?? '';
  return insertion(at, `${indent}# ${DISABLE_NEXT_LINE} ${code}${lineBreakOf(text)}`);
}

/** Names a rule in the annotation of the resource; undefined when its metadata is no block map to write into. */
export function disableForResource(text: string, root: YamlNode | undefined, code: string): TextEdit | undefined {
  const metadata = entryOf(root, 'metadata');
  const holder = blockMap(metadata?.value);
  if (!holder) return undefined;
  const annotations = entryOf(holder, 'annotations');
  if (!annotations) return appendEntry(text, holder, ['annotations:', `  ${IGNORE_ANNOTATION}: ${code}`]);
  const map = blockMap(annotations.value);
  if (!map) return undefined;
  const present = entryOf(map, IGNORE_ANNOTATION)?.value;
  if (!present) return appendEntry(text, map, [`${IGNORE_ANNOTATION}: ${code}`]);
  return present.kind === 'scalar' ? addCode(text, present.range.start, code) : undefined;
}

/** Sets the level of a rule to `off` in the text of a configuration file, which may be empty; undefined when its `rules` cannot be written into. */
export function disableInConfig(text: string, code: string): TextEdit | undefined {
  const { root, recovered } = parseDocumentText(text);
  if (recovered) return undefined;
  const rules = entryOf(root, 'rules');
  if (!rules)
    return insertion(text.length, `${needsBreak(text)}rules:${lineBreakOf(text)}  ${code}: off${lineBreakOf(text)}`);
  const map = blockMap(rules.value);
  if (!map) return undefined;
  const value = entryOf(map, code)?.value;
  return value ? { range: value.range, newText: 'off' } : appendEntry(text, map, [`${code}: off`]);
}

/** Lines as new last entries of a block map, in its column. */
function appendEntry(text: string, map: MapNode, lines: readonly string[]): TextEdit | undefined {
  const first = map.entries[0];
  const last = map.entries.at(-1);
  if (!first || !last) return undefined;
  const indent = ' '.repeat(first.range.start - lineStart(text, first.range.start));
  const at = lineBreakAfter(text, last.range.end);
  const eol = lineBreakOf(text);
  const body = lines.map((line) => `${indent}${line}${eol}`).join('');
  return insertion(at, `${at === text.length ? needsBreak(text) : ''}${body}`);
}

/** Before the codes that are there already, inside their quotes. */
function addCode(text: string, start: number, code: string): TextEdit {
  const isQuoted = text[start] === '"' || text[start] === "'";
  return insertion(isQuoted ? start + 1 : start, `${code},`);
}

function standsInsideScalar(node: YamlNode, offset: number): boolean {
  if (node.range.start >= offset || node.range.end < offset) return false;
  if (node.kind === 'scalar') return true;
  if (node.kind === 'sequence') return node.items.some(({ value }) => value && standsInsideScalar(value, offset));
  if (node.kind === 'map') return node.entries.some(({ value }) => value && standsInsideScalar(value, offset));
  return false;
}

function entryOf(node: YamlNode | undefined, key: string): MapEntry | undefined {
  const map = resolveAlias(node);
  return map?.kind === 'map' ? findEntry(map, key) : undefined;
}

function blockMap(node: YamlNode | undefined): MapNode | undefined {
  return node?.kind === 'map' && !node.flow ? node : undefined;
}

function insertion(at: number, newText: string): TextEdit {
  return { range: { start: at, end: at }, newText };
}

function needsBreak(text: string): string {
  return text === '' || /[\r\n]$/.test(text) ? '' : lineBreakOf(text);
}
