import {
  CodeActionKind,
  type CodeAction,
  type Diagnostic,
  type TextDocumentEdit,
  type TextEdit as ProtocolEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';
import { diffLines } from '#core/text/diff.ts';
import { UNUSED_SUPPRESSION_CODE } from '#core/lint/suppressions.ts';
import { disableForResource, disableInConfig, disableOnLine } from '#core/lint/suppressionEdits.ts';
import { placedEdits, type AnalyzedSlice, type PlacedFinding } from '#core/lint/engine.ts';
import type { CheckedFile } from '#core/lint/check.ts';
import { LineIndex } from '#core/text/lines.ts';
import { shiftRange, type TextEdit, type TextRange } from '#core/text/range.ts';

/** The action that makes every preferred fix, fit for `editor.codeActionsOnSave`. */
export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.dataClusters`;

/** A configuration file that a suppression can be written into. */
export interface ConfigFile {
  readonly uri: string;
  /** Absent when the file does not exist yet. */
  readonly text: string | undefined;
}

export interface CodeActionRequest {
  readonly uri: string;
  readonly version: number | null;
  readonly text: string;
  readonly lines: LineIndex;
  readonly checked: CheckedFile;
  readonly range: TextRange;
  /** Diagnostics the client wants actions for; they are handed back with the action that cures them. */
  readonly diagnostics: readonly Diagnostic[];
  /** Kinds the client asks for; absent means every kind that acts on the range. */
  readonly only: readonly string[] | undefined;
  readonly config: ConfigFile | undefined;
  /** Makes all preferred fixes; called only when they are asked for. */
  readonly fixAll: () => string;
}

/** What can be done at a range: fixes first, then ways to silence a rule, and fix-all when it is asked for by kind. */
export function provideCodeActions(request: CodeActionRequest): readonly CodeAction[] {
  const actions: CodeAction[] = [];
  if (wants(request, CodeActionKind.QuickFix)) {
    const findings = findingsAt(request);
    actions.push(...findings.flatMap((finding) => fixActions(finding, request)));
    actions.push(...uniqueCodes(findings).flatMap((finding) => suppressActions(finding, request)));
  }
  if (request.only !== undefined && wants(request, FIX_ALL_KIND)) actions.push(...fixAllAction(request));
  return actions;
}

function wants(request: CodeActionRequest, kind: string): boolean {
  if (!request.only) return true;
  return request.only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}

function findingsAt(request: CodeActionRequest): readonly PlacedFinding[] {
  const { start, end } = request.range;
  return request.checked.findings.filter(({ range }) => range.start <= end && range.end >= start);
}

function fixActions(finding: PlacedFinding, request: CodeActionRequest): CodeAction[] {
  return (finding.fixes?.() ?? []).map((fix) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnosticsOf(finding, request),
    isPreferred: fix.preferred,
    edit: editDocument(request, placedEdits(finding, fix)),
  }));
}

function fixAllAction(request: CodeActionRequest): CodeAction[] {
  const fixed = request.fixAll();
  if (fixed === request.text) return [];
  return [
    {
      title: 'Fix all problems of Data Clusters',
      kind: FIX_ALL_KIND,
      edit: editDocument(request, diffLines(request.text, fixed)),
    },
  ];
}

function suppressActions(finding: PlacedFinding, request: CodeActionRequest): CodeAction[] {
  const slice = request.checked.analysis.slices[finding.documentIndex];
  if (!slice || finding.code === UNUSED_SUPPRESSION_CODE) return [];
  const { code } = finding;
  const edits: readonly (readonly [string, WorkspaceEdit | undefined])[] = [
    [`Disable ${code} on this line`, onLine(finding, slice, request)],
    [`Disable ${code} for this object`, forResource(finding, slice, request)],
    [`Disable ${code} in .data-clusters.yaml`, inConfig(code, request.config)],
  ];
  return edits.flatMap(([title, edit]) =>
    edit ? [{ title, kind: CodeActionKind.QuickFix, diagnostics: diagnosticsOf(finding, request), edit }] : [],
  );
}

function onLine(finding: PlacedFinding, slice: AnalyzedSlice, request: CodeActionRequest): WorkspaceEdit | undefined {
  const { text, root } = slice.document;
  const edit = disableOnLine(text, root, finding.range.start - slice.offset, finding.code);
  return edit && editDocument(request, [shiftEdit(edit, slice.offset)]);
}

function forResource(
  finding: PlacedFinding,
  slice: AnalyzedSlice,
  request: CodeActionRequest,
): WorkspaceEdit | undefined {
  const { text, root, recovered } = slice.document;
  const edit = recovered ? undefined : disableForResource(text, root, finding.code);
  return edit && editDocument(request, [shiftEdit(edit, slice.offset)]);
}

/** Ranges in the configuration are counted in its own text. */
function inConfig(code: string, config: ConfigFile | undefined): WorkspaceEdit | undefined {
  const edit = config && disableInConfig(config.text ?? '', code);
  if (!config || !edit) return undefined;
  const textDocument = { uri: config.uri, version: null };
  const change: TextDocumentEdit = { textDocument, edits: [toProtocolEdit(edit, config.text ?? '')] };
  return {
    documentChanges: [
      ...(config.text === undefined
        ? [{ kind: 'create' as const, uri: config.uri, options: { ignoreIfExists: true } }]
        : []),
      change,
    ],
  };
}

function toProtocolEdit(edit: TextEdit, text: string): ProtocolEdit {
  return { range: new LineIndex(text).toPositions(edit.range), newText: edit.newText };
}

function editDocument(request: CodeActionRequest, edits: readonly TextEdit[]): WorkspaceEdit {
  const changes = edits.map(({ range, newText }) => ({
    range: request.lines.toPositions(range),
    newText,
  }));
  return { changes: { [request.uri]: changes } };
}

function diagnosticsOf(finding: PlacedFinding, request: CodeActionRequest): Diagnostic[] {
  const { start } = request.lines.toPositions(finding.range);
  return request.diagnostics.filter(
    ({ code, range }) =>
      code === finding.code && range.start.line === start.line && range.start.character === start.character,
  );
}

function uniqueCodes(findings: readonly PlacedFinding[]): readonly PlacedFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ code }) => !seen.has(code) && seen.add(code));
}

function shiftEdit(edit: TextEdit, by: number): TextEdit {
  return { ...edit, range: shiftRange(edit.range, by) };
}
