import { kindNamed } from './kinds.ts';
import { recordOf, textOr, type KubeNode, type KubeObject, type Pod } from './objects.ts';
import type { World } from './world.ts';

/** The node a pod goes to, or why there is none. */
export function chooseNode(world: World, pod: Pod): KubeNode | string {
  const nodes = world.nodes();
  const zones = zonesOf(world, pod);
  const selector = Object.entries(recordOf(pod.spec['nodeSelector']));
  const closed = nodes.filter(({ spec }) => spec.unschedulable === true);
  const fitting = nodes.filter(
    (node) =>
      !closed.includes(node) &&
      zones.every((zone) => zone === zoneOf(node)) &&
      selector.every(([key, value]) => node.metadata.labels?.[key] === value),
  );
  if (fitting.length > 0) return leastUsed(world, pod, fitting);
  const others = nodes.length - closed.length;
  const why = [
    ...(closed.length > 0 ? [`${closed.length} node(s) were unschedulable`] : []),
    ...(others > 0 && zones.length > 0 ? [`${others} node(s) had volume node affinity conflict`] : []),
    ...(others > 0 && zones.length === 0 ? [`${others} node(s) didn't match Pod's node affinity/selector`] : []),
  ];
  return `0/${nodes.length} nodes are available: ${why.join(', ')}.`;
}

const ZONE = 'topology.kubernetes.io/zone';

const zoneOf = (object: KubeObject): string => object.metadata.labels?.[ZONE] ?? '';

/** The zones that the volumes of a pod can be used in: as network disks, from every node of their own. */
function zonesOf(world: World, pod: Pod): readonly string[] {
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => {
    if (claim === undefined) return [];
    const bound = world.get('PersistentVolumeClaim', pod.metadata.namespace ?? '', claim.claimName);
    const volume = world.get('PersistentVolume', '', textOr(recordOf(bound?.['spec'])['volumeName'], ''));
    return volume === undefined ? [] : [zoneOf(volume)];
  });
}

/** Members of the same set go to different nodes as far as possible. */
function leastUsed(world: World, pod: Pod, nodes: readonly KubeNode[]): KubeNode | string {
  const count = (node: KubeNode, isSame: (other: Pod) => boolean): number =>
    world.pods().filter((other) => other.spec.nodeName === node.metadata.name && isSame(other)).length;
  const owner = pod.metadata.ownerReferences?.[0]?.uid;
  const ranked = nodes.map((node) => ({
    node,
    siblings: count(node, (other) => other.metadata.ownerReferences?.[0]?.uid === owner),
    all: count(node, () => true),
  }));
  return (
    ranked.toSorted((a, b) => a.siblings - b.siblings || a.all - b.all)[0]?.node ??
    'no nodes available to schedule pods'
  );
}

/** Makes the claim of a pod and a volume for it, as a provisioner that binds at the first use does. */
export function bindClaims(world: World, pod: Pod, node: KubeNode): void {
  for (const { persistentVolumeClaim: used } of pod.spec.volumes ?? []) {
    const claim = used && world.get('PersistentVolumeClaim', pod.metadata.namespace ?? '', used.claimName);
    if (claim === undefined || recordOf(claim['spec'])['volumeName'] !== undefined) continue;
    const spec = recordOf(claim['spec']);
    const name = `pvc-${claim.metadata.uid}`;
    const capacity = { storage: recordOf(recordOf(spec['resources'])['requests'])['storage'] ?? '1Gi' };
    const zone = zoneOf(node);
    world.add({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name, labels: { [ZONE]: zone } },
      spec: {
        capacity,
        accessModes: spec['accessModes'] ?? ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'zonal-demo',
        claimRef: { kind: 'PersistentVolumeClaim', namespace: claim.metadata.namespace, name: claim.metadata.name },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: [zone] }] }],
          },
        },
        csi: { driver: 'disk.demo.invalid', volumeHandle: name },
      },
      status: { phase: 'Bound' },
    });
    world.store.put(kindNamed('PersistentVolumeClaim'), {
      ...claim,
      spec: { storageClassName: 'zonal-demo', ...spec, volumeName: name },
      status: { phase: 'Bound', accessModes: spec['accessModes'] ?? ['ReadWriteOnce'], capacity },
    });
  }
}
