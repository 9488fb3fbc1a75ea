import type { Connection } from 'vscode-languageserver';
import type { DocumentView } from '#core/language/view.ts';
import { previewAt, type DocumentPreview } from '#core/preview/previewFile.ts';
import {
  previewRequest,
  type DocumentPlaceParams,
  type PreviewedDocument,
  type PreviewResult,
} from '#core/protocol.ts';
import { findSlice } from '#core/yaml/documents.ts';
import type { Boundary } from '#server/boundary.ts';
import type { Environments } from '#server/environments.ts';

/** Answers what the operator will create of the document at the cursor. */
export function servePreview(connection: Connection, boundary: Boundary, environments: Environments): void {
  connection.onRequest<PreviewResult | null, never>(
    previewRequest.method,
    boundary.documentRequest('Preview', null, async (document, { position }: DocumentPlaceParams) => {
      const view = environments.view(document, await environments.of(document.uri));
      return previewOf(view, view.lines.offsetAt(position));
    }),
  );
}

function previewOf({ text, version, lines, checked, engine }: DocumentView, offset: number): PreviewResult {
  const { analysis } = checked;
  const told = (one: DocumentPreview): PreviewedDocument =>
    one.state === 'broken' ? { state: one.state, why: one.why, line: lines.lineOf(one.at) } : one;
  return {
    version,
    index: findSlice(analysis.slices, offset)?.index ?? 0,
    count: analysis.slices.length,
    documents: previewAt(text, analysis, engine.context, offset).map(told),
  };
}
