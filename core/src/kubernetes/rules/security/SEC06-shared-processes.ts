import { allContexts } from '#core/kubernetes/rules/security/contexts.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';

export const sharedProcesses: PodRule = {
  id: 'SEC06',
  title: 'The pod shares processes twice, or has Windows options on Linux',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validatePodSpecSecurityContext and validateLinux, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `shareProcessNamespace lets the containers of a pod see each other's processes, hostPID lets them see those of the node, which has the
others in it already. A pod that says it is for Linux (os.name) cannot carry options for Windows.`,
  subject: 'pod',
  check: (pod, report) => {
    const { spec } = pod;
    if (spec.isOpen) return;
    const [shared, host] = [spec.field('shareProcessNamespace'), spec.field('hostPID')];
    if (shared.boolean === true && host.boolean === true) {
      report({
        at: shared,
        path: `${spec.path}.securityContext.shareProcessNamespace`,
        cause: 'invalid',
        message:
          'shareProcessNamespace and hostPID are both true; a pod shares processes with its node or among its containers.',
        related: [{ at: host, message: 'The processes of the node' }],
      });
    }
    if (spec.at('os', 'name').text !== 'linux') return;
    for (const context of allContexts(pod)) {
      const options = context.field('windowsOptions');
      if (!options.isPresent) continue;
      report({ at: options, cause: 'forbidden', message: 'windowsOptions stands here, but the pod is for linux.' });
    }
  },
};
