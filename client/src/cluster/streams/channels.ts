import { ClusterProblem } from '#core/live/ports.ts';
import { isObject, listAt, objectAt, textAt } from '../json.ts';
import { problemOfStatus } from '../transport/problems.ts';
import type { Transport } from '../transport/transport.ts';
import { openWebSocket, type WebSocketHandlers, type WebSocketLink } from '../transport/webSocket.ts';

/** The first byte of a message of exec and attach; see k8s.io/apimachinery/pkg/util/remotecommand. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

/** Only version 5 (Kubernetes 1.30) can end the standard input; older servers know version 4. */
export const commandProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

/** Opens one of the streams of a pod, with the login, the certificates and the proxy of every other request. */
export async function openStream(
  transport: Transport,
  path: string,
  protocols: readonly string[],
  handlers: WebSocketHandlers,
  signal?: AbortSignal,
): Promise<WebSocketLink> {
  const { socket, protocol } = await transport.upgrade(path, protocols, signal);
  return openWebSocket(socket, protocol, handlers);
}

export const message = (number: number, data: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.from([number]), typeof data === 'string' ? Buffer.from(data) : data]);

/**
 * What the status at the end of a command says.
 * @returns its exit code, or why it could not be run
 */
export function readStatus(text: string): number | ClusterProblem {
  let status: unknown;
  try {
    status = JSON.parse(text);
  } catch {
    return new ClusterProblem('server', 'The end of the command cannot be understood.');
  }
  if (isObject(status) && status['status'] === 'Success') return 0;
  const exit = listAt(objectAt(status, 'details'), 'causes').find((cause) => textAt(cause, 'reason') === 'ExitCode');
  const code = Number(textAt(exit, 'message'));
  return exit !== undefined && Number.isInteger(code) ? code : problemOfStatus(status);
}
