import { isObject, objectAt, textAt, textMapOf, valueAt, type JsonObject } from '#core/json.ts';
import { decodeBase64Text, encodeBase64Text } from '#core/live/edit/base64.ts';
import { ClusterProblem, type Cluster, type ObjectAddress, type ResourceKind } from '#core/live/ports.ts';
import { PLAN_ANNOTATION } from '#core/systems/spark/operations/job.ts';

const secrets: ResourceKind = { group: '', version: 'v1', plural: 'secrets', namespaced: true };

const GENERATION_ANNOTATION = 'data-clusters.io/generation';
const KEY = 'manifest.json';

/** The manifest of an object that is deleted to be made anew, as long as it is nowhere else. */
export interface KeptManifest {
  readonly manifest: JsonObject;
  /** Of the object it was taken from. */
  readonly generation: number;
}

/**
 * A Secret and not a ConfigMap, because settings of an application may hold passwords. It lives from just before the object is deleted until
 * it is there again.
 */
export class ManifestKeeper {
  readonly address: ObjectAddress;
  readonly #cluster: Cluster;
  readonly #planId: string;

  constructor(cluster: Cluster, namespace: string, name: string, planId: string) {
    this.#cluster = cluster;
    this.#planId = planId;
    this.address = { ...secrets, namespace, name: keptName(name, planId) };
  }

  /** Undefined when it is not kept. @throws ClusterProblem */
  async read(): Promise<KeptManifest | undefined> {
    try {
      const object = await this.#cluster.get(this.address);
      const annotations = textMapOf(valueAt(object, 'metadata', 'annotations'));
      if (annotations[PLAN_ANNOTATION] !== this.#planId) return undefined;
      const manifest: unknown = JSON.parse(decodeBase64Text(textAt(objectAt(object, 'data'), KEY)) ?? 'null');
      const generation = Number(annotations[GENERATION_ANNOTATION] ?? -1);
      return isObject(manifest) ? { manifest, generation } : undefined;
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
      throw error;
    }
  }

  /** @throws ClusterProblem */
  async write({ manifest, generation }: KeptManifest, options: { readonly dryRun?: boolean } = {}): Promise<void> {
    const { namespace, name } = this.address;
    await this.#cluster.create(
      secrets,
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          namespace,
          name,
          labels: { 'app.kubernetes.io/managed-by': 'data-clusters' },
          annotations: { [PLAN_ANNOTATION]: this.#planId, [GENERATION_ANNOTATION]: String(generation) },
        },
        type: 'Opaque',
        data: { [KEY]: encodeBase64Text(JSON.stringify(manifest)) },
      },
      options,
    );
  }

  /** @throws ClusterProblem */
  async drop(): Promise<void> {
    try {
      await this.#cluster.delete(this.address);
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.kind !== 'absent') throw error;
    }
  }
}

/** At most 253 characters, and the same for everybody who goes on with the plan. */
export function keptName(name: string, planId: string): string {
  const id = planId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 36);
  return `data-clusters-${name.slice(0, 150)}-${id}`.replace(/-+$/, '');
}

const SERVER_METADATA = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
  'finalizers',
]);

/** What has to be sent to make an object once more: without what the server and the operator have written into it. */
export function manifestOf(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  const own = Object.entries(isObject(metadata) ? metadata : {}).filter(([key]) => !SERVER_METADATA.has(key));
  return { ...rest, metadata: Object.fromEntries(own) };
}
