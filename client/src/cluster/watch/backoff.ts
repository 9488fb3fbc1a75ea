/** How long to wait before a broken watch is tried again, in milliseconds. */
export const backoffLimits = { first: 500, longest: 30_000 } as const;

/**
 * Doubles with every failure, and differs by up to half, so that the watches of many people do not return together.
 * @param failures in a row, this one included
 * @param chance from 0 to below 1
 * @param asked what the server asks to wait
 */
export function backoff(failures: number, chance: number, asked = 0): number {
  const doubled = Math.min(backoffLimits.first * 2 ** Math.max(0, failures - 1), backoffLimits.longest);
  return Math.max(Math.round(doubled * (0.5 + chance / 2)), asked);
}
