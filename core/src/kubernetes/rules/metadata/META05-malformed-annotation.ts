import { reportAnnotations } from '#core/kubernetes/rules/annotations.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

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
    reportAnnotations(metadata.field('annotations'), report);
  },
};
