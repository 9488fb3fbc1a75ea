import { reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const MODES = ['Disabled', 'Enabled', 'IfPossible'];

export const recursiveReadOnly: PodRule = {
  id: 'POD20',
  title: 'recursiveReadOnly is set on a mount that cannot have it',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateVolumeMounts, 1.34',
  since: '1.31',
  fixable: true,
  refusedBy: 'server',
  why: `The setting makes everything below a mount read-only. So the mount itself must be \`readOnly: true\`, and nothing may be propagated into it.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      const mounts = view.field('volumeMounts');
      for (const mount of mounts.items) checkMount(mount, `${mounts.path}.recursiveReadOnly`, report);
    }
  },
};

function checkMount(mount: NodeView, path: string, report: Report): void {
  const mode = mount.field('recursiveReadOnly');
  const { text } = mode;
  if (text === undefined || text === 'Disabled') return;
  reportUnsupported(mode, 'value of recursiveReadOnly', MODES, (hit) => report({ ...hit, path }));
  if (!MODES.includes(text)) return;
  const readOnly = mount.field('readOnly');
  const propagation = mount.field('mountPropagation').text;
  if (readOnly.isAbsent || readOnly.boolean === false) {
    const message = `recursiveReadOnly is ${text}, but the mount is not readOnly.`;
    report({ at: mode, path, cause: 'forbidden', message });
  }
  if (propagation === 'HostToContainer' || propagation === 'Bidirectional') {
    const message = `recursiveReadOnly is ${text}, but the mount has the propagation ${propagation}; only None goes with it.`;
    report({ at: mode, path, cause: 'forbidden', message });
  }
}
