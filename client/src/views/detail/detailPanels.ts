import * as vscode from 'vscode';
import type { DetailElement } from '#core/live/detail/html.ts';
import { renderAbsent } from '#core/live/detail/render.ts';
import type { Cluster } from '#core/live/ports.ts';
import type { ContextWatch } from '#core/live/view.ts';
import type { Log } from '#core/ports.ts';
import { DetailFeed } from './detailFeed.ts';
import { ElementPage, pageOptions } from './elementPage.ts';
import { OpenPanels, type ContextPanel } from '../openPanels.ts';

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
  /** The connection of a context that is open. */
  readonly clusterOf: (context: string) => Pick<Cluster, 'logs'> | undefined;
  readonly isDemo: (context: string) => boolean;
  readonly log: Log;
}

/** The detail views of data clusters. */
export class DetailPanels extends OpenPanels<DetailPanel> {
  readonly #sources: DetailSources;

  constructor(sources: DetailSources) {
    super();
    this.#sources = sources;
  }

  show(context: string, key: string): void {
    this.showOne([context, key], (closed) => new DetailPanel(this.#sources, context, key, closed));
  }
}

class DetailPanel implements ContextPanel {
  readonly context: string;
  readonly #sources: DetailSources;
  readonly #key: string;
  readonly #page: ElementPage;
  readonly #redraw: NodeJS.Timeout;
  #feed: DetailFeed | undefined;
  #watch: ContextWatch | undefined;
  #gathering: NodeJS.Timeout | undefined;

  constructor(sources: DetailSources, context: string, key: string, closed: () => void) {
    this.#sources = sources;
    this.context = context;
    this.#key = key;
    const { extensionUri } = sources;
    const name = key.split('/').at(-1) ?? key;
    const options = pageOptions(extensionUri);
    const panel = vscode.window.createWebviewPanel('dataClusters.detail', name, vscode.ViewColumn.Active, options);
    this.#page = new ElementPage(panel, {
      extensionUri,
      tree: () => this.#tree(),
      act: (action) => this.#act(action),
      looked: () => this.connect(),
      closed: () => {
        this.#end();
        closed();
      },
    });
    this.#redraw = setInterval(() => this.#page.draw(), REDRAW_EVERY_MS);
    this.connect();
    this.#page.open();
  }

  reveal(): void {
    this.#page.panel.reveal();
  }

  /** Draws from the watch there is, while somebody looks. */
  connect(): void {
    this.#take(this.#wanted);
    this.#page.draw();
  }

  /** The same where there is another watch now; what a watch itself tells is drawn anyway. */
  follow(): void {
    if (this.#wanted !== this.#watch) this.connect();
  }

  dispose(): void {
    this.#page.dispose();
  }

  get #wanted(): ContextWatch | undefined {
    return this.#page.isVisible ? this.#sources.watchOf(this.context) : undefined;
  }

  #take(watch: ContextWatch | undefined): void {
    if (watch === this.#watch) return;
    this.#feed?.stop();
    this.#watch = watch;
    this.#feed = watch && this.#feedFrom(watch);
  }

  #feedFrom(watch: ContextWatch): DetailFeed {
    return new DetailFeed({
      context: this.context,
      isDemo: this.#sources.isDemo(this.context),
      key: this.#key,
      watch,
      cluster: this.#sources.clusterOf(this.context),
      now: () => Date.now(),
      inspectEveryMs: INSPECT_EVERY_MS,
      changed: () => {
        this.#gathering ??= setTimeout(() => {
          this.#gathering = undefined;
          this.#page.draw();
        }, GATHER_MS);
      },
    });
  }

  #tree(): DetailElement {
    return (
      this.#feed?.render() ??
      renderAbsent(this.#page.panel.title, `${this.context} is not connected. Open it in the Data Clusters view.`)
    );
  }

  #act(action: string): void {
    if (action === 'failure') {
      this.#feed
        ?.readFailure()
        .catch((error: unknown) => this.#sources.log.error('The log of a failure could not be read.', error));
    }
    if (action !== 'inspect') return;
    this.#feed
      ?.inspect()
      .catch((error: unknown) => this.#sources.log.error('The data cluster could not be asked.', error));
  }

  #end(): void {
    this.#feed?.stop();
    this.#feed = undefined;
    this.#watch = undefined;
    clearInterval(this.#redraw);
    clearTimeout(this.#gathering);
  }
}
