import type { Chart } from '#core/charts/chart.ts';
import type { ChartFileView } from '#core/charts/chartRule.ts';
import { roleInChart, type ChartFileRole } from '#core/charts/chartFiles.ts';
import { chartRules } from '#core/charts/rules/index.ts';
import type { LoadConditions } from '#core/lint/cel/conditions.ts';
import type { PlacedFinding } from '#core/lint/engine.ts';
import type { LintSettings } from '#core/lint/settings.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** A file with the chart it belongs to. */
export interface ChartPlace {
  readonly chart: Chart;
  /** From the folder of the chart. */
  readonly path: string;
}

export function roleOfPlace({ path }: ChartPlace): ChartFileRole {
  return roleInChart(path);
}

/** What the rules about charts find in a file, with file offsets; never throws. */
export function checkChartFile(
  text: string,
  { chart, path }: ChartPlace,
  settings: LintSettings,
  loadConditions: LoadConditions | undefined,
): readonly PlacedFinding[] {
  const role = roleInChart(path);
  const rules = chartRules.filter(({ id, roles }) => roles.includes(role) && settings.rules[id] !== 'off');
  if (rules.length === 0) return [];
  const isYaml = role !== 'template' && role !== 'schema';
  const now = chart.with(path, text);
  const document = (isYaml ? now.document(path) : undefined) ?? parseDocumentText(role === 'template' ? '' : text);
  if (isYaml && document.problems.length > 0) return [];
  const file: ChartFileView = {
    chart: now,
    path,
    role,
    text,
    document,
    matches: (part, pattern) => loadConditions?.().matchesPattern(part, pattern),
  };
  return rules.flatMap((rule) => {
    const found: PlacedFinding[] = [];
    rule.check(file, (hit) => {
      const level = settings.rules[rule.id];
      const severity = level === undefined || level === 'off' ? (hit.severity ?? rule.severity) : level;
      found.push({ ...hit, code: rule.id, severity, documentIndex: 0, offset: 0, resource: undefined });
    });
    return found;
  });
}
