import { AbstainError, ConditionError } from '#core/lint/cel/abstain.ts';
import { compare, isEqual } from '#core/lint/cel/functions/equality.ts';
import { spend, type FunctionTable } from '#core/lint/cel/functions/registration.ts';

type List = readonly unknown[];

function sum(list: List): number | bigint {
  let total: number | bigint = 0n;
  for (const item of list) {
    if (typeof item === 'bigint' && typeof total === 'bigint') total += item;
    else if (typeof item === 'number' && (typeof total === 'number' || total === 0n)) total = Number(total) + item;
    else throw new AbstainError('a sum of something else than numbers');
  }
  if (typeof total === 'bigint' && BigInt.asIntN(64, total) !== total) throw new ConditionError('integer overflow');
  return total;
}

/** The first item that no other one goes before. */
function extreme(list: List, sign: 1 | -1): unknown {
  if (list.length === 0) throw new ConditionError(`${sign === 1 ? 'min' : 'max'} called on empty list`);
  return list.reduce((best, item) => (sign * compare(item, best) < 0 ? item : best));
}

function slice(list: List, start: bigint, end: bigint): List {
  if (start < 0n || end < start || end > BigInt(list.length))
    throw new ConditionError(`cannot slice(${start}, ${end})`);
  return list.slice(Number(start), Number(end));
}

function distinct(list: List): List {
  spend(list.length ** 2);
  const seen: unknown[] = [];
  for (const item of list) if (!seen.some((known) => isEqual(known, item))) seen.push(item);
  return seen;
}

function containsAll(list: List, wanted: List): boolean {
  spend(list.length * wanted.length);
  return wanted.every((item) => list.some((known) => isEqual(known, item)));
}

/** Namespace of functions that are written `sets.contains(a, b)`. */
export class SetsNamespace {
  readonly name = 'sets';
}

export const listFunctions: FunctionTable = {
  'list.isSorted(): bool': (list: List) =>
    list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0),
  'list.sum(): dyn': sum,
  'list.min(): dyn': (list: List) => extreme(list, 1),
  'list.max(): dyn': (list: List) => extreme(list, -1),
  'list.indexOf(dyn): int': (list: List, item: unknown) => BigInt(list.findIndex((known) => isEqual(known, item))),
  'list.lastIndexOf(dyn): int': (list: List, item: unknown) =>
    BigInt(list.findLastIndex((known) => isEqual(known, item))),
  'list.distinct(): list': distinct,
  'list.reverse(): list': (list: List) => list.toReversed(),
  'list.sort(): list': (list: List) => list.toSorted(compare),
  'list.slice(int, int): list': slice,
  'list.flatten(): list': (list: List) => list.flat(1),
  'SetsNamespace.contains(list, list): bool': (_: SetsNamespace, list: List, wanted: List) => containsAll(list, wanted),
  'SetsNamespace.equivalent(list, list): bool': (_: SetsNamespace, left: List, right: List) =>
    containsAll(left, right) && containsAll(right, left),
  'SetsNamespace.intersects(list, list): bool': (_: SetsNamespace, left: List, right: List) =>
    left.some((item) => right.some((known) => isEqual(known, item))),
};
