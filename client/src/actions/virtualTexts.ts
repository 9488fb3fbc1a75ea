import * as vscode from 'vscode';
import { TEXT_SCHEME } from '#client/contributions.ts';

/** Documents to read that no file holds: both sides of a comparison, descriptions, logs. They live as long as somebody shows them. */
export class VirtualTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registrations = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(TEXT_SCHEME, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === TEXT_SCHEME) this.#texts.delete(uri.toString());
    }),
  );
  readonly onDidChange = this.#changed.event;
  #count = 0;

  /** A new document; its ending decides its language. */
  add(name: string, text: string): vscode.Uri {
    this.#count += 1;
    const uri = vscode.Uri.from({
      scheme: TEXT_SCHEME,
      path: `/${name.replaceAll('/', '∕')}`,
      query: String(this.#count),
    });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  update(uri: vscode.Uri, text: string): void {
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
  }

  async show(name: string, text: string): Promise<vscode.Uri> {
    const uri = this.add(name, text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    return uri;
  }

  async showDiff(
    before: string,
    after: string,
    names: { readonly title: string; readonly file: string },
  ): Promise<vscode.Uri> {
    const [left, right] = [this.add(names.file, before), this.add(names.file, after)];
    await vscode.commands.executeCommand('vscode.diff', left, right, names.title, { preview: true });
    return right;
  }

  /** Closes the comparison whose right side this is, where it is still open. */
  async closeDiff(right: vscode.Uri): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const own = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === right.toString(),
    );
    if (own.length > 0) await vscode.window.tabGroups.close(own);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? 'This text is no longer there. Run the command again.\n';
  }

  dispose(): void {
    this.#registrations.dispose();
    this.#changed.dispose();
  }
}
