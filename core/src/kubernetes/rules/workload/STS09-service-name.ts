import { checkDnsLabel } from '#core/kubernetes/names.ts';
import { reportMalformed } from '#core/kubernetes/rules/fields.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const serviceName: ObjectRule = {
  id: 'STS09',
  title: 'serviceName of a StatefulSet is no DNS label',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation ValidateStatefulSet, since 1.33 (PR #130233)',
  since: '1.33',
  fixable: false,
  refusedBy: 'server',
  why: `serviceName names the headless Service that gives the pods their DNS names, by its name alone: without the namespace, without
anything behind a dot.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: ({ spec }, report) => {
    reportMalformed(spec.field('serviceName'), 'service name', checkDnsLabel, report);
  },
};
