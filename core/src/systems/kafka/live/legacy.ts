import type { LiveCustom, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { kafkaKinds } from '#core/systems/kafka/kinds.ts';
import { integerAt, textAt } from '#core/systems/kafka/live/json.ts';
import { versionOfImage } from '#core/systems/kafka/live/node.ts';
import { isOwnedBy, type ClusterParts } from '#core/systems/kafka/live/parts.ts';
import { makeWorkloadMember, membersOfWorkload } from '#core/systems/kafka/live/workloadMembers.ts';

/** Operators that have ended: their resources may still be there, and their StatefulSets may still run. */
const LEGACY = kafkaKinds.filter(({ role, successor }) => role === 'cluster' && successor !== undefined);

export function gatherLegacy(objects: NamespaceObjects): readonly ClusterParts[] {
  return objects.customs.flatMap((resource) => {
    const kind = LEGACY.find(({ group, kind: name }) => group === resource.group && name === resource.customKind);
    return kind ? [describe(resource, kind.flavour, kind.successor, objects)] : [];
  });
}

function describe(
  resource: LiveCustom,
  flavour: string,
  successor: string | undefined,
  objects: NamespaceObjects,
): ClusterParts {
  const { name } = resource.meta;
  const workloads = objects.workloads.filter((workload) => isWorkloadOf(workload, resource));
  const members = workloads.flatMap((workload) => membersOfWorkload(workload, objects));
  const podSetMembers = workloads.length > 0 ? [] : podsNamedAfter(resource, objects);
  return {
    flavour,
    name,
    resource,
    made: resource.meta,
    members: [...members, ...podSetMembers],
    wanted: integerAt(resource.spec, 'brokerCount') ?? integerAt(resource.spec, 'replicas'),
    // The tag of krallistic's images is the version of the operator.
    version:
      flavour === 'krallistic' ? '' : versionOfImage(textAt(resource.spec, 'image')) || (members[0]?.version ?? ''),
    workloads,
    customs: [],
    successor,
  };
}

/** krallistic's operator names the StatefulSet after the resource and sets no owner; Confluent's sets one. */
function isWorkloadOf({ kind, meta }: LiveWorkload, { customKind, meta: owner }: LiveCustom): boolean {
  if (kind !== 'StatefulSet') return false;
  if (isOwnedBy(meta, { kind: customKind, name: owner.name, uid: owner.uid })) return true;
  return meta.owners.length === 0 && meta.name === owner.name;
}

/** Pods that the resource owns through kinds that are not read here. */
function podsNamedAfter({ meta: owner }: LiveCustom, { pods }: NamespaceObjects): ClusterParts['members'] {
  const own = pods.filter(({ meta }) => meta.labels['type'] === owner.name && /-\d+$/.test(meta.name));
  return own.map((pod) => makeWorkloadMember(pod.meta.name, pod, pod.containers, pod.meta.labels, true));
}
