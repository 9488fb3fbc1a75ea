import { objectAt, type JsonObject } from '#core/json.ts';
import type { Cluster, WriteOptions } from '#core/live/ports.ts';
import type { Transport } from '../transport/transport.ts';
import { pathOfKind, pathOfObject, pathOfPod, withQuery, writeQuery } from './urls.ts';
import { textAt } from '../json.ts';

/** Reads and writes of single objects. */
export type ObjectCalls = Pick<Cluster, 'get' | 'create' | 'apply' | 'mergePatch' | 'replace' | 'delete' | 'evict'>;

const json = 'application/json';
/** JSON is YAML; the server knows server-side apply by this type. */
const applyPatch = 'application/apply-patch+yaml';

export function createObjectCalls(transport: Transport): ObjectCalls {
  const write = (
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    body: { readonly type: string; readonly content: unknown },
    options: WriteOptions | undefined,
  ): Promise<JsonObject> => transport.json({ method, path: withQuery(path, writeQuery(options)), body });
  return {
    get: (address) => transport.json({ path: pathOfObject(address) }),
    create: (kind, object, options) => {
      const namespace = textAt(objectAt(object, 'metadata'), 'namespace');
      return write('POST', pathOfKind(kind, namespace), { type: json, content: object }, { ...options, force: false });
    },
    apply: (address, object, options) =>
      write('PATCH', pathOfObject(address), { type: applyPatch, content: object }, options),
    mergePatch: (address, patch, options) => {
      const body = { type: 'application/merge-patch+json', content: patch };
      const part = options?.subresource === undefined ? '' : `/${options.subresource}`;
      return write('PATCH', `${pathOfObject(address)}${part}`, body, { ...options, force: false });
    },
    replace: (address, object, options) =>
      write('PUT', pathOfObject(address), { type: json, content: object }, { ...options, force: false }),
    async delete(address, options = {}) {
      const content = { kind: 'DeleteOptions', apiVersion: 'v1', ...conditions(options.uid), ...dryRun(options) };
      await transport.json({ method: 'DELETE', path: pathOfObject(address), body: { type: json, content } });
    },
    async evict({ namespace, name, uid }, options = {}) {
      const content = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { namespace, name },
        deleteOptions: { ...conditions(uid), ...dryRun(options) },
      };
      const path = pathOfPod(namespace, name, 'eviction', {});
      await transport.json({ method: 'POST', path, body: { type: json, content } });
    },
  };
}

/** Only the very object that was meant; one of the same name that came later is left alone (409). */
const conditions = (uid: string | undefined): object => (uid === undefined ? {} : { preconditions: { uid } });

const dryRun = (options: WriteOptions): object => (options.dryRun === true ? { dryRun: ['All'] } : {});
