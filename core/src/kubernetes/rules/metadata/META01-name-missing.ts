import { hasOwnName } from '#core/kubernetes/rules/metadata/nameSyntax.ts';
import { isMissing } from '#core/kubernetes/rules/fields.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const nameMissing: ObjectRule = {
  id: 'META01',
  title: 'An object has no name',
  severity: 'error',
  source: 'k8s.io/apimachinery pkg/api/validation ValidateObjectMeta, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `An object is stored under its name. \`generateName\` is enough where the server may make one up, but \`kubectl apply\` needs a name to
find the object again.`,
  subject: 'object',
  check: (object, report) => {
    const { metadata, kind } = object;
    const name = metadata.field('name');
    if (!hasOwnName(object)) return;
    if (!metadata.isAbsent && !(isMissing(name) && isMissing(metadata.field('generateName')))) return;
    report({ at: name, cause: 'required', message: `The ${kind.kind} has no metadata.name.` });
  },
};
