import type { HealthLevel } from '#core/live/model.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';
import { duration } from '#core/live/durations.ts';
import { plainText } from '#core/live/plainText.ts';
import { formatTime } from '#core/time.ts';

/** A text of a cluster as one line of plain text, with room for a sentence or two. */
export const clean = (text: string): string => plainText(text, 400);

/** A word and a sign for each level: never a colour alone. */
export const levelWords: Readonly<Record<HealthLevel, { readonly word: string; readonly sign: string }>> = {
  healthy: { word: 'Healthy', sign: '✓' },
  done: { word: 'Done', sign: '✓' },
  working: { word: 'Working', sign: '…' },
  unknown: { word: 'Unknown', sign: '?' },
  warning: { word: 'Warning', sign: '!' },
  unhealthy: { word: 'Unhealthy', sign: '✗' },
};

export function levelBadge(level: HealthLevel): DetailElement {
  const { word, sign } = levelWords[level];
  return element('span', { class: `badge ${level}` }, element('span', { 'aria-hidden': 'true' }, sign), ` ${word}`);
}

/** A moment as people say it, with the exact time beside it. */
export function timeAgo(at: number | undefined, now: number): DetailElement | string {
  if (at === undefined) return 'at an unknown time';
  const exact = formatTime(at);
  return element('time', { datetime: exact, title: exact }, `${duration(now - at)} ago`);
}

/** How a state of a node of a ring is coloured. */
export function verdictLevel(verdict: string): string {
  if (verdict === 'up') return 'healthy';
  if (verdict === 'joining' || verdict === 'leaving' || verdict === 'moving') return 'working';
  if (verdict === 'unseen' || verdict === '') return 'unknown';
  return verdict === 'disputed' ? 'warning' : 'unhealthy';
}
