import { ClusterProblem, type JsonObject, type WatchQuery } from '#core/live/ports.ts';
import { pathOfQuery } from '../api/urls.ts';
import { isObject, listAt, objectAt, textAt } from '../json.ts';
import type { Transport } from '../transport/transport.ts';
import { asSent } from './objects.ts';

/** Objects a page; smaller ones when the objects are so large that a page cannot be read at once. */
const pageSizes = [500, 50, 5] as const;
/** In bytes. */
const largestPage = 32_000_000;
const pageTimeoutMs = 60_000;

const listType = {
  full: 'application/json',
  metadata: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
} as const;

/**
 * Lists page by page; each page is given away before the next is asked for.
 * @returns the resource version of the list, from which it can be watched
 * @throws ClusterProblem; its status is 410 when the list became too old meanwhile and has to begin again
 */
export async function listPages(
  transport: Transport,
  query: WatchQuery,
  signal: AbortSignal,
  page: (objects: readonly JsonObject[], isFirst: boolean) => void,
): Promise<string> {
  let size = 0;
  let token = '';
  for (let isFirst = true; ;) {
    const answer = await readPage(transport, query, signal, pageSizes[size] ?? 1, token).catch((error: unknown) => {
      if (!isTooLarge(error) || size + 1 >= pageSizes.length) throw error;
      return undefined;
    });
    if (answer === undefined) {
      size += 1;
      continue;
    }
    page(itemsOf(answer), isFirst);
    const metadata = objectAt(answer, 'metadata');
    isFirst = false;
    token = textAt(metadata, 'continue') ?? '';
    if (token === '') return textAt(metadata, 'resourceVersion') ?? '';
  }
}

function readPage(
  transport: Transport,
  query: WatchQuery,
  signal: AbortSignal,
  limit: number,
  token: string,
): Promise<JsonObject> {
  return transport.json({
    path: pathOfQuery(query, { limit, continue: token }),
    accept: query.metadataOnly === true ? listType.metadata : listType.full,
    timeoutMs: pageTimeoutMs,
    maxBytes: largestPage,
    signal,
  });
}

/** The items of typed lists do not say what they are; the list does. */
function itemsOf(list: JsonObject): readonly JsonObject[] {
  const kind = (textAt(list, 'kind') ?? '').replace(/List$/, '');
  const type = { apiVersion: textAt(list, 'apiVersion') ?? '', kind };
  return listAt(list, 'items')
    .filter(isObject)
    .map((item) => asSent('kind' in item ? item : { ...type, ...item }));
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof ClusterProblem &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'ANSWER_TOO_LARGE';
