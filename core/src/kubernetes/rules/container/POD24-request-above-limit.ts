import { canBeOvercommitted, resourceEntries } from '#core/kubernetes/rules/container/resourceLists.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';

export const requestAboveLimit: PodRule = {
  id: 'POD24',
  title: 'A container requests more than its limit',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateContainerResourceRequirements, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `The request is what a node reserves for the container, the limit what it may use at most. A wrong unit is the usual reason: 512M is less
than 1Gi, and 2 CPUs are 2000m.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      const resources = view.field('resources');
      const limits = new Map(resourceEntries(resources.field('limits')).map((entry) => [entry.name, entry]));
      for (const { name, amount, written, view: request } of resourceEntries(resources.field('requests'))) {
        const limit = limits.get(name);
        if (!canBeOvercommitted(name) || amount === undefined || limit?.amount === undefined) continue;
        if (amount <= limit.amount || limit.amount < 0) continue;
        report({
          at: request,
          path: resources.field('requests').path,
          cause: 'invalid',
          message: `The request of ${written} ${name} is above the limit of ${limit.written}.`,
          related: [{ at: limit.view, message: 'The limit' }],
        });
      }
    }
  },
};
