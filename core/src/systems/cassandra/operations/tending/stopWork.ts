import type { LivePod } from '#core/live/objects.ts';
import { counted } from '#core/live/plainText.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { questions, type RingDoor } from '#core/systems/cassandra/operations/door.ts';
import type { Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';

/**
 * Ends the work of a command that was begun by us, and nothing else that the node is at. `nodetool stop -id`, which 3.0 and all that came after
 * know, ends one compaction by the id that compactionstats shows; `nodetool stop TYPE` would end those of others as well. Work of the
 * type that ran before the command was begun is not its own; what began since is taken for its own, as nothing tells them apart.
 */

/** Ids of work of this kind that is under way. */
export function workIds({ rows }: Pick<Verb, 'rows'>, answer: NodeAnswer | undefined): readonly string[] {
  const running = answer?.compactions?.running ?? [];
  return running.filter(({ type }) => rows?.test(type) === true).map(({ id }) => id);
}

/** As many as one exec has the time for. */
const AT_ONCE = 5;

export interface Stopped {
  readonly ids: readonly string[];
  /** The node does not know ids, so that everything of the type was stopped. */
  readonly isByType: boolean;
}

/** Tells the node once; a command goes on to its next table, so that it has to be told again. @throws ClusterProblem */
export async function stopWork(
  door: RingDoor,
  pod: LivePod,
  verb: Pick<Verb, 'rows' | 'stop'>,
  others: readonly string[],
): Promise<Stopped> {
  const answer = await door.ask(pod, [questions.compactions]);
  const ids = workIds(verb, answer).filter((id) => !others.includes(id));
  const asked = ids.slice(0, AT_ONCE);
  if (asked.length === 0) return { ids: [], isByType: false };
  const commands = asked.map((id, place) => ({ name: `stop${place}`, args: ['stop', '-id', id] }));
  const batch = await door.run(pod, commands);
  const results = [...(batch?.results.values() ?? [])];
  const isUnknown = results.some((result) =>
    /unexpected parameters|Unknown option/i.test(failureOf(result)?.text ?? ''),
  );
  if (!isUnknown || verb.stop === undefined) return { ids: asked, isByType: false };
  await door.run(pod, [{ name: 'stop', args: ['stop', '--', verb.stop] }]);
  return { ids: [], isByType: true };
}

/** For the report. */
export function stoppedNotes(
  pod: string,
  { stop = '' }: Pick<Verb, 'stop'>,
  all: readonly Stopped[],
): readonly string[] {
  const ids = new Set(all.flatMap((one) => one.ids));
  const byType = all.some(({ isByType }) => isByType)
    ? [`nodetool of ${pod} knows no ids: everything of the type ${stop} was stopped there, whoever had begun it`]
    : [];
  if (ids.size === 0) return byType;
  return [
    ...byType,
    `${counted(ids.size, 'compaction')} of ${pod} ${ids.size === 1 ? 'was' : 'were'} stopped by id, and no other`,
  ];
}
