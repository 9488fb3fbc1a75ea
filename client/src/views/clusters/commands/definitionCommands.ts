import * as vscode from 'vscode';
import { requireServer } from '#client/commands/fixAll.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds, VIEW_ID } from '#client/contributions.ts';
import { isServed } from '#client/documents/manifestWatcher.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inPick } from '#client/ui/untrusted.ts';
import type { ClustersView } from '#client/views/clusters/clustersView.ts';
import { definingObjects, wantedObject } from '#client/views/clusters/identities.ts';
import type { RowPlace } from '#core/live/tree/find.ts';
import { isTreeElement } from '#core/live/tree/row.ts';
import { definitionOfRequest, objectAtRequest, type ObjectIdentity, type ObjectPlace } from '#core/protocol.ts';

/** From manifests to rows, and from rows to manifests. */
export function definitionCommands(
  view: ClustersView,
  contexts: LiveContexts,
  server: LanguageServer,
): readonly Command[] {
  return [
    {
      id: commandIds.revealInTree,
      title: 'Show in Data Clusters View',
      run: async () => {
        const object = await objectAtCursor(server);
        await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
        const place = await pickPlace(view.find(wantedObject(object)), object);
        if (place && !(await view.reveal(place))) throw notConnected(object);
      },
    },
    {
      id: commandIds.openDefinition,
      title: 'Open File That Defines It',
      run: async (argument) => {
        const element = isTreeElement(argument) ? argument : view.selected;
        const objects = element ? definingObjects(element.target, contexts.contexts) : [];
        if (objects.length === 0) {
          throw new UserProblem('Nothing that a file can define is selected.', 'Select a row of the view.');
        }
        await openDefinition(server, objects);
      },
    },
  ];
}

/** @throws UserProblem when no object stands there */
async function objectAtCursor(server: LanguageServer): Promise<ObjectIdentity> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isServed(editor.document)) {
    throw new UserProblem('The active editor shows no YAML.', 'Open a manifest and try again.');
  }
  await requireServer(server);
  const { line, character } = editor.selection.active;
  const textDocument = { uri: editor.document.uri.toString() };
  const object = await server.request(objectAtRequest, { textDocument, position: { line, character } });
  if (object) return object;
  throw new UserProblem('No object with a name stands at the cursor.', 'Put the cursor into a manifest.');
}

/** @throws UserProblem when there is none */
async function pickPlace(places: readonly RowPlace[], object: ObjectIdentity): Promise<RowPlace | undefined> {
  const [only] = places;
  if (!only) throw notConnected(object);
  if (places.length === 1) return only;
  const items = places.map((place) => ({ label: inPick(place.context), description: inPick(place.namespace), place }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: `${object.kind} ${object.name} in` });
  return picked?.place;
}

function notConnected({ kind, name }: ObjectIdentity): UserProblem {
  return new UserProblem(`No connected cluster has ${kind} ${name}.`, 'Connect the context it is in and try again.');
}

/** Opens the file of the first object that has one. */
async function openDefinition(server: LanguageServer, objects: readonly ObjectIdentity[]): Promise<void> {
  await requireServer(server);
  for (const object of objects) {
    const places = (await server.request(definitionOfRequest, object)) ?? [];
    if (places.length === 0) continue;
    const place = await pickFile(places);
    if (place) await show(place);
    return;
  }
  const [{ kind, name } = { kind: 'the object', name: '' }] = objects;
  throw new UserProblem(`No file of this workspace defines ${kind} ${name}.`, 'Open the folder its manifests are in.');
}

async function pickFile(places: readonly ObjectPlace[]): Promise<ObjectPlace | undefined> {
  if (places.length === 1) return places[0];
  const items = places.map((place) => ({
    label: inPick(vscode.workspace.asRelativePath(vscode.Uri.parse(place.uri))),
    description: `line ${place.range.start.line + 1}`,
    place,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Several files define it' }))?.place;
}

async function show({ uri, range }: ObjectPlace): Promise<void> {
  const { start, end } = range;
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
}
