import type * as vscode from 'vscode';
import type { RunReference } from '#client/operations/board.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import { ElementPage } from '#client/views/detail/elementPage.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';
import { clean } from '#core/operations/page/words.ts';
import { buttonRow, isPageAction, type PageAction } from '#core/operations/page/buttons.ts';
import { renderPlan } from '#core/operations/page/planPage.ts';
import { renderRun } from '#core/operations/page/runPage.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { ShownRun } from '#core/operations/shownRun.ts';

/** Times that pass are told again this often, in milliseconds. */
const TICK_MS = 1000;
/** A run tells of itself several times a second. */
const GATHER_MS = 100;

export interface PageSources {
  readonly extensionUri: vscode.Uri;
  readonly find: (reference: RunReference) => ShownRun | undefined;
  /** Undefined when the context is not connected. */
  readonly contextOf: (context: string) => PageContext | undefined;
  readonly hasFiles: (plan: Plan) => boolean;
  /** Whether a plan can put back what a run has changed. */
  readonly canPutBack: (record: RunRecord) => boolean;
  readonly now: () => number;
  readonly act: (action: PageAction, page: OperationPage) => void;
}

export interface PageContext {
  readonly isDemo: boolean;
  readonly isProtected: boolean;
  readonly isReadOnly: boolean;
  readonly isConnected: boolean;
  /** Why what is shown may be old; empty when it is not. */
  readonly interruption: string;
}

export interface PageSubject {
  readonly reference: RunReference;
  readonly panel: vscode.WebviewPanel;
  /** A plan that nobody has run yet. */
  readonly proposal: Proposal | undefined;
  /** Kept from before the window was loaded anew, by a simulation that ended with it. */
  readonly isPastDemo: boolean;
  readonly closed: () => void;
}

/** A plan, and its run once somebody has agreed to it. Closing it ends nothing. */
export class OperationPage implements vscode.Disposable {
  readonly reference: RunReference;
  readonly proposal: Proposal | undefined;
  readonly #sources: PageSources;
  readonly #isPastDemo: boolean;
  readonly #page: ElementPage;
  readonly #tick: NodeJS.Timeout;
  /** Whether files go with the plan, asked once. */
  #hasFiles: boolean | undefined;
  #gathering: NodeJS.Timeout | undefined;

  constructor(sources: PageSources, { reference, panel, proposal, isPastDemo, closed }: PageSubject) {
    const { system, namespace, name, context, plan } = reference;
    this.reference = { context, system, namespace, name, plan };
    this.proposal = proposal;
    this.#isPastDemo = isPastDemo;
    this.#sources = sources;
    this.#page = new ElementPage(panel, {
      extensionUri: sources.extensionUri,
      tree: () => this.#tree(),
      state: () => this.#state,
      act: (action) => {
        if (isPageAction(action)) sources.act(action, this);
      },
      looked: () => this.#page.draw(),
      closed: () => {
        clearInterval(this.#tick);
        clearTimeout(this.#gathering);
        closed();
      },
    });
    this.#tick = setInterval(() => {
      const run = this.#run;
      if (!run || run.record.state.kind === 'running') this.#page.draw();
    }, TICK_MS);
    this.#page.open();
  }

  /** Undefined while nothing is known of the run. */
  get plan(): Plan | undefined {
    return this.#run?.record.plan ?? this.proposal?.plan;
  }

  get isVisible(): boolean {
    return this.#page.isVisible;
  }

  /** Soon, together with what else changes in this moment. */
  draw(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#page.draw();
    }, GATHER_MS);
  }

  reveal(): void {
    this.#page.panel.reveal();
  }

  dispose(): void {
    this.#page.dispose();
  }

  /** Plans that nobody has run are kept nowhere. */
  get #state(): (RunReference & { readonly isDemo: boolean }) | null {
    const isDemo = this.#isPastDemo || this.#sources.contextOf(this.reference.context)?.isDemo === true;
    return this.#run || this.#isPastDemo ? { ...this.reference, isDemo } : null;
  }

  get #run(): ShownRun | undefined {
    return this.#sources.find(this.reference);
  }

  #filesGoWith(plan: Plan | undefined): boolean {
    if (!plan) return false;
    return (this.#hasFiles ??= this.#sources.hasFiles(plan));
  }

  #tree(): DetailElement {
    const { contextOf, canPutBack, now } = this.#sources;
    const context = contextOf(this.reference.context) ?? unconnected;
    const run = this.#run;
    const interruption = run?.place === 'here' ? '' : context.interruption;
    const shared = { ...context, hasFiles: this.#filesGoWith(this.plan), now: now() };
    if (run) return renderRun({ run, ...shared, interruption, canPutBack: canPutBack(run.record) });
    const { proposal } = this;
    if (proposal) return renderPlan({ plan: proposal.plan, ...shared });
    return renderUnknown(this.reference, this.#isPastDemo ? 'past demo' : context.isConnected ? 'connected' : 'closed');
  }
}

const unconnected: PageContext = {
  isDemo: false,
  isProtected: false,
  isReadOnly: false,
  isConnected: false,
  interruption: 'The context is not connected, so this may be old.',
};

/** The journal has not been read yet, or has nothing of it. */
function renderUnknown({ name, context }: RunReference, state: 'connected' | 'closed' | 'past demo'): DetailElement {
  const reasons = {
    connected: 'Nothing of this operation is written down there (any more), or it is still being read.',
    closed: `${clean(context)} is not connected. The journal of the operation is kept there.`,
    'past demo': 'It was practice: the demo cluster begins anew with every window, and the operation ended with it.',
  };
  return element(
    'article',
    { 'aria-labelledby': 'title' },
    element('h1', { id: 'title' }, `Operation on ${clean(name)}`),
    element('p', { role: 'status' }, reasons[state]),
    buttonRow([state === 'closed' ? { action: 'connect', title: 'Connect' } : { action: 'close', title: 'Close' }]),
  );
}
