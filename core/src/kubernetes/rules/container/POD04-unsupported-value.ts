import { isEmptyText } from '#core/kubernetes/rules/container/emptyText.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

const SYSTEMS = ['linux', 'windows'];

/** What a container may say about resizing it in place. */
const RESIZE: readonly (readonly [field: string, allowed: readonly string[]])[] = [
  ['resourceName', ['cpu', 'memory']],
  ['restartPolicy', ['NotRequired', 'RestartContainer']],
];

/** Minor in which InPlacePodVerticalScaling came to be on by default; earlier servers drop the field. */
const RESIZE_SINCE = '1.33';

export const unsupportedValue: PodRule = {
  id: 'POD04',
  title: 'A setting of the pod is not one of the supported values',
  severity: 'error',
  source:
    'k8s.io/kubernetes pkg/apis/core/validation validateOS, validateResizePolicy and ValidatePreemptionPolicy, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `These settings have a few fixed values, and their case matters. Most others are defaulted when they are empty; \`preemptionPolicy\` and
\`os.name\` are not.`,
  subject: 'pod',
  check: (pod, report) => {
    const { spec } = pod;
    const system = spec.at('os', 'name');
    if (system.text === '')
      report({ at: system, cause: 'required', message: 'The name of the operating system is empty.' });
    else checkValue(system, SYSTEMS, spec.field('os').path, report);
    const preemption = spec.field('preemptionPolicy');
    if (preemption.text === '')
      report({ at: preemption, cause: 'required', message: 'The preemption policy is empty.' });
    if (pod.object.isAtLeast(RESIZE_SINCE)) checkResizePolicies(pod, report);
  },
};

function checkResizePolicies({ containers, spec }: PodView, report: Report): void {
  const isNeverRestarted = spec.field('restartPolicy').text === 'Never';
  for (const { view } of containers) {
    const policies = view.field('resizePolicy');
    const seen = new Set<string>();
    for (const policy of policies.items) {
      for (const [name, allowed] of RESIZE) checkRequiredValue(policy.field(name), allowed, policies.path, report);
      const [resource, restart] = [policy.field('resourceName'), policy.field('restartPolicy')];
      if (isNeverRestarted && restart.text === 'RestartContainer') {
        const message = 'The container would be restarted for this, but the pod has the restart policy Never.';
        report({ at: restart, path: policies.path, cause: 'invalid', message });
      }
      if (!resource.text) continue;
      if (seen.has(resource.text)) {
        const message = `The resize policy of ${quoteText(resource.text)} stands twice in this container.`;
        report({ at: resource, path: policy.path, cause: 'duplicate', message });
      }
      seen.add(resource.text);
    }
  }
}

function checkRequiredValue(value: NodeView, allowed: readonly string[], path: string, report: Report): void {
  if (!isEmptyText(value)) return checkValue(value, allowed, path, report);
  report({ at: value, path, cause: 'required', message: `A value is needed here, one of ${listNames(allowed)}.` });
}

function checkValue(value: NodeView, allowed: readonly string[], path: string, report: Report): void {
  const { text, content } = value;
  if (text === undefined || allowed.includes(text)) return;
  const near = nearestName(text, allowed);
  report({
    at: value,
    path,
    cause: 'unsupported',
    message: `${quoteText(text)} is not a supported value. Supported: ${listNames(allowed, 'and')}.`,
    fixes: () =>
      near !== undefined && content?.kind === 'scalar' ? [replaceScalar(content, near, `Change to ${near}`)] : [],
  });
}
