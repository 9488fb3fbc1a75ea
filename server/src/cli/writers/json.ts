import { isFixable, type ReportedFinding, type ReportWriter } from '#server/cli/writers/report.ts';

/** The machine-readable form; its shape is a contract with users. Lines and characters count from 0. */
export const writeJson: ReportWriter = (report) =>
  `${JSON.stringify({ findings: report.findings.map(toJson), summary: report.summary }, undefined, 2)}\n`;

function toJson({ file, finding, start, end }: ReportedFinding): object {
  const { resource } = finding;
  return {
    file,
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    path: finding.path,
    range: { start, end },
    resource: resource
      ? {
          apiVersion: resource.apiVersion,
          kind: resource.kind,
          ...(resource.namespace === undefined ? {} : { namespace: resource.namespace }),
          name: resource.name,
        }
      : null,
    ...(finding.since === undefined ? {} : { since: finding.since }),
    ...(finding.until === undefined ? {} : { until: finding.until }),
    fixable: isFixable(finding),
  };
}
