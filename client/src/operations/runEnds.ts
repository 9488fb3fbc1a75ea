import * as vscode from 'vscode';
import { commandIds } from '#client/contributions.ts';
import type { RunReference } from '#client/operations/board.ts';
import type { LocalRun } from '#client/operations/localRun.ts';
import { referenceOf } from '#client/operations/reference.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import type { RunState } from '#core/operations/model.ts';

const SHOW = 'Show';

/** Tells that a run here has ended when nobody looks at its page. While it goes on nothing is told. */
export class RunEnds {
  readonly #followed = new WeakSet<LocalRun>();
  readonly #isSeen: (reference: RunReference) => boolean;

  constructor(isSeen: (reference: RunReference) => boolean) {
    this.#isSeen = isSeen;
  }

  follow(run: LocalRun): void {
    if (this.#followed.has(run)) return;
    this.#followed.add(run);
    void run.ended.then((state) => this.#tell(run, state));
  }

  async #tell({ plan, context, wish }: LocalRun, state: RunState): Promise<void> {
    const reference = referenceOf(context, plan);
    // Who has asked to leave it knows.
    if (wish === 'detach' || this.#isSeen(reference)) return;
    const message = inNotification(describeEnd(plan.title, state));
    const isCalm = state.kind === 'done' || state.kind === 'cancelled';
    const choice = await (isCalm
      ? vscode.window.showInformationMessage(message, SHOW)
      : vscode.window.showWarningMessage(message, SHOW));
    if (choice === SHOW) await vscode.commands.executeCommand(commandIds.showOperation, reference);
  }
}

function describeEnd(title: string, state: RunState): string {
  if (state.kind === 'paused' || state.kind === 'stopped')
    return `${title} ${state.kind}: ${state.reason} ${state.fix}`;
  return state.kind === 'done' ? `${title}: every step is done.` : `${title}: ${state.kind}.`;
}
