import * as vscode from 'vscode';
import { contextKeys } from '#client/contributions.ts';
import { isOfChart } from '#client/documents/chartFiles.ts';
import { INSPECTED_LENGTH, isWorthServing, judgeText } from '#client/documents/kubernetesText.ts';
import { isServedDocument } from '#client/documents/selector.ts';
import { looksPreviewable } from '#core/preview/previewable.ts';

/** Calls back once, when a document is seen that the server is for. Open documents are looked at right away. */
export function onFirstManifest(callback: () => void): vscode.Disposable {
  const listeners: vscode.Disposable[] = [];
  let seen = false;
  const look = (document: vscode.TextDocument): void => {
    if (seen || !isServed(document)) return;
    if (!isOfChart(document.uri.path) && !isWorthServing(beginningOf(document))) return;
    seen = true;
    vscode.Disposable.from(...listeners).dispose();
    callback();
  };
  listeners.push(
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument((event) => look(event.document)),
  );
  vscode.workspace.textDocuments.forEach(look);
  return vscode.Disposable.from(...listeners);
}

/** The active editor when it shows a Kubernetes document. */
export function activeManifest(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor && isManifest(editor.document) ? editor : undefined;
}

/** Keeps the context keys for menus in step with the active editor. */
export function trackActiveManifest(): vscode.Disposable {
  const shown = new Map<string, boolean>();
  const show = (key: string, value: boolean): void => {
    if (shown.get(key) === value) return;
    shown.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const update = (): void => {
    const manifest = activeManifest();
    show(contextKeys.kubernetesDocument, manifest !== undefined);
    show(contextKeys.previewable, manifest !== undefined && looksPreviewable(beginningOf(manifest.document)));
  };
  update();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === vscode.window.activeTextEditor?.document) update();
    }),
  );
}

export function isServed(document: vscode.TextDocument): boolean {
  return isServedDocument(document.languageId, document.uri.scheme);
}

function isManifest(document: vscode.TextDocument): boolean {
  return isServed(document) && judgeText(beginningOf(document)) === 'kubernetes';
}

/** The whole text is copied out of the editor only as far as it is looked at. */
function beginningOf(document: vscode.TextDocument): string {
  const end = document.positionAt(INSPECTED_LENGTH);
  return document.getText(new vscode.Range(new vscode.Position(0, 0), end));
}
