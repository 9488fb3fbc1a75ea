import * as vscode from 'vscode';
import type { LogSession } from '#client/actions/logs/logSession.ts';
import { TerminalLines } from '#core/live/logs/logText.ts';
import { plainText } from '#core/live/plainText.ts';

/** A terminal that shows a log as it is written, in colours; it can be searched. Closing it ends the session. */
export function showLogTerminal(session: LogSession, onClosed: () => void): vscode.Terminal {
  const written = new vscode.EventEmitter<string>();
  const terminalLines = new TerminalLines();
  const listening = session.onLines((lines) => written.fire(lines.map((line) => terminalLines.write(line)).join('')));
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    open: () => written.fire(session.lines.map((line) => terminalLines.write(line)).join('')),
    close: () => {
      listening.stop();
      session.stop();
      written.dispose();
      onClosed();
    },
  };
  const name = plainText(`Log of ${session.name}`, 60);
  const terminal = vscode.window.createTerminal({
    name,
    pty,
    iconPath: new vscode.ThemeIcon('output'),
    isTransient: true,
  });
  terminal.show(true);
  return terminal;
}
