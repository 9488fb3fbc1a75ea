import { listAt, textAt } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type JsonObject, type ObjectAddress } from '#core/live/ports.ts';

/** What stands above a pod; undefined where there is nothing, or where it may not be read. */
export interface PodOwners {
  readonly set: JsonObject | undefined;
  /** Of the operator that made the StatefulSet: a CassandraDatacenter, for example. */
  readonly resource: JsonObject | undefined;
}

/** @throws ClusterProblem when the cluster does not answer */
export async function readOwners(cluster: Cluster, { meta }: LivePod): Promise<PodOwners> {
  const owner = meta.owners.find(({ kind, isController }) => kind === 'StatefulSet' && isController);
  const { namespace } = meta;
  const set = owner && (await readIfAllowed(cluster, addressOf('apps/v1', 'StatefulSet', namespace, owner.name)));
  const above = listAt(set, 'metadata', 'ownerReferences').find((one) => textAt(one, 'name') !== '');
  if (above === undefined) return { set, resource: undefined };
  const [apiVersion, kind, name] = ['apiVersion', 'kind', 'name'].map((field) => textAt(above, field));
  return { set, resource: await readIfAllowed(cluster, addressOf(apiVersion, kind, namespace, name)) };
}

function addressOf(apiVersion = '', kind = '', namespace = '', name = ''): ObjectAddress {
  const [group = '', version = ''] = apiVersion.split('/');
  return { group, version, plural: `${kind.toLowerCase()}s`, namespaced: true, namespace, name };
}

/** Undefined when it is not there or may not be read. @throws ClusterProblem when the cluster does not answer */
export async function readIfAllowed(cluster: Cluster, address: ObjectAddress): Promise<JsonObject | undefined> {
  try {
    return await cluster.get(address);
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return undefined;
    throw error;
  }
}
