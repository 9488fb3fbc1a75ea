import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import { CHART_FILE, roleInChart, VALUES_FILE } from '#core/charts/chartFiles.ts';
import type { Chart } from '#core/charts/chart.ts';
import { readDependencies } from '#core/charts/dependencies.ts';
import { findValueReferences } from '#core/charts/templates/references.ts';
import { knownValue } from '#core/charts/values/known.ts';
import { findWord } from '#core/language/locate.ts';
import type { LineRange } from '#core/lint/finding.ts';
import { LineIndex } from '#core/text/lines.ts';
import { containsOffset } from '#core/text/range.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

export interface ChartLocation {
  readonly uri: string;
  readonly range: LineRange;
}

/** From a reading of a value to where files give it, from a value of an environment to its default, from a dependency to its chart. */
export function definitionsInChart(
  text: string,
  offset: number,
  { chart: saved, path }: ChartPlace,
): readonly ChartLocation[] {
  const role = roleInChart(path);
  if (role === 'template' || role === 'partial') {
    const reference = findValueReferences(text).find(({ range }) => containsOffset(range, offset));
    const at = reference?.keys.findIndex((range) => containsOffset(range, offset)) ?? -1;
    return reference && at >= 0 ? placesOf(saved, reference.path.slice(0, at + 1)) : [];
  }
  if (role !== 'moreValues' && role !== 'values' && role !== 'chart' && role !== 'requirements') return [];
  const chart = saved.with(path, text);
  const word = findWord(chart.root(path), offset, []);
  if (!word) return [];
  if (role === 'values' || role === 'moreValues') {
    return word.role === 'key' ? placesOf(chart, word.path).filter(({ uri }) => uri !== chart.uriOf(path)) : [];
  }
  return dependencyAt(chart, path, word.path);
}

/** The files that are defaults: `values.yaml` of the chart and of its dependency; others where neither has it. */
function placesOf(chart: Chart, path: YamlPath): readonly ChartLocation[] {
  const { given } = knownValue(chart, path);
  const defaults = given.filter(({ file }) => file === VALUES_FILE);
  return (defaults.length > 0 ? defaults : given).map((one) => ({
    uri: one.chart.uriOf(one.file),
    range: new LineIndex(one.chart.text(one.file) ?? '').toPositions(one.entry.key.range),
  }));
}

function dependencyAt(chart: Chart, file: string, [list, index, field]: YamlPath): readonly ChartLocation[] {
  if (list !== 'dependencies' || typeof index !== 'number' || (field !== 'name' && field !== 'alias')) return [];
  const dependency = readDependencies(chart.root(file))[index];
  const subchart = dependency && chart.subchartOf(dependency);
  const start = { line: 0, character: 0 };
  return subchart ? [{ uri: subchart.uriOf(CHART_FILE), range: { start, end: start } }] : [];
}
