import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DetailElement } from '#core/live/detail/html.ts';
import { renderAbsent } from '#core/live/detail/render.ts';
import type { ContextWatch } from '#core/live/view.ts';
import type { Log } from '#core/ports.ts';
import { DetailFeed } from './detailFeed.ts';
import { detailPage } from './page.ts';

/** While somebody looks. */
const INSPECT_EVERY_MS = 15_000;
/** Ages grow even when nothing changes. */
const REDRAW_EVERY_MS = 10_000;
/** Changes come in bursts. */
const GATHER_MS = 100;

export interface DetailSources {
  readonly extensionUri: vscode.Uri;
  /** The watch of a context that is open; undefined when it is not. */
  readonly watchOf: (context: string) => ContextWatch | undefined;
  readonly isDemo: (context: string) => boolean;
  readonly log: Log;
}

/** The detail views: at most one for each data cluster. */
export class DetailPanels implements vscode.Disposable {
  readonly #sources: DetailSources;
  readonly #panels = new Map<string, DetailPanel>();

  constructor(sources: DetailSources) {
    this.#sources = sources;
  }

  /** Opens the view of a data cluster, or brings it to the front. */
  show(context: string, key: string): void {
    const id = JSON.stringify([context, key]);
    const known = this.#panels.get(id);
    if (known !== undefined) {
      known.reveal();
      return;
    }
    this.#panels.set(id, new DetailPanel(this.#sources, context, key, () => this.#panels.delete(id)));
  }

  /** The watch of a context was begun, replaced or ended: its views follow. */
  contextChanged(context: string): void {
    for (const panel of this.#panels.values()) if (panel.context === context) panel.connect();
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }
}

class DetailPanel implements vscode.Disposable {
  readonly context: string;
  readonly #sources: DetailSources;
  readonly #key: string;
  readonly #panel: vscode.WebviewPanel;
  readonly #redraw: NodeJS.Timeout;
  #feed: DetailFeed | undefined;
  #watch: ContextWatch | undefined;
  #gathering: NodeJS.Timeout | undefined;

  constructor(sources: DetailSources, context: string, key: string, closed: () => void) {
    this.#sources = sources;
    this.context = context;
    this.#key = key;
    const media = vscode.Uri.joinPath(sources.extensionUri, 'media');
    const name = key.split('/').at(-1) ?? key;
    this.#panel = vscode.window.createWebviewPanel('dataClusters.detail', name, vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [media],
    });
    this.#panel.iconPath = vscode.Uri.joinPath(media, 'icon.png');
    this.#panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    this.#panel.onDidChangeViewState(() => this.connect());
    this.#panel.onDidDispose(() => {
      this.#end();
      closed();
    });
    this.#redraw = setInterval(() => this.#draw(), REDRAW_EVERY_MS);
    this.connect();
    this.#panel.webview.html = this.#page(media, name);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Feeds from the watch there is, while somebody looks. */
  connect(): void {
    const watch = this.#panel.visible ? this.#sources.watchOf(this.context) : undefined;
    if (watch !== this.#watch) {
      this.#feed?.stop();
      this.#watch = watch;
      this.#feed = watch && this.#feedFrom(watch);
    }
    this.#draw();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #feedFrom(watch: ContextWatch): DetailFeed {
    return new DetailFeed({
      context: this.context,
      isDemo: this.#sources.isDemo(this.context),
      key: this.#key,
      watch,
      now: () => Date.now(),
      inspectEveryMs: INSPECT_EVERY_MS,
      changed: () => {
        this.#gathering ??= setTimeout(() => {
          this.#gathering = undefined;
          this.#draw();
        }, GATHER_MS);
      },
    });
  }

  #draw(): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a page of the editor, not of the web
    if (this.#panel.visible) void this.#panel.webview.postMessage({ type: 'render', tree: this.#tree() });
  }

  #tree(): DetailElement {
    return (
      this.#feed?.render() ??
      renderAbsent(this.#panel.title, `${this.context} is not connected. Open it in the Data Clusters view.`)
    );
  }

  #page(media: vscode.Uri, title: string): string {
    const { webview } = this.#panel;
    const address = (file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(media, 'detail', file)).toString();
    return detailPage({
      title,
      cspSource: webview.cspSource,
      script: address('detail.js'),
      style: address('detail.css'),
      nonce: randomBytes(18).toString('base64url'),
      tree: this.#tree(),
    });
  }

  /** The page is ours, but a message from it may still be anything. */
  #receive(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    if (message.type === 'ready') this.#draw();
    if (message.type === 'action' && 'action' in message && message.action === 'inspect') {
      this.#feed
        ?.inspect()
        .catch((error: unknown) => this.#sources.log.error('The data cluster could not be asked.', error));
    }
  }

  #end(): void {
    this.#feed?.stop();
    this.#feed = undefined;
    this.#watch = undefined;
    clearInterval(this.#redraw);
    clearTimeout(this.#gathering);
  }
}
