import type { LiveMember } from '#core/live/model.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';

/**
 * In which order nodes are restarted:
 * 1. those that are not ready, because restarting a healthy one first makes it worse;
 * 2. nodes that are only controllers, the leader of the quorum last of them;
 * 3. brokers, rack by rack, those with the fewest leaders first, the higher number first among equals;
 * 4. the leader of the quorum last of all, where it is a broker too.
 * The leader may move during the run; a node that was restarted before it led is not restarted again.
 */
export function restartOrder(members: readonly LiveMember[], state: KafkaState): readonly LiveMember[] {
  const leaders = countLeaders(state);
  const quorumLeader = state.quorum?.leaderId ?? -1;
  const rank = (member: LiveMember): readonly (number | string)[] => [
    member.pod?.isReady === true ? 1 : 0,
    member.role === 'controller' ? 0 : 1,
    member.index === quorumLeader ? 1 : 0,
    member.rack,
    leaders.get(member.index ?? -1) ?? 0,
    -(member.index ?? 0),
  ];
  return [...members].toSorted((a, b) => compareRanks(rank(a), rank(b)) || a.name.localeCompare(b.name, 'en'));
}

/** In the order of the names; those that are not named come last, as they were. */
export function inChosenOrder(
  members: readonly LiveMember[],
  names: readonly string[] | undefined,
): readonly LiveMember[] {
  if (!names) return members;
  const place = ({ name }: LiveMember): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return members.toSorted((a, b) => place(a) - place(b));
}

/** What is against a chosen order, beside the one that is safest; empty when nothing is. */
export function orderRisks(members: readonly LiveMember[], { quorum }: KafkaState): readonly string[] {
  const late = members.filter(
    ({ pod }, index) => pod?.isReady !== true && members.slice(0, index).some((before) => before.pod?.isReady === true),
  );
  const leader = members.findIndex(({ index }) => index !== undefined && index === quorum?.leaderId);
  return [
    ...late.map(({ name }) => `${name} is not ready and does not go first: the run waits for it before any other`),
    ...(leader >= 0 && leader < members.length - 1
      ? [`${members[leader]?.name ?? ''} leads the controllers and does not go last: they elect twice`]
      : []),
  ];
}

function countLeaders({ partitions }: KafkaState): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { leader } of partitions) counts.set(leader, (counts.get(leader) ?? 0) + 1);
  return counts;
}

function compareRanks(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}
