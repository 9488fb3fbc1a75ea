import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { isCurrent, TFJOB } from '#core/systems/tfjob/rules/replicas.ts';
import { nearestName } from '#core/text/distance.ts';

const CLEAN_POD_POLICIES = ['All', 'Running', 'None'];
const SUCCESS_POLICIES = ['AllWorkers'];
const NUMBERS = ['backoffLimit', 'ttlSecondsAfterFinished', 'activeDeadlineSeconds'];

export const runPolicy: ObjectRule = {
  id: 'TFJ07',
  title: 'A policy of the job has a value the operator does not know',
  severity: 'error',
  source: 'training-operator 1.9 RunPolicy, SuccessPolicy; DeletePodsAndServices of the job controller',
  fixable: true,
  refusedBy: 'nobody',
  why: `The schema takes any text for the policies, and the operator compares it with the ones it knows: an unknown cleanPodPolicy deletes every
pod with its log, an unknown successPolicy is the default. Negative limits end the job or its pods at once.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    if (!isCurrent(object)) return;
    const policy = object.spec.field('runPolicy');
    checkChoice(policy.field('cleanPodPolicy'), CLEAN_POD_POLICIES, 'The operator deletes all pods at the end', report);
    checkChoice(
      object.spec.field('successPolicy'),
      SUCCESS_POLICIES,
      'The job ends with its first worker or its chief',
      report,
    );
    for (const view of NUMBERS.map((name) => policy.field(name))) {
      if ((view.integer ?? 0) >= 0) continue;
      report({
        at: view,
        cause: 'invalid',
        severity: 'warning',
        message: `${String(view.step)} is ${view.integer}, and a number below zero means nothing here.`,
      });
    }
  },
};

function checkChoice(view: NodeView, choices: readonly string[], effect: string, report: Report): void {
  const { text, content } = view;
  if (text === undefined || text === '' || choices.includes(text)) return;
  const near = nearestName(text, choices);
  report({
    at: view,
    cause: 'unsupported',
    message: `${quoteText(text)} is no value of ${String(view.step)}; there ${choices.length === 1 ? 'is' : 'are'} ${listNames(choices, 'and')}. ${effect}.`,
    ...(near !== undefined && content?.kind === 'scalar'
      ? { fixes: () => [replaceScalar(content, near, `Change to ${near}`)] }
      : {}),
  });
}
