import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { TRAINJOB } from '#core/systems/tfjob/rules/trainJob.ts';

/** Variables Trainer sets for a framework, by the beginning of their names. */
const RESERVED: readonly (readonly [RegExp, string])[] = [
  [/^PET_(?:NNODES|NPROC_PER_NODE|NODE_RANK|MASTER_ADDR|MASTER_PORT)$/, 'torch'],
  [/^DMLC_(?:TRACKER_URI|TRACKER_PORT|TASK_ID|NUM_WORKER)$/, 'xgboost'],
];

export const reservedEnvironment: ObjectRule = {
  id: 'TFJ14',
  title: 'A TrainJob sets a variable that its runtime sets',
  severity: 'warning',
  source: 'trainer 2.3 Validate of the torch and xgboost plugins',
  fixable: false,
  refusedBy: 'nobody',
  why: `Trainer tells every node its place among the others by variables of the framework. With a runtime of that framework its webhook refuses a
job that sets them as well; with another runtime they mean nothing.`,
  subject: 'object',
  kinds: [TRAINJOB],
  check: ({ spec }, report) => {
    for (const variable of spec.at('trainer', 'env').items) {
      const name = variable.field('name');
      const { text } = name;
      const framework = text === undefined ? undefined : RESERVED.find(([pattern]) => pattern.test(text))?.[1];
      if (text === undefined || framework === undefined) continue;
      report({
        at: name,
        cause: 'forbidden',
        message: `Kubeflow Trainer sets ${quoteText(text)} itself, and with a runtime of ${framework} its webhook refuses the TrainJob.`,
      });
    }
  },
};
