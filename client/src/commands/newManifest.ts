import * as vscode from 'vscode';
import { readText } from '#client/commands/openSample.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds, snippetSources, type SnippetSource } from '#client/contributions.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { readSnippets, type Snippet } from '#client/snippets/readSnippets.ts';
import { starterSnippet } from '#client/snippets/starterSnippet.ts';
import { listKindsRequest } from '#core/protocol.ts';

interface SnippetItem extends vscode.QuickPickItem {
  readonly snippet?: Snippet;
}

/** Asks for a kind and opens a new YAML file with its snippet, the cursor at the first placeholder. */
export function newManifestCommand(extensionUri: vscode.Uri, server: LanguageServer): Command {
  return {
    id: commandIds.newManifest,
    title: 'New Manifest',
    run: async () => {
      const picked = await vscode.window.showQuickPick(listItems(extensionUri, server), {
        placeHolder: 'What to write',
        matchOnDescription: true,
        matchOnDetail: true,
      });
      if (picked?.snippet) await openWithSnippet(picked.snippet);
    },
  };
}

async function openWithSnippet(snippet: Snippet): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: '' });
  const editor = await vscode.window.showTextDocument(document);
  await editor.insertSnippet(new vscode.SnippetString(snippet.body));
}

async function listItems(extensionUri: vscode.Uri, server: LanguageServer): Promise<SnippetItem[]> {
  const written = await Promise.all(snippetSources.map(async (source) => listWritten(extensionUri, source)));
  return [...written.flat(), ...(await listKnown(server))];
}

async function listWritten(extensionUri: vscode.Uri, source: SnippetSource): Promise<SnippetItem[]> {
  const snippets = readSnippets(await readText(vscode.Uri.joinPath(extensionUri, source.path)));
  return toGroup(source.title, snippets);
}

/** Kinds without a snippet of their own: only the first lines can be given, and only a running server knows the kinds. */
async function listKnown(server: LanguageServer): Promise<SnippetItem[]> {
  const kinds = (await server.request(listKindsRequest, {})) ?? [];
  return toGroup('Every Known Kind', kinds.map(starterSnippet));
}

function toGroup(title: string, snippets: readonly Snippet[]): SnippetItem[] {
  if (snippets.length === 0) return [];
  const heading: SnippetItem = { label: title, kind: vscode.QuickPickItemKind.Separator };
  return [heading, ...snippets.map(toItem)];
}

function toItem(snippet: Snippet): SnippetItem {
  return { label: snippet.name, description: snippet.description, snippet };
}
