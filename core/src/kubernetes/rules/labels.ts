import { checkLabelValue, checkQualifiedName, type NameCheck } from '#core/kubernetes/names.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { utf8Length } from '#core/text/bytes.ts';

/**
 * Reports malformed keys and values of a map of labels. The server prints the path of the map, or another one. Source:
 * k8s.io/apimachinery pkg/apis/meta/v1/validation ValidateLabels.
 */
export function reportLabels(labels: NodeView, report: Report, path = labels.path): void {
  for (const label of labels.fields) {
    const key = keyOf(label);
    const { text } = label;
    reportKey(label, 'label', checkQualifiedName, report, path);
    const problem = text === undefined || !label.isPresent ? undefined : checkLabelValue(text);
    if (text === undefined || problem === undefined) continue;
    const message = `The value ${quoteText(text)} of the label ${key} ${problem}.`;
    report({ at: label, cause: 'invalid', message, path });
  }
}

/** Most that all annotations of an object may have together, in bytes. */
const ANNOTATIONS_LIMIT = 256 * 1024;

/** Reports malformed keys of annotations, and too much text in them. Source: k8s.io/apimachinery pkg/api/validation ValidateAnnotations. */
export function reportAnnotations(annotations: NodeView, report: Report, path = annotations.path): void {
  const check: NameCheck = (key) => checkQualifiedName(key.toLowerCase());
  for (const annotation of annotations.fields) reportKey(annotation, 'annotation', check, report, path);
  const size = annotations.textEntries.reduce((sum, [key, value]) => sum + utf8Length(key) + utf8Length(value), 0);
  if (size <= ANNOTATIONS_LIMIT || annotations.isOpen) return;
  const message = `The annotations have ${size} bytes together; at most ${ANNOTATIONS_LIMIT} are allowed.`;
  report({ at: annotations, cause: 'tooLong', message, path });
}

/** Reports a key of a map that is not written as it must be, unless a program fills it in. The server prints the path of the map, or another one. */
export function reportKey(entry: NodeView, what: string, check: NameCheck, report: Report, path: string): void {
  const key = keyOf(entry);
  const problem = /\$\{|\{\{/.test(key) ? undefined : check(key);
  const range = entry.entry?.key.range;
  if (problem === undefined) return;
  const message = `The ${what} key ${quoteText(key)} ${problem}.`;
  report({ at: entry, cause: 'invalid', message, path, ...(range ? { range } : {}) });
}

function keyOf(entry: NodeView): string {
  return String(entry.step ?? '');
}
