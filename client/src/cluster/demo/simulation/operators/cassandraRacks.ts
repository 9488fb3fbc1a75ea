import type { RingNode, RingSimulation } from '../cassandra/ring.ts';
import { kindNamed } from '../kinds.ts';
import { isPodReady, recordOf, type KubeObject, type Pod } from '../objects.ts';
import type { World } from '../world.ts';

/** A rack as it is and as it should be. */
export interface RackNow {
  readonly set: KubeObject;
  readonly replicas: number;
  readonly wanted: number;
}

/**
 * One node at a time, as cass-operator changes the size of a datacenter: first those that are too many leave, decommissioned by force, and their
 * volumes are deleted; then others are added, each once all that are there are ready. @returns replicas of a rack that has to change now
 */
export function nextSize(
  world: World,
  racks: readonly RackNow[],
  ring: RingSimulation | undefined,
  now: number,
): { readonly set: KubeObject; readonly replicas: number } | undefined {
  const over = racks.find(({ replicas, wanted }) => replicas > wanted);
  if (over) return leaving(world, over, ring, now);
  const under = racks.find(({ replicas, wanted }) => replicas < wanted);
  if (!under) return undefined;
  const pods = racks.flatMap(({ set, replicas }) => Array.from({ length: replicas }, (_, at) => podOf(world, set, at)));
  const isReady = pods.every((pod) => pod !== undefined && isPodReady(pod));
  return isReady ? { set: under.set, replicas: under.replicas + 1 } : undefined;
}

function leaving(
  world: World,
  { set, replicas }: RackNow,
  ring: RingSimulation | undefined,
  now: number,
): { readonly set: KubeObject; readonly replicas: number } | undefined {
  const pod = podOf(world, set, replicas - 1);
  const node = pod && ring?.nodeOf(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
  if (!pod || !node || !ring) return undefined;
  if (ring.hasLeft(node, now)) {
    deleteClaims(world, pod);
    return { set, replicas: replicas - 1 };
  }
  if (node.leavingAt === undefined && ring.isCqlOpen(node, now)) {
    ring.decommission(node, now);
    label(world, pod);
  }
  return undefined;
}

/** What has left is forgotten with its volume: a pod of its name is another node. */
export function forgetNodes(world: World, ring: RingSimulation, now: number): void {
  const isForgotten = (node: RingNode): boolean => {
    const [namespace = '', name = ''] = node.plan.pod.split('/');
    return ring.hasLeft(node, now) && world.pod(namespace, name) === undefined;
  };
  for (const node of ring.nodes.filter(isForgotten)) ring.nodes.splice(ring.nodes.indexOf(node), 1);
}

function deleteClaims(world: World, { metadata, spec }: Pod): void {
  for (const { persistentVolumeClaim } of spec.volumes ?? []) {
    const claim =
      persistentVolumeClaim &&
      world.get('PersistentVolumeClaim', metadata.namespace ?? '', persistentVolumeClaim.claimName);
    if (claim) world.remove(claim);
  }
}

function label(world: World, pod: Pod): void {
  const labels = { ...pod.metadata.labels, 'cassandra.datastax.com/node-state': 'Decommissioning' };
  world.store.put(kindNamed('Pod'), { ...pod, metadata: { ...pod.metadata, labels } });
}

function podOf(world: World, { metadata }: KubeObject, ordinal: number): Pod | undefined {
  return world.pod(metadata.namespace ?? '', `${metadata.name}-${ordinal}`);
}

export const replicasOf = (set: KubeObject): number => Number(recordOf(set['spec'])['replicas'] ?? 0);
