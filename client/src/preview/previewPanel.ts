import * as vscode from 'vscode';
import { PREVIEW_PAGE } from '#client/contributions.ts';
import { PreviewFeed } from '#client/preview/previewFeed.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { ElementPage, pageOptions } from '#client/views/detail/elementPage.ts';
import { previewRequest } from '#core/protocol.ts';
import type { Log } from '#core/ports.ts';

/** Keystrokes come in bursts. */
const GATHER_MS = 150;

export interface PreviewSources {
  readonly extensionUri: vscode.Uri;
  readonly server: Pick<LanguageServer, 'request'>;
  readonly log: Log;
}

/** The page beside an editor that tells what the operator will create of the document at its cursor; it follows typing and cursor. */
export class PreviewPanel implements vscode.Disposable {
  readonly uri: vscode.Uri;
  readonly #sources: PreviewSources;
  readonly #page: ElementPage;
  readonly #feed: PreviewFeed;
  readonly #listeners: vscode.Disposable;
  #position: vscode.Position;
  #gathering: NodeJS.Timeout | undefined;
  /** Counts the questions: only the answer to the last one counts. */
  #asked = 0;

  constructor(sources: PreviewSources, editor: vscode.TextEditor, closed: () => void) {
    const { document, selection } = editor;
    const name = document.uri.path.split('/').at(-1) ?? '';
    this.uri = document.uri;
    this.#sources = sources;
    this.#position = selection.active;
    this.#feed = new PreviewFeed(name);
    const panel = vscode.window.createWebviewPanel(
      PREVIEW_PAGE,
      `Preview: ${name}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      pageOptions(sources.extensionUri),
    );
    this.#listeners = this.#listen();
    this.#page = new ElementPage(panel, {
      extensionUri: sources.extensionUri,
      tree: () => this.#feed.render(),
      act: () => undefined,
      looked: () => this.#looked(),
      closed: () => {
        this.#end();
        closed();
      },
    });
    this.#page.open();
    this.#ask();
  }

  reveal(): void {
    this.#page.panel.reveal(undefined, true);
  }

  /** The cursor stands elsewhere now. */
  follow(position: vscode.Position): void {
    if (position.line === this.#position.line) return;
    this.#position = position;
    this.#soon();
  }

  dispose(): void {
    this.#page.dispose();
  }

  #listen(): vscode.Disposable {
    const isOurs = (document: vscode.TextDocument): boolean => document.uri.toString() === this.uri.toString();
    return vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (isOurs(document)) this.#soon();
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const [first] = selections;
        if (first && isOurs(textEditor.document)) this.follow(first.active);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (!isOurs(document)) return;
        this.#feed.close();
        this.#page.draw();
      }),
    );
  }

  /** What was typed while nobody looked is seen now. */
  #looked(): void {
    this.#page.draw();
    if (this.#page.isVisible) this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => this.#ask(), GATHER_MS);
  }

  #ask(): void {
    if (!this.#page.isVisible) return;
    const { server, log } = this.#sources;
    const number = ++this.#asked;
    const { line, character } = this.#position;
    const params = { textDocument: { uri: this.uri.toString() }, position: { line, character } };
    server
      .request(previewRequest, params)
      .then((result) => {
        if (number !== this.#asked) return;
        this.#feed.take(result);
        this.#page.draw();
      })
      .catch((error: unknown) => log.error('The preview could not be made.', error));
  }

  #end(): void {
    this.#asked++;
    clearTimeout(this.#gathering);
    this.#listeners.dispose();
  }
}
