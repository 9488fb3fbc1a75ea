import type { IncomingMessage } from 'node:http';
import { ApiError } from '../simulation/apiError.ts';
import { kindByPlural, type Kind } from '../simulation/kinds.ts';

/** What a request asks for, taken out of its address. */
export interface ApiRequest {
  readonly method: string;
  readonly kind: Kind;
  /** Empty: all namespaces, or none. */
  readonly namespace: string;
  /** Empty: the whole list. */
  readonly name: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  /** Who writes. */
  readonly manager: string;
  readonly isDryRun: boolean;
}

const LARGEST_BODY = 3 * 1024 * 1024;

/** @throws ApiError 404 for a kind that is not served */
export function readRequest(message: IncomingMessage, url: URL): ApiRequest {
  const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const [root, ...rest] = parts;
  const [group, version, ...path] = root === 'api' ? ['', ...rest] : rest;
  const isNamespaced = path[0] === 'namespaces' && path.length > 2;
  const [plural = '', name = '', subresource = ''] = isNamespaced ? path.slice(2) : path;
  const kind = kindByPlural(group ?? '', version ?? '', plural);
  if (kind === undefined || (root !== 'api' && root !== 'apis'))
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
  const agent = message.headers['user-agent'] ?? 'unknown';
  return {
    method: message.method ?? 'GET',
    kind,
    namespace: isNamespaced ? (path[1] ?? '') : '',
    name,
    subresource,
    query: url.searchParams,
    accept: message.headers.accept ?? '',
    contentType: message.headers['content-type'] ?? '',
    manager: url.searchParams.get('fieldManager') ?? agent.split('/')[0] ?? agent,
    isDryRun: url.searchParams.getAll('dryRun').includes('All'),
  };
}

export async function readBody(message: IncomingMessage): Promise<string> {
  message.setEncoding('utf8');
  let text = '';
  for await (const chunk of message) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) throw new ApiError(413, 'RequestEntityTooLarge', 'The body is too large');
  }
  return text;
}
