import type { Palette } from '#server/cli/writers/palette.ts';
import { printable } from '#server/cli/writers/printable.ts';
import type { ReportedFinding, ReportedText } from '#server/cli/writers/report.ts';

/** Longest stretch of a line that is shown; the rest of a minified line helps nobody. */
const WIDTH_LIMIT = 120;

/** The line of a finding with the one before it and a mark below, indented for the text report. */
export function drawCodeFrame(reported: ReportedFinding, source: ReportedText, palette: Palette): string[] {
  const { start, end } = reported;
  const digits = String(start.line + 1).length;
  const isWide = start.character > WIDTH_LIMIT - 40;
  const from = isWide ? start.character - 40 : 0;
  const before = start.line > 0 ? [gutter(start.line, lineText(source, start.line - 1, from), digits, palette)] : [];
  const line = lineText(source, start.line, from);
  const lastColumn = end.line === start.line ? end.character : from + line.length;
  const length = Math.max(1, Math.min(lastColumn, from + line.length) - start.character);
  const mark = `${' '.repeat(start.character - from)}${'^'.repeat(length)}`;
  return [
    ...before,
    gutter(start.line + 1, line, digits, palette),
    `    ${' '.repeat(digits)} ${palette.dim('|')} ${palette.mark(mark, reported.finding.severity)}`,
  ];
}

function gutter(number: number, line: string, digits: number, palette: Palette): string {
  return `    ${palette.dim(`${String(number).padStart(digits)} |`)} ${line}`.trimEnd();
}

function lineText(source: ReportedText, line: number, from: number): string {
  const text = source.text.slice(source.lines.startOf(line), source.lines.startOf(line + 1));
  return printable(text.replace(/[\r\n]+$/, '').slice(from, from + WIDTH_LIMIT));
}
