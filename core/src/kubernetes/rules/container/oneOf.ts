import type { NodeView } from '#core/lint/rules/view.ts';

/**
 * Which of some fields an object has, when it is certain that it has no others of the kind; undefined when that cannot be told: it is no
 * object, a template may add to it, it has a key that nobody knows (of which the schema tells), or one that only some servers read.
 */
export function presentOf(
  view: NodeView,
  names: readonly string[],
  unsure: readonly string[] = [],
): readonly string[] | undefined {
  if (view.content?.kind !== 'map' || view.isOpen) return undefined;
  const written = view.fields.map(({ step }) => String(step));
  const isClear = written.every((name) => view.schema?.property(name) !== undefined && !unsure.includes(name));
  return isClear ? names.filter((name) => view.field(name).isPresent) : undefined;
}
