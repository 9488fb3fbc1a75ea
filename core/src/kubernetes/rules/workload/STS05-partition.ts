import { rollingUpdateOf } from '#core/kubernetes/rules/workload/strategies.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const partition: ObjectRule = {
  id: 'STS05',
  title: 'The partition of a rolling update is negative',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation ValidateStatefulSetSpec, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Only pods with an ordinal of at least the partition are updated: 0 updates all of them, and a partition as high as the number of pods
holds an update back altogether.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: (object, report) => {
    const view = rollingUpdateOf(object)?.field('partition');
    const { integer } = view ?? {};
    if (!view || integer === undefined || integer >= 0) return;
    report({ at: view, cause: 'invalid', message: `The partition is ${integer}; it must be 0 or more.` });
  },
};
