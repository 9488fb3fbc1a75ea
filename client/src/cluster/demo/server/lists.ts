import { ApiError } from '../simulation/apiError.ts';
import { apiVersionOf } from '../simulation/kinds.ts';
import { isRecord, type KubeObject } from '../simulation/objects.ts';
import type { ObjectStore } from '../simulation/store.ts';
import { textFor } from './documents.ts';
import type { ApiRequest } from './request.ts';
import { filterOf } from './selectors.ts';

/** A list, or the part of it that is asked for by `limit` and `continue`. */
export function listText(store: ObjectStore, request: ApiRequest): string {
  const { kind, query } = request;
  const fits = filterOf(request.namespace, query);
  const place = readContinue(query.get('continue') ?? '');
  if (place !== undefined && store.changesAfter(place.version, kind) === undefined) throw expiredContinue();
  const limit = Number(query.get('limit') ?? 0) || Number.POSITIVE_INFINITY;
  const items: KubeObject[] = [];
  let next = '';
  let remaining = 0;
  for (const object of store.list(kind, request.namespace === '' ? undefined : request.namespace)) {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if ((place !== undefined && key <= place.after) || !fits(object)) continue;
    if (items.length < limit) {
      items.push(object);
      next = key;
    } else remaining++;
  }
  const version = place?.version ?? store.version;
  const isPartial = request.accept.includes('as=PartialObjectMetadata');
  const head = JSON.stringify({
    kind: isPartial ? 'PartialObjectMetadataList' : `${kind.kind}List`,
    apiVersion: isPartial ? 'meta.k8s.io/v1' : apiVersionOf(kind),
    metadata: {
      resourceVersion: String(version),
      ...(remaining > 0 && { continue: writeContinue(version, next), remainingItemCount: remaining }),
    },
  });
  const text = textFor(request.accept);
  return `${head.slice(0, -1)},"items":[${items.map(text).join(',')}]}`;
}

function writeContinue(version: number, after: string): string {
  return Buffer.from(JSON.stringify({ version, after })).toString('base64url');
}

function readContinue(token: string): { readonly version: number; readonly after: string } | undefined {
  if (token === '') return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (isRecord(value) && typeof value['version'] === 'number' && typeof value['after'] === 'string') {
      return { version: value['version'], after: value['after'] };
    }
  } catch {
    // Answered below, as any other token that is none.
  }
  throw new ApiError(400, 'BadRequest', 'continue key is not valid');
}

function expiredContinue(): ApiError {
  return new ApiError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
  );
}
