import { AbstainError } from '#core/lint/cel/abstain.ts';

/** Whether two values of conditions are the same; numbers compare across their types. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right) && compareNumbers(left, right) === 0;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  // What these are made of is the evaluator's affair.
  throw new AbstainError('objects are compared inside a function');
}

/** Order of two numbers, texts, truth values, durations or timestamps. */
export function compare(left: unknown, right: unknown): number {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  throw new AbstainError('values without a known order');
}

function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

function compareTexts(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  const index = a.findIndex((character, at) => character !== b[at]);
  if (index < 0) return a.length - b.length;
  return (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? -1);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
