import type { ObjectAddress, ResourceKind, WatchQuery, WriteOptions } from '#core/live/ports.ts';
import { FIELD_MANAGER } from '#core/live/ports.ts';

type QueryValue = string | number | boolean | undefined | readonly string[];

/** A path with its query; values that are undefined or empty are left out. */
export function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value]) {
      if (one !== undefined && one !== '') parts.append(key, String(one));
    }
  }
  const text = parts.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Of all objects of a kind, or of those in one namespace. */
export function pathOfKind(kind: ResourceKind, namespace: string | undefined): string {
  const group = kind.group === '' ? '/api' : `/apis/${encodeURIComponent(kind.group)}`;
  const inside =
    kind.namespaced && namespace !== undefined && namespace !== ''
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
  return `${group}/${encodeURIComponent(kind.version)}${inside}/${encodeURIComponent(kind.plural)}`;
}

export const pathOfObject = (address: ObjectAddress): string =>
  `${pathOfKind(address, address.namespace)}/${encodeURIComponent(address.name)}`;

export const pathOfQuery = (query: WatchQuery, extra: Readonly<Record<string, QueryValue>>): string =>
  withQuery(pathOfKind(query, query.namespace), {
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    ...extra,
  });

/** What every write says: who owns the fields, and whether it is meant. */
export const writeQuery = ({ dryRun, force }: WriteOptions = {}): Readonly<Record<string, QueryValue>> => ({
  fieldManager: FIELD_MANAGER,
  dryRun: dryRun === true ? 'All' : undefined,
  force: force === true ? true : undefined,
});

/** Of a pod's stream. */
export const pathOfPod = (
  namespace: string,
  pod: string,
  part: string,
  query: Readonly<Record<string, QueryValue>>,
): string =>
  withQuery(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/${part}`, query);
