import { isItem, readFieldPath, type FieldPath, type FieldStep } from '#core/live/fieldPath.ts';
import { plainText } from '#core/live/plainText.ts';
import type { ClusterProblem } from '#core/live/ports.ts';
import { toPlainValue } from '#core/schema/plainValue.ts';
import type { TextRange } from '#core/text/range.ts';
import { findEntry, resolveAlias, type YamlNode } from '#core/yaml/nodes.ts';

/** What a server says of a document, at the place it speaks of. */
export interface Refusal {
  /** Relative to the document. */
  readonly range: TextRange;
  readonly message: string;
}

/**
 * Puts what a server refused where it belongs in the text. A path the text does not have (a field that is required, or one the server
 * filled in) ends at the nearest thing above it that the text has.
 *
 * @param root tree of the document
 */
export function placeRefusals(problem: ClusterProblem, root: YamlNode | undefined): readonly Refusal[] {
  const causes = problem.causes.filter(({ message }) => message !== '');
  if (causes.length === 0)
    return [{ range: rangeOfField(root, readNamedField(problem.message)), message: plainText(problem.message, 1_000) }];
  return causes.map(({ field, message }) => {
    const name = plainText(field);
    const text = plainText(message, 1_000);
    return {
      range: rangeOfField(root, readFieldPath(field)),
      message: name === '' || text.includes(name) ? text : `${name}: ${text}`,
    };
  });
}

/** Strict decoding names fields in its message only: `strict decoding error: unknown field "spec.foo"`. */
function readNamedField(message: string): FieldPath {
  return readFieldPath(/(?:unknown|duplicate) field "([^"]+)"/.exec(message)?.[1] ?? '');
}

/** From the key to the end of its line where the value is a block; a whole scalar with its key. */
export function rangeOfField(root: YamlNode | undefined, path: FieldPath): TextRange {
  let place = headOf(root);
  let current = root;
  for (const step of path) {
    const next = stepDown(current, step);
    if (!next) break;
    place = next.place;
    current = next.value;
  }
  return place;
}

interface Step {
  readonly place: TextRange;
  readonly value: YamlNode | undefined;
}

function stepDown(current: YamlNode | undefined, step: FieldStep): Step | undefined {
  const node = resolveAlias(current);
  if (node?.kind === 'map' && typeof step === 'string') {
    const entry = findEntry(node, step);
    if (!entry) return undefined;
    const value = resolveAlias(entry.value);
    const isShort =
      value?.kind === 'scalar' && (value.style === 'plain' || value.style === 'single' || value.style === 'double');
    return { place: isShort ? entry.range : entry.key.range, value: entry.value };
  }
  if (node?.kind !== 'sequence' || typeof step === 'string') return undefined;
  const item = node.items.find(({ value }, index) => isItem(toPlainValue(value), index, step));
  return item && { place: headOf(item.value) ?? item.range, value: item.value };
}

/** The first key of a map, the first item of a list, a scalar itself. */
function headOf(node: YamlNode | undefined): TextRange {
  const content = resolveAlias(node);
  if (content?.kind === 'map') return content.entries[0]?.key.range ?? content.range;
  if (content?.kind === 'sequence') return headOf(content.items[0]?.value);
  return content?.range ?? { start: 0, end: 1 };
}
