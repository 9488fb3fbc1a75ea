import { checkQualifiedName } from '#core/kubernetes/names.ts';
import { reportMalformed } from '#core/kubernetes/rules/fields.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Reports `matchLabelKeys` or `mismatchLabelKeys` that are malformed, or that stand without the selector they add to. */
export function checkLabelKeys(keys: NodeView, report: Report): void {
  const selector = keys.parent?.field('labelSelector');
  if (keys.items.length > 0 && selector?.isAbsent) {
    const message = `${String(keys.step)} adds to the labelSelector, but there is none.`;
    report({ at: keys, cause: 'forbidden', message });
    return;
  }
  for (const key of keys.items) reportMalformed(key, 'label key', checkQualifiedName, report, 'checked');
}
