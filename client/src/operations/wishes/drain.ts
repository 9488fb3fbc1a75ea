import type { Asker, Choice } from '#client/operations/asker.ts';
import { askMembers, askThrottle, memberChoices, type WishSubject } from '#client/operations/wishes/parts.ts';
import type { DrainWish, NodeDrainWish } from '#core/operations/wishes.ts';

type How = DrainWish['how'] | 'node';

const ofKafka: readonly Choice<How>[] = [
  { label: 'Demote', detail: 'It stays, keeps its data, and leads nothing any more.', value: 'demote' },
  {
    label: 'Evacuate',
    detail: 'It stays and holds nothing: every replica moves to the other members.',
    value: 'evacuate',
  },
];

const ofCassandra: readonly Choice<How>[] = [
  {
    label: 'Drain for maintenance',
    detail: 'It writes everything to disk and is away for clients and other nodes, until it is restarted.',
    value: 'maintenance',
  },
];

const offTheNode: Choice<How> = {
  label: 'Leave the Kubernetes node',
  detail: 'The node is cordoned, and every member on it goes, one at a time.',
  value: 'node',
};

const waysOf = ({ data }: WishSubject): readonly Choice<How>[] => [
  ...(data.system === 'cassandra' ? ofCassandra : ofKafka),
  offTheNode,
];

export type WantedDrain =
  { readonly kind: 'members'; readonly wish: DrainWish } | { readonly kind: 'node'; readonly wish: NodeDrainWish };

export async function askDrain(subject: WishSubject, asker: Asker): Promise<WantedDrain | undefined> {
  const { data, member } = subject;
  const how = await asker.pick(`Drain ${member ?? data.name}: how far?`, waysOf(subject));
  if (how === undefined) return undefined;
  if (how === 'node') return asNode(await askNodeOf(subject, asker), asker);
  if (how === 'maintenance') return forMaintenance(subject, asker);
  const members = await askMembers(`Members of ${data.name} to ${how}`, subject, asker);
  if (!members) return undefined;
  if (how === 'demote') return { kind: 'members', wish: { operation: 'drain', how, members } };
  const throttle = await askThrottle(`Evacuate ${members.join(', ')}`, asker);
  return throttle && { kind: 'members', wish: { operation: 'drain', how, members, ...throttle } };
}

/** One, because the others have to be up meanwhile. */
async function forMaintenance({ data, member }: WishSubject, asker: Asker): Promise<WantedDrain | undefined> {
  const title = `Node of ${data.name} to drain for maintenance`;
  const chosen = member ?? (await asker.pick(title, memberChoices(data.members, false)));
  return chosen === undefined
    ? undefined
    : { kind: 'members', wish: { operation: 'drain', how: 'maintenance', members: [chosen] } };
}

async function asNode(node: string | undefined, asker: Asker): Promise<WantedDrain | undefined> {
  const wish = node === undefined ? undefined : await askNodeDrain(node, asker);
  return wish && { kind: 'node', wish };
}

/** The Kubernetes node of the member, or one of those that members are on. */
async function askNodeOf({ data, member }: WishSubject, asker: Asker): Promise<string | undefined> {
  const chosen = data.members.filter(({ name }) => member === undefined || name === member);
  const nodes = [...new Set(chosen.flatMap(({ pod }) => (pod && pod.node !== '' ? [pod.node] : [])))].toSorted();
  if (member !== undefined) return nodes[0];
  const choices = nodes.map((node) => ({
    label: node,
    description: chosen.flatMap(({ name, pod }) => (pod?.node === node ? [name] : [])).join(', '),
    value: node,
  }));
  return asker.pick('Kubernetes node to drain', choices);
}

type Concession = 'emptyDir' | 'unmovable' | 'wait' | 'evict';

const concessions: readonly Choice<Concession>[] = [
  {
    label: 'Lose what is on an emptyDir',
    detail: 'Pods with such volumes go as well; otherwise the node stays undrained as long as there are some.',
    value: 'emptyDir',
  },
  {
    label: 'Leave members that cannot be moved safely',
    detail: 'They stay where they are and the node is not empty afterwards; otherwise it is not drained at all.',
    value: 'unmovable',
  },
  {
    label: 'Wait for the end of drivers and other pods that decide a run',
    detail: 'The drain lasts until they have ended by themselves, however long that takes.',
    value: 'wait',
  },
  {
    label: 'Evict drivers and other pods that decide a run',
    detail: 'Their runs may be lost: the plan lists each with what is lost, and a name has to be typed.',
    value: 'evict',
  },
];

/** What may be given up for it; nothing unless somebody chooses it. */
export async function askNodeDrain(node: string, asker: Asker): Promise<NodeDrainWish | undefined> {
  const given = await asker.pickMany(
    `Drain the node ${node}: allow any of this? Nothing is the safe answer.`,
    concessions,
  );
  if (!given) return undefined;
  const emptyDir = given.includes('emptyDir') ? 'lose' : 'keep';
  return { node, emptyDir, unmovable: unmovableOf(given) };
}

/** What costs least of what was chosen together. */
function unmovableOf(given: readonly Concession[]): NonNullable<NodeDrainWish['unmovable']> {
  if (given.includes('unmovable')) return 'leave';
  if (given.includes('wait')) return 'wait';
  return given.includes('evict') ? 'evict' : 'refuse';
}
