import { checkQualifiedName, type NameCheck } from '#core/kubernetes/names.ts';
import { reportKey } from '#core/kubernetes/rules/labels.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Most that all annotations of an object may have together, in bytes. */
const ANNOTATIONS_LIMIT = 256 * 1024;

/** Reports malformed keys of annotations, and too much text in them. Source: k8s.io/apimachinery pkg/api/validation ValidateAnnotations. */
export function reportAnnotations(annotations: NodeView, report: Report, path = annotations.path): void {
  const check: NameCheck = (key) => checkQualifiedName(key.toLowerCase());
  for (const annotation of annotations.fields) reportKey(annotation, 'annotation', check, report, path);
  // Characters are at least as many bytes, so this is certain although it is not exact.
  const size = annotations.textEntries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size <= ANNOTATIONS_LIMIT) return;
  const message = `The annotations have ${size} characters together; at most 262144 bytes are allowed.`;
  report({ at: annotations, cause: 'tooLong', message, path });
}
