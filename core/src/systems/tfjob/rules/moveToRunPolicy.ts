import { entryLines, lineBreakOf, lineStart } from '#core/lint/fixes/edits.ts';
import { indentUnit } from '#core/lint/placement/moveBlock.ts';
import type { TextEdit, TextRange } from '#core/text/range.ts';
import type { MapEntry, MapNode } from '#core/yaml/nodes.ts';

/** Policies that stood directly under `spec` before runPolicy came. */
export const FLAT_POLICIES: readonly string[] = [
  'cleanPodPolicy',
  'ttlSecondsAfterFinished',
  'activeDeadlineSeconds',
  'backoffLimit',
];

function flatPolicies(spec: MapNode): readonly MapEntry[] {
  return spec.entries.filter(({ key }) => FLAT_POLICIES.includes(key.text));
}

/**
 * Puts the policies under `spec` into a new runPolicy, in the place of the first, with what follows them on their lines.
 * Undefined where they share lines with others, or where there is a runPolicy.
 *
 * @param extra lines to add to it, such as `cleanPodPolicy: Running`
 */
export function moveToRunPolicy(
  text: string,
  spec: MapNode,
  extra: readonly string[],
): readonly TextEdit[] | undefined {
  const first = spec.entries[0];
  if (!first || spec.flow || spec.entries.some(({ key }) => key.text === 'runPolicy')) return undefined;
  const lines = flatPolicies(spec).map((entry) => entryLines(text, entry.range));
  if (!lines.every((range): range is TextRange => range !== undefined)) return undefined;
  const at = lineStart(text, first.range.start);
  const column = first.range.start - at;
  if (text.slice(at, first.range.start).trim() !== '') return undefined;
  const eol = lineBreakOf(text);
  const outer = ' '.repeat(column);
  const inner = outer + ' '.repeat(indentUnit(text));
  const moved = [...lines.map((range) => text.slice(range.start, range.end).trim()), ...extra];
  if (moved.length === 0) return [];
  const newText = [`${outer}runPolicy:`, ...moved.map((line) => `${inner}${line}`), ''].join(eol);
  const [place = { start: at, end: at }, ...others] = lines;
  return [{ range: place, newText }, ...others.map((range) => ({ range, newText: '' }))];
}
