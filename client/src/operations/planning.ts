import * as vscode from 'vscode';
import { Abandoned } from '#client/operations/planner.ts';
import { inNotification } from '#client/ui/untrusted.ts';

/** Shows that a plan is being made, with a way out. @throws Abandoned when it is taken */
export async function showPlanning<Result>(title: string, work: Promise<Result>): Promise<Result> {
  const options = { location: vscode.ProgressLocation.Notification, title: inNotification(title), cancellable: true };
  return vscode.window.withProgress(options, (_progress, cancellation) =>
    Promise.race([
      work,
      new Promise<never>((_resolve, reject) => {
        cancellation.onCancellationRequested(() => reject(new Abandoned('Nobody waits for the plan any more.')));
      }),
    ]),
  );
}
