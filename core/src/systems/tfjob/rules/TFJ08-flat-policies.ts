import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { Fix } from '#core/lint/finding.ts';
import { schemaOfKey } from '#core/lint/structure/objects.ts';
import { FLAT_POLICIES, moveToRunPolicy } from '#core/systems/tfjob/rules/moveToRunPolicy.ts';
import { isCurrent, TFJOB } from '#core/systems/tfjob/rules/replicas.ts';

export const flatPoliciesRule: ObjectRule = {
  id: 'TFJ08',
  title: 'A policy stands directly under spec, where it stood before runPolicy came',
  severity: 'error',
  source: 'tf-operator 1.0 and 1.1 API of TFJob v1; kubeflow/trainer#1241',
  fixable: true,
  refusedBy: 'nobody',
  why: `Until tf-operator 1.0 the policies stood directly under spec. Since 1.1 they stand in runPolicy, in the same apiVersion and without any
conversion: kubectl refuses the old place, and a client that does not check loses them in silence.`,
  subject: 'object',
  kinds: [TFJOB],
  check: (object, report) => {
    const { schema } = object.spec;
    if (!isCurrent(object) || !schema) return;
    for (const name of FLAT_POLICIES) {
      const view = object.spec.field(name);
      if (!view.entry || schemaOfKey(schema, name) !== 'unknown') continue;
      report({
        at: view,
        cause: 'forbidden',
        message: `${name} stands in spec.runPolicy since tf-operator 1.1. kubectl refuses it here, and what is not checked is dropped in silence.`,
        fixes: () => moveAll(object),
      });
    }
  },
};

function moveAll({ spec, text }: ObjectView): readonly Fix[] {
  const edits = spec.content?.kind === 'map' ? moveToRunPolicy(text, spec.content, []) : undefined;
  return edits ? [{ title: 'Move the policies into runPolicy', preferred: true, edits }] : [];
}
