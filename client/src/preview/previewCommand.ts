import * as vscode from 'vscode';
import { requireServer } from '#client/commands/fixAll.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { isServed } from '#client/documents/manifestWatcher.ts';
import { PreviewPanel, type PreviewSources } from '#client/preview/previewPanel.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { UserProblem } from '#client/ui/problem.ts';

/** The previews of this window, at most one for each file. */
export class Previews implements vscode.Disposable {
  readonly #sources: PreviewSources;
  readonly #panels = new Map<string, PreviewPanel>();

  constructor(sources: PreviewSources) {
    this.#sources = sources;
  }

  /** Opens the page beside an editor, or brings it to the front. */
  show(editor: vscode.TextEditor): void {
    const key = editor.document.uri.toString();
    const known = this.#panels.get(key);
    if (known !== undefined) {
      known.reveal();
      known.follow(editor.selection.active);
      return;
    }
    this.#panels.set(key, new PreviewPanel(this.#sources, editor, () => this.#panels.delete(key)));
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }
}

/** Tells beside the editor what the operator will create, and follows what is typed. */
export function previewCommand(server: LanguageServer, previews: Previews): Command {
  return {
    id: commandIds.preview,
    title: 'Preview What the Operator Creates',
    run: async () => {
      const editor = vscode.window.activeTextEditor;
      if (!editor || !isServed(editor.document)) {
        throw new UserProblem('The active editor shows no YAML.', 'Open a manifest of Spark or TFJob and try again.');
      }
      await requireServer(server);
      previews.show(editor);
    },
  };
}
