import { ClusterProblem, type JsonObject, type WatchQuery } from '#core/live/ports.ts';
import { pathOfQuery } from '../api/urls.ts';
import { isObject } from '../json.ts';
import { problemOfStatus } from '../transport/problems.ts';
import type { Transport } from '../transport/transport.ts';
import { asSent, versionOf } from './objects.ts';
import { readLines } from './readLines.ts';

/** One line of a watch; a bookmark has no object of interest. */
export interface WatchLine {
  readonly type: 'put' | 'remove' | 'bookmark';
  readonly object: JsonObject;
  /** From which to go on after this line. */
  readonly version: string | undefined;
}

/** How long the server keeps a watch open; in seconds, and as much again by chance. */
const servedSeconds = 300;
const openingTimeoutMs = 30_000;

const eventType = {
  full: 'application/json',
  metadata: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
} as const;

export interface WatchStreamOptions {
  readonly transport: Transport;
  readonly query: WatchQuery;
  readonly version: string;
  readonly chance: () => number;
  readonly signal: AbortSignal;
  readonly opened: () => void;
  /** Bytes have come; they may be less than a line. */
  readonly alive: () => void;
  readonly line: (line: WatchLine) => void;
}

/**
 * Watches from a version until the server ends it, as it does now and then.
 * @throws ClusterProblem when the server reports an error, with its status, or the connection breaks
 */
export async function readWatch(options: WatchStreamOptions): Promise<void> {
  const { transport, query, version, chance, signal } = options;
  const timeoutSeconds = Math.round(servedSeconds * (1 + chance()));
  const path = pathOfQuery(query, { watch: true, allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds });
  const accept = query.metadataOnly === true ? eventType.metadata : eventType.full;
  const stream = await transport.stream({ path, accept, signal, timeoutMs: openingTimeoutMs });
  try {
    options.opened();
    for await (const text of readLines(noticing(stream, options.alive))) options.line(parseLine(text));
  } finally {
    stream.destroy();
  }
}

async function* noticing(stream: AsyncIterable<Buffer>, alive: () => void): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    alive();
    yield chunk;
  }
}

const types: Readonly<Record<string, WatchLine['type']>> = {
  ADDED: 'put',
  MODIFIED: 'put',
  DELETED: 'remove',
  BOOKMARK: 'bookmark',
};

function parseLine(text: string): WatchLine {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (error) {
    throw new ClusterProblem('server', 'The API server sent an event that is no JSON.', { cause: error });
  }
  const object = isObject(event) ? event['object'] : undefined;
  const type = isObject(event) ? types[String(event['type'])] : undefined;
  if (type === undefined || !isObject(object)) throw problemOfStatus(object);
  return { type, object: asSent(object), version: versionOf(object) };
}
