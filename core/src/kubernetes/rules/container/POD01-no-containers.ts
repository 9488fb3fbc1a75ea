import type { PodRule } from '#core/lint/rules/rule.ts';

export const noContainers: PodRule = {
  id: 'POD01',
  title: 'A pod has no container',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateContainers, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A pod runs its containers and ends when they have ended; init containers alone make no pod. An empty list is most often what is left
when a block was moved or cut.`,
  subject: 'pod',
  check: ({ spec }, report) => {
    const containers = spec.field('containers');
    if (containers.content?.kind !== 'sequence' || containers.items.length > 0 || containers.isOpen) return;
    report({
      at: containers,
      cause: 'required',
      message: 'The list of containers is empty; a pod needs at least one.',
    });
  },
};
