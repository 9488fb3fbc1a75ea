import { renameKey } from '#core/lint/fixes/edits.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { replicasOf, ROLES, TFJOB } from '#core/systems/tfjob/rules/replicas.ts';
import { nearestName } from '#core/text/distance.ts';

export const unknownRole: ObjectRule = {
  id: 'TFJ04',
  title: 'TensorFlow knows no such role',
  severity: 'warning',
  source: 'training-operator 1.9 ReplicaType of TFJob; its webhook does not check the keys',
  fixable: true,
  refusedBy: 'nobody',
  why: `The server takes any key. The operator makes the pods and names the role in TF_CONFIG, but TensorFlow gives it no work, and the status of
the job does not count it.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    const replicas = replicasOf(object);
    const free = ROLES.filter((role) => !replicas.some((replica) => replica.role === role));
    for (const { key, role, view } of replicas) {
      if (role !== undefined || key.includes('{{') || key.includes('${') || key.startsWith('$')) continue;
      const near = key.toLowerCase().startsWith('eval') ? 'Evaluator' : nearestName(key, free);
      const { entry } = view;
      const isFree = near !== undefined && free.includes(near);
      report({
        at: view,
        cause: 'unsupported',
        message: `${quoteText(key)} is no role of TensorFlow; there are ${listNames(ROLES, 'and')}. Its pods start, but take no part in the training.`,
        ...(entry && isFree ? { fixes: () => [renameKey(entry, near)] } : {}),
      });
    }
  },
};
