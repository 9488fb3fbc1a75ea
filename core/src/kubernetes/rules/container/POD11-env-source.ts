import { presentOf } from '#core/kubernetes/rules/container/oneOf.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames } from '#core/lint/structure/describe.ts';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];

/** A source of newer servers. It is behind a feature gate in 1.34, so it may be served or not. */
const GATED = 'fileKeyRef';

export const envSource: PodRule = {
  id: 'POD11',
  title: 'An environment variable has no source, several, or a value as well',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateEnvVarValueFrom, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A variable gets its value from one place: written in \`value\`, or from the one source that \`valueFrom\` names.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      for (const variable of view.field('env').items) {
        const from = variable.field('valueFrom');
        const message = explainSources(from, variable.field('value'));
        if (message !== undefined) report({ at: from, cause: 'invalid', message });
      }
    }
  },
};

function explainSources(from: NodeView, value: NodeView): string | undefined {
  const sources = presentOf(from, SOURCES, [GATED]);
  if (!sources) return undefined;
  if (sources.length === 0) return `valueFrom names no source: one of ${listNames(SOURCES)} is needed.`;
  if (value.text !== undefined && value.text !== '')
    return 'This variable has a value and valueFrom; only one can hold.';
  return sources.length > 1
    ? `valueFrom names ${listNames(sources, 'and')}; a variable has one source only.`
    : undefined;
}
