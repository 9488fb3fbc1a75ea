import { keyOf } from '#core/charts/dependencies.ts';
import type { Chart } from '#core/charts/chart.ts';
import type { ChartFileView, ChartHit, ChartRule } from '#core/charts/chartRule.ts';
import { nearestPlace, rangeOfPlace, type FoundPlace } from '#core/charts/rules/places.ts';
import type { MatchPattern, SchemaProblem } from '#core/charts/schema/model.ts';
import { validateBySchema } from '#core/charts/schema/validate.ts';
import { effectiveValues } from '#core/charts/values/effective.ts';
import type { JsonObject } from '#core/json.ts';
import { formatPath } from '#core/yaml/path.ts';

const PROBLEM_LIMIT = 50;

export const valueFault: ChartRule = {
  id: 'HLM08',
  title: 'A value does not fit the schema of its chart',
  severity: 'error',
  source: 'ValidateAgainstSchema of helm v3.22.0 (pkg/chartutil/jsonschema.go), also of every chart in charts',
  fixable: false,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Before it renders anything, Helm checks the values against `values.schema.json`: what `values.yaml` says with everything laid over it, and the part of each dependency against the schema of that chart. A key that only somebody who installs the chart can know may be missing in `values.yaml`: that is told as information.',
  roles: ['values', 'moreValues'],
  check: (file, report) => {
    const { chart, path, role, matches } = file;
    const given = chart.valuesIn(path);
    if (!given || chart.values === undefined) return;
    const over = role === 'values' ? undefined : given;
    const known = new Set(over ? problemsOf(chart, undefined, matches).map(nameOf) : []);
    const problems = problemsOf(chart, over, matches).filter((problem) => !known.has(nameOf(problem)));
    for (const problem of problems.slice(0, PROBLEM_LIMIT)) {
      const hit = placeProblem(problem, file);
      if (hit) report(hit);
    }
  },
};

interface ChartProblem extends SchemaProblem {
  readonly chart: Chart;
}

function problemsOf(chart: Chart, given: JsonObject | undefined, matches: MatchPattern): readonly ChartProblem[] {
  return effectiveValues(chart, given).flatMap((one) => {
    const { schema } = one.chart;
    const problems = (schema !== undefined && validateBySchema(schema, one.values, matches)) || [];
    return problems.map((problem) => ({ ...problem, path: [...one.prefix, ...problem.path], chart: one.chart }));
  });
}

function nameOf({ path, keyword, key, message }: SchemaProblem): string {
  return [formatPath(path), keyword, key, message].join('\n');
}

/** The problem at its value in the file; undefined where the file does not say what is wrong. */
function placeProblem(problem: ChartProblem, file: ChartFileView): ChartHit | undefined {
  const { root } = file.document;
  const place = nearestPlace(root, problem.path);
  const isHere = place.path.length === problem.path.length;
  if (problem.keyword === 'required')
    return isHere || file.role === 'values' ? placeMissing(problem, place, file) : undefined;
  if (!isHere && (place.path.length === 0 || !isOfSubchart(problem, file.chart))) return undefined;
  const range = problem.key !== undefined && place.entry ? place.entry.key.range : rangeOfPlace(place);
  return {
    range,
    path: formatPath(problem.path),
    message: `${problem.message} Helm refuses these values${whose(problem, file.chart)}.`,
  };
}

/** What is missing in an item of a list is missing for good; what is missing in a map may come from elsewhere. */
function placeMissing(problem: ChartProblem, place: FoundPlace, { chart, role }: ChartFileView): ChartHit | undefined {
  if (chart.isInside || chart.dependencies.some(({ importValues }) => importValues.length > 0)) return undefined;
  if (problem.path.length === 0 && chart.dependencies.some((one) => keyOf(one) === problem.key)) return undefined;
  if (
    role === 'values' &&
    place.path.length < problem.path.length &&
    isOfSubchart(problem, chart) &&
    place.path.length === 0
  )
    return undefined;
  const isFinal = problem.path.some((step) => typeof step === 'number');
  const rest = isFinal
    ? `Helm refuses these values${whose(problem, chart)}.`
    : `Helm refuses the chart${whose(problem, chart)} unless other values give it.`;
  return {
    range: rangeOfPlace(place.entry ? { ...place, node: undefined } : place),
    path: formatPath([...problem.path, problem.key ?? '']),
    message: `${problem.message} ${rest}`,
    ...(isFinal ? {} : { severity: 'hint' as const }),
  };
}

function isOfSubchart(problem: ChartProblem, chart: Chart): boolean {
  return problem.chart !== chart;
}

function whose(problem: ChartProblem, chart: Chart): string {
  return isOfSubchart(problem, chart) ? ` of the chart ${problem.chart.name}` : '';
}
