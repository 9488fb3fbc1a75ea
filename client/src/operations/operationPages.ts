import * as vscode from 'vscode';
import { OperationPage, type PageSources, type PageSubject } from '#client/operations/operationPage.ts';
import { readReference, referenceOf } from '#client/operations/reference.ts';
import type { RunReference } from '#client/operations/board.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import { OPERATION_PAGE } from '#client/contributions.ts';
import { isObject } from '#core/json.ts';
import { plainText } from '#core/live/plainText.ts';
import { pageOptions } from '#client/views/detail/elementPage.ts';

/** The pages of plans and runs: one for each plan, from its making to the end of its run, and again after the window was loaded anew. */
export class OperationPages implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #sources: PageSources;
  readonly #pages = new Map<string, OperationPage>();
  readonly #registration: vscode.Disposable;

  constructor(sources: PageSources) {
    this.#sources = sources;
    this.#registration = vscode.window.registerWebviewPanelSerializer(OPERATION_PAGE, this);
  }

  showPlan(proposal: Proposal): void {
    const { context, plan } = proposal;
    this.#add({
      reference: referenceOf(context, plan),
      panel: this.#makePanel(plan.title),
      proposal,
      isPastDemo: false,
    });
  }

  /** Opens the page of a run, or brings it to the front. */
  showRun(reference: RunReference, title: string): void {
    const known = this.#pages.get(keyOf(reference));
    if (known) known.reveal();
    else this.#add({ reference, panel: this.#makePanel(title), proposal: undefined, isPastDemo: false });
  }

  /** A page of before the window was loaded anew. Plans that nobody has run were kept nowhere. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const reference = readReference(state);
    const isPastDemo = isObject(state) && state['isDemo'] === true;
    if (reference) this.#add({ reference, panel, proposal: undefined, isPastDemo });
    else panel.dispose();
  }

  /** Something of a context, or of any, is another. */
  draw(context?: string): void {
    for (const page of this.#pages.values())
      if (context === undefined || page.reference.context === context) page.draw();
  }

  /** Whether a page of the context is open, seen or not. */
  has(context: string): boolean {
    return [...this.#pages.values()].some(({ reference }) => reference.context === context);
  }

  /** Whether somebody looks at the page of a run. */
  isSeen(reference: RunReference): boolean {
    return this.#pages.get(keyOf(reference))?.isVisible === true;
  }

  dispose(): void {
    this.#registration.dispose();
    for (const page of this.#pages.values()) page.dispose();
  }

  #makePanel(title: string): vscode.WebviewPanel {
    const options = pageOptions(this.#sources.extensionUri);
    return vscode.window.createWebviewPanel(OPERATION_PAGE, plainText(title, 60), vscode.ViewColumn.Active, options);
  }

  #add(subject: Omit<PageSubject, 'closed'>): void {
    const key = keyOf(subject.reference);
    const closed = (): void => {
      if (this.#pages.get(key) === page) this.#pages.delete(key);
    };
    const page: OperationPage = new OperationPage(this.#sources, { ...subject, closed });
    this.#pages.set(key, page);
  }
}

const keyOf = ({ context, plan }: RunReference): string => JSON.stringify([context, plan]);
