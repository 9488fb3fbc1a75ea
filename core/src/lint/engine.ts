import { analyzeDocument, type DocumentAnalysis, type LintContext } from '#core/lint/analyze.ts';
import type { Finding, Fix, ResourceIdentity } from '#core/lint/finding.ts';
import { sniffRole, type FileRole } from '#core/lint/role.ts';
import { WorkspaceChecker, type WorkspacePlace } from '#core/lint/workspaceCheck.ts';
import { shiftRange, type TextEdit } from '#core/text/range.ts';
import { DocumentParser, type DocumentSlice } from '#core/yaml/documents.ts';
import type { YamlDocument } from '#core/yaml/parse.ts';
import { hasTemplateActions, maskTemplate, type MaskedText } from '#core/yaml/template.ts';

export type { DocumentAnalysis, LintContext } from '#core/lint/analyze.ts';

export interface AnalyzedSlice extends DocumentSlice {
  readonly analysis: DocumentAnalysis;
}

/** A file, analysed document by document. Ranges in an analysis are relative to its document; add the slice's offset. */
export interface FileAnalysis {
  readonly role: FileRole;
  readonly slices: readonly AnalyzedSlice[];
}

/** A finding with its place in the file. `range` and `related` are file offsets. */
export interface PlacedFinding extends Finding {
  readonly documentIndex: number;
  /** Offset of the document in the file. */
  readonly offset: number;
  readonly resource: ResourceIdentity | undefined;
}

/** Analyses files and remembers what it knows of every document whose text did not change. */
export class LintEngine {
  readonly context: LintContext;
  readonly #parser: DocumentParser;
  readonly #analyses: Readonly<Record<FileRole, WeakMap<YamlDocument, DocumentAnalysis>>> = {
    manifest: new WeakMap(),
    helmTemplate: new WeakMap(),
    kustomizePatch: new WeakMap(),
    chartFile: new WeakMap(),
  };

  readonly #workspace: WorkspaceChecker;

  /** @param parser shared with whoever reads the same texts, so that they are parsed once */
  constructor(context: LintContext, parser: DocumentParser = new DocumentParser()) {
    this.context = context;
    this.#parser = parser;
    this.#workspace = new WorkspaceChecker(context);
  }

  analyzeText(text: string, role: FileRole = sniffRole(text)): FileAnalysis {
    const isTemplate = role !== 'chartFile' && hasTemplateActions(text);
    const masked = isTemplate ? maskTemplate(text) : { text, actions: [] };
    const slices = this.#parser.parseFile(masked.text).map((slice) => ({
      ...slice,
      analysis: this.#analyze(slice, masked, role),
    }));
    return { role, slices };
  }

  /** What is found in a document when it is seen among the others; relative to the document. */
  checkAmongOthers(slice: AnalyzedSlice, place: WorkspacePlace): readonly Finding[] {
    return this.#workspace.check(slice, place);
  }

  /** Whether everything that was found of a file among others still holds. */
  isCurrent({ role, slices }: FileAnalysis, place: WorkspacePlace): boolean {
    return role !== 'manifest' || slices.every((slice) => this.#workspace.isCurrent(slice, place));
  }

  #analyze(slice: DocumentSlice, masked: MaskedText, role: FileRole): DocumentAnalysis {
    const known = this.#analyses[role].get(slice.document);
    if (known) return known;
    const end = slice.offset + slice.document.text.length;
    const actions = masked.actions
      .filter((range) => range.start < end && range.end > slice.offset)
      .map((range) => shiftRange(range, -slice.offset));
    const analysis = analyzeDocument(slice.document, this.context, { role, actions });
    if (actions.length === 0) this.#analyses[role].set(slice.document, analysis);
    return analysis;
  }
}

/** All findings of a file in the order of the text, with file offsets. */
export function placeFindings(analysis: FileAnalysis): readonly PlacedFinding[] {
  return analysis.slices.flatMap((slice) => slice.analysis.findings.map((finding) => placeFinding(finding, slice)));
}

/** The same, with what is found when the objects are seen among the others of the workspace. */
export function placeAllFindings(
  analysis: FileAnalysis,
  engine: LintEngine,
  place: WorkspacePlace,
): readonly PlacedFinding[] {
  if (analysis.role !== 'manifest') return placeFindings(analysis);
  return analysis.slices.flatMap((slice) => {
    const more = engine.checkAmongOthers(slice, place);
    const own = slice.analysis.findings;
    const all = more.length === 0 ? own : [...own, ...more].toSorted((a, b) => a.range.start - b.range.start);
    return all.map((finding) => placeFinding(finding, slice));
  });
}

function placeFinding(finding: Finding, slice: AnalyzedSlice): PlacedFinding {
  const related = finding.related?.map((place) =>
    place.file === undefined ? { ...place, range: shiftRange(place.range, slice.offset) } : place,
  );
  return {
    ...finding,
    ...(related ? { related } : {}),
    range: shiftRange(finding.range, slice.offset),
    documentIndex: slice.index,
    offset: slice.offset,
    resource: slice.analysis.resource,
  };
}

/** The edits of a fix as file offsets. */
export function placedEdits(finding: PlacedFinding, fix: Fix): readonly TextEdit[] {
  return fix.edits.map((edit) => ({ ...edit, range: shiftRange(edit.range, finding.offset) }));
}

export interface FixResult {
  readonly text: string;
  /** How many fixes were made. */
  readonly applied: number;
}
