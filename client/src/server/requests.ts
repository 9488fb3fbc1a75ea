import type { CancellationToken } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { CustomNotification, CustomRequest } from '#core/protocol.ts';

/** What requests are sent with: the client, or a bare connection. */
export interface Requester {
  sendRequest<Result>(method: string, params: unknown, token?: CancellationToken): Promise<Result>;
}

/**
 * Sends a custom request with the types the protocol declares for it. Without a token nothing may stand in its place: the connection
 * takes two arguments, even when the second is undefined, for parameters by position, and the server would get a list.
 */
export async function sendCustomRequest<Params, Result>(
  client: Requester,
  request: CustomRequest<Params, Result>,
  params: Params,
  token?: CancellationToken,
): Promise<Result> {
  return token
    ? client.sendRequest<Result>(request.method, params, token)
    : client.sendRequest<Result>(request.method, params);
}

/** Sends a custom notification with the type the protocol declares for it. */
export async function sendCustomNotification<Params>(
  client: LanguageClient,
  notification: CustomNotification<Params>,
  params: Params,
): Promise<void> {
  await client.sendNotification(notification.method, params);
}
