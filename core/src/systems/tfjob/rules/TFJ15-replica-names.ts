import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { replicasOf, TFJOB } from '#core/systems/tfjob/rules/replicas.ts';

const LIMIT = 63;

export const replicaNames: ObjectRule = {
  id: 'TFJ15',
  title: 'The name of the job is too long for its replicas',
  severity: 'error',
  source: 'training-operator 1.9 GenGeneralName; k8s.io/kubernetes name of a Service',
  fixable: false,
  refusedBy: 'nobody',
  why: `Every replica has a pod and a Service called after the job, its role and its number, and the name of a Service has at most 63
characters. The job is accepted; then its Services are refused, and the replicas never find each other.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    const name = object.metadata.field('name');
    const { text } = name;
    if (text === undefined || text.length > LIMIT) return;
    const names = replicasOf(object)
      .filter(({ count }) => (count ?? 1) > 0)
      .map(({ key, count = 1 }) => `${text}-${key.toLowerCase()}-${count - 1}`);
    const longest = names.toSorted((a, b) => b.length - a.length)[0];
    if (longest === undefined || longest.length <= LIMIT) return;
    report({
      at: name,
      cause: 'tooLong',
      message: `The name ${quoteText(text)} is too long: the Service of a replica is called ${longest}, which has ${longest.length} characters, and ${LIMIT} are allowed. The API server refuses the Service.`,
    });
  },
};
