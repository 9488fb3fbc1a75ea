/** What a file of a chart is for. */
export type ChartFileRole =
  'chart' | 'lock' | 'requirements' | 'values' | 'moreValues' | 'schema' | 'template' | 'partial' | 'other';

export const CHART_FILE = 'Chart.yaml';
export const VALUES_FILE = 'values.yaml';
export const SCHEMA_FILE = 'values.schema.json';
export const LOCK_FILES = ['Chart.lock', 'requirements.lock'] as const;

const NAMED: Readonly<Record<string, ChartFileRole>> = {
  [CHART_FILE]: 'chart',
  'Chart.lock': 'lock',
  'requirements.lock': 'lock',
  'requirements.yaml': 'requirements',
  [VALUES_FILE]: 'values',
  [SCHEMA_FILE]: 'schema',
};

/** `values-prod.yaml`, `values.prod.yaml`, `prod-values.yaml`; in the folder of the chart, or where chart testing looks (`ci`). */
const MORE_VALUES = /^(?:ci\/)?(?:values[-._][^/]*|[^/]*[-._]values)\.ya?ml$/;

/** @param path from the folder of the chart, with forward slashes */
export function roleInChart(path: string): ChartFileRole {
  const named = NAMED[path];
  if (named !== undefined) return named;
  if (path.startsWith('templates/')) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return name.startsWith('_') || !/\.ya?ml$/.test(name) ? 'partial' : 'template';
  }
  return MORE_VALUES.test(path) ? 'moreValues' : 'other';
}

/** Whether what is said of other files of a chart may depend on a file with this path; by its name alone. */
export function mayMatterToCharts(path: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return NAMED[name] !== undefined || /values[^/\\]*\.ya?ml$/.test(name) || /\.(?:tgz|tpl)$/.test(name);
}

/** Whether a file is read to know a chart: those that say something of its other files. */
export function isReadOfChart(path: string): boolean {
  const role = roleInChart(path.replace(/^(?:charts\/[^/]+\/)+/, ''));
  return role !== 'other' && role !== 'template' && (role !== 'partial' || /\/_[^/]*$/.test(path));
}
