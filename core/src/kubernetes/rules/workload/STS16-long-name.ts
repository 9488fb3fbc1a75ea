import type { ObjectRule } from '#core/lint/rules/rule.ts';

/** Room for the "-" and the hash of up to ten digits behind the name in a label of 63 characters. */
const LIMIT = 52;

/** From here on fewer than one hash in four hundred is short enough. */
const CERTAIN = 55;

export const longName: ObjectRule = {
  id: 'STS16',
  title: 'The name of a StatefulSet leaves no room for what its pods carry behind it',
  severity: 'error',
  source: 'k8s.io/kubernetes issue #64023; seen with kube-controller-manager 1.34.4',
  fixable: false,
  refusedBy: 'nobody',
  why: `Every pod of a StatefulSet carries the label \`controller-revision-hash\`: the name, "-", and a hash of up to ten digits. A label has at most
63 characters, so a name above 52 can make the API server refuse every pod. The hash changes with the template, so a longer name may
work today and fail at the next update.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: ({ metadata }, report) => {
    const name = metadata.field('name');
    const { length } = name.text ?? '';
    // Longer names are refused with the StatefulSet.
    if (length <= LIMIT || length > 63) return;
    const isCertain = length >= CERTAIN;
    const effect = isCertain
      ? 'is too long, so the API server accepts the StatefulSet and refuses its pods'
      : 'is too long for most pod templates, whose pods the API server then refuses';
    report({
      at: name,
      cause: 'invalid',
      severity: isCertain ? 'error' : 'warning',
      message: `The name has ${length} characters; with more than ${LIMIT} the label that its pods get from it ${effect}.`,
    });
  },
};
