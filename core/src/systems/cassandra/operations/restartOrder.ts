import type { LiveMember } from '#core/live/model.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';

/**
 * In which order nodes are restarted:
 * 1. one that was drained and left, because it is away already and only a restart brings it back;
 * 2. datacenter by datacenter and rack by rack, by their names, so that who is away or has just come back shares no range with the next;
 * 3. in a rack the highest number first, as the StatefulSet controller does.
 * Seeds need no place of their own: with one node away at a time, whoever starts finds the others.
 */
export function restartOrder(members: readonly LiveMember[], ring: RingView): readonly LiveMember[] {
  const nodes = new Map(ring.nodes.map((node) => [node.member, node]));
  const rank = (member: LiveMember): readonly (number | string)[] => {
    const node = nodes.get(member.name);
    return [
      node?.verdict === 'drained' ? 0 : 1,
      node?.datacenter ?? '',
      node?.rack ?? member.rack,
      setOf(member),
      -(member.index ?? 0),
    ];
  };
  return members.toSorted((a, b) => compareRanks(rank(a), rank(b)) || a.name.localeCompare(b.name, 'en'));
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

/** What is against a chosen order; empty when nothing is. */
export function orderRisks(members: readonly LiveMember[], { nodes }: RingView): readonly string[] {
  const found = members.map(({ name }) => nodes.find(({ member }) => member === name));
  const places = found.flatMap((node) => (node ? [placeOf(node)] : []));
  const visits = places.filter((place, index) => place !== places[index - 1]).length;
  if (visits === new Set(places).size) return [];
  return ['Racks are gone back to: what one of them missed may not have reached it again'];
}

const placeOf = ({ datacenter, rack }: RingNode): string => JSON.stringify([datacenter, rack]);

const setOf = ({ name }: LiveMember): string => name.replace(/-\d+$/, '');

function compareRanks(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}
