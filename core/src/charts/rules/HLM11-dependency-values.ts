import type { Chart } from '#core/charts/chart.ts';
import type { ChartFileView, ChartHit, ChartRule } from '#core/charts/chartRule.ts';
import type { ChartDependency } from '#core/charts/dependencies.ts';
import { nearestPlace, rangeOfPlace } from '#core/charts/rules/places.ts';
import { dependencyKeys } from '#core/charts/values/dependencyKeys.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { describeActual } from '#core/lint/structure/describe.ts';
import { formatPath } from '#core/yaml/path.ts';

export const dependencyValues: ChartRule = {
  id: 'HLM11',
  title: 'Values of a dependency are no map',
  severity: 'error',
  source:
    'coalesceDeps of helm v3.22.0 (pkg/chartutil/coalesce.go), which says "type mismatch on"; keys by processDependencyEnabled (dependencies.go)',
  fixable: false,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'What stands below the name of a dependency, or below its alias, are the values of that chart, and they are a map. Helm refuses the whole chart otherwise, also where the dependency is switched off: it looks at values before it looks at conditions. `redis:` with nothing but comments below it is no map but null; a values file may say that of a key that `values.yaml` has, which takes it away. Only charts that are in `charts` are looked for.',
  roles: ['values', 'moreValues'],
  check: (file, report) => {
    const given = file.chart.valuesIn(file.path);
    if (!given) return;
    for (const fault of findFaults(file, given)) report(hitOf(fault, file));
  },
};

interface Fault {
  readonly path: readonly string[];
  /** Name of the chart the values are for. */
  readonly name: string;
  readonly dependency: ChartDependency | undefined;
}

function findFaults({ chart, role }: ChartFileView, given: JsonObject): readonly Fault[] {
  const keys = dependencyKeys(chart).filter(({ key }) => Object.hasOwn(given, key));
  return keys.flatMap(({ key, name, chart: inner, dependency }) => {
    const value = given[key];
    if (isObject(value)) return inner ? faultsInside(inner, value, [key]) : [];
    if (value === null && role !== 'values' && !isSureToStay(chart, key)) return [];
    return [{ path: [key], name, dependency }];
  });
}

/** A null that has nothing to take away stays, and is no map. */
function isSureToStay({ values }: Chart, key: string): boolean {
  return values !== undefined && !Object.hasOwn(values, key);
}

/**
 * Charts in charts are first met by their names, whatever aliases they get later; of a null it depends on more than this file whether it
 * stays until then.
 */
function faultsInside(chart: Chart, values: JsonObject, path: readonly string[]): readonly Fault[] {
  return [...chart.subcharts.values()].flatMap((inner) => {
    const value = Object.hasOwn(values, inner.name) ? values[inner.name] : undefined;
    const below = [...path, inner.name];
    if (isObject(value)) return faultsInside(inner, value, below);
    return value === undefined || value === null ? [] : [{ path: below, name: inner.name, dependency: undefined }];
  });
}

function hitOf({ path, name, dependency }: Fault, { document: { root } }: ChartFileView): ChartHit {
  const place = nearestPlace(root, path);
  const key = path.at(-1) ?? '';
  const actual = place.node ? describeActual(place.node) : 'null';
  return {
    range: rangeOfPlace(actual === 'null' ? { ...place, node: undefined } : place),
    path: formatPath(path),
    message: `These are the values of the chart ${name}, which are a map; this is ${actual}. Helm refuses them: type mismatch on ${key}.${adviceOf(actual, key, dependency)}`,
  };
}

function adviceOf(actual: string, key: string, dependency: ChartDependency | undefined): string {
  if (actual === 'null') return ' Where there is nothing to say, leave the key out or write {}.';
  const condition = dependency?.condition.split(',').find((path) => path.trim().startsWith(`${key}.`));
  const isSwitch = actual.startsWith('the boolean ') && condition !== undefined;
  return isSwitch ? ` Whether the chart is on is said by ${condition.trim()}.` : '';
}
