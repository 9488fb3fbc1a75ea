import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import {
  areReplicasKnown,
  isCurrent,
  replicasOf,
  TFJOB,
  type ReplicaView,
} from '#core/systems/tfjob/rules/replicas.ts';

const SINGLE: readonly string[] = ['Chief', 'Master', 'Evaluator'];

export const roleCounts: ObjectRule = {
  id: 'TFJ05',
  title: 'The replicas do not make a cluster that can train',
  severity: 'warning',
  source: 'TensorFlow guide to distributed training, TF_CONFIG; tf-operator v1beta2 validation, which refused it',
  fixable: false,
  refusedBy: 'nobody',
  why: `A TensorFlow cluster has one chief at most and one evaluator, and somebody has to train: parameter servers only keep what workers and a
chief compute. Early versions of the operator refused other numbers; today's starts the pods, and they wait for each other or do the same
work twice.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    if (!isCurrent(object)) return;
    const replicas = replicasOf(object);
    for (const replica of replicas) checkSingle(replica, report);
    const others = replicas.filter(({ role }) => role !== 'PS' && role !== 'Evaluator');
    const [first] = replicas;
    if (!first || !areReplicasKnown(object) || !others.every(({ count }) => count === 0)) return;
    const view = others[0]?.view.field('replicas') ?? first.view;
    report({
      at: view,
      cause: 'invalid',
      message:
        others.length > 0
          ? 'Nobody trains: there are no workers, and no chief takes their place.'
          : 'Nobody trains: there is neither a chief nor a worker.',
    });
  },
};

function checkSingle({ key, role, view, count }: ReplicaView, report: Report): void {
  if (role === undefined || !SINGLE.includes(role) || count === undefined || count <= 1) return;
  report({
    at: view.field('replicas'),
    cause: 'invalid',
    message: `A cluster has one ${key} only, and these are ${count}. TensorFlow takes the first for it, or all of them do the same work.`,
  });
}
