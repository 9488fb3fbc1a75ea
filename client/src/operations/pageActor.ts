import * as vscode from 'vscode';
import type { OperationController } from '#client/operations/controller.ts';
import type { RunReference } from '#client/operations/board.ts';
import type { OperationPage } from '#client/operations/operationPage.ts';
import { describeProblem } from '#client/ui/problem.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import { plainText } from '#core/live/plainText.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { PageAction } from '#core/operations/page/buttons.ts';
import { describePlan } from '#core/operations/report.ts';
import type { Log } from '#core/ports.ts';

export interface PageActorParts {
  readonly controller: OperationController;
  readonly operations: () => Operations;
  readonly connect: (context: string) => Promise<void>;
  readonly putBack: (reference: RunReference) => Promise<void>;
  readonly log: Log;
}

type Act = (page: OperationPage, parts: PageActorParts) => Promise<unknown> | void;

/** What each button of a page does. */
const acts: Readonly<Record<PageAction, Act>> = {
  run: async ({ proposal }, { controller }) => proposal && controller.run(proposal),
  exportPlan: ({ plan }) => plan && exportText(describePlan(plan)),
  exportFiles: ({ plan }, { operations }) => plan && exportFiles(operations().files(plan)),
  close: (page) => page.dispose(),
  pause: ({ reference }, { controller }) => controller.pause(reference),
  cancel: ({ reference }, { controller }) => controller.cancel(reference),
  leave: ({ reference }, { controller }) => controller.leave(reference),
  resume: ({ reference }, { controller }) => controller.resume(reference),
  putBack: ({ reference }, parts) => parts.putBack(reference),
  report: ({ reference }, { controller }) => controller.report(reference),
  connect: ({ reference }, { connect }) => connect(reference.context),
};

/** As it is called in a message when it fails. */
const titles: Readonly<Record<PageAction, string>> = {
  run: 'Run',
  exportPlan: 'Export Plan',
  exportFiles: 'Export Files',
  close: 'Close',
  pause: 'Pause Operation',
  cancel: 'Cancel Operation',
  leave: 'Leave Operation',
  resume: 'Resume Operation',
  putBack: 'Put Back',
  report: 'Show Operation Report',
  connect: 'Connect',
};

/** Does what a button says. What goes wrong is told like the failure of a command. */
export function pageActor(parts: PageActorParts): (action: PageAction, page: OperationPage) => void {
  const perform = async (action: PageAction, page: OperationPage): Promise<void> => {
    try {
      await acts[action](page, parts);
    } catch (error) {
      parts.log.error(`The action ${action} of an operation failed.`, error);
      void vscode.window.showErrorMessage(inNotification(describeProblem(titles[action], error)));
    }
  };
  return (action, page) => void perform(action, page);
}

/** Unsaved, so that whoever wants to keep it says where. */
async function exportText(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
}

async function exportFiles(files: ReturnType<Operations['files']>): Promise<void> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: 'Write Files Here',
      title: `Folder for ${files.map(({ name }) => name).join(', ')}`,
    })) ?? [];
  if (!folder) return;
  for (const { name, text } of files) {
    const file = vscode.Uri.joinPath(folder, plainText(name).replaceAll(/[/\\]/g, '-'));
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  }
  void vscode.window.showInformationMessage(`${files.length} files were written.`);
}
