import type { HealthLevel } from '#core/live/model.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';

/** Control characters, and what turns the direction of text or hides in it. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;
const LONGEST = 400;

/** A text of a cluster as one line of plain text. */
export function clean(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST)
    .replaceAll(UNSAFE, ' ')
    .trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

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

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `12.4 GiB`. */
export function sizeText(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const amount = bytes / 1024 ** step;
  return `${step === 0 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[step] ?? ''}`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `40 s`, `12 min`, `5 h`, `3 d`: rounded down. */
export function durationText(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) return `${Math.floor(length / HOUR)} h`;
  return `${Math.floor(length / DAY)} d`;
}

/** A moment as people say it, with the exact time beside it. */
export function timeAgo(at: number | undefined, now: number): DetailElement | string {
  if (at === undefined) return 'at an unknown time';
  const exact = isoText(at);
  return element('time', { datetime: exact, title: exact }, `${durationText(now - at)} ago`);
}

/** RFC 3339 in UTC and seconds. Core has no clock and no Date, so the calendar is counted by hand. */
export function isoText(milliseconds: number): string {
  const days = Math.floor(milliseconds / DAY);
  const rest = milliseconds - days * DAY;
  const [year, month, day] = dateOf(days);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(rest / HOUR)}:${two((rest % HOUR) / MINUTE)}:${two((rest % MINUTE) / SECOND)}Z`;
}

const DAYS_FROM_YEAR_0_TO_1970 = 719_468;
const DAYS_IN_400_YEARS = 146_097;

/** Years begin in March here, so that the leap day is the last of its year. */
function dateOf(daysSince1970: number): readonly [number, number, number] {
  const days = daysSince1970 + DAYS_FROM_YEAR_0_TO_1970;
  const era = Math.floor(days / DAYS_IN_400_YEARS);
  const dayOfEra = days - era * DAYS_IN_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}
