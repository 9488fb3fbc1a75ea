import { checkDataKey, checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { isMissing, reportEmpty, reportMalformed } from '#core/kubernetes/rules/fields.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const REFS: readonly (readonly [field: string, kind: string])[] = [
  ['configMapKeyRef', 'ConfigMap'],
  ['secretKeyRef', 'Secret'],
];

export const keyRef: PodRule = {
  id: 'POD14',
  title: 'A reference to a key of a ConfigMap or Secret is malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateConfigMapKeySelector and validateSecretKeySelector, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `The reference needs the name of the object and one of its keys, also when it is optional. Keys are letters, digits, "-", "_" and "."; names
are those of objects, in lower case.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      for (const variable of view.field('env').items) {
        for (const [field, kind] of REFS) checkRef(variable.at('valueFrom', field), kind, report);
      }
    }
  },
};

function checkRef(ref: NodeView, kind: string, report: Report): void {
  if (ref.content?.kind !== 'map') return;
  const [name, key] = [ref.field('name'), ref.field('key')];
  if (isMissing(name)) {
    report({ at: name, cause: 'invalid', message: `This reference does not say which ${kind}: it has no name.` });
  }
  reportMalformed(name, `${kind} name`, checkDnsSubdomain, report);
  reportEmpty(key, `key in the ${kind}`, report);
  reportMalformed(key, 'key', checkDataKey, report);
}
