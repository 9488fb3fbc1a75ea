import { decodeCustom } from '#core/live/decode/custom.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type JsonObject, type ObjectAddress } from '#core/live/ports.ts';

/** A custom resource as it is named in a plan. */
export interface ResourceRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface ResourceNow {
  readonly object: JsonObject;
  readonly resource: LiveCustom;
}

export function addressOf(ref: Omit<ResourceRef, 'uid'>, namespace: string): ObjectAddress {
  // The core group has no name: `v1`.
  const [version = '', group = ''] = ref.apiVersion.split('/').toReversed();
  // Every kind of the operators that we know is served under such a plural.
  const plural = `${ref.kind.toLowerCase()}s`;
  return { group, version, plural, namespaced: true, namespace, name: ref.name };
}

/** @throws ClusterProblem */
export async function readResource(cluster: Cluster, namespace: string, ref: ResourceRef): Promise<ResourceNow> {
  const address = addressOf(ref, namespace);
  const object = await cluster.get(address);
  const resource = decodeCustom({ ...address, kind: ref.kind, verbs: [], versions: [] })(object);
  if (!resource) throw new ClusterProblem('server', `The server's answer about ${ref.kind} ${ref.name} has no name.`);
  return { object, resource };
}

/** Why it is no longer what the plan was made for. */
export async function strangerAs(cluster: Cluster, namespace: string, ref: ResourceRef): Promise<string | undefined> {
  const { resource } = await readResource(cluster, namespace, ref);
  if (resource.meta.uid === ref.uid) return undefined;
  return `The ${ref.kind} ${ref.name} is another one than when the plan was made.`;
}
