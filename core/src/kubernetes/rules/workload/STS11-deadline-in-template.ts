import { removeEntry } from '#core/lint/fixes/edits.ts';
import { viewPod } from '#core/lint/rules/pods.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const deadlineInTemplate: ObjectRule = {
  id: 'STS11',
  title: 'Pods that run for ever have a deadline',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation ValidatePodTemplateSpecForStatefulSet and its like, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `\`activeDeadlineSeconds\` ends a pod after a time. In a workload that would at once make a new one that makes no sense, so only Jobs and
pods on their own can have it.`,
  subject: 'object',
  kinds: ['apps/StatefulSet', 'apps/Deployment', 'apps/DaemonSet', 'apps/ReplicaSet', '/ReplicationController'],
  check: (object, report) => {
    const view = viewPod(object)?.spec.field('activeDeadlineSeconds');
    const { entry } = view ?? {};
    if (!view?.isPresent || !entry) return;
    report({
      at: view,
      cause: 'forbidden',
      message: `The pods of a ${object.kind.kind} run for ever and cannot have activeDeadlineSeconds.`,
      fixes: () => {
        const fix = removeEntry(object.text, entry, 'Remove activeDeadlineSeconds');
        return fix ? [{ ...fix, preferred: false }] : [];
      },
    });
  },
};
