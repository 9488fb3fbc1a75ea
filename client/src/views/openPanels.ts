import type * as vscode from 'vscode';

/** A page about something of a context. */
export interface ContextPanel extends vscode.Disposable {
  readonly context: string;
  reveal(): void;
  /** The context, or what is watched of it, may be another now. */
  follow(): void;
}

/** The pages that are open: at most one for each thing that they are about. */
export abstract class OpenPanels<Panel extends ContextPanel> implements vscode.Disposable {
  readonly #panels = new Map<string, Panel>();

  /** Brings the page about this thing to the front, or opens it; `names` tell one thing from another. */
  protected showOne(names: readonly string[], open: (closed: () => void) => Panel): void {
    const id = JSON.stringify(names);
    const known = this.#panels.get(id);
    if (known) known.reveal();
    else
      this.#panels.set(
        id,
        open(() => this.#panels.delete(id)),
      );
  }

  contextsChanged(): void {
    for (const panel of this.#panels.values()) panel.follow();
  }

  /** Whether a page of the context is open, seen or not. */
  has(context: string): boolean {
    return [...this.#panels.values()].some((panel) => panel.context === context);
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }
}
