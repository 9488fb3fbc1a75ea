import { setImmediate as nextTurn } from 'node:timers/promises';
import { isObject, listAt, objectAt, type JsonObject } from '#core/json.ts';
import { ClusterProblem, type WatchQuery } from '#core/live/ports.ts';
import { pathOfQuery } from '../api/urls.ts';
import { textAt } from '../json.ts';
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
 * Lists page by page. The next page is asked for before one is given away, so that the server works on it meanwhile.
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
  const ask = (): Promise<JsonObject> => {
    const page = readPage(transport, query, signal, pageSizes[size] ?? 1, token);
    // Whoever is given a page may throw before this one is waited for.
    page.catch(() => undefined);
    return page;
  };
  let asked = ask();
  for (let isFirst = true; ;) {
    const answer = await asked.catch((error: unknown) => {
      if (!isTooLarge(error) || size + 1 >= pageSizes.length) throw error;
      return undefined;
    });
    if (answer === undefined) {
      size += 1;
      asked = ask();
      continue;
    }
    const metadata = objectAt(answer, 'metadata');
    token = textAt(metadata, 'continue') ?? '';
    if (token !== '') {
      asked = ask();
      // The request goes out while nothing else is done.
      await nextTurn();
    }
    page(itemsOf(answer), isFirst);
    isFirst = false;
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
