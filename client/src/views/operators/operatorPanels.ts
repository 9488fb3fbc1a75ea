import * as vscode from 'vscode';
import { ElementPage, pageOptions } from '#client/views/detail/elementPage.ts';
import { OpenPanels, type ContextPanel } from '#client/views/openPanels.ts';
import type { DetailElement } from '#core/live/detail/html.ts';
import { renderOperator } from '#core/live/detail/operatorView.ts';
import { renderAbsent } from '#core/live/detail/render.ts';
import { examineOperator, unreadAnatomy } from '#core/live/operators/anatomy/examine.ts';
import type { OperatorAnatomy, ReadAccess } from '#core/live/operators/anatomy/model.ts';
import { findOperator, subjectOf, type OperatorName } from '#core/live/operators/anatomy/subject.ts';
import type { ContextView } from '#core/live/view.ts';
import type { Log } from '#core/ports.ts';

/** Ages grow even when nothing changes. */
const REDRAW_EVERY_MS = 10_000;
/** Changes come in bursts. */
const GATHER_MS = 250;

export interface OperatorSources {
  readonly extensionUri: vscode.Uri;
  /** A context that is open; undefined when it is not. */
  readonly opened: (
    context: string,
  ) => { readonly cluster: ReadAccess; readonly watch: { readonly view: ContextView } } | undefined;
  readonly isDemo: (context: string) => boolean;
  readonly log: Log;
}

/** The pages of operators. An operator is read when its page is opened, and when somebody asks for it again. */
export class OperatorPanels extends OpenPanels<OperatorPanel> {
  readonly #sources: OperatorSources;

  constructor(sources: OperatorSources) {
    super();
    this.#sources = sources;
  }

  show(context: string, operator: OperatorName): void {
    const names = [context, operator.namespace, operator.name];
    this.showOne(names, (closed) => new OperatorPanel(this.#sources, context, operator, closed));
  }
}

class OperatorPanel implements ContextPanel {
  readonly context: string;
  readonly #sources: OperatorSources;
  readonly #operator: OperatorName;
  readonly #page: ElementPage;
  readonly #redraw: NodeJS.Timeout;
  #anatomy: OperatorAnatomy;
  /** Counts questions, so that the answers of an older one are not taken for those of the last. */
  #asked = 0;
  #gathering: NodeJS.Timeout | undefined;

  constructor(sources: OperatorSources, context: string, operator: OperatorName, closed: () => void) {
    this.#sources = sources;
    this.context = context;
    this.#operator = operator;
    this.#anatomy = unreadAnatomy(Date.now());
    const { extensionUri } = sources;
    const panel = vscode.window.createWebviewPanel(
      'dataClusters.operator',
      operator.name,
      vscode.ViewColumn.Active,
      pageOptions(extensionUri),
    );
    this.#page = new ElementPage(panel, {
      extensionUri,
      tree: () => this.#tree(),
      act: (action) => {
        if (action === 'read') this.#read();
      },
      looked: () => this.draw(),
      closed: () => {
        this.#asked += 1;
        clearInterval(this.#redraw);
        clearTimeout(this.#gathering);
        closed();
      },
    });
    this.#redraw = setInterval(() => this.draw(), REDRAW_EVERY_MS);
    this.#read();
    this.#page.open();
  }

  reveal(): void {
    this.#page.panel.reveal();
  }

  draw(): void {
    this.#page.draw();
  }

  /** Draws what is watched now, not at every change of it. What was not yet there when the page was opened is read once it is. */
  follow(): void {
    if (this.#asked === 0) this.#read();
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.draw();
    }, GATHER_MS);
  }

  dispose(): void {
    this.#page.dispose();
  }

  #read(): void {
    const opened = this.#sources.opened(this.context);
    const operator = opened && findOperator(opened.watch.view, this.#operator);
    if (!opened || !operator) return;
    const { view } = opened.watch;
    const asked = ++this.#asked;
    const askedAt = Date.now();
    this.#anatomy = unreadAnatomy(askedAt);
    this.draw();
    examineOperator(opened.cluster, subjectOf(view, operator), view.operators, askedAt, (anatomy) => {
      if (asked !== this.#asked) return;
      this.#anatomy = anatomy;
      this.draw();
    }).catch((error: unknown) => this.#sources.log.error('The operator could not be read.', error));
  }

  #tree(): DetailElement {
    const { context } = this;
    const { title } = this.#page.panel;
    const view = this.#sources.opened(context)?.watch.view;
    if (!view) return renderAbsent(title, `${context} is not connected. Open it in the Data Clusters view.`);
    const operator = findOperator(view, this.#operator);
    if (!operator) return renderAbsent(title, `It is not in ${context} any more, or may not be read.`);
    const isDemo = this.#sources.isDemo(context);
    return renderOperator({ view, operator, anatomy: this.#anatomy, context, isDemo, now: Date.now() });
  }
}
