/** `1 node`, `3 nodes`. */
export const count = (amount: number, noun: string, plural = `${noun}s`): string =>
  `${amount} ${amount === 1 ? noun : plural}`;

/** `cassandra-0`, `cassandra-0 and cassandra-1`, `cassandra-0, cassandra-1 and 4 more`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names.join('');
  if (names.length <= most) return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  const shown = names.slice(0, most - 1);
  return `${shown.join(', ')} and ${names.length - shown.length} more`;
}

/** `40 s`, `3 min`, `5 h`, `12 days`; never more than has passed. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** ` for 3 min`; empty when it is not known since when, or just now. */
export const forDuration = (since: number | undefined, now: number): string =>
  since === undefined || now - since < 1000 ? '' : ` for ${duration(now - since)}`;

/** ` 3 min ago`; empty when it is not known when. */
export const ago = (at: number | undefined, now: number): string =>
  at === undefined || at > now ? '' : ` ${duration(now - at)} ago`;

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** A message of a server, short enough for a sentence and without its full stop. */
export function inSentence(message: string, longest = 160): string {
  const plain = message.trim().replace(/\.+$/, '');
  return plain.length > longest ? `${plain.slice(0, longest - 1).trimEnd()}…` : plain;
}
