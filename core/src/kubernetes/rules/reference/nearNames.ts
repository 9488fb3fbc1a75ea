import { editDistance } from '#core/text/distance.ts';

/**
 * The one name a writer may have meant. Names of objects come in families (`cassandra-dc1`, `cassandra-dc2`, `db-dev`, `db-prod`), so only
 * a slip inside one longer word counts, never a digit, and never more than one name.
 */
export function misspeltName(name: string, candidates: Iterable<string>): string | undefined {
  const near = [...new Set(candidates)].filter((candidate) => candidate !== name && isSlip(name, candidate));
  return near.length === 1 ? near[0] : undefined;
}

const LONG_WORD = 8;
const SHORTEST_WORD = 4;

function isSlip(name: string, other: string): boolean {
  if (digitsOf(name) !== digitsOf(other)) return false;
  if (join(name) === join(other)) return true;
  const [words, others] = [name.split(/[-._]/), other.split(/[-._]/)];
  if (words.length !== others.length) return false;
  const differing = words.flatMap((word, index) =>
    word === others[index] ? [] : ([[word, others[index] ?? '']] as const),
  );
  const [pair] = differing;
  if (!pair || differing.length > 1) return false;
  const shorter = Math.min(pair[0].length, pair[1].length);
  const limit = shorter >= LONG_WORD ? 2 : 1;
  return shorter >= SHORTEST_WORD && editDistance(pair[0], pair[1], limit) <= limit;
}

function digitsOf(name: string): string {
  return name.replaceAll(/\D/g, '');
}

function join(name: string): string {
  return name.replaceAll(/[-._]/g, '').toLowerCase();
}
