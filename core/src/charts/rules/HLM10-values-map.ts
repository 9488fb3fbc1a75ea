import type { ChartFileRole } from '#core/charts/chartFiles.ts';
import type { ChartRule } from '#core/charts/chartRule.ts';
import { describeActual } from '#core/lint/structure/describe.ts';
import type { TextRange } from '#core/text/range.ts';
import { resolveAlias, type YamlNode } from '#core/yaml/nodes.ts';

export const valuesMap: ChartRule = {
  id: 'HLM10',
  title: 'A file of values is no map',
  severity: 'error',
  source:
    'LoadFiles of helm v3.22.0 (pkg/chart/loader/load.go) and MergeValues (pkg/cli/values/options.go): values are read as a map, and nothing as an empty one',
  fixable: false,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Templates find values by their keys. Helm loads no chart whose `values.yaml`, or that of a chart in `charts`, is a list, a text or a number, and stops at another such file given with `-f`. A file that is empty, or has comments only, says nothing, and that is fine; so is `null`.',
  roles: ['values', 'moreValues'],
  check: ({ role, text, document: { root } }, report) => {
    const content = resolveAlias(root);
    if (!content || content.kind === 'map' || isNull(content) || (role === 'moreValues' && isSealed(content))) return;
    const advice = hasGluedColon(content) ? ' A colon needs a blank behind it: "replicas: 3".' : '';
    report({
      range: firstLineOf(text, content.range),
      path: '',
      message: `Values are a map; this is ${describeActual(content)}. ${CONSEQUENCES[role] ?? ''}${advice}`,
    });
  },
};

const CONSEQUENCES: Readonly<Partial<Record<ChartFileRole, string>>> = {
  values: 'Helm does not load the chart.',
  moreValues: 'Helm refuses this file when it is given with -f.',
};

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value.type === 'null';
}

/** A file of Ansible Vault, which somebody opens before Helm sees it. */
function isSealed(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.text.startsWith('$ANSIBLE_VAULT;');
}

/** `replicas:3` is a text. */
function hasGluedColon(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^[\w.-]+:[^\s/\\]/.test(node.text);
}

/** A long list is not underlined as a whole. */
function firstLineOf(text: string, { start, end }: TextRange): TextRange {
  const line = text.slice(start, end).search(/\r?\n/);
  return { start, end: line < 0 ? end : start + line };
}
