import { checkChartFile, roleOfPlace } from '#core/charts/checkChartFile.ts';
import {
  placeAllFindings,
  placeFindings,
  placedEdits,
  type FileAnalysis,
  type FixResult,
  type LintEngine,
  type PlacedFinding,
} from '#core/lint/engine.ts';
import { sniffRole, type FilePlace } from '#core/lint/role.ts';
import { readSuppressions, settleSuppressions, type SuppressedFinding } from '#core/lint/suppressions.ts';
import { workspaceCodes, type WorkspacePlace } from '#core/lint/workspaceCheck.ts';
import { applyEdits, type TextEdit } from '#core/text/range.ts';

/** What is said of one file. All ranges are file offsets. */
export interface CheckedFile {
  readonly analysis: FileAnalysis;
  /** What a user sees, in the order of the text, with the unused suppressions among them. */
  readonly findings: readonly PlacedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/**
 * Analyses a file and takes out what its suppressions name. The place only helps to tell what the file is for; with a workspace the
 * rules about objects among others run as well.
 */
export function checkFile(
  text: string,
  engine: LintEngine,
  place: FilePlace = {},
  workspace?: WorkspacePlace,
): CheckedFile {
  const analysis = engine.analyzeText(text, sniffRole(text, place));
  const suppressions = readSuppressions(text, analysis);
  const own = findInFile(analysis, engine, place, workspace);
  const inChart = findInChart(text, engine, place);
  const found = inChart.length === 0 ? own : [...own, ...inChart].toSorted((a, b) => a.range.start - b.range.start);
  const settled = settleSuppressions(
    found,
    suppressions,
    engine.context.settings,
    workspace ? undefined : workspaceCodes,
  );
  return { analysis, findings: settled.kept, suppressed: settled.suppressed };
}

/** What is found in the file for itself. Of parts of templates and of JSON, nothing is: they are no manifests. */
function findInFile(
  analysis: FileAnalysis,
  engine: LintEngine,
  { chart }: FilePlace,
  workspace: WorkspacePlace | undefined,
): readonly PlacedFinding[] {
  const role = chart && roleOfPlace(chart);
  if (role === 'partial' || role === 'schema' || role === 'lock') return [];
  return workspace ? placeAllFindings(analysis, engine, workspace) : placeFindings(analysis);
}

function findInChart(text: string, { context }: LintEngine, { chart }: FilePlace): readonly PlacedFinding[] {
  return chart ? checkChartFile(text, chart, context.settings, context.loadConditions) : [];
}

/** More rounds than any document needs: each round cures at least one finding. */
const ROUND_LIMIT = 2_000;

/**
 * Makes every preferred fix of findings that are not suppressed. In each round the first fix of every document is made
 * (documents do not overlap), then the text is read again, because one fix can change what the next has to do.
 * A text that was there before ends the run, so two fixes can never chase each other.
 */
export function fixFile(text: string, engine: LintEngine, place: FilePlace = {}): FixResult {
  const seen = new Set([text]);
  let current = text;
  let applied = 0;
  for (let round = 0; round < ROUND_LIMIT; round++) {
    const fixes = firstFixes(checkFile(current, engine, place).findings);
    const next = applyEdits(current, fixes.flat());
    if (seen.has(next)) break;
    seen.add(next);
    current = next;
    applied += fixes.length;
  }
  return { text: current, applied };
}

/** The edits of the first preferred fix of each document that changes anything. */
function firstFixes(findings: readonly PlacedFinding[]): readonly (readonly TextEdit[])[] {
  const byDocument = new Map<number, readonly TextEdit[]>();
  for (const finding of findings) {
    if (byDocument.has(finding.documentIndex)) continue;
    const fix = finding.fixes?.().find((candidate) => candidate.preferred);
    if (fix && fix.edits.length > 0) byDocument.set(finding.documentIndex, placedEdits(finding, fix));
  }
  return [...byDocument.values()];
}
