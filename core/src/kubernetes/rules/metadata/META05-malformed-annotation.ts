import { checkQualifiedName } from '#core/kubernetes/names.ts';
import { reportKey } from '#core/kubernetes/rules/labels.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { utf8Length } from '#core/text/bytes.ts';

/** Most that keys and values of all annotations may have together, in bytes. */
const LIMIT = 256 * 1024;

export const malformedAnnotation: ObjectRule = {
  id: 'META05',
  title: 'An annotation of an object is malformed, or all are too long',
  severity: 'error',
  source: 'k8s.io/apimachinery pkg/api/validation ValidateAnnotations, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Keys of annotations have the form of label keys, in any letter case: a name of at most 63 characters, with an optional domain and "/"
before it. The values are free, but keys and values have at most 256 KiB together.`,
  subject: 'object',
  check: ({ metadata }, report) => {
    const annotations = metadata.field('annotations');
    const { path } = annotations;
    for (const entry of annotations.fields) {
      reportKey(entry, 'annotation', (key) => checkQualifiedName(key.toLowerCase()), report, path);
    }
    const size = annotations.textEntries.reduce((sum, [key, text]) => sum + utf8Length(key) + utf8Length(text), 0);
    if (size <= LIMIT || annotations.isOpen) return;
    const message = `The annotations have ${size} bytes together; at most ${LIMIT} are allowed.`;
    report({ at: annotations, cause: 'tooLong', message });
  },
};
