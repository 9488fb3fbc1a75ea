import { checkQualifiedName, type NameCheck } from '#core/kubernetes/names.ts';
import { reportKey } from '#core/kubernetes/rules/labels.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { utf8Length } from '#core/text/bytes.ts';

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
