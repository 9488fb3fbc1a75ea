import { sleep } from '#core/operations/poller.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';
import type { Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';

/** For how long work that was told to stop is waited for. */
const STOPPING_MS = 120_000;
const LOOK_MS = 2000;

/**
 * Stops what an operator has begun in nodes: it has no word for that, and its job ends by itself once the work of the node is stopped, as in our own way.
 * @returns what came of it, a sentence each
 */
export async function stopOperatorWork(
  { ring, clock }: RingTarget,
  names: readonly string[],
  verb: Verb,
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  if (verb.stop === undefined) return [`${named(names)} is at it and goes on to its end`];
  const began = ring.now();
  for (;;) {
    const pods = await ring.pods();
    let isAtWork = false;
    for (const name of names) {
      const pod = pods.of(name);
      const answer = pod && (await ring.door.ask(pod, [questions.compactions]));
      if (!pod || !progressOf(verb, answer).isAtWork) continue;
      isAtWork = true;
      // A table after the other: each has to be told.
      await ring.door.run(pod, [{ name: 'stop', args: ['stop', '--', verb.stop] }]);
    }
    if (!isAtWork) return [`${named(names)} is not at it any more; it is whole, and may be ${verb.passive} again`];
    if (ring.now() - began > STOPPING_MS)
      return [`${named(names)} was told to stop and has not ended yet; look at nodetool compactionstats`];
    await sleep(clock, LOOK_MS);
  }
}
