import type { ChartRule } from '#core/charts/chartRule.ts';
import { chartFields } from '#core/charts/chartYamlFields.ts';
import { mapOf } from '#core/charts/rules/places.ts';
import { textAt } from '#core/yaml/nodes.ts';

export const requiredField: ChartRule = {
  id: 'HLM02',
  title: 'Chart.yaml lacks a field that Helm needs',
  severity: 'error',
  source: 'Metadata.Validate of helm v3.22.0 (pkg/chart/metadata.go)',
  fixable: false,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Helm does not load a chart without a name and a version. One without `apiVersion` it takes for `v1`, with dependencies in `requirements.yaml`, and `helm lint` refuses it.',
  roles: ['chart'],
  check: ({ document: { root, text } }, report) => {
    const map = mapOf(root);
    if (text.trim() !== '' && !map) return;
    for (const [name, { isRequired }] of Object.entries(chartFields)) {
      const value = textAt(root, [name]);
      if (isRequired !== true || (value !== undefined && value !== '')) continue;
      if (map?.entries.some(({ key, value: node }) => key.text === name && node && node.kind !== 'scalar')) continue;
      report({
        range: map?.entries.find(({ key }) => key.text === name)?.key.range ??
          map?.entries[0]?.key.range ?? { start: 0, end: 0 },
        path: name,
        message:
          name === 'apiVersion'
            ? 'The chart has no apiVersion. Helm takes it for v1, and helm lint refuses it; write apiVersion: v2.'
            : `The chart has no ${name}, so Helm does not load it.`,
      });
    }
  },
};
