import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { ReplaceWish } from '#core/operations/wishes.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';
import type { Naming } from '#core/systems/cassandra/ringNames.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';

/** Whom a wish means. */
export interface MeantNode {
  readonly node: RingNode;
  /** Absent for a node that has no pod any more. */
  readonly member: LiveMember | undefined;
  /** Its pod, also one that is not there; empty when the node belongs to none. */
  readonly pod: string;
  /** StatefulSet of the pod. */
  readonly workload: LiveWorkload | undefined;
  readonly ordinal: number;
  /** How it is known that this node of the ring is that of the pod. */
  readonly knownBy: string;
}

/**
 * The node of the ring that a wish names: by its pod, or, for one that is to be removed, by Host ID or address.
 * @throws ClusterProblem when there is none, or when it cannot be told which it is
 */
export function meantNode({ member: name, how }: ReplaceWish, data: DataCluster, ring: RingView): MeantNode {
  const member = data.members.find((one) => one.name === name);
  const node = member
    ? ring.nodes.find((one) => one.member === name)
    : ring.nodes.find(({ hostId, addresses }) => hostId === name || addresses.includes(name));
  const found = node ?? (member ? undefined : ghostOf(name, data, ring));
  if (!found) throw unknownNode(name, data, ring);
  const pod = member || !node ? name : (found.member ?? '');
  if (pod === '' && how === 'replace')
    throw new ClusterProblem(
      'invalid',
      `The node ${name} belongs to no pod, so that nothing could be made anew. It can be removed.`,
    );
  const { workload, ordinal } = placeOf(pod, data);
  return {
    node: found,
    member: data.members.find((one) => one.name === pod),
    pod,
    workload,
    ordinal,
    knownBy: wordsFor(found, pod, data),
  };
}

/** The one node that belongs to no pod, for the pod of a StatefulSet that was made smaller. */
function ghostOf(name: string, data: DataCluster, ring: RingView): RingNode | undefined {
  const { workload, ordinal } = placeOf(name, data);
  if (!workload || ordinal < (workload.firstOrdinal ?? 0) + workload.replicas) return undefined;
  const [ghost, ...others] = ghostsIn(ring);
  return others.length === 0 ? ghost : undefined;
}

const ghostsIn = ({ nodes }: RingView): readonly RingNode[] =>
  nodes.filter(({ member, verdict, isElsewhere }) => member === undefined && verdict === 'down' && !isElsewhere);

function unknownNode(name: string, { members, name: ringName }: DataCluster, ring: RingView): ClusterProblem {
  const ghosts = ghostsIn(ring).map(({ hostId, addresses }) => `${hostId} (${addresses.join(', ')})`);
  if (members.some((one) => one.name === name)) {
    const which = ghosts.length === 0 ? '' : `; nodes of no known pod are down: ${named(ghosts)}`;
    return new ClusterProblem(
      'invalid',
      `Which node of the ring is that of ${name} cannot be told${which}. Bring the others up first, or remove a node by its Host ID.`,
    );
  }
  const which = ghosts.length === 0 ? '' : ` Nodes of no pod are down: ${named(ghosts)}.`;
  return new ClusterProblem('absent', `There is no node ${name} in ${ringName}.${which}`);
}

function placeOf(pod: string, { workloads }: DataCluster): Pick<MeantNode, 'workload' | 'ordinal'> {
  const [, set = '', number = ''] = /^(.+)-(\d+)$/.exec(pod) ?? [];
  const workload = workloads.find(({ kind, meta }) => kind === 'StatefulSet' && meta.name === set);
  return { workload, ordinal: workload ? Number(number) : -1 };
}

function wordsFor({ hostId, addresses, memberKnownBy }: RingNode, pod: string, { members }: DataCluster): string {
  const address = addresses.join(', ');
  const ip = members.find(({ name }) => name === pod)?.pod?.ip ?? '';
  if (pod === '') return `${hostId} at ${address} belongs to no pod`;
  if (ip !== '' && addresses.includes(ip)) return `${pod} is ${hostId}: its pod has the address ${ip}`;
  const why = reasons[memberKnownBy ?? 'elimination'];
  return memberKnownBy === 'itself' ? `${pod} is ${hostId} at ${address}` : `${pod} is ${hostId} at ${address}: ${why}`;
}

const reasons: Readonly<Record<Naming, string>> = {
  itself: 'it says so',
  operator: 'its operator has written it down',
  before: 'it was asked earlier',
  elimination: 'it is the only node that belongs to no other pod',
};
