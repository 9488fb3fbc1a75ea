import { reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

const POLICIES = ['OrderedReady', 'Parallel'];

export const podManagementPolicy: ObjectRule = {
  id: 'STS03',
  title: 'podManagementPolicy is not OrderedReady or Parallel',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation ValidateStatefulSetSpec, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `OrderedReady starts pods one after another, each when the one before it is ready; Parallel starts all at once. The policy cannot be
changed later without making the StatefulSet anew.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: ({ spec }, report) => {
    const view = spec.field('podManagementPolicy');
    // The server puts the default in the place of an empty text.
    if (view.text !== '') reportUnsupported(view, 'pod management policy', POLICIES, report, 'invalid');
  },
};
