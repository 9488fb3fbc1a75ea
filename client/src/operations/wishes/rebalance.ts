import type { Asker, Choice } from '#client/operations/asker.ts';
import { askMembers, askThrottle, type WishSubject } from '#client/operations/wishes/parts.ts';
import type { RebalanceMode, RebalanceWish, TendingMode } from '#core/operations/wishes.ts';

const modes: readonly Choice<RebalanceMode>[] = [
  { label: 'Full', detail: 'Racks, disks, replicas, topics and leaders, as little moved as possible.', value: 'full' },
  { label: 'Leaders only', detail: 'No data moves; leading is spread evenly.', value: 'leaders only' },
  {
    label: 'Onto new brokers only…',
    detail: 'Data moves to the brokers you choose, and nowhere else.',
    value: 'new brokers only',
  },
  { label: 'Off brokers…', detail: 'Everything leaves the brokers you choose.', value: 'off brokers' },
  { label: 'Racks only', detail: 'Only what has two copies in one rack moves.', value: 'racks only' },
];

const tendings: readonly Choice<TendingMode | 'exact cleanup'>[] = [
  { label: 'Clean up', detail: 'Drops rows that nodes no longer own, as after others have joined.', value: 'cleanup' },
  {
    label: 'Clean up, after a look at the files',
    detail: 'The plan says by the tokens of their files which nodes need it; a minute a node at most.',
    value: 'exact cleanup',
  },
  {
    label: 'Repair',
    detail: 'Makes replicas alike: the primary ranges of every node, one after the other.',
    value: 'repair',
  },
  { label: 'Rebuild…', detail: 'Fills the nodes of a new datacenter from another.', value: 'rebuild' },
  { label: 'Flush', detail: 'Writes what is in memory to files.', value: 'flush' },
  { label: 'Compact', detail: 'Merges the files of each table.', value: 'compact' },
  { label: 'Upgrade files', detail: 'Writes files of an older format anew.', value: 'upgrade sstables' },
];

const ofMembers: ReadonlySet<RebalanceMode> = new Set<RebalanceMode>(['new brokers only', 'off brokers']);

/** A document with moves as Kafka's own tools write them. */
export interface MovesSource {
  readonly title: string;
  readonly text: string;
}

/** `moves` is the document in front, where it has some. */
export async function askRebalance(
  subject: WishSubject,
  moves: MovesSource | undefined,
  asker: Asker,
): Promise<RebalanceWish | undefined> {
  const title = `Rebalance ${subject.data.name}`;
  if (subject.data.system === 'cassandra') return askTending(title, asker);
  const mode = await asker.pick<RebalanceMode | 'moves'>(title, moves ? [...modes, choiceOf(moves)] : modes);
  if (!mode) return undefined;
  if (mode === 'moves') return moves && askToCarryOut(moves, title, asker);
  const members = ofMembers.has(mode) ? await askMembers(`${title}: ${mode}`, subject, asker) : [];
  if (!members) return undefined;
  const topics = await asker.input({
    title,
    prompt: 'Topics that stay as they are, separated by commas; * stands for any text. Leave it empty for none.',
    placeholder: 'audit-*, payments',
  });
  if (topics === undefined) return undefined;
  const throttle = mode === 'leaders only' ? {} : await askThrottle(title, asker);
  if (!throttle) return undefined;
  const exclude = topics.split(',').flatMap((topic) => (topic.trim() === '' ? [] : [topic.trim()]));
  return {
    operation: 'rebalance',
    mode,
    ...(members.length > 0 ? { members } : {}),
    ...(exclude.length > 0 ? { exclude } : {}),
    ...throttle,
  };
}

/** Tokens of Cassandra stay where they are; nodes are gone over one by one. */
async function askTending(title: string, asker: Asker): Promise<RebalanceWish | undefined> {
  const mode = await asker.pick<TendingMode | 'exact cleanup'>(title, tendings);
  if (mode === 'exact cleanup') return { operation: 'rebalance', mode: 'cleanup', exact: true };
  if (mode !== 'rebuild') return mode && { operation: 'rebalance', mode };
  const source = await asker.input({
    title: `${title}: rebuild`,
    prompt: 'The datacenter that the data comes from.',
    placeholder: 'dc1',
    validate: (typed) => (/^[\w.-]+$/.test(typed.trim()) ? undefined : 'Write the name of a datacenter.'),
  });
  return source === undefined ? undefined : { operation: 'rebalance', mode, source: source.trim() };
}

function choiceOf({ title }: MovesSource): Choice<'moves'> {
  return {
    label: `Moves of ${title}`,
    detail: 'Carried out as they are; a rollback file takes its plan back.',
    value: 'moves',
  };
}

async function askToCarryOut({ text }: MovesSource, title: string, asker: Asker): Promise<RebalanceWish | undefined> {
  const throttle = await askThrottle(title, asker);
  return throttle && { operation: 'rebalance', mode: 'full', reassignment: text, ...throttle };
}

/** The moves of a document; undefined when it has none. Whether they can be carried out is said by the plan. */
export function movesInText(fileName: string, text: string): MovesSource | undefined {
  if (!fileName.endsWith('.json') || !/"partitions"\s*:\s*\[/.test(text)) return undefined;
  return { title: fileName.split('/').at(-1) ?? fileName, text };
}
