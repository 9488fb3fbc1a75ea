import { addedBy } from '#core/systems/kafka/operations/moves/moveText.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';

export interface Feeding {
  /** In the order in which they are to go. */
  readonly pending: readonly Move[];
  readonly moving: readonly Move[];
  /** Who sends the copies; -1 when nobody leads. */
  readonly leaderOf: (move: Move) => number;
  /** Moves that come in to one broker, and that go out of one. */
  readonly slots: number;
}

/** The moves to begin now: as many as there are slots, in order, those that find none left for later. Followers copy from the leader. */
export function movesToBegin({ pending, moving, leaderOf, slots }: Feeding): readonly Move[] {
  const incoming = new Map<number, number>();
  const outgoing = new Map<number, number>();
  const take = (move: Move): void => {
    for (const broker of addedBy(move)) count(incoming, broker);
    count(outgoing, leaderOf(move));
  };
  for (const move of moving) take(move);
  return pending.filter((move) => {
    const leader = leaderOf(move);
    const isFree =
      leader >= 0 &&
      (outgoing.get(leader) ?? 0) < slots &&
      addedBy(move).every((broker) => (incoming.get(broker) ?? 0) < slots);
    if (isFree) take(move);
    return isFree;
  });
}

/**
 * The list of replicas while the data moves: the present leader first if it stays, so that nobody leads from a copy that has just been
 * made; the order of the plan comes afterwards. Source: the phased reassignment of topicmappr.
 */
export function listWhileMoving({ after }: Move, leader: number): readonly number[] {
  return after.includes(leader) ? [leader, ...after.filter((id) => id !== leader)] : after;
}

function count(counts: Map<number, number>, broker: number): void {
  counts.set(broker, (counts.get(broker) ?? 0) + 1);
}
