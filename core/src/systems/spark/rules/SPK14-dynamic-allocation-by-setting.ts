import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { jobSpec, JOBS, setting } from '#core/systems/spark/rules/job.ts';

const ENABLED = 'spark.dynamicAllocation.enabled';

export const dynamicAllocationBySetting: ObjectRule = {
  id: 'SPK14',
  title: 'Dynamic allocation is switched on in sparkConf only',
  severity: 'hint',
  source: 'spark-operator 2.5.2 defaultExecutorSpec of SparkApplicationDefaulter',
  fixable: false,
  refusedBy: 'nobody',
  why: `The operator does not notice dynamic allocation that only the settings switch on: it asks for one executor to begin with, as for any
application that says no number. The field \`dynamicAllocation\` is noticed, and it switches shuffle tracking on as well.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    const spec = jobSpec(object);
    const view = setting(object, ENABLED);
    if (view.text !== 'true' || !spec.field('dynamicAllocation').isAbsent) return;
    if (!spec.at('executor', 'instances').isAbsent || !setting(object, 'spark.executor.instances').isAbsent) return;
    report({
      at: view,
      cause: 'invalid',
      message:
        'The operator overlooks this setting and asks for one executor to begin with. Say it as dynamicAllocation.enabled.',
    });
  },
};
