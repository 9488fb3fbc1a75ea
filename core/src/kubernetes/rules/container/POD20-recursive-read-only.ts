import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

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
  if (!MODES.includes(text)) return reportMode(mode, text, path, report);
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

function reportMode(at: NodeView, text: string, path: string, report: Report): void {
  const { content } = at;
  const near = nearestName(text, MODES);
  report({
    at,
    path,
    cause: 'unsupported',
    message: `${quoteText(text)} is no value of recursiveReadOnly. Supported: ${listNames(MODES, 'and')}.`,
    fixes: () =>
      near !== undefined && content?.kind === 'scalar' ? [replaceScalar(content, near, `Change to ${near}`)] : [],
  });
}
