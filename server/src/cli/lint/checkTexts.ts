import { checkFile } from '#core/lint/check.ts';
import { findingForFile } from '#core/lint/fileFindings.ts';
import type { PlacedFinding } from '#core/lint/engine.ts';
import type { FileContent } from '#core/ports.ts';
import { LineIndex } from '#core/text/lines.ts';
import { WorkspaceIndex } from '#core/workspace/index.ts';
import type { DocumentParser } from '#core/yaml/documents.ts';
import type { LintWorld } from '#server/cli/lint/lint.ts';
import { Progress } from '#server/cli/lint/progress.ts';
import type { RunSchemas } from '#server/cli/lint/runSettings.ts';
import type { LintText } from '#server/cli/lint/texts.ts';
import {
  compareReported,
  countSeverities,
  type LintReport,
  type ReportedFinding,
  type ReportedText,
  type Silencing,
} from '#server/cli/writers/report.ts';
import { uriOfPath } from '#server/uris.ts';

export interface CheckRun {
  readonly report: LintReport;
  /** One sentence for every file that could not be read. */
  readonly unreadable: readonly string[];
}

/** Checks every text and puts what was found into one report. */
export function checkTexts(texts: readonly LintText[], schemas: RunSchemas, world: LintWorld): CheckRun {
  const index = indexTexts(texts, schemas.parser);
  const collector = new ReportCollector();
  const progress = new Progress(world.terminal, texts.length, world.now);
  for (const { input, content } of texts) {
    if (content.kind === 'problem') collector.addProblem(input.name, content);
    else
      collector.addText(
        input.name,
        content.text,
        checkFile(content.text, schemas.engineFor(input), schemas.placeOf(input), {
          uri: uriOfPath(input.path),
          index,
        }),
      );
    progress.step();
  }
  progress.finish();
  return collector.finish();
}

/** All files of the run, as rules about objects among others see them. */
function indexTexts(texts: readonly LintText[], parser: DocumentParser): WorkspaceIndex {
  const index = new WorkspaceIndex(parser);
  for (const { input, content } of texts) if (content.kind === 'text') index.edit(uriOfPath(input.path), content.text);
  return index;
}

class ReportCollector {
  readonly #files: string[] = [];
  readonly #findings: ReportedFinding[] = [];
  readonly #silenced: ReportedFinding[] = [];
  readonly #texts = new Map<string, ReportedText>();
  readonly #unreadable: string[] = [];
  #documents = 0;

  addProblem(file: string, content: Extract<FileContent, { kind: 'problem' }>): void {
    const finding = findingForFile(content.problem, content.detail);
    if (!finding) {
      this.#unreadable.push(`${file} cannot be read: ${content.detail}`);
      return;
    }
    this.#files.push(file);
    this.#findings.push(placeInLines(file, finding, new LineIndex(''), undefined));
  }

  addText(file: string, text: string, checked: ReturnType<typeof checkFile>): void {
    this.#files.push(file);
    const { role, slices } = checked.analysis;
    this.#documents += role === 'chartFile' ? 1 : slices.filter((slice) => slice.analysis.resource).length;
    if (checked.findings.length + checked.suppressed.length === 0) return;
    const lines = new LineIndex(text);
    this.#texts.set(file, { text, lines });
    this.#findings.push(...checked.findings.map((finding) => placeInLines(file, finding, lines, undefined)));
    for (const { finding, reason } of checked.suppressed) {
      this.#silenced.push(placeInLines(file, finding, lines, { kind: 'inSource', reason }));
    }
  }

  finish(): CheckRun {
    const findings = this.#findings.toSorted(compareReported);
    return {
      unreadable: this.#unreadable,
      report: {
        files: this.#files.toSorted(),
        findings,
        silenced: this.#silenced.toSorted(compareReported),
        summary: { files: this.#files.length, documents: this.#documents, ...countSeverities(findings) },
        texts: this.#texts,
      },
    };
  }
}

function placeInLines(
  file: string,
  finding: PlacedFinding,
  lines: LineIndex,
  silencing: Silencing | undefined,
): ReportedFinding {
  return { file, finding, ...lines.toPositions(finding.range), silencing };
}
