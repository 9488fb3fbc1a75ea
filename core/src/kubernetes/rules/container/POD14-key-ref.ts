import { checkDataKey, checkDnsSubdomain } from '#core/kubernetes/names.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

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
  if (name.isAbsent || name.text === '') {
    report({ at: name, cause: 'invalid', message: `This reference does not say which ${kind}: it has no name.` });
  } else checkName(name, checkDnsSubdomain, `The ${kind} name`, report);
  if (key.text === '') report({ at: key, cause: 'required', message: `The key in the ${kind} is empty.` });
  else checkName(key, checkDataKey, 'The key', report);
}

function checkName(view: NodeView, check: (text: string) => string | undefined, what: string, report: Report): void {
  const { text } = view;
  const problem = text === undefined ? undefined : check(text);
  if (text === undefined || problem === undefined) return;
  report({ at: view, cause: 'invalid', message: `${what} ${quoteText(text)} ${problem}.` });
}
