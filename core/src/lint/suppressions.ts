import { findRule, ruleTable } from '#core/lint/codes.ts';
import type { FileAnalysis, PlacedFinding } from '#core/lint/engine.ts';
import type { LintSettings } from '#core/lint/settings.ts';
import { DISABLE_NEXT_LINE, readAnnotationSuppressions, readCommentSuppressions } from '#core/lint/suppressionText.ts';
import { nearestName } from '#core/text/distance.ts';
import { containsOffset, shiftRange, type TextRange } from '#core/text/range.ts';

/** The rule that reports suppressions without effect. It cannot be suppressed by a comment, only by a level. */
export const UNUSED_SUPPRESSION_CODE = 'SUP01';

/** One rule code that a comment or an annotation names. All ranges are file offsets. */
export interface Suppression {
  /** In capitals. */
  readonly code: string;
  /** Empty when the author gave none. */
  readonly reason: string;
  /** Where the code is written. */
  readonly range: TextRange;
  /** Findings that begin here are meant. */
  readonly target: TextRange;
  /** Whether the text around it could be read, so that its having no effect means something. */
  readonly reliable: boolean;
  /** The document it stands in, as a position among those of the file and as an offset. */
  readonly documentIndex: number;
  readonly documentOffset: number;
  /** What to take away to be rid of it; absent where that needs a decision. */
  readonly removal?: TextRange;
  /** The comment stands where comments of its kind do not count; its target is empty. */
  readonly misplaced?: boolean;
}

export interface SuppressedFinding {
  readonly finding: PlacedFinding;
  readonly reason: string;
}

export interface SettledFindings {
  readonly kept: readonly PlacedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/**
 * Every suppression of a file: `# data-clusters-disable-next-line CODE[,CODE] reason` before the line it means,
 * `# data-clusters-disable CODE reason` among the comments at the top of the file or of a document,
 * and the annotation `data-clusters/ignore: "CODE[,CODE] reason"` of a resource.
 */
export function readSuppressions(text: string, analysis: FileAnalysis): readonly Suppression[] {
  if (!text.includes('data-clusters')) return [];
  const documents = analysis.slices.map((slice) => ({
    index: slice.index,
    range: { start: slice.offset, end: slice.offset + slice.document.text.length },
    root: slice.document.root,
    reliable: !slice.document.recovered && slice.analysis.kind !== undefined,
  }));
  return [...readCommentSuppressions(text, documents), ...readAnnotationSuppressions(documents)];
}

/**
 * Takes out the findings that are suppressed and adds one for every code that suppressed nothing.
 *
 * @param unchecked codes of rules that did not run, whose suppressions may have their use elsewhere
 */
export function settleSuppressions(
  findings: readonly PlacedFinding[],
  suppressions: readonly Suppression[],
  settings: LintSettings,
  unchecked: ReadonlySet<string> = new Set(),
): SettledFindings {
  if (suppressions.length === 0) return { kept: findings, suppressed: [] };
  const kept: PlacedFinding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const used = new Set<Suppression>();
  for (const finding of findings) {
    const matching = suppressions.filter((suppression) => isMeant(finding, suppression));
    for (const suppression of matching) used.add(suppression);
    const [first] = matching;
    if (first) suppressed.push({ finding, reason: first.reason });
    else kept.push(finding);
  }
  const unused = suppressions.filter((suppression) => !used.has(suppression) && !unchecked.has(suppression.code));
  return { kept: addUnused(kept, unused, settings), suppressed };
}

function isMeant(finding: PlacedFinding, suppression: Suppression): boolean {
  return (
    finding.code === suppression.code &&
    suppression.misplaced !== true &&
    containsOffset(suppression.target, finding.range.start)
  );
}

function addUnused(
  kept: readonly PlacedFinding[],
  unused: readonly Suppression[],
  settings: LintSettings,
): readonly PlacedFinding[] {
  const level = settings.rules[UNUSED_SUPPRESSION_CODE] ?? 'hint';
  if (level === 'off') return kept;
  const reports = unused
    .filter((suppression) => suppression.reliable && settings.rules[suppression.code] !== 'off')
    .map((suppression): PlacedFinding => ({
      code: UNUSED_SUPPRESSION_CODE,
      severity: level,
      message: explainUnused(suppression),
      path: '',
      range: suppression.range,
      tag: 'unnecessary',
      documentIndex: suppression.documentIndex,
      offset: suppression.documentOffset,
      resource: undefined,
      ...fixesOf(suppression),
    }));
  if (reports.length === 0) return kept;
  return [...kept, ...reports].toSorted((a, b) => a.range.start - b.range.start);
}

function explainUnused({ code, misplaced }: Suppression): string {
  if (!findRule(code)) {
    const near = nearestName(
      code,
      ruleTable.map(({ id }) => id),
    );
    return `There is no rule ${code}, so this suppression has no effect.${near === undefined ? '' : ` Did you mean ${near}?`}`;
  }
  if (misplaced) {
    return `A suppression for a whole document counts only above its first key. Move it there, or write ${DISABLE_NEXT_LINE} above the line you mean.`;
  }
  return `Nothing here raises ${code}, so this suppression has no effect. Remove it, or correct the code.`;
}

function fixesOf({ code, removal, documentOffset, misplaced }: Suppression): Pick<PlacedFinding, 'fixes'> {
  if (!removal) return {};
  const edits = [{ range: shiftRange(removal, -documentOffset), newText: '' }];
  const title = `Remove the suppression of ${code}`;
  return { fixes: () => [{ title, preferred: misplaced !== true, edits }] };
}
