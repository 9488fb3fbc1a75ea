import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import type { FileEnds } from '#core/systems/cassandra/nodetool/fileEnds.ts';

/** Tokens from the first to the last, both of them among it. */
interface Span {
  readonly first: bigint;
  last: bigint;
}

/** What a node owns of one keyspace: spans in order, none of which touches the next. */
export type OwnedTokens = readonly Span[];

/** Of Murmur3Partitioner. */
const [LOWEST, HIGHEST] = [-(2n ** 63n), 2n ** 63n - 1n];

/**
 * By the ranges of `nodetool describering`, whose start is not part of them, and one of which goes over the end of the ring. Undefined when
 * there are none, or when tokens are not those of Murmur3Partitioner.
 */
export function ownedTokens(ranges: readonly ReplicaRange[], addresses: readonly string[]): OwnedTokens | undefined {
  const spans: Span[] = [];
  for (const range of ranges) {
    const [start, end] = [tokenOf(range.start), tokenOf(range.end)];
    if (start === undefined || end === undefined) return undefined;
    if (!range.addresses.some((address) => addresses.includes(address))) continue;
    if (start < end) spans.push({ first: start + 1n, last: end });
    else spans.push({ first: start + 1n, last: HIGHEST }, { first: LOWEST, last: end });
  }
  return ranges.length === 0 ? undefined : joined(spans);
}

function tokenOf(text: string): bigint | undefined {
  if (!/^-?\d{1,19}$/.test(text)) return undefined;
  const token = BigInt(text);
  return token >= LOWEST && token <= HIGHEST ? token : undefined;
}

function joined(spans: readonly Span[]): OwnedTokens {
  const whole: Span[] = [];
  const inOrder = spans.filter(({ first, last }) => first <= last).toSorted((a, b) => (a.first < b.first ? -1 : 1));
  for (const { first, last } of inOrder) {
    const before = whole.at(-1);
    if (before === undefined || first > before.last + 1n) whole.push({ first, last });
    else if (last > before.last) before.last = last;
  }
  return whole;
}

/** How many files a cleanup would write anew, as far as their first and last rows tell. */
export interface JudgedFiles {
  /** Their first or last row is not owned. */
  readonly outside: number;
  /** Everything between their ends is owned. */
  readonly inside: number;
  /** They begin and end with rows that are owned; what lies between is not known. */
  readonly across: number;
}

/** `owned` by keyspace; files of other keyspaces are not judged. */
export function judgeFiles(files: readonly FileEnds[], owned: ReadonlyMap<string, OwnedTokens>): JudgedFiles {
  const judged = { outside: 0, inside: 0, across: 0 };
  for (const { keyspace, first, last } of files) {
    const spans = owned.get(keyspace);
    if (spans === undefined) continue;
    const at = (token: bigint): Span | undefined => spans.find((span) => token >= span.first && token <= span.last);
    const [begin, end] = [at(first), at(last)];
    if (begin === undefined || end === undefined) judged.outside += 1;
    else judged[begin === end ? 'inside' : 'across'] += 1;
  }
  return judged;
}
