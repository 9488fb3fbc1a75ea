import { reportLabels } from '#core/kubernetes/rules/labels.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const malformedLabel: ObjectRule = {
  id: 'META04',
  title: 'A label of an object, or of the selector of a Service, is malformed',
  severity: 'error',
  source: 'k8s.io/apimachinery pkg/apis/meta/v1/validation ValidateLabels, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Keys of labels are a name of at most 63 characters, with an optional domain and "/" before it. Values are such a name or empty: no
blanks, no "/", no ":". What does not fit into a label belongs into an annotation.`,
  subject: 'object',
  check: ({ groupKind, metadata, spec }, report) => {
    reportLabels(metadata.field('labels'), report);
    if (groupKind === '/Service') reportLabels(spec.field('selector'), report);
  },
};
