import type { Chart } from '#core/charts/chart.ts';
import { keyOf, type ChartDependency } from '#core/charts/dependencies.ts';
import { coalesce } from '#core/charts/values/coalesce.ts';
import { isObject, objectOf, valueAt, type JsonObject } from '#core/json.ts';

/** A chart with the values it is rendered with. */
export interface ChartValues {
  readonly chart: Chart;
  /** Keys from the values of the outermost chart to its own. */
  readonly prefix: readonly string[];
  readonly values: JsonObject;
}

/** Charts inside charts inside charts; far above what people build. */
const DEPTH_LIMIT = 8;

/**
 * The values of a chart and of every chart unpacked in it that is switched on, the outer ones first.
 * 1. The values given are laid over those of the chart.
 * 2. Each dependency that is on gets what stands below its alias or name, laid over its own values, with `global` of its parent in it.
 * (ToRenderValues and ProcessDependencies of helm v3.22.0; `import-values` are left out.)
 *
 * @param given undefined when the values of the chart are taken as they stand
 */
export function effectiveValues(
  chart: Chart,
  given: JsonObject | undefined,
  prefix: readonly string[] = [],
): readonly ChartValues[] {
  const own = chart.values ?? {};
  const values: Record<string, unknown> = { ...(given ? coalesce(given, own) : own) };
  const inner: ChartValues[] = [];
  for (const dependency of chart.dependencies) {
    const subchart = chart.subchartOf(dependency);
    const key = keyOf(dependency);
    if (!subchart || !isSwitchedOn(dependency, values) || prefix.length >= DEPTH_LIMIT) continue;
    if (values[key] !== undefined && values[key] !== null && !isObject(values[key])) continue;
    const below = objectOf(values[key]);
    const global = coalesce(objectOf(values['global']), objectOf(below['global']));
    const found = effectiveValues(subchart, { ...below, global }, [...prefix, key]);
    values[key] = found[0]?.values ?? below;
    inner.push(...found);
  }
  return [{ chart, prefix, values }, ...inner];
}

/** A condition counts before tags; where neither says anything, a dependency is on. */
function isSwitchedOn({ condition, tags }: ChartDependency, values: JsonObject): boolean {
  for (const path of condition
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const found = valueAt(values, ...path.split('.'));
    if (typeof found === 'boolean') return found;
  }
  const told = tags.map((tag) => valueAt(values, 'tags', tag)).filter((one) => typeof one === 'boolean');
  return told.length === 0 || told.includes(true);
}
