import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const revisionHistory: ObjectRule = {
  id: 'STS17',
  title: 'A negative revisionHistoryLimit keeps every revision',
  severity: 'warning',
  source: 'k8s.io/kubernetes pkg/registry/apps/statefulset, a warning of kube-apiserver 1.34',
  fixable: false,
  refusedBy: 'nobody',
  why: `A StatefulSet keeps old revisions of its pod template to go back to. With a negative limit none is ever removed, and they fill etcd over
the years. Ten are kept by default.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: ({ spec }, report) => {
    const at = spec.field('revisionHistoryLimit');
    const { integer } = at;
    if (integer === undefined || integer >= 0) return;
    const message = `revisionHistoryLimit is ${integer}, so every old revision is kept for ever; kube-apiserver only warns.`;
    report({ at, cause: 'invalid', message });
  },
};
