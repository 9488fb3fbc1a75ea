import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { rewriteFix } from '#core/migrate/rewriteFix.ts';

const KINDS = ['Kafka', 'KafkaNodePool', 'KafkaTopic', 'KafkaUser', 'KafkaConnect', 'KafkaConnector', 'KafkaRebalance'];

const OLD = /^kafka\.strimzi\.io\/v1(?:beta2|beta1|alpha1)$/;

export const strimziV1beta2: ObjectRule = {
  id: 'MIG01',
  title: 'Strimzi 1.0 and later serve kafka.strimzi.io/v1 only',
  severity: 'hint',
  source: 'CRDs of Strimzi 0.51.0 (v1beta2 and v1) and 1.2.0 (v1 alone)',
  fixable: true,
  refusedBy: 'nobody',
  why: `Strimzi 0.51 serves both versions and 1.0 dropped v1beta2, so manifests and stored objects have to be v1 before the operator is upgraded. v1
has no replicas, storage and resources in the Kafka resource (node pools say them), no ZooKeeper, and lists the operations of an ACL. The quick fix
does what \`data-clusters migrate\` does and says in comments what has no equivalent. It is no part of fix-all, because the operator that
takes v1 must be there first.`,
  subject: 'object',
  kinds: KINDS.map((kind) => `kafka.strimzi.io/${kind}`),
  anyVersion: true,
  check: (object, report) => {
    const view = object.root.field('apiVersion');
    const { text } = view;
    if (text === undefined || !OLD.test(text)) return;
    const isRoot = view.path === 'apiVersion';
    report({
      at: view,
      cause: 'unsupported',
      message: `${text} is not served by Strimzi 1.0 and later; move to kafka.strimzi.io/v1 while an operator that serves both is running.`,
      fixes: () => (isRoot ? rewriteFix(object.text, object.catalog) : []),
    });
  },
};
