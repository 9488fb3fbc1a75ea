import { formatApiVersion, parseApiVersion } from '#core/kubernetes/identity.ts';
import type { DataCluster } from '#core/live/model.ts';
import { objectOf } from '#core/live/target.ts';
import type { WantedObject } from '#core/live/tree/find.ts';
import type { TreeContext } from '#core/live/tree/input.ts';
import type { RowTarget } from '#core/live/tree/row.ts';
import type { ObjectIdentity } from '#core/protocol.ts';

/** What the tree looks for when a manifest is given. */
export function wantedObject({ apiVersion, kind, namespace, name }: ObjectIdentity): WantedObject {
  return { group: parseApiVersion(apiVersion)?.group ?? '', kind, namespace, name };
}

/** The objects a manifest may define that stand behind a row, the nearest first: of a pod, those of its data cluster as well. */
export function definingObjects(target: RowTarget, contexts: readonly TreeContext[]): readonly ObjectIdentity[] {
  switch (target.kind) {
    case 'object':
    case 'pod': {
      const object = objectOf(target);
      const cluster = target.kind === 'pod' ? clusterOfPod(target, contexts) : undefined;
      const own = object ? [identity(object.address, object.apiKind)] : [];
      return [...own, ...(cluster ? objectsOf(cluster) : [])];
    }
    case 'dataCluster': {
      const cluster = clustersOf(target.context, contexts).find(({ key }) => key === target.key);
      return cluster ? objectsOf(cluster) : [];
    }
    default:
      return [];
  }
}

function clusterOfPod(
  { context, namespace, name }: { readonly context: string; readonly namespace: string; readonly name: string },
  contexts: readonly TreeContext[],
): DataCluster | undefined {
  return clustersOf(context, contexts).find(
    (cluster) => cluster.namespace === namespace && cluster.members.some((member) => member.name === name),
  );
}

function clustersOf(context: string, contexts: readonly TreeContext[]): readonly DataCluster[] {
  const found = contexts.find(({ summary }) => summary.name === context);
  return found?.view?.clusters.map(({ cluster }) => cluster) ?? [];
}

function objectsOf({ resource, workloads }: DataCluster): readonly ObjectIdentity[] {
  const { name, namespace } = resource?.meta ?? { name: '', namespace: '' };
  const own = resource ? [identity({ ...resource, name, namespace }, resource.customKind)] : [];
  const apps = workloads.map(({ kind, meta }) => identity({ ...meta, group: 'apps', version: 'v1' }, kind));
  return [...own, ...apps];
}

function identity(
  address: { readonly group: string; readonly version: string; readonly namespace: string; readonly name: string },
  kind: string,
): ObjectIdentity {
  const { namespace, name } = address;
  return { apiVersion: formatApiVersion(address), kind, name, ...(namespace === '' ? {} : { namespace }) };
}
