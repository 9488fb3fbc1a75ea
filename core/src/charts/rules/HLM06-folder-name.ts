import type { ChartRule } from '#core/charts/chartRule.ts';
import { nearestPlace, rangeOfPlace } from '#core/charts/rules/places.ts';

export const folderName: ChartRule = {
  id: 'HLM06',
  title: 'A chart has another name than its folder',
  severity: 'hint',
  source: 'Conventions of Helm charts; helm package names the archive and its folder after the chart',
  fixable: false,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Packed and unpacked again, the chart stands in a folder with its own name. Two names for one chart make paths and scripts hard to follow. Helm itself takes both.',
  roles: ['chart'],
  check: ({ chart, document: { root } }, report) => {
    const { name, folderName: folder } = chart;
    // Folders such as `chart` or `helm` in the repository of an application say where the chart is, not what it is called.
    if (
      name === '' ||
      /[\\/]/.test(name) ||
      name === folder ||
      /^(?:helm[-_]?)?(?:charts?|helm)$/i.test(folder) ||
      chart.isInside
    )
      return;
    if (!folder.includes(name) && !name.includes(folder) && !/charts?$/i.test(parentOf(chart.source.folderUri))) return;
    report({
      range: rangeOfPlace(nearestPlace(root, ['name'])),
      path: 'name',
      message: `The chart is called ${name} and its folder ${folder}; once packed, it stands in a folder ${name}.`,
    });
  },
};

function parentOf(uri: string): string {
  return uri.split('/').at(-2) ?? '';
}
