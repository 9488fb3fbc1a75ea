import type { ContainerAddress, ShellHandlers, ShellSession } from '#core/live/ports.ts';
import { pathOfPod } from '../api/urls.ts';
import type { Transport } from '../transport/transport.ts';
import { channel, commandProtocols, message, openStream, readStatus } from './channels.ts';

/** A command with a terminal. @throws ClusterProblem when it cannot be started */
export async function openShell(
  transport: Transport,
  { namespace, pod, container }: ContainerAddress,
  command: readonly string[],
  handlers: ShellHandlers,
): Promise<ShellSession> {
  const decoder = new TextDecoder();
  let isOver = false;
  const end = (exitCode: number | undefined, text: string): void => {
    if (isOver) return;
    isOver = true;
    handlers.ended(exitCode, text);
  };
  const path = pathOfPod(namespace, pod, 'exec', { container, command, stdin: true, stdout: true, tty: true });
  const link = await openStream(transport, path, commandProtocols, {
    message(data) {
      const rest = data.subarray(1);
      if (data[0] === channel.stdout || data[0] === channel.stderr)
        handlers.output(decoder.decode(rest, { stream: true }));
      if (data[0] !== channel.status) return;
      const status = readStatus(rest.toString('utf8'));
      if (typeof status === 'number') end(status, '');
      else end(undefined, status.message);
    },
    closed: ({ reason }) => end(undefined, reason === '' ? 'The connection broke.' : reason),
  });
  return {
    write: (data) => void link.send(message(channel.stdin, data)),
    resize: (columns, rows) =>
      void link.send(message(channel.resize, JSON.stringify({ Width: columns, Height: rows }))),
    stop: () => link.close(),
  };
}
