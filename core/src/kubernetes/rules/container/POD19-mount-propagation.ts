import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

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
        checkMode(mode, path, report);
        if (mode.text !== 'Bidirectional' || !isPlain) continue;
        const message = 'Bidirectional mount propagation is for privileged containers only, and this one is not.';
        report({ at: mode, path, cause: 'forbidden', message });
      }
    }
  },
};

function checkMode(mode: NodeView, path: string, report: Report): void {
  const { text, content } = mode;
  if (text === undefined || MODES.includes(text)) return;
  const near = nearestName(text, MODES);
  report({
    at: mode,
    path,
    cause: 'unsupported',
    message: `${quoteText(text)} is no mount propagation. Supported: ${listNames(MODES, 'and')}.`,
    fixes: () =>
      near !== undefined && content?.kind === 'scalar' ? [replaceScalar(content, near, `Change to ${near}`)] : [],
  });
}
