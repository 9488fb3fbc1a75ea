import { ClusterProblem } from '#core/live/ports.ts';

/** What a signal was aborted with. */
export const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error('It was aborted.');

export const cancelled = (): ClusterProblem => new ClusterProblem('cancelled', 'This was cancelled.');

/** Leaves the work to itself when the signal ends the wait for it. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(reasonOf(signal));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    work
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
      .catch(() => undefined);
  });
}
