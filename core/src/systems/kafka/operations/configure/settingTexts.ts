import { splitList } from '#core/systems/kafka/brokerConfig.ts';

/** Files of settings as Kafka reads them (java.util.Properties), for reading them and for changing single lines. */

interface PropertyLine {
  /** Numbers of the first and the last line; a line that ends in a backslash goes on. */
  readonly first: number;
  readonly last: number;
  readonly name: string;
  readonly value: string;
}

/** Settings by name, null for those that are to be taken away: what ConfigureWish asks for. */
export type SettingChanges = Readonly<Record<string, string | null>>;

/** Of a repeated name the last counts. */
export function parseSettings(text: string): ReadonlyMap<string, string> {
  return new Map(propertyLines(text).map(({ name, value }) => [name, value]));
}

/**
 * The same text with some settings changed. A setting keeps its line, the last one where it is repeated, and the others go; a new one is
 * put at the end; everything else stays as it is, to the letter.
 */
export function editSettings(text: string, changes: SettingChanges): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const lines: (string | undefined)[] = text.split(/\r?\n/);
  const written = propertyLines(text);
  const added = Object.entries(changes).flatMap(([name, value]) => {
    const own = written.filter((line) => line.name === name);
    for (const { first, last } of own) lines.fill(undefined, first, last + 1);
    if (value === null) return [];
    const line = `${name}=${escapeValue(value)}`;
    const place = own.at(-1);
    if (place) lines[place.first] = line;
    return place ? [] : [line];
  });
  const kept = lines.filter((line) => line !== undefined);
  const hasEnd = kept.at(-1) === '';
  const body = hasEnd ? kept.slice(0, -1) : kept;
  return [...body, ...added, ...(hasEnd ? [''] : [])].join(lineBreak);
}

/** Whether two texts are the same value: Kafka prints numbers, truth values and lists its own way. */
export function isSameValue(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return plainValue(a) === plainValue(b);
}

function plainValue(text: string): string {
  const value = text.trim();
  if (/^[-+]?\d+(?:\.\d+)?$/.test(value) && Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER)
    return `${Number(value)}`;
  if (/^(?:true|false)$/i.test(value)) return value.toLowerCase();
  return value.includes(',') ? splitList(value).join(',') : value;
}

/** A blank at the beginning and a backslash would be read as something else. */
function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replace(/^ /, '\\ ');
}

function propertyLines(text: string): readonly PropertyLine[] {
  const lines = text.split(/\r?\n/);
  const found: PropertyLine[] = [];
  for (let first = 0; first < lines.length; first += 1) {
    let last = first;
    let whole = lines[first] ?? '';
    if (/^\s*(?:[#!]|$)/.test(whole)) continue;
    for (; goesOn(whole) && last + 1 < lines.length; last += 1)
      whole = whole.slice(0, -1) + (lines[last + 1] ?? '').trimStart();
    const [, name, value = ''] = /^\s*((?:\\.|[^\s=:\\])+)\s*[=:\s]?\s*(.*)$/.exec(whole) ?? [];
    if (name !== undefined) found.push({ first, last, name: unescape(name), value: unescape(value) });
    first = last;
  }
  return found;
}

function goesOn(line: string): boolean {
  return (/\\+$/.exec(line)?.[0].length ?? 0) % 2 === 1;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, sign: string | undefined) =>
    code === undefined ? (ESCAPES[sign ?? ''] ?? sign ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
