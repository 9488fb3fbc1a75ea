import type { PodRule } from '#core/lint/rules/rule.ts';

export const ephemeralContainers: PodRule = {
  id: 'STS12',
  title: 'Ephemeral containers stand in a manifest',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidatePodTemplateSpec and ValidatePodCreate, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Ephemeral containers are put into a pod that runs, by \`kubectl debug\`. They are no part of what a pod begins with: what every pod needs
stands under \`containers\` or \`initContainers\`.`,
  subject: 'pod',
  check: ({ spec, isTemplate }, report) => {
    const view = spec.field('ephemeralContainers');
    if (view.items.length === 0) return;
    const where = isTemplate ? 'A pod template' : 'A new pod';
    report({ at: view, cause: 'forbidden', message: `${where} cannot have ephemeral containers.` });
  },
};
