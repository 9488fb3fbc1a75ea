import { warnOfDeprecated } from '#core/kubernetes/rules/pod/warnings/deprecated.ts';
import { warnOfRepeated } from '#core/kubernetes/rules/pod/warnings/repeated.ts';
import { warnOfNoSelector } from '#core/kubernetes/rules/pod/warnings/selectors.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';

export const warnedAbout: PodRule = {
  id: 'WRN04',
  title: 'The pod has something the API server accepts with a warning',
  severity: 'warning',
  source: 'k8s.io/kubernetes pkg/api/pod GetWarningsForPodTemplate, 1.34',
  fixable: false,
  refusedBy: 'nobody',
  why: `Some things are accepted although they do nothing, or not what they seem to: a spread constraint or an affinity without a selector
selects no pod, a label of nodes that is no longer set fits no node, a kind of volume is gone, a list has the same item twice. kubectl prints
what the server says of them once, when the object is applied; pipelines do not show it to anybody.`,
  subject: 'pod',
  check: (pod, report) => {
    warnOfNoSelector(pod, report);
    warnOfDeprecated(pod, report);
    warnOfRepeated(pod, report);
    warnOfNegativeGrace(pod, report);
  },
};

function warnOfNegativeGrace({ spec }: PodView, report: Report): void {
  const grace = spec.field('terminationGracePeriodSeconds');
  if (grace.integer === undefined || grace.integer >= 0) return;
  const message = `The grace period is ${grace.integer} seconds, which counts as 1: the processes are killed almost at once.`;
  report({ at: grace, cause: 'invalid', message });
}
