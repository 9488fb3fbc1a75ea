import * as vscode from 'vscode';
import { inNotification, inPick } from '#client/ui/untrusted.ts';

export interface Choice<Value> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: Value;
  /** Of several that can be taken: taken unless somebody takes it out. */
  readonly isPicked?: boolean;
}

export interface InputRequest {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** What is wrong with a text, a sentence; undefined when it can be used. */
  readonly validate?: (text: string) => string | undefined;
}

/**
 * Asks a person one thing at a time. Undefined is no answer: whoever asked does nothing then. A question stays until it is answered or
 * Escape takes it, whatever else takes the focus meanwhile.
 */
export interface Asker {
  pick<Value>(this: void, title: string, choices: readonly Choice<Value>[]): Promise<Value | undefined>;
  pickMany<Value>(this: void, title: string, choices: readonly Choice<Value>[]): Promise<readonly Value[] | undefined>;
  input(this: void, request: InputRequest): Promise<string | undefined>;
}

export const editorAsker: Asker = {
  pick: async (title, choices) => {
    const items = choices.map(itemOf);
    const options = { title: inPick(title), matchOnDetail: true, ignoreFocusOut: true } as const;
    return (await vscode.window.showQuickPick(items, options))?.value;
  },
  pickMany: async (title, choices) => {
    const items = choices.map(itemOf);
    const options = { title: inPick(title), canPickMany: true, ignoreFocusOut: true } as const;
    const picked = await vscode.window.showQuickPick(items, options);
    return picked?.map(({ value }) => value);
  },
  input: async ({ title, prompt, value, placeholder, validate }) =>
    vscode.window.showInputBox({
      title: inPick(title),
      prompt: inNotification(prompt),
      ignoreFocusOut: true,
      ...(value === undefined ? {} : { value }),
      ...(placeholder === undefined ? {} : { placeHolder: placeholder }),
      ...(validate ? { validateInput: validate } : {}),
    }),
};

function itemOf<Value>(choice: Choice<Value>): vscode.QuickPickItem & { readonly value: Value } {
  const { label, description, detail, value, isPicked } = choice;
  return {
    label: inPick(label),
    value,
    ...(description === undefined ? {} : { description: inPick(description) }),
    ...(detail === undefined ? {} : { detail: inPick(detail) }),
    ...(isPicked === undefined ? {} : { picked: isPicked }),
  };
}
