import * as vscode from 'vscode';
import type { ApplyUi, ConfirmQuestion } from '#client/actions/apply/applyFlow.ts';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import { inNotification, inPick } from '#client/ui/untrusted.ts';
import { plainText } from '#core/live/plainText.ts';

const WRITE = 'Write';
const TAKE_OVER = 'Take Over';
const USE_MINE = 'Use Mine';

/**
 * The questions of a write as the editor asks them. The comparison stays usable while the question is open, so that one is no modal
 * dialog; taking something from others is one, and names what is taken.
 */
export function applyDialogs(texts: VirtualTexts, file: string): ApplyUi {
  let shown: vscode.Uri | undefined;
  return {
    showDiff: async (before, after, title) => {
      shown = await texts.showDiff(before, after, { title: plainText(title), file });
    },
    confirm: async (question) => {
      const answer = await askToWrite(question);
      // Back to the document, whatever the answer is.
      if (shown) await texts.closeDiff(shown);
      return answer;
    },
    takeOver: async (lines) =>
      askModal('Others own fields of this change. Their tools may put them back.', lines, TAKE_OVER),
    useMine: async (fields, title) =>
      askModal(`${plainText(title)} was changed by others in the same fields.`, fields, USE_MINE),
    note: (sentence) => void vscode.window.showInformationMessage(inNotification(sentence)),
  };
}

/** Stands above the comparison until it is answered, wherever else the user clicks. The harmless answer comes first. */
async function askToWrite({ question, detail, typedName }: ConfirmQuestion): Promise<boolean> {
  if (typedName === undefined) {
    const items = [{ label: 'Do Not Write' }, { label: WRITE, description: inPick(detail) }];
    const options = { title: inPick(question), placeHolder: inPick(detail), ignoreFocusOut: true };
    return (await vscode.window.showQuickPick(items, options))?.label === WRITE;
  }
  const typed = await vscode.window.showInputBox({
    title: inPick(question),
    prompt: inNotification(`This context is protected. Type the name ${typedName} to write. ${detail}.`),
    ignoreFocusOut: true,
    validateInput: (text) => (text === typedName || text === '' ? undefined : 'That is another name.'),
  });
  return typed === typedName;
}

async function askModal(message: string, lines: readonly string[], action: string): Promise<boolean> {
  const detail = lines.map((line) => `• ${inNotification(line)}`).join('\n');
  return (await vscode.window.showWarningMessage(inNotification(message), { modal: true, detail }, action)) === action;
}
