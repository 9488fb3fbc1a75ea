/** An operation that failed, from its beginning to its answer, in seconds on any clock that only goes forward. */
export interface Failure {
  readonly from: number;
  readonly to: number;
}

/** Failures with no more than this between them, in seconds, belong together. */
const pause = 1;

/**
 * The longest time in which operations kept failing, in seconds: from the beginning of the first that failed to the answer of the last,
 * with no second in between in which none did.
 */
export function longestFailureWindow(failures: readonly Failure[]): number {
  return Math.max(0, ...windowsOf(failures).map(({ from, to }) => to - from));
}

/** All such times together. */
export function failureSeconds(failures: readonly Failure[]): number {
  return windowsOf(failures).reduce((sum, { from, to }) => sum + to - from, 0);
}

function windowsOf(failures: readonly Failure[]): readonly Failure[] {
  const windows: Failure[] = [];
  for (const { from, to } of failures.toSorted((a, b) => a.from - b.from)) {
    const last = windows.at(-1);
    if (last === undefined || from - last.to > pause) windows.push({ from, to });
    else windows[windows.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  }
  return windows;
}

/**
 * Kinds of failures in the order of what they mean, each with the classes of errors that belong to it. `overloaded` is what a node of 5.0
 * answers while it shuts down ("Server is shutting down"); timeouts of the client are those that no node told.
 */
const kinds: readonly (readonly [kind: string, isOne: (errorClass: string) => boolean])[] = [
  ['unavailable', (one) => one === 'unavailable'],
  ['read timeout', (one) => one === 'read timeout'],
  ['write timeout', (one) => one === 'write timeout'],
  ['client timeout', (one) => one === 'client timeout'],
  ['no host available', (one) => one.startsWith('no host')],
  ['connection closed', (one) => one === 'connection lost'],
  ['overloaded or shutting down', (one) => one === 'overloaded'],
  ['anything else', () => true],
];

export const failureKinds: readonly string[] = kinds.map(([kind]) => kind);

/** How many failed in each kind, from how many failed in each class. */
export function failuresByKind(
  ...counts: readonly Readonly<Record<string, number>>[]
): Readonly<Record<string, number>> {
  const byKind: Record<string, number> = Object.fromEntries(failureKinds.map((kind) => [kind, 0]));
  for (const [errorClass, count] of counts.flatMap((one) => Object.entries(one))) {
    const [kind = ''] = kinds.find(([, isOne]) => isOne(errorClass)) ?? [];
    byKind[kind] = (byKind[kind] ?? 0) + count;
  }
  return byKind;
}
