import * as vscode from 'vscode';
import { placeRefusals, type Refusal } from '#core/live/refusals.ts';
import type { ClusterProblem } from '#core/live/ports.ts';
import { LineIndex } from '#core/text/lines.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** As it is shown beside the finding: said by a cluster, not by us. */
const SOURCE = 'data-clusters (cluster)';

/** What a cluster said of a document, shown at its place until the document is edited. */
export class RefusalDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('data-clusters-cluster');
  readonly #listeners = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.clear(document.uri);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.clear(uri)),
  );

  /** Of a document that is one object. */
  show(uri: vscode.Uri, text: string, { reason, problem, offset }: ToldRefusal): void {
    const { root } = parseDocumentText(text);
    const place = offset ?? 0;
    const refusals = problem
      ? placeRefusals(problem, root)
      : [{ range: { start: place, end: place + 1 }, message: reason }];
    this.set(uri, text, refusals);
  }

  /** Ranges are offsets in the whole text. */
  set(uri: vscode.Uri, text: string, refusals: readonly Refusal[]): void {
    const lines = new LineIndex(text);
    this.#collection.set(
      uri,
      refusals.map(({ range, message }) => {
        const { start, end } = lines.toPositions(range);
        const place = new vscode.Range(start.line, start.character, end.line, end.character);
        const diagnostic = new vscode.Diagnostic(place, message, vscode.DiagnosticSeverity.Error);
        diagnostic.source = SOURCE;
        return diagnostic;
      }),
    );
  }

  clear(uri: vscode.Uri): void {
    this.#collection.delete(uri);
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#collection.dispose();
  }
}

export interface ToldRefusal {
  readonly reason: string;
  readonly problem?: ClusterProblem;
  readonly offset?: number;
}
