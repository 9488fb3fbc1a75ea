import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { replicasOf, TFJOB } from '#core/systems/tfjob/rules/replicas.ts';

export const chiefAndMaster: ObjectRule = {
  id: 'TFJ03',
  title: 'The job has both a Chief and a Master',
  severity: 'error',
  source: 'training-operator 1.9 validateTFReplicaSpecs',
  fixable: false,
  refusedBy: 'nobody',
  why: `Chief and Master are two names for the replica that leads the training and whose end is the end of the job. There can be one of them.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    const [first, second] = replicasOf(object).filter(({ role }) => role === 'Chief' || role === 'Master');
    if (!first || !second) return;
    report({
      at: second.view,
      path: 'spec.tfReplicaSpecs',
      cause: 'forbidden',
      message: `The job has a ${second.key} beside its ${first.key}, which are the same role. The webhook of the Kubeflow Training Operator refuses the TFJob.`,
      related: [{ at: first.view, message: `The ${first.key}` }],
    });
  },
};
