import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { replicasOf, TFJOB } from '#core/systems/tfjob/rules/replicas.ts';

const NAME = 'tensorflow';

export const tensorflowContainer: ObjectRule = {
  id: 'TFJ02',
  title: 'A role has no container called tensorflow',
  severity: 'error',
  source: 'training-operator 1.9 validateTFReplicaSpecs; kubeflow/trainer#563, #1563',
  fixable: true,
  refusedBy: 'nobody',
  why: `The operator knows the container that trains by its name: it gets TF_CONFIG and the port 2222, and its exit code decides about the
replica. Other containers may have any name.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    for (const { key, pod } of replicasOf(object)) {
      const containers = pod.field('containers');
      const names = containers.items.map((container) => container.field('name'));
      const known = names.map(({ text }) => text).filter((text) => text !== undefined);
      if (names.length === 0 || containers.isOpen || known.length < names.length || known.includes(NAME)) continue;
      const only = names.length === 1 ? names[0] : undefined;
      const { content } = only ?? {};
      report({
        at: only ?? containers,
        path: containers.path,
        cause: 'required',
        message: `The role ${quoteText(key)} has no container called ${NAME}, only ${listNames(known.map(quoteText), 'and')}. The webhook of the Kubeflow Training Operator refuses the TFJob.`,
        ...(content?.kind === 'scalar' ? { fixes: () => [replaceScalar(content, NAME, `Call it ${NAME}`)] } : {}),
      });
    }
  },
};
