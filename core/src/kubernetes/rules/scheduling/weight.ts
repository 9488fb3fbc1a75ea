import { reportMissing } from '#core/kubernetes/rules/fields.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Reports a weight of a preferred term that is not there or not from 1 to 100. */
export function reportWeight(preferred: NodeView, report: Report): void {
  const weight = preferred.field('weight');
  const { integer } = weight;
  reportMissing(weight, 'weight', report, 'invalid');
  if (integer === undefined || (integer >= 1 && integer <= 100)) return;
  report({ at: weight, cause: 'invalid', message: `The weight is ${integer}; it must be from 1 to 100.` });
}
