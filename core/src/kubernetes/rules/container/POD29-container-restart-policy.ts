import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';

const POLICIES = ['Always', 'Never', 'OnFailure'];

/** Minors from which the server knows sidecars, drops the policy of other containers, and takes it. */
const [SIDECARS_SINCE, DROPPED_SINCE, RULES_SINCE] = ['1.29', '1.34', '1.35'];

export const containerRestartPolicy: PodRule = {
  id: 'POD29',
  title: 'A container has a restart policy of its own that the server does not take',
  severity: 'error',
  source:
    'k8s.io/kubernetes pkg/apis/core/validation validateContainers, 1.33, and validateContainerRestartPolicy, 1.35',
  fixable: false,
  refusedBy: 'server',
  why: `Up to Kubernetes 1.33 only init containers may have a restart policy, 1.34 drops it without a word, and from 1.35 on containers may have one,
and rules for exit codes beside it.`,
  subject: 'pod',
  check: ({ object, containers }, report) => {
    for (const { view } of containers.filter(({ list }) => list === 'containers')) {
      if (object.isAtLeast(RULES_SINCE)) checkRules(view, report);
      else if (object.isAtLeast(SIDECARS_SINCE) && !object.isAtLeast(DROPPED_SINCE)) {
        const policy = view.field('restartPolicy');
        const message =
          'A regular container cannot have a restart policy; the pod has one, and sidecars among the init containers.';
        if (policy.text !== undefined) report({ at: policy, cause: 'forbidden', message });
      }
    }
  },
};

function checkRules(container: NodeView, report: Report): void {
  const policy = container.field('restartPolicy');
  const { text } = policy;
  const rules = container.field('restartPolicyRules').items;
  if (text !== undefined && !POLICIES.includes(text)) {
    const message = `${quoteText(text)} is not a supported restart policy. Supported: ${listNames(POLICIES, 'and')}.`;
    report({ at: policy, cause: 'unsupported', message });
  } else if (rules.length > 0 && policy.isAbsent) {
    const message = 'This container has rules for restarting, but no restartPolicy for what they do not cover.';
    report({ at: policy, cause: 'required', message });
  }
  for (const codes of rules.map((rule) => rule.field('exitCodes')).filter(({ isAbsent }) => isAbsent)) {
    report({ at: codes, cause: 'required', message: 'This rule names no exit codes.' });
  }
}
