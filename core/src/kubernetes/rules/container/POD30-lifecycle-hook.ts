import { servingContainers } from '#core/kubernetes/rules/container/containers.ts';
import { checkHandler } from '#core/kubernetes/rules/container/handlers.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Minor in which PodLifecycleSleepActionAllowZero came to be on by default. */
const ZERO_SINCE = '1.33';

export const lifecycleHook: PodRule = {
  id: 'POD30',
  title: 'A lifecycle hook has no action, several, or one that cannot be',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateLifecycle and validateSleepAction, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `\`postStart\` and \`preStop\` do one thing each: a command, a request, or a sleep. A sleep cannot be longer than
\`terminationGracePeriodSeconds\`, which is 30 when nothing is written, because the container is killed then.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const container of servingContainers(pod)) {
      for (const name of ['postStart', 'preStop']) {
        const action = checkHandler(container.at('lifecycle', name), report);
        if (action?.step === 'sleep') checkSleep(action, pod, report);
      }
    }
  },
};

function checkSleep(sleep: NodeView, { spec, object }: PodView, report: Report): void {
  const seconds = sleep.field('seconds').integer;
  const grace = spec.field('terminationGracePeriodSeconds');
  const least = object.isAtLeast(ZERO_SINCE) ? 0 : 1;
  if (seconds === undefined) return;
  if (seconds < least) {
    const message = `A sleep of ${seconds} seconds is too short: it must be at least ${least}.`;
    report({ at: sleep.field('seconds'), path: sleep.path, cause: 'invalid', message });
  } else if (grace.integer !== undefined && seconds > grace.integer) {
    report({
      at: sleep.field('seconds'),
      path: sleep.path,
      cause: 'invalid',
      message: `A sleep of ${seconds} seconds is longer than the ${grace.integer} seconds the pod is given to end.`,
      ...(grace.isPresent ? { related: [{ at: grace, message: 'The time it is given' }] } : {}),
    });
  }
}
