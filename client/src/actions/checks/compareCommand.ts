import * as vscode from 'vscode';
import { withRights } from '#client/actions/allowed.ts';
import { activeManifest } from '#client/actions/checks/checkCommand.ts';
import { addressIn } from '#client/actions/checks/checkFile.ts';
import { chooseContext } from '#client/actions/checks/chooseClusterCommand.ts';
import type { ChosenCluster } from '#client/actions/checks/chosenCluster.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import { driftOf } from '#core/live/drift.ts';
import { joinSome } from '#core/live/edit/sentences.ts';
import { toYamlText } from '#core/live/edit/yamlText.ts';
import { readManifest, type ManifestObject } from '#core/live/manifestObjects.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import { ClusterProblem, type JsonObject, type ObjectAddress } from '#core/live/ports.ts';
import { readTarget, type ObjectTarget } from '#core/live/target.ts';

/** Compares an object of the active file with the live one, in the fields the file names. */
export function compareWithClusterCommand(deps: ActionDeps, chosen: ChosenCluster, texts: VirtualTexts): Command {
  return {
    id: commandIds.compareWithCluster,
    title: 'Compare with Cluster',
    run: async (argument, start) => {
      const document = activeManifest();
      const object = chooseObject(document, typeof start === 'number' ? start : undefined);
      const row = readTarget(argument);
      const lens = row?.kind === 'object' ? row : undefined;
      const context = lens?.context ?? chosen.context ?? (await chooseContext(deps, undefined))?.name;
      if (context === undefined) return;
      const address = lens?.address ?? (await addressOf(deps, context, object));
      await withRights(deps, { action: 'view', context, address }, async (cluster) => {
        const live = await read(() => cluster.get(address), object, context);
        await show(texts, object, live, context);
      });
    },
  };
}

/** The object a lens stands above, else the one at the cursor. */
function chooseObject(document: vscode.TextDocument, start: number | undefined): ManifestObject {
  const { objects, problems } = readManifest(document.getText());
  const { activeTextEditor } = vscode.window;
  const cursor = activeTextEditor ? document.offsetAt(activeTextEditor.selection.active) : 0;
  const found = objects.findLast((object) => object.start <= (start ?? cursor)) ?? objects[0];
  if (found) return found;
  throw new UserProblem(problems[0] ?? 'There is no object at the cursor.', 'Put the cursor into a manifest.');
}

async function addressOf(deps: ActionDeps, context: string, object: ManifestObject): Promise<ObjectAddress> {
  const cluster = await deps.clusterOf(context);
  const { resources } = await cluster.resources();
  const address = addressIn(object, resources, cluster.context.namespace);
  if (address) return address;
  throw new UserProblem(
    `${plainText(context)} does not serve this version of ${plainText(object.kind)}.`,
    'Choose another cluster.',
  );
}

async function read(
  get: () => Promise<JsonObject>,
  { kind, name }: ManifestObject,
  context: string,
): Promise<JsonObject> {
  try {
    return await get();
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind !== 'absent') throw error;
    throw new UserProblem(
      `There is no ${plainText(`${kind} ${name}`)} in ${plainText(context)}.`,
      'Check Against Cluster tells whether it could be made.',
    );
  }
}

async function show(texts: VirtualTexts, object: ManifestObject, live: JsonObject, context: string): Promise<void> {
  const { fields, wanted, actual } = driftOf(object.object, live);
  const name = plainText(`${object.kind} ${object.name}`);
  if (fields.length === 0) {
    void vscode.window.showInformationMessage(inNotification(`${name} in ${context} is as the file says.`));
    return;
  }
  const title = `${name}: ${plainText(context)} ↔ file`;
  await texts.showDiff(toYamlText(actual), toYamlText(wanted), { title, file: `${object.name}.yaml` });
  const paths = joinSome(fields.map(({ path }) => plainText(path)));
  void vscode.window.showInformationMessage(
    inNotification(`${counted(fields.length, 'field')} of ${name} differ in ${context}: ${paths}.`),
  );
}

/** What a lens hands to the command. */
export type CompareArguments = readonly [target: ObjectTarget, start: number];
