import { numberOf, textAt, textMapOf, timeAt, valueAt, type JsonObject } from '#core/json.ts';
import { decodeStored, readRelease, type ReleaseContent } from '#core/live/helm/decode.ts';
import type { HelmPort } from '#core/live/helm/program.ts';
import { ClusterProblem, type Cluster, type ObjectAddress, type ResourceKind } from '#core/live/ports.ts';

/** One revision of a release as Helm keeps it, by its metadata. */
export interface StoredRevision {
  readonly revision: number;
  /** `deployed`, `pending-rollback`. */
  readonly status: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly driver: 'secret' | 'configmap';
  /** Milliseconds since 1970; undefined when it does not say. */
  readonly modifiedAt: number | undefined;
}

export interface ReleaseName {
  readonly namespace: string;
  readonly name: string;
}

const kinds: Readonly<Record<StoredRevision['driver'], ResourceKind>> = {
  secret: { group: '', version: 'v1', plural: 'secrets', namespaced: true },
  configmap: { group: '', version: 'v1', plural: 'configmaps', namespaced: true },
};

export function storageOf(driver: StoredRevision['driver']): ResourceKind {
  return kinds[driver];
}

/** All that is kept, newest first; empty when there is none. @throws ClusterProblem when they may not be listed */
export async function storedRevisions(
  cluster: Pick<Cluster, 'list'>,
  { namespace, name }: ReleaseName,
): Promise<readonly StoredRevision[]> {
  for (const driver of ['secret', 'configmap'] as const) {
    const query = { ...kinds[driver], namespace, labelSelector: `owner=helm,name=${name}`, metadataOnly: true };
    const found = (await cluster.list(query)).flatMap((object) => readStored(object, driver) ?? []);
    if (found.length > 0) return found.toSorted((a, b) => b.revision - a.revision);
  }
  return [];
}

function readStored(object: JsonObject, driver: StoredRevision['driver']): StoredRevision | undefined {
  const name = textAt(object, 'metadata', 'name');
  const labels = textMapOf(valueAt(object, 'metadata', 'labels'));
  const [, version] = /^sh\.helm\.release\.v1\..+\.v(\d{1,9})$/.exec(name) ?? [];
  if (version === undefined) return undefined;
  const seconds = numberOf(Number(labels['modifiedAt'] ?? labels['createdAt'] ?? Number.NaN));
  return {
    revision: Number(version),
    status: labels['status'] ?? 'unknown',
    name,
    uid: textAt(object, 'metadata', 'uid'),
    labels,
    driver,
    modifiedAt: seconds === undefined ? timeAt(object, 'metadata', 'creationTimestamp') : seconds * 1000,
  };
}

/** What a revision holds. */
export interface ReleaseStored {
  readonly stored: StoredRevision;
  /** The Secret or ConfigMap. */
  readonly object: JsonObject;
  /** Its content as Helm wrote it. */
  readonly json: JsonObject;
  readonly content: ReleaseContent;
}

/** @throws ClusterProblem when it may not be read, is gone, or is not what Helm writes */
export async function readRevision(
  cluster: Pick<Cluster, 'get'>,
  namespace: string,
  stored: StoredRevision,
  { inflate }: Pick<HelmPort, 'inflate'>,
): Promise<ReleaseStored> {
  const object = await cluster.get(addressOf(namespace, stored));
  const decoded = decodeStored(textAt(object, 'data', 'release'), inflate);
  if (decoded.kind === 'problem')
    throw new ClusterProblem('invalid', `Revision ${stored.revision} cannot be read: ${decoded.problem}`);
  return { stored, object, json: decoded.json, content: readRelease(decoded.json) };
}

export function addressOf(namespace: string, { driver, name }: Pick<StoredRevision, 'driver' | 'name'>): ObjectAddress {
  return { ...kinds[driver], namespace, name };
}
