import * as vscode from 'vscode';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import type { OperationsUi } from '#client/operations/controller.ts';
import type { Question } from '#client/operations/question.ts';
import { inNotification, inPick } from '#client/ui/untrusted.ts';

const BACK = 'Back to the Plan';

const agreements: Readonly<Record<Question['how'], string>> = {
  run: 'Run',
  resume: 'Resume',
  cancel: 'End It Here',
};

/** The questions and texts of operations as the editor shows them. */
export function operationsUi(texts: VirtualTexts): OperationsUi {
  return {
    confirm: (question) => (question.typedName === undefined ? askByButton(question) : askForName(question)),
    note: (sentence) => void vscode.window.showInformationMessage(inNotification(sentence)),
    showText: async (name, text) => void (await texts.show(name, text)),
  };
}

/** The first button is the one that Enter takes, so it is the harmless one. */
async function askByButton({ how, question, lines }: Question): Promise<boolean> {
  const options = { modal: true, detail: lines.map((line) => inNotification(line)).join('\n') };
  const agreement = agreements[how];
  const chosen = await vscode.window.showWarningMessage(inNotification(question), options, BACK, agreement);
  return chosen === agreement;
}

async function askForName({ how, question, lines, typedName = '' }: Question): Promise<boolean> {
  const typed = await vscode.window.showInputBox({
    title: inPick(question),
    prompt: inNotification(`Type ${typedName} to ${how} it. ${lines.join(' ')}`),
    placeHolder: inPick(typedName),
    ignoreFocusOut: true,
    validateInput: (text) => (text === typedName || text === '' ? undefined : 'That is another name.'),
  });
  return typed === typedName;
}
