import { parse } from 'yaml';
import { isObject } from '#core/json.ts';
import { ApiError, conflict, notFound } from '../simulation/apiError.ts';
import { evict } from '../simulation/budgets.ts';
import { deleteClaim } from '../simulation/claims.ts';
import { kindNamed, kinds, qualifiedPlural } from '../simulation/kinds.ts';
import { recordOf, shapedAs, textOr, type KubeObject, type Pod } from '../simulation/objects.ts';
import type { World } from '../simulation/world.ts';
import type { ApiRequest } from './request.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Everything that changes an object. @throws ApiError */
export function answerWrite(world: World, request: ApiRequest, body: string): Answer {
  if (request.method === 'POST') return answerPost(world, request, readJson(body));
  if (request.method === 'PUT') return ok(replace(world, request, readJson(body)));
  if (request.method === 'PATCH') return ok(patch(world, request, body));
  if (request.method === 'DELETE') return ok(remove(world, request, body === '' ? {} : readJson(body)));
  throw new ApiError(405, 'MethodNotAllowed', `${request.method} is not supported on ${request.kind.plural}`);
}

function answerPost(world: World, request: ApiRequest, body: unknown): Answer {
  if (request.subresource === 'eviction') {
    evictPod(world, request, recordOf(body));
    return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
  }
  if (request.name !== '') throw new ApiError(405, 'MethodNotAllowed', 'POST goes to the list of a kind');
  return { status: 201, body: world.writes.create(request, withStatus(request, body)) };
}

/** A pod begins without having been seen by any kubelet. */
function withStatus({ kind }: ApiRequest, body: unknown): unknown {
  if (kind.kind !== 'Pod' || !isObject(body)) return body;
  return { ...body, status: { phase: 'Pending', conditions: [], containerStatuses: [] } };
}

function replace(world: World, request: ApiRequest, body: unknown): KubeObject {
  return world.writes.replace(request, request.name, body, subresourceOf(request));
}

function patch(world: World, request: ApiRequest, body: string): unknown {
  const [type] = request.contentType.split(';');
  if (type === 'application/apply-patch+yaml') {
    return world.writes.apply(request, request.name, readYaml(body), request.query.get('force') === 'true');
  }
  if (type !== 'application/merge-patch+json') {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `The simulation takes merge patches and server-side apply, not ${type}`,
    );
  }
  const change = readJson(body);
  if (request.subresource === 'scale') return patchScale(world, request, change);
  return world.writes.mergePatch(request, request.name, change, subresourceOf(request));
}

function subresourceOf({ kind, subresource }: ApiRequest): 'status' | undefined {
  if (subresource === '') return undefined;
  if (subresource === 'status' && kind.subresources?.includes('status') === true) return 'status';
  throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

function patchScale(world: World, request: ApiRequest, change: unknown): unknown {
  const { replicas } = recordOf(recordOf(change)['spec']);
  return scaleOf(world.writes.mergePatch(request, request.name, { spec: { replicas } }));
}

export function scaleOf({ metadata, spec, status }: KubeObject): unknown {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: recordOf(spec)['replicas'] },
    status: { replicas: recordOf(status)['replicas'] ?? 0 },
  };
}

function evictPod(world: World, request: ApiRequest, body: Readonly<Record<string, unknown>>): void {
  const pod = world.pod(request.namespace, request.name);
  if (pod === undefined) throw notFound('pods', request.name);
  const options = recordOf(body['deleteOptions']);
  requireUid(request, pod, options);
  const grace = options['gracePeriodSeconds'];
  const isDryRun = request.isDryRun || (Array.isArray(options['dryRun']) && options['dryRun'].includes('All'));
  evict(world, pod, { isDryRun, ...(typeof grace === 'number' && { graceSeconds: grace }) });
}

function remove(world: World, request: ApiRequest, options: unknown): unknown {
  const { kind, namespace, name } = request;
  if (name === '') throw new ApiError(405, 'MethodNotAllowed', 'The simulation deletes one object at a time');
  const object = world.store.get(kind, namespace, name);
  if (object === undefined) throw notFound(qualifiedPlural(kind), name);
  const settings = recordOf(options);
  requireUid(request, object, settings);
  if (request.isDryRun || (Array.isArray(settings['dryRun']) && settings['dryRun'].includes('All'))) return object;
  const grace = settings['gracePeriodSeconds'] ?? request.query.get('gracePeriodSeconds') ?? undefined;
  if (kind.kind === 'Pod') world.deletePod(shapedAs<Pod>(object), grace === undefined ? undefined : Number(grace));
  else if (kind.kind === 'PersistentVolumeClaim') deleteClaim(world, object);
  else if (kind.kind === 'Namespace') removeNamespace(world, object);
  else world.remove(object);
  return world.store.get(kind, namespace, name) ?? object;
}

function removeNamespace(world: World, namespace: KubeObject): void {
  const { name } = namespace.metadata;
  for (const kind of kinds.filter(({ namespaced }) => namespaced)) {
    for (const object of world.store.list(kind, name)) world.store.remove(kind, object);
  }
  world.store.remove(kindNamed('Namespace'), namespace);
}

function requireUid({ kind, name }: ApiRequest, object: KubeObject, options: Readonly<Record<string, unknown>>): void {
  const wanted = recordOf(options['preconditions']);
  const { uid, resourceVersion } = object.metadata;
  if (wanted['uid'] !== undefined && wanted['uid'] !== uid) {
    const why = `the UID in the precondition (${textOr(wanted['uid'], '')}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(qualifiedPlural(kind), name, why);
  }
  if (wanted['resourceVersion'] !== undefined && wanted['resourceVersion'] !== resourceVersion) {
    throw conflict(
      qualifiedPlural(kind),
      name,
      'the ResourceVersion in the precondition does not match the one in record',
    );
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'BadRequest', 'The body is not JSON');
  }
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 50 });
  } catch {
    throw new ApiError(400, 'BadRequest', 'The body is not YAML');
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}
