import { objectsOf, textAt, valueAt } from '#core/json.ts';
import type { RingNode } from '#client/cluster/demo/simulation/cassandra/ring.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { ringName, type SimulatedRing } from './simulatedRing.ts';

const namespace = 'shop';

/** Its machine is gone for good, and its volume is pinned to it: a pod of that name finds no place to start. */
export function lose({ simulation: { world } }: SimulatedRing, which: number | string): void {
  const name = typeof which === 'number' ? `${ringName}-${which}` : which;
  const pod = world.pod(namespace, name);
  const [used] = (pod?.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: one }) => one ?? []);
  const claim = used && world.get('PersistentVolumeClaim', namespace, used.claimName);
  const volume = claim && world.get('PersistentVolume', '', textAt(claim, 'spec', 'volumeName'));
  if (!volume || !pod) throw new Error(`There is nothing of ${name} to be lost.`);
  const lost = { key: 'kubernetes.io/hostname', operator: 'In', values: ['lost-machine'] };
  world.store.put(kindNamed('PersistentVolume'), {
    ...volume,
    metadata: { ...volume.metadata, labels: { 'topology.kubernetes.io/zone': 'nowhere' } },
    spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [lost] }] } } },
  });
  world.remove(pod);
}

/** Nodes that have not left the ring, in the order in which they came to it. */
export function knownNodes({ ring, clock }: SimulatedRing): readonly RingNode[] {
  return ring.nodes.filter((node) => !ring.hasLeft(node, clock.now()));
}

/** The variables of the template, and the update strategy. */
export function templateOf({ simulation: { world } }: SimulatedRing): {
  readonly env: unknown;
  readonly strategy: unknown;
} {
  const set = world.get('StatefulSet', namespace, ringName);
  const [container] = objectsOf(valueAt(set, 'spec', 'template', 'spec', 'containers'));
  return { env: container?.['env'], strategy: valueAt(set, 'spec', 'updateStrategy') };
}

/** Somebody changes the StatefulSet. */
export function patchSet({ simulation: { world } }: SimulatedRing, patch: unknown): void {
  world.writes.mergePatch(
    { kind: kindNamed('StatefulSet'), namespace, manager: 'kubectl', isDryRun: false },
    ringName,
    patch,
  );
}

export function setVariables(ring: SimulatedRing, env: readonly unknown[]): void {
  const set = ring.simulation.world.get('StatefulSet', namespace, ringName);
  const containers = objectsOf(valueAt(set, 'spec', 'template', 'spec', 'containers'));
  patchSet(ring, { spec: { template: { spec: { containers: containers.map((one) => ({ ...one, env })) } } } });
}
