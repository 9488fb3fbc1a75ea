import type { CheckedFinding } from '#core/protocol.ts';
import { lineInTemplate, readSources } from '#core/charts/render/sources.ts';

/** A finding in the output, and the line of the template it comes from, where that is known. */
export interface MappedFinding {
  readonly finding: CheckedFinding;
  /** From the folder of the chart; undefined when the output does not say. */
  readonly path: string | undefined;
  /** From 0; the first line when no line of the template is certain. */
  readonly line: number;
}

/** Leads findings in rendered templates back to their files. @param readTemplate text of a file of the chart */
export function mapFindings(
  output: string,
  findings: readonly CheckedFinding[],
  readTemplate: (path: string) => string | undefined,
): readonly MappedFinding[] {
  const lines = output.split('\n');
  const parts = readSources(output);
  return findings.map((finding) => {
    const at = finding.range.start.line;
    const path = parts.find(({ from, to }) => at >= from && at < to)?.path;
    const template = path === undefined ? undefined : readTemplate(path);
    const line = template === undefined ? undefined : lineInTemplate(lines[at] ?? '', template);
    return { finding, path: template === undefined ? undefined : path, line: line ?? 0 };
  });
}
