import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { jobSpec, JOBS } from '#core/systems/spark/rules/job.ts';

const RETRIES = ['onFailureRetries', 'onSubmissionFailureRetries'];

export const restartPolicy: ObjectRule = {
  id: 'SPK10',
  title: 'The restart policy and its retries do not go together',
  severity: 'warning',
  source: 'spark-operator 2.5.2 shouldRetry and RestartPolicy of api/v1beta2',
  fixable: false,
  refusedBy: 'nobody',
  why: `\`OnFailure\` says when the operator may try again, \`onFailureRetries\` says how often, and without that number it is never. Under \`Never\`
the numbers mean nothing.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    const policy = jobSpec(object).field('restartPolicy');
    const type = policy.field('type');
    const retries = policy.field('onFailureRetries');
    if (type.text === 'OnFailure' && retries.isAbsent) {
      report({
        at: type,
        path: retries.path,
        cause: 'required',
        message: 'The policy is OnFailure, but onFailureRetries is missing, so a failed application is not run again.',
      });
    }
    if (type.text !== 'Never') return;
    for (const view of RETRIES.map((name) => policy.field(name))) {
      if (!view.isPresent || view.integer === 0) continue;
      report({
        at: view,
        cause: 'invalid',
        message: 'Under the policy Never nothing is tried again; this number means nothing.',
      });
    }
  },
};
