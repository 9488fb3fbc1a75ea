import type { PlacedFinding } from '#core/lint/engine.ts';
import type { Severity } from '#core/lint/finding.ts';
import type { LinePosition, LineIndex } from '#core/text/lines.ts';

/** Why a finding does not count. */
export interface Silencing {
  readonly kind: 'inSource' | 'baseline';
  readonly reason: string;
}

/** One finding in one file, with its place in lines and characters from 0. */
export interface ReportedFinding {
  /** Path from the current folder, with forward slashes. */
  readonly file: string;
  readonly finding: PlacedFinding;
  readonly start: LinePosition;
  readonly end: LinePosition;
  readonly silencing: Silencing | undefined;
}

export interface ReportSummary {
  readonly files: number;
  /** Kubernetes objects that were checked, and files that describe Helm charts or their values. */
  readonly documents: number;
  readonly errors: number;
  readonly warnings: number;
  readonly hints: number;
}

/** A file as far as writers show it. */
export interface ReportedText {
  readonly text: string;
  readonly lines: LineIndex;
}

/** Everything a run found. Writers turn it into text; they never look at files. */
export interface LintReport {
  /** Every checked file, sorted. */
  readonly files: readonly string[];
  /** What counts, sorted by file, line, column and code. */
  readonly findings: readonly ReportedFinding[];
  /** What was suppressed or stands in the baseline, sorted alike. */
  readonly silenced: readonly ReportedFinding[];
  readonly summary: ReportSummary;
  /** Texts of the files with findings. */
  readonly texts: ReadonlyMap<string, ReportedText>;
}

export interface WriterOptions {
  readonly colors: boolean;
  /** Version of this program. */
  readonly version: string;
  /** Whether a severity makes the run fail. */
  readonly fails: (severity: Severity) => boolean;
}

/** Turns a report into the text of one format, with its final line break. */
export type ReportWriter = (report: LintReport, options: WriterOptions) => string;

/** Whether `--fix` would cure the finding. */
export function isFixable(finding: PlacedFinding): boolean {
  return finding.fixes?.().some((fix) => fix.preferred) ?? false;
}

/** `StatefulSet/cassandra`; undefined for a finding that belongs to no object. */
export function resourceLabel(finding: PlacedFinding): string | undefined {
  const { resource } = finding;
  return resource && (resource.name === '' ? resource.kind : `${resource.kind}/${resource.name}`);
}

export function compareReported(a: ReportedFinding, b: ReportedFinding): number {
  return (
    compareText(a.file, b.file) ||
    a.start.line - b.start.line ||
    a.start.character - b.start.character ||
    compareText(a.finding.code, b.finding.code) ||
    compareText(a.finding.path, b.finding.path)
  );
}

export function countSeverities(
  findings: readonly ReportedFinding[],
): Pick<ReportSummary, 'errors' | 'warnings' | 'hints'> {
  const count = (severity: string): number => findings.filter(({ finding }) => finding.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), hints: count('hint') };
}

/** Findings by file, in their order. */
export function groupByFile(findings: readonly ReportedFinding[]): ReadonlyMap<string, readonly ReportedFinding[]> {
  const groups = new Map<string, ReportedFinding[]>();
  for (const reported of findings) {
    const group = groups.get(reported.file);
    if (group) group.push(reported);
    else groups.set(reported.file, [reported]);
  }
  return groups;
}

/** By code units, so that the order is the same in every language and on every system. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
