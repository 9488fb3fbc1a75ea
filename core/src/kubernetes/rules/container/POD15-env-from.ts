import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { isMissing, reportMalformed } from '#core/kubernetes/rules/fields.ts';
import { envNameCheck } from '#core/kubernetes/rules/container/envNames.ts';
import { presentOf } from '#core/kubernetes/rules/container/oneOf.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const SOURCES = ['configMapRef', 'secretRef'];

export const envFrom: PodRule = {
  id: 'POD15',
  title: 'An envFrom entry has no source or two, or a malformed name or prefix',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateEnvFrom, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Each entry of \`envFrom\` takes all keys of one ConfigMap or one Secret. Two objects are two entries. A prefix follows the rules for names of
environment variables.`,
  subject: 'pod',
  check: ({ object, containers }, report) => {
    const checkPrefix = envNameCheck(object);
    for (const { view } of containers) {
      const list = view.field('envFrom');
      for (const entry of list.items) {
        checkSources(entry, list.path, report);
        for (const source of SOURCES) checkName(entry.field(source), report);
        reportMalformed(entry.field('prefix'), 'prefix', checkPrefix, report);
      }
    }
  },
};

function checkSources(entry: NodeView, path: string, report: Report): void {
  const sources = presentOf(entry, SOURCES);
  if (!sources || sources.length === 1) return;
  const message =
    sources.length === 0
      ? 'This entry has no source: configMapRef or secretRef is needed.'
      : 'This entry has configMapRef and secretRef; each must have an entry of its own.';
  report({ at: entry, path, cause: 'invalid', message });
}

function checkName(source: NodeView, report: Report): void {
  if (source.content?.kind !== 'map') return;
  const name = source.field('name');
  if (isMissing(name)) report({ at: name, cause: 'required', message: 'This reference has no name.' });
  reportMalformed(name, 'name', checkDnsSubdomain, report);
}
