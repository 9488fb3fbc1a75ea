import { duration } from '#core/live/durations.ts';
import { messageText } from '#core/live/plainText.ts';

/** `cassandra-0`, `cassandra-0 and cassandra-1`, `cassandra-0, cassandra-1 and 4 more`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names.join('');
  if (names.length <= most) return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  const shown = names.slice(0, most - 1);
  return `${shown.join(', ')} and ${names.length - shown.length} more`;
}

/** ` for 3 min`; empty when it is not known since when, or just now. */
export const forDuration = (since: number | undefined, now: number): string =>
  since === undefined || now - since < 1000 ? '' : ` for ${duration(now - since)}`;

/** ` 3 min ago`; empty when it is not known when. */
export const ago = (at: number | undefined, now: number): string =>
  at === undefined || at > now ? '' : ` ${duration(now - at)} ago`;

/** A message of a server, short enough for a sentence and without its full stop. */
export const inSentence = (message: string): string => messageText(message, 160);
