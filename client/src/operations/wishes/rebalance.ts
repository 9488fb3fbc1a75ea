import type { Asker, Choice } from '#client/operations/asker.ts';
import { askMembers, askThrottle, type WishSubject } from '#client/operations/wishes/parts.ts';
import type { RebalanceMode, RebalanceWish } from '#core/operations/wishes.ts';

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
