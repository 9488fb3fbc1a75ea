import type { HealthLevel } from '#core/live/model.ts';
import { palettes } from '#server/cli/writers/palette.ts';

/** From good to bad, as they are counted. */
export const LEVELS: readonly HealthLevel[] = ['healthy', 'done', 'working', 'unknown', 'warning', 'unhealthy'];

const LEVEL_WIDTH = 9;

/** A level as a word of equal width, coloured where that is wanted. */
export function levelWord(level: HealthLevel, hasColors: boolean): string {
  const word = level.padEnd(LEVEL_WIDTH);
  const palette = palettes[hasColors ? 'colored' : 'plain'];
  if (level === 'unhealthy') return palette.mark(word, 'error');
  if (level === 'warning') return palette.mark(word, 'warning');
  if (level === 'working') return palette.mark(word, 'hint');
  return level === 'unknown' ? palette.dim(word) : word;
}

/** Whether a reader should look at it. */
export function isRemarkable(level: HealthLevel): boolean {
  return level === 'unknown' || level === 'warning' || level === 'unhealthy';
}
