import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { TFJOB } from '#core/systems/tfjob/rules/replicas.ts';

const CONTROLLERS = ['kubeflow.org/training-operator', 'kueue.x-k8s.io/multikueue'];

export const managedBy: ObjectRule = {
  id: 'TFJ10',
  title: 'The job is managed by a controller that does not exist',
  severity: 'error',
  source: 'training-operator 1.9 ValidateRunPolicy',
  fixable: false,
  refusedBy: 'nobody',
  why: `managedBy hands the job to another controller, and there is one: MultiKueue, which runs it in another cluster. The field cannot be changed
later. Leave it out and the Kubeflow Training Operator runs the job.`,
  subject: 'object',
  kinds: [TFJOB],
  check: ({ spec }, report) => {
    const view = spec.at('runPolicy', 'managedBy');
    const { text } = view;
    if (text === undefined || CONTROLLERS.includes(text)) return;
    report({
      at: view,
      cause: 'unsupported',
      message: `${quoteText(text)} manages no TFJobs; ${listNames(CONTROLLERS, 'and')} do. The webhook of the Kubeflow Training Operator refuses the TFJob.`,
    });
  },
};
