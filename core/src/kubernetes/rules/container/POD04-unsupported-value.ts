import { isEmptyText } from '#core/kubernetes/rules/container/emptyText.ts';
import { reportEmpty, reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';

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
    reportEmpty(system, 'name of the operating system', report);
    if (system.text !== '') {
      reportUnsupported(system, 'operating system', SYSTEMS, (hit) => report({ ...hit, path: spec.field('os').path }));
    }
    reportEmpty(spec.field('preemptionPolicy'), 'preemption policy', report);
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

/** The server prints the path of the list. */
function checkRequiredValue(value: NodeView, allowed: readonly string[], path: string, report: Report): void {
  if (!isEmptyText(value)) {
    reportUnsupported(value, 'supported value', allowed, (hit) => report({ ...hit, path }));
    return;
  }
  report({ at: value, path, cause: 'required', message: `A value is needed here, one of ${listNames(allowed)}.` });
}
