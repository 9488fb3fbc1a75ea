import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LiveWorkload, ObjectMeta } from '#core/live/objects.ts';
import type { ObjectAddress, ResourceKind } from '#core/live/ports.ts';
import type { ObjectTarget, PodTarget } from '#core/live/target.ts';
import type { DefinitionView } from '#core/live/view.ts';

/** The object that stands for a data cluster: its custom resource, else its workload; undefined when only pods are left of it. */
export function mainObjectOf(
  context: string,
  cluster: DataCluster,
  definitions: readonly DefinitionView[],
): ObjectTarget | undefined {
  if (cluster.resource) return customObject(context, cluster.resource, definitions);
  const [workload] = cluster.workloads;
  return workload && workloadObject(context, workload);
}

export function customObject(
  context: string,
  custom: LiveCustom,
  definitions: readonly DefinitionView[],
): ObjectTarget {
  const { group, version, customKind, meta } = custom;
  const known = definitions.find((definition) => definition.group === group && definition.kind === customKind);
  // By the rule that nearly all kinds follow, for a definition that may not be read.
  const plural = known?.plural ?? `${customKind.toLowerCase()}s`;
  return targetOf(context, customKind, { group, version, plural, namespaced: meta.namespace !== '' }, meta);
}

const workloadPlurals: Readonly<Record<LiveWorkload['kind'], string>> = {
  StatefulSet: 'statefulsets',
  Deployment: 'deployments',
  DaemonSet: 'daemonsets',
};

export function workloadObject(context: string, { kind, meta }: LiveWorkload): ObjectTarget {
  return targetOf(
    context,
    kind,
    { group: 'apps', version: 'v1', plural: workloadPlurals[kind], namespaced: true },
    meta,
  );
}

/** The pod of a member that has one. */
export function memberPod(context: string, { pod, container }: LiveMember): PodTarget | undefined {
  if (!pod) return undefined;
  const { namespace, name, uid } = pod.meta;
  return { kind: 'pod', context, namespace, name, uid, ...(container === '' ? {} : { container }) };
}

function targetOf(context: string, apiKind: string, kind: ResourceKind, meta: ObjectMeta): ObjectTarget {
  const { namespace, name, uid } = meta;
  const address: ObjectAddress = { ...kind, namespace, name };
  return { kind: 'object', context, apiKind, address, ...(uid === '' ? {} : { uid }) };
}
