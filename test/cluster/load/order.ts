/** A number from 0 up to 1, another one each time. */
export type Chance = () => number;

/** The same numbers for the same seed (an additive step whose bits are then mixed; 32 bits of state). */
export function seededChance(seed: number): Chance {
  let state = Math.trunc(seed) | 0;
  return () => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** The same things in another order, each order as likely as any other. */
export function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Math.floor(chance() * left.length), 1));
}
