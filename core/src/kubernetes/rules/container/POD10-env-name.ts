import { isEmptyText } from '#core/kubernetes/rules/container/emptyText.ts';
import { envNameCheck } from '#core/kubernetes/rules/container/envNames.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const envName: PodRule = {
  id: 'POD10',
  title: 'The name of an environment variable is empty or malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateEnv, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Since Kubernetes 1.32 a name may be any printable ASCII characters but "=". Earlier servers want letters, digits, "-", "_" and ".", with no
digit in front. Shells can only use names of letters, digits and "_".`,
  subject: 'pod',
  check: ({ object, containers }, report) => {
    const check = envNameCheck(object);
    for (const { view } of containers) {
      for (const variable of view.field('env').items) {
        const name = variable.field('name');
        if (isEmptyText(name)) {
          report({ at: name, cause: 'required', message: 'The name of this environment variable is empty.' });
        }
        const { text } = name;
        const problem = text === undefined || text === '' ? undefined : check(text);
        if (text === undefined || problem === undefined) continue;
        report({ at: name, cause: 'invalid', message: `The variable name ${quoteText(text)} ${problem}.` });
      }
    }
  },
};
