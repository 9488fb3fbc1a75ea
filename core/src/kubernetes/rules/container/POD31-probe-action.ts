import { servingContainers } from '#core/kubernetes/rules/container/containers.ts';
import { checkHandler } from '#core/kubernetes/rules/container/handlers.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';

export const probeAction: PodRule = {
  id: 'POD31',
  title: 'A probe has no action, several, or one that cannot be',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateProbe and validateHandler, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A probe asks in one way: a command, an HTTP request, a connection, or gRPC. Its port is a number from 1 to 65535, or the name of a port; a
number in quotes is taken for a name.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const container of servingContainers(pod)) {
      for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'])
        checkHandler(container.field(name), report);
    }
  },
};
