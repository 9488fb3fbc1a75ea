/** A repeatable source of chance. */
export interface Random {
  /** An integer from 0 up to, but not including, the bound; 0 for a bound of 0. */
  below(bound: number): number;
}

/** Mulberry32: small, fast and the same everywhere. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(bound) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
    },
  };
}
