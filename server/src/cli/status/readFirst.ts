import type { Clock } from '#core/live/ports.ts';
import type { ContextWatch } from '#core/live/view.ts';
import { CliError } from '#server/cli/errors.ts';
import { asCliError } from '#server/cli/status/openContext.ts';

/** Waits until everything has been read once. @throws CliError when there is no view in time */
export async function readFirst(watch: ContextWatch, timeoutMs: number, clock: Clock): Promise<void> {
  let isLate = false;
  await new Promise<void>((resolve) => {
    const timer = clock.after(timeoutMs, () => {
      isLate = true;
      resolve();
    });
    void watch.ready.then(() => {
      timer.stop();
      resolve();
    });
  });
  const { phase, problem } = watch.view;
  if (phase === 'live') return;
  if (problem) throw asCliError(problem);
  const seconds = timeoutMs / 1000;
  const message = isLate ? `The cluster did not answer within ${seconds} s.` : 'The cluster did not answer.';
  throw new CliError(message, 'Give it more time with --timeout.');
}
