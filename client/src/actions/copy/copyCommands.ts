import * as vscode from 'vscode';
import { requireCluster, requireObject, requireTarget } from '#client/actions/choose.ts';
import type { LiveAccess } from '#client/actions/deps.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inPick } from '#client/ui/untrusted.ts';
import { connectionsOf } from '#core/live/connections.ts';
import { describeCommand, execCommand, getCommand, logsCommand } from '#core/live/kubectlCommand.ts';
import { plainText } from '#core/live/plainText.ts';
import { podOf, type LiveTarget } from '#core/live/target.ts';

export function copyNameCommand(access: LiveAccess): Command {
  return {
    id: commandIds.copyName,
    title: 'Copy Name',
    run: async (argument) => copy(nameOf(access, requireTarget(argument))),
  };
}

function nameOf(access: LiveAccess, target: LiveTarget): string {
  if (target.kind === 'context') return target.context;
  if (target.kind === 'namespace') return target.namespace;
  if (target.kind === 'dataCluster') return requireCluster(access, target).cluster.name;
  return target.kind === 'pod' ? target.name : target.address.name;
}

/** The same for a terminal, with context and namespace named. */
export function copyKubectlCommandCommand(access: LiveAccess): Command {
  return {
    id: commandIds.copyKubectlCommand,
    title: 'Copy kubectl Command',
    run: async (argument) => {
      const target = requireTarget(argument);
      const object = requireObject(access, target);
      const pod = podOf(target);
      const lines = [
        getCommand(object),
        describeCommand(object),
        ...(pod ? [logsCommand(pod, pod.container ?? ''), execCommand(pod, pod.container ?? '')] : []),
      ];
      const picked = await vscode.window.showQuickPick(
        lines.map((label) => ({ label: inPick(label), line: label })),
        { placeHolder: 'Command to copy' },
      );
      if (picked) await copy(picked.line);
    },
  };
}

/** How programs reach a data cluster. */
export function copyConnectionCommand(access: LiveAccess): Command {
  return {
    id: commandIds.copyConnection,
    title: 'Copy Connection String',
    run: async (argument) => {
      const target = requireTarget(argument);
      if (target.kind !== 'dataCluster')
        throw new UserProblem('This row is no data cluster.', 'Choose the row of one.');
      const { cluster } = requireCluster(access, target);
      const items = connectionsOf(cluster).map(({ title, text, isInternal }) => ({
        label: inPick(text),
        description: title,
        detail: isInternal ? 'From inside the cluster' : 'From outside the cluster as well',
        text,
      }));
      const [first] = items;
      if (!first) throw new UserProblem(`No address of ${plainText(cluster.name)} is known.`, 'Look at its services.');
      const picked =
        items.length === 1 ? first : await vscode.window.showQuickPick(items, { placeHolder: 'Connection to copy' });
      if (picked) await copy(picked.text);
    },
  };
}

/** What was copied is said where it disturbs nobody. */
async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(inPick(`Copied ${plainText(text, 80)}`), COPIED_MS);
}

/** How long that is shown, in milliseconds. */
const COPIED_MS = 3_000;
