import type { Chart } from '#core/charts/chart.ts';
import type { ChartFileRole } from '#core/charts/chartFiles.ts';
import type { MatchPattern } from '#core/charts/schema/model.ts';
import type { Fix, RelatedPlace, Severity } from '#core/lint/finding.ts';
import type { RuleInfo } from '#core/lint/rules/rule.ts';
import type { TextRange } from '#core/text/range.ts';
import type { YamlDocument } from '#core/yaml/parse.ts';

/** A file of a chart, as rules see it. */
export interface ChartFileView {
  /** The chart with the present text of the file in it. */
  readonly chart: Chart;
  /** From the folder of the chart. */
  readonly path: string;
  readonly role: ChartFileRole;
  /** The whole text; template actions are not masked. */
  readonly text: string;
  readonly document: YamlDocument;
  readonly matches: MatchPattern;
}

/** One thing a rule has found in a file. Ranges count from the start of the file. */
export interface ChartHit {
  readonly range: TextRange;
  /** Path of the value, as far as there is one. */
  readonly path: string;
  readonly message: string;
  /** When it differs from the rule's. */
  readonly severity?: Severity;
  readonly fixes?: () => readonly Fix[];
  readonly related?: readonly RelatedPlace[];
}

/** A rule about the files of a chart. It says nothing where a template or another file could make good what it misses. */
export interface ChartRule extends RuleInfo {
  readonly subject: 'chart';
  readonly refusedBy: 'nobody';
  /** Why it matters, in a few sentences for the page of the rule. Markdown. */
  readonly why: string;
  readonly roles: readonly ChartFileRole[];
  readonly check: (file: ChartFileView, report: (hit: ChartHit) => void) => void;
}
