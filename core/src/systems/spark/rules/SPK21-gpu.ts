import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { JOBS, rolesOf } from '#core/systems/spark/rules/job.ts';

export const gpu: ObjectRule = {
  id: 'SPK21',
  title: 'A request for GPUs is ignored',
  severity: 'warning',
  source: 'spark-operator 2.5.2 addGPU of SparkPodDefaulter',
  fixable: false,
  refusedBy: 'nobody',
  why: `The operator adds GPUs to a pod only when the resource has a name and the quantity is above zero. Anything else it writes to its own log
and leaves out, and the application runs on processors without a word.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    for (const { name: role, view } of rolesOf(object)) {
      const [name, quantity] = [view.at('gpu', 'name'), view.at('gpu', 'quantity')];
      const effect = `The operator ignores the request, and the ${role} runs without GPUs`;
      if (name.text === '') {
        report({
          at: name,
          cause: 'invalid',
          message: `The GPU has no resource name such as nvidia.com/gpu. ${effect}.`,
        });
      } else if ((quantity.integer ?? 1) <= 0) {
        report({ at: quantity, cause: 'invalid', message: `The quantity of GPUs must be above zero. ${effect}.` });
      }
    }
  },
};
