import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { TRAINJOB } from '#core/systems/tfjob/rules/trainJob.ts';

const GROUP = 'trainer.kubeflow.org';
const KINDS = ['ClusterTrainingRuntime', 'TrainingRuntime'];

export const runtimeKind: ObjectRule = {
  id: 'TFJ12',
  title: 'The runtime of a TrainJob is of a kind that is none',
  severity: 'error',
  source: 'trainer 2.3 TrainJobValidator.ValidateCreate',
  fixable: false,
  refusedBy: 'nobody',
  why: `A TrainJob runs in a runtime of the whole cluster or of its namespace; without a kind it is one of the cluster. The reference cannot be
changed later.`,
  subject: 'object',
  kinds: [TRAINJOB],
  check: ({ spec }, report) => {
    const reference = spec.field('runtimeRef');
    const checks = [
      { view: reference.field('kind'), allowed: KINDS, what: 'kind of runtime' },
      { view: reference.field('apiGroup'), allowed: [GROUP], what: 'group of runtimes' },
    ];
    for (const { view, allowed, what } of checks) {
      const { text } = view;
      if (text === undefined || allowed.includes(text)) continue;
      report({
        at: view,
        cause: 'unsupported',
        message: `${quoteText(text)} is no ${what}; ${allowed.length > 1 ? 'there are' : 'there is'} ${listNames(allowed, 'and')}. The webhook of Kubeflow Trainer refuses the TrainJob.`,
      });
    }
  },
};
