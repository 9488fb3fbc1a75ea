/** Chance as an argument: the same seed gives the same run. */
export interface Random {
  /** An integer from 0 up to, but not including, the bound. */
  below(bound: number): number;
  /** From 0 up to, but not including, 1. */
  fraction(): number;
}

/** Xorshift with a multiplier at the end (xorshift32*): enough for uneven delays and made-up names. */
export function seededRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return (Math.imul(state, 0x2c1b3c6d) >>> 0) / 2 ** 32;
  };
  return { fraction: next, below: (bound) => Math.floor(next() * bound) };
}

/** Has the form of a UUID version 4. */
export function randomUuid(random: Random): string {
  const digits = (count: number): string => Array.from({ length: count }, () => random.below(16).toString(16)).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-a${digits(3)}-${digits(12)}`;
}

/** The letters Kubernetes uses for made-up names. */
export function randomSuffix(random: Random, length: number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length }, () => letters.charAt(random.below(letters.length))).join('');
}

/** A short name for a text, the same every time (FNV-1a). */
export function textHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
