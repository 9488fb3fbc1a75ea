import { chartFieldsAt } from '#core/charts/chartYamlFields.ts';
import type { ChartRule } from '#core/charts/chartRule.ts';
import { entriesOf, itemsOf } from '#core/charts/rules/places.ts';
import { renameKey } from '#core/lint/fixes/edits.ts';
import { nearestName } from '#core/text/distance.ts';
import { nodeAt, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

export const unknownKey: ChartRule = {
  id: 'HLM01',
  title: 'A key of Chart.yaml is not known to Helm',
  severity: 'warning',
  source:
    'chart.Metadata, chart.Dependency and chart.Maintainer of helm v3.22.0, which leaves out what they do not have',
  fixable: true,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Helm leaves out keys it does not know, without a word: a misspelt `dependencies` or `conditon` simply has no effect. Facts for other tools belong below `annotations`.',
  roles: ['chart', 'requirements'],
  check: ({ document: { root }, role }, report) => {
    const look = (node: YamlNode | undefined, path: YamlPath): void => {
      const fields =
        role === 'requirements' && path.length === 0 ? ['dependencies'] : Object.keys(chartFieldsAt(path) ?? {});
      for (const entry of entriesOf(node)) {
        const name = entry.key.text;
        if (fields.includes(name)) continue;
        const near = nearestName(name, fields);
        report({
          range: entry.key.range,
          path: formatPath([...path, name]),
          message: `Helm knows no key ${name} here and leaves it out.${near === undefined ? '' : ` Did you mean ${near}?`}`,
          fixes: () => (near === undefined ? [] : [renameKey(entry, near)]),
        });
      }
    };
    look(root, []);
    for (const list of ['dependencies', 'maintainers']) {
      for (const [index, item] of itemsOf(nodeAt(root, [list]))) look(item, [list, index]);
    }
  },
};
