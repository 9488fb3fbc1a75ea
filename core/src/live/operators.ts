import type { NamespaceObjects } from '#core/live/objects.ts';
import type { OperatorView } from '#core/live/view.ts';

export function viewOperators(_objects: NamespaceObjects, _now: number): readonly OperatorView[] {
  return [];
}
