import { RE2JS } from 're2js';
import { AbstainError, ConditionError } from '#core/lint/cel/abstain.ts';
import { bounded, spend, type FunctionTable } from '#core/lint/cel/functions/registration.ts';

const patterns = new Map<string, RE2JS>();
const PATTERN_LIMIT = 1_000;

/** Regular expressions are RE2's, which take time in proportion to the text; those of JavaScript can take for ever. */
function compile(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known) return known;
  if (pattern.length > PATTERN_LIMIT) throw new AbstainError('a long regular expression');
  if (patterns.size >= PATTERN_LIMIT) patterns.clear();
  const made = tryCompile(pattern);
  patterns.set(pattern, made);
  return made;
}

function tryCompile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new AbstainError('a regular expression that cannot be read');
  }
}

function match(text: string, pattern: string): ReturnType<RE2JS['matcher']> {
  const expression = compile(pattern);
  spend(text.length * expression.programSize());
  return expression.matcher(text);
}

/** For those who have no budget of steps: undefined when the expression cannot be read or the work is too much. */
export function matchesPattern(text: string, pattern: string): boolean | undefined {
  try {
    const expression = compile(pattern);
    return text.length * expression.programSize() > 3_000_000 ? undefined : expression.matcher(text).find();
  } catch (error) {
    if (error instanceof AbstainError) return undefined;
    throw error;
  }
}

function findAll(text: string, pattern: string, limit: number): string[] {
  const matcher = match(text, pattern);
  const found: string[] = [];
  while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

/** Counts characters as conditions do, by code points. */
function charAt(text: string, index: bigint): string {
  const characters = Array.from(text);
  if (index < 0n || index > BigInt(characters.length)) throw new ConditionError(`index out of range: ${index}`);
  return characters[Number(index)] ?? '';
}

function replace(text: string, from: string, to: string, limit: number): string {
  const parts = from === '' ? ['', ...Array.from(text), ''] : text.split(from);
  if (parts.length * to.length > 1_000_000) throw new AbstainError('a text grows too long');
  const count = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
  const head = parts.slice(0, count + 1).join(to);
  const tail = parts.slice(count + 1);
  return bounded(tail.length === 0 ? head : [head, ...tail].join(from));
}

/** The name that calls of `matches` get, because that function of the evaluator cannot be replaced. */
export const MATCHES = 'matchesRe2';

export const textFunctions: FunctionTable = {
  [`string.${MATCHES}(string): bool`]: (text: string, pattern: string) => match(text, pattern).find(),
  [`${MATCHES}(string, string): bool`]: (text: string, pattern: string) => match(text, pattern).find(),
  'string.find(string): string': (text: string, pattern: string) => findAll(text, pattern, 1)[0] ?? '',
  'string.findAll(string): list<string>': (text: string, pattern: string) => findAll(text, pattern, Infinity),
  'string.findAll(string, int): list<string>': (text: string, pattern: string, limit: bigint) =>
    findAll(text, pattern, limit < 0n ? Infinity : Number(limit)),
  'string.charAt(int): string': charAt,
  'string.replace(string, string): string': (text: string, from: string, to: string) => replace(text, from, to, -1),
  'string.replace(string, string, int): string': (text: string, from: string, to: string, limit: bigint) =>
    replace(text, from, to, Number(limit)),
  'string.reverse(): string': (text: string) => Array.from(text).toReversed().join(''),
};
