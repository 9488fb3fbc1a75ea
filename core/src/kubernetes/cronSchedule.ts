import { isGoDuration } from '#core/kubernetes/duration.ts';

interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly CronField[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of the week', min: 0, max: 6, words: DAYS },
];

const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/**
 * Why a text is no schedule, as the end of a sentence that begins with it; undefined when it is one. Five fields, a descriptor or
 * `@every` with a duration; a time zone in front is the caller's. Source: robfig/cron v3 ParseStandard.
 */
export function describeCronProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) return describeDescriptor(trimmed);
  const parts = trimmed === '' ? [] : trimmed.split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `has ${parts.length} ${parts.length === 1 ? 'field' : 'fields'}; a schedule has ${FIELDS.length}: minute, hour, day, month, day of the week`;
  }
  for (const [index, field] of FIELDS.entries()) {
    const wrong = (parts[index] ?? '').split(',').find((range) => !isRange(range, field));
    if (wrong !== undefined) return `has no ${field.name} in "${wrong}", which goes from ${field.min} to ${field.max}`;
  }
  return undefined;
}

/** Whether the system that runs schedules can have such a zone; "Local" is the one it runs in. */
export function isTimeZone(name: string): boolean {
  if (name === 'Local') return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function describeDescriptor(text: string): string | undefined {
  const [, interval] = /^@every (.*)$/.exec(text) ?? [];
  if (interval !== undefined)
    return isGoDuration(interval) ? undefined : 'needs a duration such as 30m or 1h30m behind @every';
  return DESCRIPTORS.includes(text) ? undefined : `is none of ${DESCRIPTORS.join(', ')} and @every`;
}

/** `*`, `?`, a value or a range of values, each perhaps with a step behind a slash. */
function isRange(text: string, field: CronField): boolean {
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*' || range === '?') return true;
  const [from, to, ...rest] = range.split('-').map((word) => readValue(word, field));
  if (rest.length > 0 || from === undefined || !isWithin(from, field)) return false;
  return range.includes('-') ? to !== undefined && isWithin(to, field) && from <= to : true;
}

function isWithin(value: number, { min, max }: CronField): boolean {
  return value >= min && value <= max;
}

function readValue(word: string, { words, min }: CronField): number | undefined {
  const index = words?.indexOf(word.toLowerCase()) ?? -1;
  if (index >= 0) return index + min;
  return /^\d+$/.test(word) ? Number(word) : undefined;
}
