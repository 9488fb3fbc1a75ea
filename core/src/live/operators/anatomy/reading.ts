import type { Part } from '#core/live/operators/anatomy/model.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';

/** How many questions are open at the same time. */
const AT_ONCE = 4;

export async function readPart<Value>(read: () => Promise<Value>): Promise<Part<Value>> {
  try {
    return { kind: 'read', value: await read() };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    return { kind: 'unread', isForbidden: error.kind === 'forbidden', reason: error.message };
  }
}

/** The value, or nothing when it is not there. @throws ClusterProblem of every other kind */
export async function orAbsent<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

/** The value, or nothing with a sentence in `limits` about what could not be read. @throws what is no ClusterProblem */
export async function orLimit<Value>(what: string, limits: string[], read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    limits.push(describeLimit(what, error));
    return undefined;
  }
}

export function describeLimit(what: string, { kind, message }: ClusterProblem): string {
  return kind === 'forbidden' ? `${what} may not be read.` : `${what} could not be read: ${plainText(message, 200)}`;
}

/** Results in the order of the items, with a few questions open at a time. */
export async function readEach<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const rest = [...items.entries()].values();
  const work = async (): Promise<void> => {
    for (const [index, item] of rest) results.set(index, await read(item));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
  return items.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
