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

export async function askRebalance(subject: WishSubject, asker: Asker): Promise<RebalanceWish | undefined> {
  const title = `Rebalance ${subject.data.name}`;
  const mode = await asker.pick(title, modes);
  if (!mode) return undefined;
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
