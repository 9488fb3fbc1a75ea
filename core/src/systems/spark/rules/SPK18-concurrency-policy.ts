import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { SCHEDULE } from '#core/systems/spark/rules/job.ts';
import { nearestName } from '#core/text/distance.ts';

const POLICIES = ['Allow', 'Forbid', 'Replace'];
const ONCE = 'The first run starts, and no other ever follows while its application is there';

export const concurrencyPolicy: ObjectRule = {
  id: 'SPK18',
  title: 'The concurrency policy is missing or unknown, so only the first run starts',
  severity: 'error',
  source: 'spark-operator 2.5.2 shouldStartNextRun; kubeflow/spark-operator#2964',
  fixable: true,
  refusedBy: 'nobody',
  why: `The schema takes any text and knows no default. The operator asks the policy whether the next run may start beside or after the last
one, and without a policy it knows the answer is no: the schedule stops after its first run, without an error.`,
  subject: 'object',
  kinds: [SCHEDULE],
  check: ({ spec }, report) => {
    const view = spec.field('concurrencyPolicy');
    const { text, content } = view;
    if (view.isAbsent) {
      report({
        at: spec,
        path: view.path,
        cause: 'required',
        severity: 'warning',
        message: `concurrencyPolicy is missing. ${ONCE}.`,
      });
    }
    if (text === undefined || POLICIES.includes(text)) return;
    const near = nearestName(text, POLICIES);
    report({
      at: view,
      cause: 'unsupported',
      message: `${quoteText(text)} is no concurrency policy; there are ${listNames(POLICIES, 'and')}. ${ONCE}.`,
      ...(near !== undefined && content?.kind === 'scalar'
        ? { fixes: () => [replaceScalar(content, near, `Change to ${near}`)] }
        : {}),
    });
  },
};
