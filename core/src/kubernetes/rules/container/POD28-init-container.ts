import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** What only a container that keeps running can have. */
const FOR_SIDECARS = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'];

/** Minors between which the server refuses other policies, drops them, and takes them. */
const [SIDECARS_SINCE, DROPPED_SINCE, RULES_SINCE] = ['1.29', '1.34', '1.35'];

export const initContainer: PodRule = {
  id: 'POD28',
  title: 'An init container has what only a sidecar can have',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateInitContainers, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `An init container runs to its end before the next one starts, so there is nothing to probe. With \`restartPolicy: Always\` it is a sidecar,
which starts, stays, and may have probes and hooks.`,
  subject: 'pod',
  check: ({ object, containers }, report) => {
    for (const { view } of containers.filter(({ list }) => list === 'initContainers')) {
      const policy = view.field('restartPolicy');
      checkPolicy(policy, object, report);
      const isPlain = policy.isAbsent || (policy.text !== undefined && policy.text !== 'Always');
      if (!isPlain) continue;
      for (const field of FOR_SIDECARS.map((name) => view.field(name)).filter(({ isPresent }) => isPresent)) {
        const message = `An init container cannot have ${String(field.step)}, unless it is a sidecar with restartPolicy Always.`;
        report({ at: field, cause: 'forbidden', message });
      }
    }
  },
};

function checkPolicy(policy: NodeView, object: ObjectView, report: Report): void {
  const { text, content } = policy;
  if (text === undefined || text === 'Always' || !object.isAtLeast(SIDECARS_SINCE)) return;
  if (object.isAtLeast(RULES_SINCE) && ['Never', 'OnFailure'].includes(text)) return;
  const isSlip = text.toLowerCase() === 'always';
  const fixes = () =>
    isSlip && content?.kind === 'scalar' ? [replaceScalar(content, 'Always', 'Change to Always')] : [];
  const isDropped = object.isAtLeast(DROPPED_SINCE) && !object.isAtLeast(RULES_SINCE);
  if (!isDropped) {
    const message = `${quoteText(text)} is not a supported restart policy of an init container.`;
    report({ at: policy, cause: 'unsupported', message, fixes });
  } else if (isSlip) {
    const message = `The API server drops the restart policy ${quoteText(text)}, so this is no sidecar: the pod waits until it ends.`;
    report({ at: policy, cause: 'unsupported', severity: 'warning', message, fixes });
  }
}
