import type { CancellationToken } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { CustomNotification, CustomRequest } from '#core/protocol.ts';

/** Sends a custom request with the types the protocol declares for it. */
export async function sendCustomRequest<Params, Result>(
  client: LanguageClient,
  request: CustomRequest<Params, Result>,
  params: Params,
  token?: CancellationToken,
): Promise<Result> {
  return client.sendRequest<Result>(request.method, params, token);
}

/** Sends a custom notification with the type the protocol declares for it. */
export async function sendCustomNotification<Params>(
  client: LanguageClient,
  notification: CustomNotification<Params>,
  params: Params,
): Promise<void> {
  await client.sendNotification(notification.method, params);
}
