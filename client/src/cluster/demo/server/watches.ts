import type { ServerResponse } from 'node:http';
import type { Clock, Stoppable } from '#core/live/ports.ts';
import { ApiError, statusOf } from '../simulation/apiError.ts';
import { apiVersionOf } from '../simulation/kinds.ts';
import type { KubeObject } from '../simulation/objects.ts';
import type { Change, ObjectStore } from '../simulation/store.ts';
import { textFor } from './documents.ts';
import type { ApiRequest } from './request.ts';
import { filterOf } from './selectors.ts';

const BOOKMARK_EVERY_MS = 15_000;
/** A client that reads too slowly is cut off before it costs much; it begins anew. */
const LARGEST_BACKLOG = 16 * 1024 * 1024;

/** Tells changes until the client goes, its time is over, or the server stops. */
export function startWatch(store: ObjectStore, clock: Clock, request: ApiRequest, response: ServerResponse): Stoppable {
  const { kind, query } = request;
  const fits = filterOf(request.namespace, query);
  const text = textFor(request.accept);
  const timers = new Set<Stoppable>();
  const stop = (): void => {
    subscription.stop();
    for (const timer of timers) timer.stop();
    if (!response.writableEnded) response.end();
  };
  const send = (type: string, object: string): void => {
    if (response.writableLength > LARGEST_BACKLOG) response.destroy();
    else response.write(`{"type":"${type}","object":${object}}\n`);
  };
  const tell = (change: Change): void => {
    const event = eventOf(change, fits);
    if (event !== undefined) send(event, text(change.object));
  };
  const bookmark = (annotations?: Readonly<Record<string, string>>): void => {
    const metadata = {
      resourceVersion: String(store.version),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    };
    send('BOOKMARK', JSON.stringify({ kind: kind.kind, apiVersion: apiVersionOf(kind), metadata }));
  };
  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  const subscription = store.onDidChange((change) => {
    if (change.kind === kind) tell(change);
  });
  response.on('close', stop);
  beginWatch(store, request, fits, { send, tell, bookmark, text, stop });
  const allowsBookmarks = query.get('allowWatchBookmarks') === 'true';
  const repeat = (): void => {
    const timer = clock.after(BOOKMARK_EVERY_MS, () => {
      timers.delete(timer);
      bookmark();
      repeat();
    });
    timers.add(timer);
  };
  if (allowsBookmarks) repeat();
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  if (seconds > 0) timers.add(clock.after(seconds * 1000, stop));
  return { stop };
}

interface WatchOutput {
  send(type: string, object: string): void;
  tell(change: Change): void;
  bookmark(annotations?: Readonly<Record<string, string>>): void;
  text(object: KubeObject): string;
  stop(): void;
}

/** What is there, or what has happened since the version the client knows. */
function beginWatch(
  store: ObjectStore,
  request: ApiRequest,
  fits: (object: KubeObject) => boolean,
  output: WatchOutput,
): void {
  const version = Number(request.query.get('resourceVersion') ?? 0);
  const wantsInitial = request.query.get('sendInitialEvents') === 'true';
  if (version === 0 || wantsInitial) {
    for (const object of store.list(request.kind)) if (fits(object)) output.send('ADDED', output.text(object));
    if (wantsInitial) output.bookmark({ 'k8s.io/initial-events-end': 'true' });
    return;
  }
  const missed = store.changesAfter(version, request.kind);
  if (missed === undefined) {
    const error = new ApiError(410, 'Expired', `too old resource version: ${version} (${store.version})`);
    output.send('ERROR', JSON.stringify(statusOf(error)));
    output.stop();
    return;
  }
  for (const change of missed) output.tell(change);
}

/** An object that begins or ceases to fit the selectors appears or vanishes for this watch. */
function eventOf(change: Change, fits: (object: KubeObject) => boolean): string | undefined {
  const did = change.previous !== undefined && fits(change.previous);
  const does = change.type !== 'DELETED' && fits(change.object);
  if (does) return did ? 'MODIFIED' : 'ADDED';
  return did ? 'DELETED' : undefined;
}
