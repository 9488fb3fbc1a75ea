import type { Severity } from '#core/lint/finding.ts';
import { resourceLabel, type ReportedFinding, type ReportWriter } from '#server/cli/writers/report.ts';

/** Workflow commands of GitHub Actions: each one is shown beside its line in a pull request. */
export const writeGithub: ReportWriter = (report) =>
  report.findings.map((reported) => `${toCommand(reported)}\n`).join('');

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', hint: 'notice' };

function toCommand({ file, finding, start, end }: ReportedFinding): string {
  const label = resourceLabel(finding);
  const properties = {
    file,
    line: start.line + 1,
    endLine: end.line + 1,
    // GitHub refuses columns on an annotation of several lines.
    ...(start.line === end.line
      ? { col: start.character + 1, endColumn: Math.max(end.character, start.character + 1) }
      : {}),
    title: label === undefined ? finding.code : `${finding.code} ${label}`,
  };
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${COMMANDS[finding.severity]} ${list.join(',')}::${escapeData(finding.message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
