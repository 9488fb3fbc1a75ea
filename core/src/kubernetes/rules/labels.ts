import { checkLabelValue, checkQualifiedName, type NameCheck } from '#core/kubernetes/names.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/**
 * Reports malformed keys and values of a map of labels. The server prints the path of the map, or another one. Source:
 * k8s.io/apimachinery pkg/apis/meta/v1/validation ValidateLabels.
 */
export function reportLabels(labels: NodeView, report: Report, path = labels.path): void {
  for (const label of labels.fields) {
    reportKey(label, 'label', checkQualifiedName, report, path);
    const text = label.isPresent ? label.text : undefined;
    const problem = text === undefined ? undefined : checkLabelValue(text);
    if (text === undefined || problem === undefined) continue;
    const message = `The value ${quoteText(text)} of the label ${String(label.step)} ${problem}.`;
    report({ at: label, cause: 'invalid', message, path });
  }
}

/** Reports a key of a map that is not written as it must be, unless a program fills it in. The server prints the path of the map. */
export function reportKey(entry: NodeView, what: string, check: NameCheck, report: Report, path: string): void {
  const key = String(entry.step ?? '');
  const problem = isPlaceholder(key) ? undefined : check(key);
  const range = entry.entry?.key.range;
  if (problem === undefined) return;
  const message = `The ${what} key ${quoteText(key)} ${problem}.`;
  report({ at: entry, cause: 'invalid', message, path, ...(range ? { range } : {}) });
}

function isPlaceholder(key: string): boolean {
  return /\$\{|\{\{/.test(key);
}
