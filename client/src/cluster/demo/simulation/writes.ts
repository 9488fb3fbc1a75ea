import { admit } from './admit.ts';
import { ApiError, conflict, invalid, notFound } from './apiError.ts';
import { fieldText, leavesOf, mergePatched, overlay, pathsOf, removeField, sameValue, treeOf } from './fieldTrees.ts';
import { apiVersionOf, kindNamed, qualifiedPlural, type Kind } from './kinds.ts';
import { isRecord, recordOf, timeText, type KubeObject, type ManagedFieldsEntry, type NewObject } from './objects.ts';
import type { ObjectStore } from './store.ts';

export interface WriteRequest {
  readonly kind: Kind;
  readonly namespace: string;
  /** Who owns what is written. */
  readonly manager: string;
  readonly isDryRun: boolean;
}

/** Creating and changing objects as the API server does it: checks, defaults, field owners, generations. */
export class ObjectWrites {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  create(request: WriteRequest, body: unknown): KubeObject {
    const { kind, namespace } = request;
    const object = admit(kind, this.#identified(kind, namespace, body));
    if (kind.namespaced) this.#requireNamespace(namespace);
    if (this.#store.get(kind, namespace, object.metadata.name) !== undefined) {
      throw new ApiError(409, 'AlreadyExists', `${qualifiedPlural(kind)} "${object.metadata.name}" already exists`);
    }
    const owned: NewObject = {
      ...object,
      metadata: { ...object.metadata, managedFields: [this.#entry(request, 'Update', leavesOf(object).keys())] },
    };
    if (request.isDryRun) return preview(owned);
    return this.#store.add(kind, owned);
  }

  replace(request: WriteRequest, name: string, body: unknown, subresource?: 'status'): KubeObject {
    const current = this.#current(request, name);
    const sent = this.#identified(request.kind, request.namespace, body);
    requireSameVersion(request.kind, name, current, sent.metadata.resourceVersion, sent.metadata.uid);
    return this.#changed(request, current, sent, subresource);
  }

  mergePatch(request: WriteRequest, name: string, patch: unknown, subresource?: 'status'): KubeObject {
    const current = this.#current(request, name);
    if (!isRecord(patch)) throw new ApiError(400, 'BadRequest', 'The patch is not an object');
    const wanted = recordOf(patch['metadata']);
    requireSameVersion(request.kind, name, current, textOf(wanted['resourceVersion']), textOf(wanted['uid']));
    const patched = mergePatched(current, patch);
    return this.#changed(request, current, this.#identified(request.kind, request.namespace, patched), subresource);
  }

  /** Server-side apply. */
  apply(request: WriteRequest, name: string, body: unknown, isForced: boolean): KubeObject {
    const { kind, namespace } = request;
    const sent = this.#identified(kind, namespace, isRecord(body) ? withName(body, name) : body);
    const current = this.#store.get(kind, namespace, name);
    if (current === undefined) return this.#applyNew(request, sent);
    requireSameVersion(kind, name, current, sent.metadata.resourceVersion, sent.metadata.uid);
    const leaves = leavesOf(sent);
    const taken = this.#takenFields(request, current, leaves, isForced);
    const mine = current.metadata.managedFields?.find((entry) => isApplyOf(entry, request.manager));
    let merged: unknown = overlay(current, { ...sent, metadata: ownMetadata(sent) });
    for (const path of mine === undefined ? [] : pathsOf(mine.fieldsV1)) {
      const isOwnedElsewhere = othersOf(current, request.manager).some((entry) =>
        pathsOf(entry.fieldsV1).includes(path),
      );
      if (!leaves.has(path) && !isOwnedElsewhere) merged = removeField(merged, path);
    }
    const entries = othersOf(current, request.manager).map((entry) => ({
      ...entry,
      fieldsV1: treeOf(pathsOf(entry.fieldsV1).filter((path) => !taken.has(path))),
    }));
    return this.#keep(request, current, this.#identified(kind, namespace, merged), [
      ...entries.filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0),
      this.#entry(request, 'Apply', leaves.keys()),
    ]);
  }

  #applyNew(request: WriteRequest, sent: NewObject): KubeObject {
    const object = admit(request.kind, sent);
    if (request.kind.namespaced) this.#requireNamespace(request.namespace);
    const entry = this.#entry(request, 'Apply', leavesOf(sent).keys());
    const owned: NewObject = { ...object, metadata: { ...object.metadata, managedFields: [entry] } };
    return request.isDryRun ? preview(owned) : this.#store.add(request.kind, owned);
  }

  /** Fields that change hands. @throws ApiError 409 when others own them and they are not taken by force */
  #takenFields(
    request: WriteRequest,
    current: KubeObject,
    leaves: Map<string, unknown>,
    isForced: boolean,
  ): Set<string> {
    const present = leavesOf(current);
    const conflicts = othersOf(current, request.manager).flatMap((entry) =>
      pathsOf(entry.fieldsV1)
        .filter((path) => leaves.has(path) && !sameValue(leaves.get(path), present.get(path)))
        .map((path) => ({ path, entry })),
    );
    if (conflicts.length > 0 && !isForced) throw applyConflict(conflicts);
    return new Set(conflicts.map(({ path }) => path));
  }

  #changed(request: WriteRequest, current: KubeObject, sent: NewObject, subresource: 'status' | undefined): KubeObject {
    if (subresource === 'status') {
      return this.#keep(request, current, { ...current, status: sent['status'] }, current.metadata.managedFields ?? []);
    }
    const before = leavesOf(current);
    const changed = [...leavesOf(sent)]
      .filter(([path, value]) => !sameValue(before.get(path), value))
      .map(([path]) => path);
    const entries = (current.metadata.managedFields ?? []).map((entry) => ({
      ...entry,
      fieldsV1: treeOf(pathsOf(entry.fieldsV1).filter((path) => !changed.includes(path))),
    }));
    const mine = entries.find(({ manager, operation }) => manager === request.manager && operation === 'Update');
    const owned = [...(mine === undefined ? [] : pathsOf(mine.fieldsV1)), ...changed];
    return this.#keep(request, current, sent, [
      ...entries.filter((entry) => entry !== mine && Object.keys(entry.fieldsV1).length > 0),
      ...(owned.length === 0 ? [] : [this.#entry(request, 'Update', owned)]),
    ]);
  }

  /** Writes the new state with what the server keeps of the old one. */
  #keep(
    request: WriteRequest,
    current: KubeObject,
    sent: NewObject | KubeObject,
    managedFields: readonly ManagedFieldsEntry[],
  ): KubeObject {
    const { generation = 0 } = current.metadata;
    const hasStatus = request.kind.subresources?.includes('status') === true;
    const isStatus = sent['status'] !== current['status'] && sent['spec'] === current['spec'];
    const metadata = { ...current.metadata, ...ownMetadata(sent), managedFields };
    const next = admit<KubeObject>(
      request.kind,
      { ...sent, metadata, ...(hasStatus && !isStatus && 'status' in current && { status: current['status'] }) },
      current,
    );
    const isNewSpec = !sameValue(next['spec'], current['spec']);
    const counted = isNewSpec ? { ...next, metadata: { ...next.metadata, generation: generation + 1 } } : next;
    const isSame = sameValue(
      { ...counted, metadata: comparable(counted) },
      { ...current, metadata: comparable(current) },
    );
    if (request.isDryRun || isSame) return isSame ? current : counted;
    return this.#store.put(request.kind, counted);
  }

  #current({ kind, namespace }: WriteRequest, name: string): KubeObject {
    const current = this.#store.get(kind, namespace, name);
    if (current === undefined) throw notFound(qualifiedPlural(kind), name);
    return current;
  }

  #requireNamespace(namespace: string): void {
    if (this.#store.get(kindNamed('Namespace'), '', namespace) === undefined) throw notFound('namespaces', namespace);
  }

  #identified(kind: Kind, namespace: string, body: unknown): NewObject {
    if (!isRecord(body)) throw new ApiError(400, 'BadRequest', 'The body is not an object');
    const metadata = recordOf(body['metadata']);
    const name = textOf(metadata['name']);
    const sentNamespace = textOf(metadata['namespace']);
    if (body['kind'] !== kind.kind || body['apiVersion'] !== apiVersionOf(kind)) {
      throw new ApiError(400, 'BadRequest', `The body is no ${apiVersionOf(kind)} ${kind.kind}`);
    }
    if (name === undefined)
      throw invalid(kind.kind, '', [
        { field: 'metadata.name', reason: 'FieldValueRequired', message: 'Required value' },
      ]);
    if (kind.namespaced && sentNamespace !== undefined && sentNamespace !== namespace) {
      throw new ApiError(
        400,
        'BadRequest',
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    return {
      ...body,
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata: { ...metadata, name, ...(kind.namespaced && { namespace }) },
    };
  }

  #entry(request: WriteRequest, operation: 'Apply' | 'Update', paths: Iterable<string>): ManagedFieldsEntry {
    return {
      manager: request.manager,
      operation,
      apiVersion: apiVersionOf(request.kind),
      time: timeText(this.#store.now()),
      fieldsType: 'FieldsV1',
      fieldsV1: treeOf(paths),
    };
  }
}

/** A dry run answers with an object that has everything but a place. */
function preview(object: NewObject): KubeObject {
  return { ...object, metadata: { uid: '', resourceVersion: '', creationTimestamp: '', ...object.metadata } };
}

function requireSameVersion(
  kind: Kind,
  name: string,
  current: KubeObject,
  resourceVersion: string | undefined,
  uid: string | undefined,
): void {
  if (uid !== undefined && uid !== current.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(qualifiedPlural(kind), name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== current.metadata.resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(qualifiedPlural(kind), name, why);
  }
}

function applyConflict(conflicts: readonly { readonly path: string; readonly entry: ManagedFieldsEntry }[]): ApiError {
  const causes = conflicts.map(({ path, entry }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${JSON.stringify(entry.manager)} using ${entry.apiVersion}`,
    field: fieldText(path),
  }));
  const what = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`;
  const list = causes.map(({ message, field }) => `${message}: ${field}`).join(', ');
  return new ApiError(409, 'Conflict', `Apply failed with ${what}: ${list}`, { causes });
}

function isApplyOf(entry: ManagedFieldsEntry, manager: string): boolean {
  return entry.manager === manager && entry.operation === 'Apply';
}

function othersOf(object: KubeObject, manager: string): readonly ManagedFieldsEntry[] {
  return (object.metadata.managedFields ?? []).filter((entry) => !isApplyOf(entry, manager));
}

/** The metadata a client may set. */
function ownMetadata(object: NewObject | KubeObject): Partial<KubeObject['metadata']> {
  const { labels, annotations, ownerReferences } = object.metadata;
  return {
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
    ...(ownerReferences !== undefined && { ownerReferences }),
  };
}

/** Metadata as far as it counts for whether anything is new: when somebody wrote does not, who owns what does. */
function comparable({ metadata }: KubeObject): unknown {
  const owners = (metadata.managedFields ?? []).map(({ time: _time, ...entry }) => entry);
  return { ...metadata, managedFields: owners };
}

function withName(body: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  return { ...body, metadata: { name, ...recordOf(body['metadata']) } };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
