import {
  groupByFile,
  resourceLabel,
  type LintReport,
  type ReportedFinding,
  type ReportWriter,
  type WriterOptions,
} from '#server/cli/writers/report.ts';

/** JUnit XML: one suite per file, one case per finding; a file without findings is one case that passed. */
export const writeJunit: ReportWriter = (report, options) => {
  const failures = report.findings.filter(({ finding }) => options.fails(finding.severity)).length;
  const byFile = groupByFile(report.findings);
  const suites = report.files.map((file) => writeSuite(file, byFile.get(file) ?? [], options));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="data-clusters" tests="${countCases(report)}" failures="${failures}" errors="0">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
};

function countCases(report: LintReport): number {
  const withFindings = new Set(report.findings.map(({ file }) => file));
  return report.findings.length + report.files.length - withFindings.size;
}

function writeSuite(file: string, findings: readonly ReportedFinding[], options: WriterOptions): string {
  const failures = findings.filter(({ finding }) => options.fails(finding.severity)).length;
  const head = `  <testsuite name="${escapeXml(file)}" tests="${Math.max(1, findings.length)}" failures="${failures}" errors="0">`;
  const cases =
    findings.length === 0
      ? [`    <testcase name="no findings" classname="${escapeXml(file)}"/>`]
      : findings.map((reported) => writeCase(reported, options));
  return [head, ...cases, '  </testsuite>'].join('\n');
}

function writeCase({ file, finding, start }: ReportedFinding, options: WriterOptions): string {
  const place = `${file}:${start.line + 1}:${start.character + 1}`;
  const label = [finding.code, resourceLabel(finding), finding.path].filter(Boolean).join(' ');
  const head = `    <testcase name="${escapeXml(label)}" classname="${escapeXml(file)}" file="${escapeXml(file)}" line="${start.line + 1}">`;
  const body = escapeXml(`${place}: ${finding.severity}: ${finding.message}`);
  const result = options.fails(finding.severity)
    ? `<failure type="${finding.severity}" message="${escapeXml(finding.message)}">${body}</failure>`
    : `<system-out>${body}</system-out>`;
  return `${head}\n      ${result}\n    </testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** XML has no way to write most control characters and lone surrogates, not even as references; they become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? character);
}
