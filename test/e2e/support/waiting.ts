import { setTimeout as sleep } from 'node:timers/promises';

/** Longest time that the editor may take for one thing, in milliseconds; a loaded machine is slow. */
export const patience = 30_000;

/** Asks again and again until there is an answer; throws with `what` and the last answer when time is up. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  describeLast: () => Promise<string> | string = () => '',
  limit = patience,
): Promise<T> {
  const deadline = performance.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      throw new Error(`Waited ${limit / 1000} s for ${what}. ${await describeLast()}`);
    }
    await sleep(50);
  }
}
