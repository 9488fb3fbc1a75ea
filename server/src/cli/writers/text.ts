import { drawCodeFrame } from '#server/cli/writers/codeFrame.ts';
import { palettes, type Palette } from '#server/cli/writers/palette.ts';
import { printable } from '#server/cli/writers/printable.ts';
import {
  groupByFile,
  isFixable,
  resourceLabel,
  type LintReport,
  type ReportedFinding,
  type ReportWriter,
} from '#server/cli/writers/report.ts';

/** The form for people: findings by file, each with the line it is about, and a summary. */
export const writeText: ReportWriter = (report, options) => {
  const palette = palettes[options.colors ? 'colored' : 'plain'];
  const byFile = groupByFile(report.findings);
  const blocks = [...byFile].map(([file, findings]) => writeFile(file, findings, report, palette));
  return [...blocks, summarize(report, palette)].join('\n');
};

function writeFile(file: string, findings: readonly ReportedFinding[], report: LintReport, palette: Palette): string {
  const lines = findings.flatMap((reported) => writeFinding(reported, report, palette));
  return [palette.bold(printable(file)), ...lines, ''].join('\n');
}

function writeFinding(reported: ReportedFinding, report: LintReport, palette: Palette): string[] {
  const { finding, start } = reported;
  const place = `${start.line + 1}:${start.character + 1}`;
  const source = report.texts.get(reported.file);
  const where = [resourceLabel(finding), finding.path].filter(Boolean).join(' ');
  return [
    `  ${place}  ${palette.mark(finding.severity, finding.severity)}  ${finding.code}  ${printable(finding.message)}`,
    ...(where === '' ? [] : [`    ${palette.dim(printable(where))}`]),
    ...(source ? drawCodeFrame(reported, source, palette) : []),
  ];
}

function summarize(report: LintReport, palette: Palette): string {
  const { summary, findings, silenced } = report;
  const scope = `${count(summary.files, 'file')}, ${count(summary.documents, 'object')}`;
  const left = silenced.length === 0 ? '' : ` ${silenced.length} suppressed or in the baseline.`;
  if (findings.length === 0) return `No findings in ${scope}.${left}\n`;
  const parts = [count(summary.errors, 'error'), count(summary.warnings, 'warning'), count(summary.hints, 'hint')];
  const fixable = findings.filter(({ finding }) => isFixable(finding)).length;
  const advice = fixable === 0 ? '' : ` --fix cures ${fixable}.`;
  return `${palette.bold(parts.join(', '))} in ${scope}.${advice}${left}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
