import { chartFieldsAt, type ChartField } from '#core/charts/chartYamlFields.ts';
import type { ChartFileView, ChartHit, ChartRule } from '#core/charts/chartRule.ts';
import { entriesOf, itemsOf } from '#core/charts/rules/places.ts';
import { isChartVersion, isVersionRange } from '#core/charts/semver.ts';
import { quoteScalar, replaceScalar } from '#core/lint/fixes/edits.ts';
import { describeActual, listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';
import {
  nodeAt,
  resolveAlias,
  textAt,
  type MapEntry,
  type ScalarNode,
  type YamlNode,
  type YamlPath,
} from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

type FoundFault = Omit<ChartHit, 'range' | 'path'>;

export const wrongForm: ChartRule = {
  id: 'HLM03',
  title: 'A value of Chart.yaml does not have the form that Helm wants',
  severity: 'error',
  source: 'Metadata.Validate and the rules of helm lint about Chart.yaml, helm v3.22.0',
  fixable: true,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Helm does not load a chart whose version is no version, whose type it does not know, or that has a list where a text belongs. A version without quotes is a number: `1.10` becomes `1.1`.',
  roles: ['chart', 'requirements'],
  check: (file, report) => {
    const { root } = file.document;
    const look = (node: YamlNode | undefined, path: YamlPath): void => {
      for (const entry of entriesOf(node)) checkEntry(entry, [...path, entry.key.text], file, report);
    };
    look(root, []);
    for (const list of ['dependencies', 'maintainers']) {
      for (const [index, item] of itemsOf(nodeAt(root, [list]))) {
        if (resolveAlias(item)?.kind === 'map') look(item, [list, index]);
        else
          report({
            range: item?.range ?? nodeAt(root, [list])?.range ?? { start: 0, end: 0 },
            path: formatPath([list, index]),
            message: `An entry of ${list} must be an object; this is ${describeActual(item)}. Helm does not load the chart.`,
          });
      }
    }
  },
};

function checkEntry(entry: MapEntry, path: YamlPath, file: ChartFileView, report: (hit: ChartHit) => void): void {
  const field = chartFieldsAt(path.slice(0, -1))?.[entry.key.text];
  const content = resolveAlias(entry.value);
  if (!field || !content || (content.kind === 'scalar' && content.value.type === 'null')) return;
  // What Helm does not load comes first: that helm lint refuses it as well is less.
  const fault =
    checkType(field, content) ??
    (content.kind === 'scalar' ? checkText(path, content, field, file.document.text) : undefined) ??
    checkVersionOfChart(field, path, file);
  if (fault)
    report({ range: content.kind === 'scalar' ? content.range : entry.key.range, path: formatPath(path), ...fault });
}

function checkVersionOfChart(
  { onlyV2 }: ChartField,
  path: YamlPath,
  { document: { root }, role }: ChartFileView,
): FoundFault | undefined {
  if (onlyV2 !== true || role !== 'chart' || textAt(root, ['apiVersion']) !== 'v1') return undefined;
  return {
    severity: 'warning',
    message: `Charts of apiVersion v1 have no ${String(path.at(-1))}; helm lint refuses it. Write apiVersion: v2.`,
  };
}

const WANTED: Readonly<Record<ChartField['type'], readonly [kinds: YamlNode['kind'], words: string]>> = {
  text: ['scalar', 'a text'],
  switch: ['scalar', 'true or false'],
  texts: ['sequence', 'a list of texts'],
  anyList: ['sequence', 'a list'],
  maintainers: ['sequence', 'a list of objects'],
  dependencies: ['sequence', 'a list of objects'],
  textMap: ['map', 'a map of texts'],
};

function checkType({ type }: ChartField, node: YamlNode): FoundFault | undefined {
  const [kind, words] = WANTED[type];
  const isSwitch = type !== 'switch' || (node.kind === 'scalar' && node.value.type === 'boolean');
  if (node.kind === kind && isSwitch) return undefined;
  return { message: `This must be ${words}; it is ${describeActual(node)}. Helm does not load the chart.` };
}

function checkText(path: YamlPath, node: ScalarNode, field: ChartField, text: string): FoundFault | undefined {
  const name = formatPath(path);
  if (field.values && !field.values.includes(node.text)) return tellValues(node, field.values);
  if (name === 'name' && /^\.{1,2}$|[\\/]/.test(node.text))
    return {
      message: `${quoteText(node.text)} is no name of a chart: it must not have a slash. Helm does not load the chart.`,
    };
  if (name === 'version' && !isChartVersion(node.text)) {
    return {
      message: `${quoteText(node.text)} is no version by SemVer 2, such as 1.2.3. Helm does not load the chart.`,
    };
  }
  if (name === 'kubeVersion' && !isVersionRange(node.text)) {
    return {
      message: `${quoteText(node.text)} is no range of versions, such as >=1.27.0-0, so Helm takes no cluster for fitting.`,
    };
  }
  if ((name === 'version' || name === 'appVersion') && node.value.type !== 'string') {
    const message = `Without quotes this is a number to YAML, and helm lint refuses it: trailing zeros are lost.`;
    return { severity: 'warning', message, fixes: () => [quoteScalar(node, text)] };
  }
  return undefined;
}

function tellValues(node: ScalarNode, values: readonly string[]): FoundFault {
  const near = nearestName(node.text, values);
  return {
    message: `${quoteText(node.text)} is not a supported value. Supported: ${listNames(values)}.`,
    fixes: () => (near === undefined ? [] : [replaceScalar(node, near, `Change to ${near}`)]),
  };
}
