import type { Move } from '#core/systems/kafka/rebalance/model.ts';
import { addedBy } from '#core/systems/kafka/rebalance/summary.ts';

/**
 * Moves as short texts, because thousands of them have to fit into the journal: `orders 4 1,2,3 2,3,5 4000000000` is topic, partition,
 * replicas before, replicas after, bytes. Names of topics have no spaces.
 */
export function writeMoves(moves: readonly Move[]): readonly string[] {
  return moves.map(
    ({ topic, index, before, after, bytes }) => `${topic} ${index} ${before.join(',')} ${after.join(',')} ${bytes}`,
  );
}

/** Where a step remembers moves that are not in the plan. */
export const FOUND_MOVES = 'moves';

/** What `writeMoves` wrote. Anybody may have edited the journal: a text that cannot be read ends everything. @throws Error */
export function readMoves(value: unknown): readonly Move[] {
  return Array.isArray(value) ? value.map((text) => readMove(String(text))) : [];
}

const MOVE = /^([\w.-]{1,249}) (\d+) (\d+(?:,\d+)*) (\d+(?:,\d+)*) (\d+)$/;

function readMove(text: string): Move {
  const [, topic = '', index = '', before = '', after = '', bytes = ''] = MOVE.exec(text) ?? [];
  const move = { topic, index: Number(index), before: readIds(before), after: readIds(after), bytes: Number(bytes) };
  if (topic !== '' && new Set(move.after).size === move.after.length) return move;
  throw new Error(`The journal has a move that cannot be read: ${text.slice(0, 200)}`);
}

function readIds(text: string): readonly number[] {
  return text.split(',').map(Number);
}

export function movesData(move: Move): boolean {
  return addedBy(move).length > 0;
}

export function isSameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

export function isSameOrder(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}
