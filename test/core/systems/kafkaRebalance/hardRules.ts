import type {
  Move,
  Rebalance,
  RebalanceInput,
  RebalancePartition,
  RebalanceRequest,
} from '#core/systems/kafka/rebalance/model.ts';

/** What must hold of every plan, said once more and in another way than the planner does. Empty when all of it holds. */
export function broken(input: RebalanceInput, request: RebalanceRequest, { moves }: Rebalance): readonly string[] {
  const names = moves.map(({ topic, index }) => `${topic}-${index}`);
  const twice = names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is moved twice`);
  return [...twice, ...moves.flatMap((move) => brokenBy(input, request, move)), ...fullDisks(input, moves)];
}

export const added = ({ before, after }: Move): readonly number[] => after.filter((id) => !before.includes(id));
const removed = ({ before, after }: Move): readonly number[] => before.filter((id) => !after.includes(id));
export const copies = (moves: readonly Move[]): number => moves.reduce((sum, move) => sum + added(move).length, 0);

function brokenBy(input: RebalanceInput, request: RebalanceRequest, move: Move): readonly string[] {
  const partition = input.partitions.find(({ topic, index }) => topic === move.topic && index === move.index);
  if (partition === undefined) return [`${move.topic}-${move.index} does not exist`];
  const rules: readonly (readonly [string, boolean])[] = [
    ['starts from something else', same(move.before, partition.replicas)],
    ['changes nothing', !same(move.before, move.after)],
    ['changes the number of replicas', move.after.length === move.before.length],
    ['has two replicas on one broker', new Set(move.after).size === move.after.length],
    ['goes to a broker that takes none', added(move).every((id) => takes(input, request, id))],
    [
      'has fewer racks',
      racks(input, move.after) >= Math.min(racks(input, move.before), reachable(input, request, move)),
    ],
    ['has no leader to copy from', partition.leader >= 0],
    ['is under min ISR and loses one in sync', isRepair(partition, move)],
    ['prefers a leader that is not in sync', added(move).length > 0 || partition.isr.includes(move.after[0] ?? -1)],
    ['has another size', move.bytes === partition.bytes],
    ['moves data', request.mode !== 'leaders only' || added(move).length === 0],
  ];
  return rules.filter(([, holds]) => !holds).map(([what]) => `${move.topic}-${move.index} ${what}`);
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

function takes({ brokers }: RebalanceInput, request: RebalanceRequest, id: number): boolean {
  if (brokers.find((broker) => broker.id === id)?.isTarget !== true) return false;
  if (request.mode === 'off brokers') return !request.brokers.includes(id);
  return request.mode !== 'new brokers only' || request.brokers.includes(id);
}

const rackOf = ({ brokers }: RebalanceInput, id: number): string => brokers.find((one) => one.id === id)?.rack ?? '';
const racks = (input: RebalanceInput, ids: readonly number[]): number =>
  new Set(ids.map((id) => rackOf(input, id))).size;

/** Racks there would be with the brokers that may be used and the replicas that need not go. */
function reachable(input: RebalanceInput, request: RebalanceRequest, { before }: Move): number {
  const stay = request.mode === 'off brokers' ? before.filter((id) => !request.brokers.includes(id)) : before;
  const others = input.brokers.filter(({ id }) => takes(input, request, id)).map(({ id }) => id);
  return racks(input, [...stay, ...others]);
}

function isRepair({ isr, minIsr, replicas }: RebalancePartition, move: Move): boolean {
  const needed = Math.min(minIsr ?? replicas.length, replicas.length);
  return isr.length >= needed || (added(move).length > 0 && removed(move).every((id) => !isr.includes(id)));
}

/** Disks to which something is copied, when all of it is there and nothing has gone. */
function fullDisks({ brokers }: RebalanceInput, moves: readonly Move[]): readonly string[] {
  return brokers.flatMap(({ id, totalBytes, usableBytes }) => {
    if (totalBytes === undefined || usableBytes === undefined) return [];
    const comes = moves.filter((move) => added(move).includes(id)).reduce((sum, { bytes }) => sum + bytes, 0);
    const isFull = comes > 0 && totalBytes - usableBytes + comes > totalBytes * 0.8;
    return isFull ? [`broker ${id} is too full`] : [];
  });
}
