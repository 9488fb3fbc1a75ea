import * as vscode from 'vscode';
import type { ApplyUi, ConfirmQuestion } from '#client/actions/apply/applyFlow.ts';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import { plainText } from '#core/live/plainText.ts';

const WRITE = 'Write';
const TAKE_OVER = 'Take Over';
const USE_MINE = 'Use Mine';

/**
 * The questions of a write as the editor asks them. The comparison stays usable while the question stands beside it, so the question is
 * no modal dialog; taking something from others is one, and names what is taken.
 */
export function applyDialogs(texts: VirtualTexts, file: string): ApplyUi {
  return {
    showDiff: async (before, after, title) => texts.showDiff(before, after, { title: plainText(title), file }),
    confirm: askToWrite,
    takeOver: async (lines) =>
      askModal('Others own fields of this change. Their tools may put them back.', lines, TAKE_OVER),
    useMine: async (fields, title) =>
      askModal(`${plainText(title)} was changed by others in the same fields.`, fields, USE_MINE),
    note: (sentence) => void vscode.window.showInformationMessage(sentence),
  };
}

async function askToWrite({ sentence, typedName }: ConfirmQuestion): Promise<boolean> {
  if (typedName === undefined) return (await vscode.window.showWarningMessage(sentence, WRITE, 'Cancel')) === WRITE;
  const typed = await vscode.window.showInputBox({
    title: sentence,
    prompt: `This context is protected. Type the name ${plainText(typedName)} to write.`,
    ignoreFocusOut: true,
    validateInput: (text) => (text === typedName || text === '' ? undefined : 'That is another name.'),
  });
  return typed === typedName;
}

async function askModal(message: string, lines: readonly string[], action: string): Promise<boolean> {
  const detail = lines.map((line) => `• ${line}`).join('\n');
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}
