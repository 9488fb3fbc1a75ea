import type { Chart } from '#core/charts/chart.ts';
import { keyOf, type ChartDependency } from '#core/charts/dependencies.ts';
import { isInRange } from '#core/charts/semver.ts';

/** A key of values whose value goes to a chart in `charts`. */
export interface DependencyKey {
  readonly key: string;
  /** Name of that chart. */
  readonly name: string;
  /** The chart, where exactly one of that name is unpacked. */
  readonly chart: Chart | undefined;
  /** As it is wanted; undefined for a chart that nobody names. */
  readonly dependency: ChartDependency | undefined;
}

/**
 * The keys below which Helm wants a map, whether their charts are switched on or not:
 * 1. the alias of a dependency, if a chart of its name in `charts` is in its range of versions;
 * 2. the name of a dependency without an alias;
 * 3. the name of an unpacked chart that no dependency names.
 * Left out is what is not in `charts`, and an alias of which it cannot be said whether a chart is in its range: else the chart keeps its
 * name. (processDependencyEnabled of helm v3.22.0, pkg/chartutil/dependencies.go)
 */
export function dependencyKeys(chart: Chart): readonly DependencyKey[] {
  const { dependencies } = chart;
  const wanted = dependencies.flatMap((dependency) => {
    const { name, version, alias } = dependency;
    const versions = versionsOf(chart, name);
    const isThere = alias === '' ? versions.length > 0 : versions.some((one) => isInRange(one, version) === true);
    return isThere ? [{ key: keyOf(dependency), name, chart: onlyChart(chart, name), dependency }] : [];
  });
  const others = [...new Set([...chart.subcharts.values()].map(({ name }) => name))]
    .filter((name) => name !== '' && !dependencies.some((one) => one.name === name))
    .map((name) => ({ key: name, name, chart: onlyChart(chart, name), dependency: undefined }));
  return [...wanted, ...others];
}

/** Versions of the charts of a name in `charts`, unpacked or packed: those are called `name-version.tgz`. */
function versionsOf(chart: Chart, name: string): readonly string[] {
  const packed = chart.source.archives.flatMap((file) => {
    const version = file.startsWith(`${name}-`) ? file.slice(name.length + 1).replace(/\.tgz$/, '') : '';
    return /^v?\d+\.\d+\.\d+/.test(version) ? [version] : [];
  });
  return [...unpacked(chart, name).map(({ version }) => version), ...packed];
}

function onlyChart(chart: Chart, name: string): Chart | undefined {
  const [first, second] = unpacked(chart, name);
  return second === undefined ? first : undefined;
}

function unpacked(chart: Chart, name: string): readonly Chart[] {
  return name === '' ? [] : [...chart.subcharts.values()].filter((one) => one.name === name);
}
