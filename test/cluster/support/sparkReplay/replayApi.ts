import { objectAt, objectsOf, textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { Cluster, ResourceKind } from '#core/live/ports.ts';

const kubeflow = { group: 'sparkoperator.k8s.io', namespaced: true } as const;
const apache = { group: 'spark.apache.org', version: 'v1', namespaced: true } as const;

/** What is replayed, and what it is made of. */
export const kinds = {
  application: { ...kubeflow, version: 'v1beta2', plural: 'sparkapplications' },
  schedule: { ...kubeflow, version: 'v1beta2', plural: 'scheduledsparkapplications' },
  connect: { ...kubeflow, version: 'v1alpha1', plural: 'sparkconnects' },
  apacheApplication: { ...apache, plural: 'sparkapplications' },
  apacheCluster: { ...apache, plural: 'sparkclusters' },
  pod: { group: '', version: 'v1', plural: 'pods', namespaced: true },
  service: { group: '', version: 'v1', plural: 'services', namespaced: true },
  set: { group: 'apps', version: 'v1', plural: 'statefulsets', namespaced: true },
} as const satisfies Record<string, ResourceKind>;

export const nameOf = (object: unknown): string => textAt(object, 'metadata', 'name');
export const uidOf = (object: unknown): string => textAt(object, 'metadata', 'uid');
export const phaseOf = (pod: unknown): string => textAt(pod, 'status', 'phase');
export const labelOf = (object: unknown, label: string): string => textAt(object, 'metadata', 'labels', label);
export const isDeleted = (object: unknown): boolean => valueAt(object, 'metadata', 'deletionTimestamp') !== undefined;
export const isOver = (pod: unknown): boolean => ['Succeeded', 'Failed'].includes(phaseOf(pod));

export const isOwnedBy = (object: unknown, owner: unknown): boolean =>
  objectsOf(valueAt(object, 'metadata', 'ownerReferences')).some((one) => textAt(one, 'uid') === uidOf(owner));

/** As Spark and its operators write it, which makes the owned go with the owner. */
export const ownedBy = (owner: JsonObject): readonly JsonObject[] => [
  {
    apiVersion: textAt(owner, 'apiVersion'),
    kind: textAt(owner, 'kind'),
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
  },
];

/** One namespace of the real API server, as a replay reads and writes it; what is gone or there already is no error. */
export class ReplayApi {
  readonly namespace: string;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.namespace = namespace;
  }

  list(kind: ResourceKind): Promise<readonly JsonObject[]> {
    return this.#cluster.list({ ...kind, namespace: this.namespace });
  }

  async create(kind: ResourceKind, object: JsonObject): Promise<void> {
    const metadata = { ...objectAt(object, 'metadata'), namespace: this.namespace };
    await calmly(this.#cluster.create(kind, { ...object, metadata }));
  }

  /** Only of the version that was read, as operators do it. */
  async status(kind: ResourceKind, object: JsonObject, status: JsonObject): Promise<void> {
    await this.#patch(kind, object, { status }, { subresource: 'status' });
  }

  async finalizers(kind: ResourceKind, object: JsonObject, finalizers: readonly string[]): Promise<void> {
    await this.#patch(kind, object, { metadata: { finalizers } });
  }

  async remove(kind: ResourceKind, object: JsonObject): Promise<void> {
    if (isDeleted(object)) return;
    const address = { ...kind, namespace: this.namespace, name: nameOf(object) };
    await calmly(this.#cluster.delete(address, { uid: uidOf(object) }));
  }

  async #patch(
    kind: ResourceKind,
    object: JsonObject,
    change: JsonObject,
    options: { readonly subresource?: 'status' } = {},
  ): Promise<void> {
    const address = { ...kind, namespace: this.namespace, name: nameOf(object) };
    const version = { uid: uidOf(object), resourceVersion: textAt(object, 'metadata', 'resourceVersion') };
    const metadata = { ...objectAt(change, 'metadata'), ...version };
    await calmly(this.#cluster.mergePatch(address, { ...change, metadata }, options));
  }
}

/** Somebody was faster: the next round reads it anew. */
async function calmly(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && 'kind' in error && (error.kind === 'absent' || error.kind === 'conflict')) return;
    throw error;
  }
}
