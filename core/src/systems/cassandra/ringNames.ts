/** How it is known which pod a node of the ring runs in. */
export type Naming =
  /** Its own answer. */
  | 'itself'
  /** The status of the operator's resource. */
  | 'operator'
  /** It was asked earlier. */
  | 'before'
  /** Only one pod and one node were left over. */
  | 'elimination';

export interface RingMember {
  readonly name: string;
  /** As Kubernetes has it; empty when it does not say. */
  readonly rack: string;
}

interface NamedHost {
  readonly member: string;
  readonly hostId: string;
  readonly by: Naming;
}

interface PlacedHost {
  readonly hostId: string;
  readonly rack: string;
}

export type NodeNames = ReadonlyMap<string, { readonly member: string; readonly by: Naming }>;

/**
 * Which pod each Host ID runs in. The first in `known` counts when a pod or a Host ID is named twice, so that what a node says now
 * goes before what an operator wrote down. What is left is named only where there is no choice.
 */
export function nameNodes(
  hosts: readonly PlacedHost[],
  members: readonly RingMember[],
  known: readonly NamedHost[],
): NodeNames {
  const names = new Map<string, { member: string; by: Naming }>();
  const taken = new Set<string>();
  for (const { member, hostId, by } of known) {
    if (names.has(hostId) || taken.has(member) || !hosts.some((host) => host.hostId === hostId)) continue;
    names.set(hostId, { member, by });
    taken.add(member);
  }
  const leftHosts = hosts.filter(({ hostId }) => !names.has(hostId));
  const leftMembers = members.filter(({ name }) => !taken.has(name));
  const fits = racksAreReal(hosts, members, names) ? sameRack : always;
  for (const host of leftHosts) {
    const [member, ...others] = leftMembers.filter((one) => fits(host, one));
    if (member === undefined || others.length > 0) continue;
    if (leftHosts.filter((other) => fits(other, member)).length === 1) {
      names.set(host.hostId, { member: member.name, by: 'elimination' });
    }
  }
  return names;
}

const always = (): boolean => true;
const sameRack = (host: PlacedHost, member: RingMember): boolean => member.rack === '' || host.rack === member.rack;

/** Variables may say one rack and the snitch another; then racks cannot help. */
function racksAreReal(hosts: readonly PlacedHost[], members: readonly RingMember[], names: NodeNames): boolean {
  return hosts.every((host) => {
    const member = members.find(({ name }) => name === names.get(host.hostId)?.member);
    return member === undefined || sameRack(host, member);
  });
}
