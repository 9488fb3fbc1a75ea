import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { SCHEDULE } from '#core/systems/spark/rules/job.ts';

/** What 63 characters leave beside a dash and a time in nanoseconds. */
const LIMIT = 43;
const OWN_LIMIT = 63;

export const scheduleName: ObjectRule = {
  id: 'SPK19',
  title: 'The name of the schedule is too long for its runs',
  severity: 'warning',
  source:
    'spark-operator 2.5.2 createSparkApplication of the scheduled controller; SparkApplicationValidator.validateName',
  fixable: false,
  refusedBy: 'nobody',
  why: `Every run is an application called after the schedule and the time in nanoseconds, 20 characters more. Names of applications have at most
63 characters, so with a longer name than 43 the operator cannot start a single run unless it is told to use shorter times.`,
  subject: 'object',
  kinds: [SCHEDULE],
  check: ({ metadata }, report) => {
    const view = metadata.field('name');
    const { text } = view;
    if (text === undefined || text.length <= LIMIT || text.length > OWN_LIMIT) return;
    report({
      at: view,
      cause: 'tooLong',
      message: `The name ${quoteText(text)} has ${text.length} characters. A run adds 20 to it and then has more than 63, which the webhook of the Kubeflow Spark Operator refuses.`,
    });
  },
};
