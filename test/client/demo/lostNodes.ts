import { ClusterProblem, type ClusterProblemKind, type ObjectAddress, type WriteOptions } from '#core/live/ports.ts';
import { objectsOf, textAt, valueAt } from '#core/json.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import type { RingNode } from '#client/cluster/demo/simulation/cassandra/ring.ts';
import { deleteClaim } from '#client/cluster/demo/simulation/claims.ts';
import { kindByPlural, kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { ringName, type SimulatedRing } from './simulatedRing.ts';

const namespace = 'shop';

/** Something that was deleted in a simulated ring. */
export interface Deletion {
  readonly name: string;
  readonly uid: string;
  /** Some other node saw the node of it up at that moment. */
  readonly wasUp: boolean;
}

/** Its machine is gone for good, and its volume is pinned to it: a pod of that name finds no place to start. */
export function lose({ simulation: { world } }: SimulatedRing, ordinal: number): void {
  const name = `${ringName}-${ordinal}`;
  const claim = world.get('PersistentVolumeClaim', namespace, `data-${name}`);
  const volume = claim && world.get('PersistentVolume', '', textAt(claim, 'spec', 'volumeName'));
  const pod = world.pod(namespace, name);
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

/** As the server does it: claims that are used stay until their pod is gone. @throws ClusterProblem */
export function deleteIn(
  ring: SimulatedRing,
  { plural, group, version, namespace: where, name }: ObjectAddress,
  { dryRun = false, uid }: WriteOptions & { readonly uid?: string },
): void {
  const { world } = ring.simulation;
  const kind = kindByPlural(group, version, plural);
  const found = kind && world.store.get(kind, where, name);
  if (!kind || !found) throw new ClusterProblem('absent', `There is no ${plural} ${name}.`);
  if (uid !== undefined && found.metadata.uid !== uid) throw new ClusterProblem('conflict', 'another uid');
  if (dryRun || found.metadata.deletionTimestamp !== undefined) return;
  ring.deleted.push({ name, uid: found.metadata.uid, wasUp: isUp(ring, name) });
  if (kind.kind === 'PersistentVolumeClaim') deleteClaim(world, found);
  const pod = kind.kind === 'Pod' ? world.pod(where, name) : undefined;
  if (pod) world.deletePod(pod);
}

function isUp({ ring, clock }: SimulatedRing, name: string): boolean {
  const now = clock.now();
  const node = ring.nodeOf(`${namespace}/${name.replace(/^data-/, '')}`);
  if (!node || node.isNew) return false;
  return ring.nodes.some((other) => other !== node && ring.view(other, node, now)?.isUp === true);
}

const kinds = new Map<number, ClusterProblemKind>([
  [404, 'absent'],
  [409, 'conflict'],
  [422, 'invalid'],
]);

/** @throws ClusterProblem for what the server refuses */
export function answered<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ClusterProblem(kinds.get(error.code) ?? 'server', error.message, { causes: error.causes });
  }
}
