import * as vscode from 'vscode';
import { requireServer } from '#client/commands/fixAll.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds, MIGRATED_SCHEME } from '#client/contributions.ts';
import { isServed } from '#client/documents/manifestWatcher.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { migrateRequest, type MigrateResult } from '#core/protocol.ts';

/** The texts that migrations would make, as documents that can be compared but not edited. */
export class MigratedTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(MIGRATED_SCHEME, this);
  readonly onDidChange = this.#changed.event;

  /** The document with the migrated text of another one; it has the same path, so that it is shown as YAML. */
  put(source: vscode.Uri, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: MIGRATED_SCHEME, path: source.path, query: source.toString() });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

const APPLY = 'Apply';

/** Shows what the manifests of the active editor become under the operators of today, and puts it there when the user says so. */
export function migrateCommand(server: LanguageServer, texts: MigratedTexts): Command {
  return {
    id: commandIds.migrate,
    title: 'Migrate Old Manifests',
    run: async () => {
      const document = vscode.window.activeTextEditor?.document;
      if (!document || !isServed(document)) {
        throw new UserProblem('The active editor shows no YAML.', 'Open a manifest and try again.');
      }
      await requireServer(server);
      const result = await server.request(migrateRequest, { textDocument: { uri: document.uri.toString() } });
      if (!result || result.migrated === 0) return tellNothing(result);
      const after = texts.put(document.uri, result.text);
      const name = document.uri.path.split('/').at(-1) ?? '';
      await vscode.commands.executeCommand('vscode.diff', document.uri, after, `${name}: migrated`);
      const choice = await vscode.window.showInformationMessage(describe(result), APPLY);
      if (choice === APPLY) await apply(document, result);
    },
  };
}

function describe({ migrated, refused }: MigrateResult): string {
  const made = migrated === 1 ? '1 manifest can be migrated' : `${migrated} manifests can be migrated`;
  const left = refused.map(({ object, reason }) => ` ${object} stays as it is: ${reason}.`).join('');
  return `${made}. Comments in it say what has no equivalent and what is to be done by hand.${left}`;
}

function tellNothing(result: MigrateResult | null | undefined): void {
  const reasons = result?.refused.map(({ object, reason }) => `${object} stays as it is: ${reason}.`) ?? [];
  const message =
    reasons.length === 0 ? 'Nothing in this file is of an ended operator or an old version.' : reasons.join(' ');
  void vscode.window.showInformationMessage(message);
}

async function apply(document: vscode.TextDocument, { text, version }: MigrateResult): Promise<void> {
  if (document.version !== version) {
    throw new UserProblem('The file was changed in the meantime.', 'Run the command again.');
  }
  const edit = new vscode.WorkspaceEdit();
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), text);
  await vscode.workspace.applyEdit(edit);
}
