import * as vscode from 'vscode';
import { commandIds } from '#client/contributions.ts';
import type { LocalRun } from '#client/operations/localRun.ts';
import { referenceOf } from '#client/operations/reference.ts';
import { inPick } from '#client/ui/untrusted.ts';
import { plainText } from '#core/live/plainText.ts';
import { stepText } from '#core/operations/page/words.ts';

/** What is run in this window, in the status bar as long as something is. */
export class OperationStatus implements vscode.Disposable {
  #item: vscode.StatusBarItem | undefined;

  show(runs: readonly LocalRun[]): void {
    const [first] = runs;
    if (!first) {
      this.dispose();
      return;
    }
    const item = (this.#item ??= vscode.window.createStatusBarItem(
      'dataClusters.operation',
      vscode.StatusBarAlignment.Left,
    ));
    item.name = 'Data Clusters Operation';
    const { text, tooltip, label } = runs.length === 1 ? describeRun(first) : describeRuns(runs);
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label };
    item.command = {
      command: commandIds.showOperation,
      title: 'Show Operation',
      arguments: runs.length === 1 ? [referenceOf(first.context, first.plan)] : [],
    };
    item.show();
  }

  dispose(): void {
    this.#item?.dispose();
    this.#item = undefined;
  }
}

interface StatusWords {
  readonly text: string;
  readonly tooltip: string;
  readonly label: string;
}

function describeRun({ followed, plan, context }: LocalRun): StatusWords {
  const { current } = followed;
  const where = `${plainText(plan.title)}, ${plainText(context)}`;
  const what = current?.waitingFor === undefined ? '' : `. Waits for: ${plainText(current.waitingFor, 300)}`;
  const isWaiting = current?.waitingFor !== undefined;
  return {
    text: `$(${isWaiting ? 'watch' : 'sync~spin'}) ${inPick(plan.target.name)}: ${stepText(followed)}${isWaiting ? ', waiting' : ''}`,
    tooltip: `${where}\n${stepText(followed)}${what}`,
    label: `${where}, ${stepText(followed)}${what}`,
  };
}

function describeRuns(runs: readonly LocalRun[]): StatusWords {
  const lines = runs.map((run) => `${plainText(run.plan.title)}: ${stepText(run.followed)}`);
  return {
    text: `$(sync~spin) ${runs.length} operations`,
    tooltip: lines.join('\n'),
    label: `${runs.length} operations run: ${lines.join('; ')}`,
  };
}
