import * as vscode from 'vscode';
import type { ChosenCluster } from '#client/actions/checks/chosenCluster.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inPick } from '#client/ui/untrusted.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import { readTarget } from '#core/live/target.ts';
import type { ClusterSchemas } from '#core/protocol.ts';

/** Asks for the cluster whose version and definitions count for the manifests of this workspace. */
export function chooseClusterCommand(deps: ActionDeps, chosen: ChosenCluster): Command {
  return {
    id: commandIds.chooseClusterForChecks,
    title: 'Choose Cluster for Checks',
    run: async (argument) => {
      const row = readTarget(argument);
      const context = row ? { name: row.context } : await chooseContext(deps, chosen.context);
      if (!context) return;
      const location = vscode.ProgressLocation.Window;
      const title = context.name === undefined ? 'Forgetting the cluster' : `Reading ${plainText(context.name)}`;
      const schemas = await vscode.window.withProgress({ location, title }, async () => chosen.choose(context.name));
      vscode.window.setStatusBarMessage(inPick(describe(schemas)), TOLD_MS);
    },
  };
}

/** How long the result is shown in the status bar, in milliseconds; the status item of the language keeps it. */
const TOLD_MS = 6_000;

function describe(schemas: ClusterSchemas | undefined): string {
  if (!schemas) return 'Manifests are no longer checked against a cluster.';
  const { context, kubernetesVersion, definitions } = schemas;
  const kinds = counted(definitions.length, 'definition');
  return `Manifests are checked for Kubernetes ${plainText(kubernetesVersion)} with ${kinds} of ${plainText(context)}.`;
}

interface ContextItem extends vscode.QuickPickItem {
  readonly name: string | undefined;
}

/** The context that is chosen; a choice of none has no name; undefined when nothing was chosen. */
export async function chooseContext(
  deps: ActionDeps,
  current: string | undefined,
): Promise<{ readonly name: string | undefined } | undefined> {
  const contexts = await deps.contexts();
  if (contexts.length === 0)
    throw new UserProblem('There is no cluster to choose.', 'Connect one in the Data Clusters view.');
  const items: ContextItem[] = contexts.map(({ name, server, isDemo, problem }) => ({
    label: inPick(name),
    description: name === current ? 'in use' : isDemo ? 'simulated' : '',
    detail: inPick(problem ?? server),
    name,
  }));
  if (current !== undefined)
    items.push({ label: 'No cluster', description: 'bundled schemas and those of the workspace', name: undefined });
  return vscode.window.showQuickPick(items, { placeHolder: 'Cluster that the manifests of this workspace are for' });
}
