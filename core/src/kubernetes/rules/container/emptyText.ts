import type { NodeView } from '#core/lint/rules/view.ts';

/**
 * Whether a required text is there and empty, or lacks because the list item that should hold it is null, which the server reads as an
 * empty item. A key that is not written at all is a missing field, of which the schema tells.
 */
export function isEmptyText(view: NodeView): boolean {
  return view.text === '' || (view.parent?.isPresent === false && view.isAbsent);
}
