import type { Cluster, Stoppable } from '#core/live/ports.ts';
import type { JournalContents } from '#core/operations/configMapJournal.ts';
import type { FoundJournal } from '#core/operations/journals.ts';
import type { WhereOptions } from '#server/cli/operate/options.ts';
import type { CliWorld } from '#server/cli/world.ts';

/** The journal of a node, which is beside one of the data clusters that were on it, in whatever namespace. */
export async function findJournal(
  { system, name, timeoutMs }: WhereOptions,
  cluster: Cluster,
  { clusters: { clock, operations } }: CliWorld,
): Promise<JournalContents | undefined> {
  const watches: Stoppable[] = [];
  try {
    const journals = await new Promise<readonly FoundJournal[]>((resolve) => {
      watches.push(clock.after(timeoutMs, () => resolve([])));
      watches.push(operations().watchJournals(cluster, undefined, resolve));
    });
    return journals
      .map(({ contents }) => contents)
      .filter(({ current }) => current?.plan.target.system === system && current.plan.target.name === name)
      .toSorted((a, b) => (b.current?.startedAt ?? 0) - (a.current?.startedAt ?? 0))[0];
  } finally {
    for (const watch of watches) watch.stop();
  }
}
