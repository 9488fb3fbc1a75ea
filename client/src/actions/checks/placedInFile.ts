import type { Refusal } from '#core/live/refusals.ts';
import { shiftRange } from '#core/text/range.ts';

/** Moves what was said of one document to its place in the file. */
export function placedInFile(refusals: readonly Refusal[], offset: number): readonly Refusal[] {
  return refusals.map((refusal) => ({ ...refusal, range: shiftRange(refusal.range, offset) }));
}
