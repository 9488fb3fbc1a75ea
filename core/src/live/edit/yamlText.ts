import { isUntrustedObject } from '#core/live/reading.ts';
import { resolveScalar } from '#core/yaml/scalars.ts';

/** JSON as YAML in block style, two blanks a level. What is read back as the API server reads it is the same value. */
export function toYamlText(value: unknown): string {
  return `${toLines(value).join('\n')}\n`;
}

/** The lines of a value that begins in a line of its own. */
function toLines(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? ['[]'] : value.flatMap(itemLines);
  if (!isUntrustedObject(value)) return scalarLines(value);
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  return entries.length === 0 ? ['{}'] : entries.flatMap(([key, child]) => entryLines(key, child));
}

function entryLines(key: string, value: unknown): readonly string[] {
  const name = plainOrQuoted(key);
  const lines = toLines(value);
  if (isBlock(value)) return [`${name}:`, ...(Array.isArray(value) ? lines : indented(lines))];
  const [head = '', ...rest] = lines;
  return [`${name}: ${head}`, ...indented(rest)];
}

function itemLines(value: unknown): readonly string[] {
  const [head = '', ...rest] = toLines(value);
  return [`- ${head}`, ...indented(rest)];
}

function isBlock(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isUntrustedObject(value) && Object.keys(value).length > 0;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

function scalarLines(value: unknown): readonly string[] {
  if (typeof value !== 'string') return [JSON.stringify(value ?? null)];
  return asLiteral(value) ?? [plainOrQuoted(value)];
}

/** A text of several lines as a literal block, unless that would change it or hide something. */
function asLiteral(text: string): readonly string[] | undefined {
  if (!text.includes('\n') || /^[\s]/.test(text) || UNPRINTABLE.test(text.replaceAll('\n', ''))) return undefined;
  const body = text.replace(/\n+$/, '');
  const breaks = text.length - body.length;
  if (body === '' || /[ \t]$/m.test(body)) return undefined;
  const header = breaks === 0 ? '|-' : breaks === 1 ? '|' : '|+';
  return [header, ...body.split('\n'), ...Array.from({ length: Math.max(0, breaks - 1) }, () => '')];
}

function plainOrQuoted(text: string): string {
  return isPlain(text) ? text : JSON.stringify(text).replaceAll(UNPRINTABLE_ALL, escapeUnit);
}

/** Whether a text may stand without quotes: nothing in it has a meaning in YAML, and no reader takes it for something else. */
function isPlain(text: string): boolean {
  if (!/^[A-Za-z0-9_./(+^$*-][^\n\r\t]*$/.test(text) || /^(?:[*]|-(?:[\s-]|$)|\.\.\.)/.test(text)) return false;
  if (/\s$|: |:$|\s#/.test(text) || UNPRINTABLE.test(text) || looksLikeOtherType(text)) return false;
  return resolveScalar(text, 'plain').type === 'string';
}

/** Numbers, times and words that other readers of YAML, 1.1 or 1.2, take for something else than text. */
function looksLikeOtherType(text: string): boolean {
  return /^[-+.]?\d[\d_,:.xobeEa-fA-F+-]*$/.test(text) || /^\d{4}-\d\d-\d\d/.test(text);
}

const UNPRINTABLE = /[\u0000-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uD800-\uDFFF]/;
const UNPRINTABLE_ALL = /[\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
