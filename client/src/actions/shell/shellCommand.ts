import * as vscode from 'vscode';
import { withRights } from '#client/actions/allowed.ts';
import { addressOfPod, chooseContainer, choosePod, requireTarget } from '#client/actions/choose.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import { ShellBridge } from '#client/actions/shell/shellBridge.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { plainText } from '#core/live/plainText.ts';

/** A shell in a container, as a terminal of the editor. */
export function openShellCommand(deps: ActionDeps): Command {
  return {
    id: commandIds.openShell,
    title: 'Open Shell',
    run: async (argument) => {
      const pod = await choosePod(deps, requireTarget(argument));
      if (!pod) return;
      await withRights(deps, { action: 'shell', context: pod.context, address: addressOfPod(pod) }, async (cluster) => {
        const container = await chooseContainer(cluster, pod);
        if (container === undefined) return;
        const { context, namespace, name } = pod;
        const bridge = new ShellBridge(cluster, { namespace, pod: name, container });
        showTerminal(bridge, plainText(`${name} in ${context}`, 60));
      });
    },
  };
}

function showTerminal(bridge: ShellBridge, name: string): void {
  const written = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<number | void>();
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open: (size) => {
      const handlers = { write: (text: string) => written.fire(text), close: () => closed.fire() };
      void bridge.start(handlers, size && { columns: size.columns, rows: size.rows });
    },
    close: () => {
      bridge.stop();
      written.dispose();
      closed.dispose();
    },
    handleInput: (data) => bridge.input(data),
    setDimensions: ({ columns, rows }) => bridge.resize({ columns, rows }),
  };
  vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('terminal'), isTransient: true }).show();
}
