import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DetailElement } from '#core/live/detail/html.ts';
import { detailPage } from './page.ts';

export interface ElementPageParts {
  readonly extensionUri: vscode.Uri;
  /** The page as it should be now. */
  readonly tree: () => DetailElement;
  /** What the editor keeps for the time after the window was loaded anew; nothing when absent. */
  readonly state?: () => unknown;
  /** A button was pressed. The page is ours, but what comes from it may still be anything. */
  readonly act: (action: string) => void;
  /** It came into sight or went out of it. */
  readonly looked: () => void;
  readonly closed: () => void;
}

/** A page of the editor that is drawn from core's elements: made once, then sent what it should be like. */
export class ElementPage implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly #parts: ElementPageParts;

  /** @param panel new, or one that the editor brought back */
  constructor(panel: vscode.WebviewPanel, parts: ElementPageParts) {
    this.panel = panel;
    this.#parts = parts;
    const media = mediaOf(parts.extensionUri);
    panel.webview.options = pageOptions(parts.extensionUri);
    panel.iconPath = vscode.Uri.joinPath(media, 'icon.png');
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    panel.onDidChangeViewState(() => parts.looked());
    panel.onDidDispose(() => parts.closed());
  }

  /** Writes the page itself; once, when everything it is drawn from is there. */
  open(): void {
    const { webview, title } = this.panel;
    const media = mediaOf(this.#parts.extensionUri);
    const address = (file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(media, 'detail', file)).toString();
    webview.html = detailPage({
      title,
      cspSource: webview.cspSource,
      script: address('detail.js'),
      style: address('detail.css'),
      nonce: randomBytes(18).toString('base64url'),
      tree: this.#parts.tree(),
    });
  }

  get isVisible(): boolean {
    return this.panel.visible;
  }

  /** Sends what is to be seen, when somebody looks. */
  draw(): void {
    if (!this.panel.visible) return;
    const { tree, state } = this.#parts;
    const message = { type: 'render', tree: tree(), ...(state ? { state: state() } : {}) };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a page of the editor, not of the web
    void this.panel.webview.postMessage(message);
  }

  dispose(): void {
    this.panel.dispose();
  }

  #receive(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    if (message.type === 'ready') this.draw();
    if (message.type === 'action' && 'action' in message && typeof message.action === 'string')
      this.#parts.act(message.action);
  }
}

/** Scripts are those of the extension; nothing is loaded from anywhere else. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [mediaOf(extensionUri)] };
}

const mediaOf = (extensionUri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media');
