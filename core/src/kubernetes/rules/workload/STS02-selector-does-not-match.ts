import { isWellFormedSelector } from '#core/kubernetes/rules/selector.ts';
import { selectorMatches } from '#core/kubernetes/selectors.ts';
import { viewPod } from '#core/lint/rules/pods.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const selectorDoesNotMatch: ObjectRule = {
  id: 'STS02',
  title: 'The selector does not match the labels of the pod template',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation ValidatePodTemplateSpecForStatefulSet, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A workload finds its pods by the labels of its selector. If the pods it makes do not carry them, it would make new ones for ever, so
the API server refuses it. The selector cannot be changed later: change the labels of the template.`,
  subject: 'object',
  kinds: ['apps/StatefulSet', 'apps/Deployment', 'apps/DaemonSet', 'apps/ReplicaSet'],
  check: (object, report) => {
    const selector = object.spec.field('selector');
    const labels = viewPod(object)?.metadata.field('labels');
    if (!labels || !selector.isPresent || !isWellFormedSelector(selector)) return;
    if (selectorMatches(selector, labels) !== false) return;
    const wanted = selector.field('matchLabels').textEntries.map(([key, value]) => `${key}: ${value}`);
    report({
      at: labels,
      cause: 'invalid',
      message: `The labels of the pod template do not match spec.selector${wanted.length > 0 ? `, which asks for ${wanted.join(', ')}` : ''}.`,
      related: [{ at: selector, message: 'The selector' }],
    });
  },
};
