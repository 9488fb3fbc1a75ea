import { comparePartitions } from '#core/systems/kafka/rebalance/order.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';

/**
 * Moves as short texts, because thousands of them have to fit into the journal: `orders 4 1,2,3 2,3,5 4000000000` is topic, partition,
 * replicas before, replicas after, bytes. Names of topics have no spaces.
 */
export function writeMoves(moves: readonly Move[]): readonly string[] {
  return moves.map(
    ({ topic, index, before, after, bytes }) => `${topic} ${index} ${before.join(',')} ${after.join(',')} ${bytes}`,
  );
}

/** What `writeMoves` wrote. Anybody may have edited the journal: a text that cannot be read ends everything. @throws Error */
export function readMoves(value: unknown): readonly Move[] {
  return Array.isArray(value) ? value.map((text) => readMove(String(text))) : [];
}

function readMove(text: string): Move {
  const [topic = '', index = '', before = '', after = '', bytes = ''] = text.split(' ');
  const move = { topic, index: Number(index), before: readIds(before), after: readIds(after), bytes: Number(bytes) };
  const numbers = [move.index, move.bytes, ...move.before, ...move.after];
  const isWhole = numbers.every((number) => Number.isInteger(number) && number >= 0);
  if (topic !== '' && isWhole && move.after.length > 0 && new Set(move.after).size === move.after.length) return move;
  throw new Error(`The journal has a move that cannot be read: ${text.slice(0, 200)}`);
}

function readIds(text: string): readonly number[] {
  return text.split(',').map(Number);
}

/** Brokers that get a copy. */
export function addedBy({ before, after }: Pick<Move, 'before' | 'after'>): readonly number[] {
  return after.filter((broker) => !before.includes(broker));
}

export function movesData(move: Move): boolean {
  return addedBy(move).length > 0;
}

/** Bytes that are copied over the network. */
export function bytesToCopy(moves: readonly Move[]): number {
  return moves.reduce((sum, move) => sum + move.bytes * addedBy(move).length, 0);
}

/** Small ones first: they free their slots soonest, and what goes wrong shows early. */
export function smallFirst(moves: readonly Move[]): readonly Move[] {
  return moves.toSorted((a, b) => a.bytes - b.bytes || comparePartitions(a, b));
}

export function isSameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

export function isSameOrder(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}
