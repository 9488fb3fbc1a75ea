import { isObject, textOf, type JsonObject } from '#core/json.ts';

/** How bad a line of a log calls itself; `none` when it does not say. */
export type LineLevel = 'error' | 'warning' | 'other' | 'none';

export interface LeveledLine {
  readonly level: LineLevel;
  /** What it says, without its own time and level where they can be told apart. */
  readonly text: string;
}

/** A line of no sensible length is not read to its end. */
const LONGEST = 20_000;

/**
 * The level of a line as the usual loggers write it: JSON (zap, logback), key=value (logrus), klog, and a level as a word near the
 * beginning (log4j, zap on a console, Python).
 */
export function readLevel(line: string): LeveledLine {
  const text = line.slice(0, LONGEST).trim();
  return readJson(text) ?? readKeys(text) ?? readKlog(text) ?? readWord(text);
}

const levels: ReadonlyMap<string, LineLevel> = new Map([
  ...['error', 'err', 'fatal', 'panic', 'dpanic', 'severe', 'critical'].map((word) => [word, 'error'] as const),
  ...['warn', 'warning'].map((word) => [word, 'warning'] as const),
  ...['info', 'debug', 'trace', 'notice'].map((word) => [word, 'other'] as const),
]);

function levelOf(word: string): LineLevel {
  return levels.get(word.toLowerCase()) ?? 'none';
}

function readJson(text: string): LeveledLine | undefined {
  if (!text.startsWith('{')) return undefined;
  const fields = parseObject(text);
  if (fields === undefined) return undefined;
  const level = firstText(fields, ['level', 'severity', 'lvl']);
  const message = firstText(fields, ['msg', 'message', 'event']);
  const error = firstText(fields, ['error', 'err', 'exception']);
  const told = [message, error].filter((part) => part !== '').join(': ');
  return { level: levelOf(level), text: told === '' ? text : told };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function firstText(fields: JsonObject, names: readonly string[]): string {
  return names.map((name) => textOf(fields[name])).find((text) => text !== '') ?? '';
}

function readKeys(text: string): LeveledLine | undefined {
  const [, level = ''] = /(?:^|\s)level="?([A-Za-z]+)"?(?=\s|$)/.exec(text.slice(0, 400)) ?? [];
  if (level === '') return undefined;
  const [, quoted, plain] = /(?:^|\s)msg=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(text) ?? [];
  const [, quotedError, plainError] = /(?:^|\s)error=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(text) ?? [];
  const told = [quoted ?? plain ?? '', quotedError ?? plainError ?? ''].filter((part) => part !== '').join(': ');
  return { level: levelOf(level), text: told === '' ? text : told };
}

/** `E0824 12:00:01.123456       1 reflector.go:147] Failed to watch`. */
function readKlog(text: string): LeveledLine | undefined {
  const [, sign = '', told = ''] = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ [^\]]{1,200}\] ?(.*)$/.exec(text) ?? [];
  if (sign === '') return undefined;
  return { level: sign === 'I' ? 'other' : sign === 'W' ? 'warning' : 'error', text: told };
}

/** The word stands at the beginning or behind a time and the like; in the middle of a sentence it says nothing. */
function readWord(text: string): LeveledLine {
  const match =
    /^([\d\sTZ:.,/+[\]()-]*?)\[?(ERROR|FATAL|SEVERE|PANIC|CRITICAL|WARN(?:ING)?|INFO|DEBUG|TRACE)\]?(?=[\s:]|$)[\s:]*(.*)$/i.exec(
      text,
    );
  if (match === null) return { level: 'none', text };
  const [, , word = '', told = ''] = match;
  // A sentence may begin with one of the words; a level is written in capitals or behind a time.
  if (word !== word.toUpperCase() && match[1] === '') return { level: 'none', text };
  return { level: levelOf(word), text: told === '' ? text : withError(told) };
}

/** zap on a console writes its fields behind the message, as JSON: of them the error is what a reader needs. */
function withError(told: string): string {
  const at = told.indexOf('\t{');
  const fields = at < 0 ? undefined : parseObject(told.slice(at + 1));
  const error = fields === undefined ? '' : firstText(fields, ['error', 'err']);
  return error === '' ? told : `${told.slice(0, at)}: ${error}`;
}
