import { reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';

const MODES = ['None', 'HostToContainer', 'Bidirectional'];

export const mountPropagation: PodRule = {
  id: 'POD19',
  title: 'The propagation of a mount is not supported, or needs a privileged container',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateMountPropagation, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `With \`Bidirectional\` what the container mounts appears on the node, which only privileged containers may do. Drivers of storage need it; databases
do not.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      const mounts = view.field('volumeMounts');
      const path = `${mounts.path}.mountPropagation`;
      const privileged = view.at('securityContext', 'privileged');
      const isPlain = privileged.isAbsent || privileged.boolean === false;
      for (const mount of mounts.items) {
        const mode = mount.field('mountPropagation');
        reportUnsupported(mode, 'mount propagation', MODES, (hit) => report({ ...hit, path }));
        if (mode.text !== 'Bidirectional' || !isPlain) continue;
        const message = 'Bidirectional mount propagation is for privileged containers only, and this one is not.';
        report({ at: mode, path, cause: 'forbidden', message });
      }
    }
  },
};
