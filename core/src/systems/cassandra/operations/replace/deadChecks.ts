import { sizeText } from '#core/live/sizes.ts';
import type { Precondition } from '#core/operations/model.ts';
import {
  alsoDown,
  lossesByItself,
  lossesWithout,
  othersAway,
  peersWordOf,
  schemaOfOthers,
} from '#core/systems/cassandra/operations/replace/deadNode.ts';
import type { DeadExamination } from '#core/systems/cassandra/operations/replace/examineDead.ts';
import { movementObstacles } from '#core/systems/cassandra/operations/obstacles.ts';
import { named, nodeName } from '#core/systems/cassandra/operations/reading.ts';

export type DeadCheck = (examination: DeadExamination) => Precondition | undefined;

/** Questions that are asked of every dead node, in the order in which they are shown. */
export const deadChecks: readonly DeadCheck[] = [
  rightsHeld,
  isDead,
  whyLost,
  othersUp,
  oneSchema,
  nothingMoves,
  quorumKept,
  othersHaveRoom,
];

function rightsHeld({ missingRights }: DeadExamination): Precondition {
  const id = { id: 'rights', title: 'Everything that is needed may be done' };
  if (missingRights.length === 0) return { ...id, state: 'holds', evidence: ['Every right was asked for'] };
  return { ...id, state: 'fails', evidence: missingRights, fix: 'Ask for the rights.' };
}

/** Two witnesses: its pod, and every other node. */
function isDead({ meant, fate, reading }: DeadExamination): Precondition {
  const id = { id: 'dead', title: 'The node is dead, for Kubernetes and for every other node' };
  const word = peersWordOf(reading.ring, meant.node.hostId);
  const known = [meant.knownBy, ...(meant.pod === '' ? [] : [fate.text])];
  if (fate.kind === 'answers' || (word.kind === 'disputed' && meant.node.verdict === 'up')) {
    const fix =
      'A node that has its data is restarted (Safe Restart) or repaired (Rebalance, repair). One that is to go is decommissioned (Scale).';
    return { ...id, state: 'fails', evidence: [...known, ...seen(word)], fix };
  }
  if (fate.kind === 'starting' || word.kind !== 'dead') {
    const fix = 'Wait until it is up, or clearly is not: every other node has to see it down.';
    return { ...id, state: 'fails', evidence: [...known, ...seen(word)], fix };
  }
  return { ...id, state: 'holds', evidence: [...known, word.text] };
}

function seen(word: ReturnType<typeof peersWordOf>): readonly string[] {
  if (word.kind === 'gone') return ['nobody knows it any more'];
  return word.kind === 'dead' ? [word.text] : word.texts.slice(0, 6);
}

/** A node whose data is there comes back by itself, once what keeps it away is seen to. */
function whyLost({ signs, wish, meant }: DeadExamination): Precondition | undefined {
  const id = { id: 'lost', title: 'Its data is lost' };
  if (meant.pod === '' || (wish.how === 'remove' && signs.length === 0)) return undefined;
  const evidence = signs.map(({ text }) => text);
  if (signs.some(({ kind }) => kind === 'lost')) return { ...id, state: 'holds', evidence };
  const fix =
    'Its volume may still hold its data: try to bring the pod back first, or agree that this data is given up.';
  return { ...id, state: 'consent', evidence, fix };
}

function othersUp({ data, meant, reading, problems }: DeadExamination): Precondition {
  const id = { id: 'ring', title: 'Every other node is up and normal for every other one' };
  const { hostId } = meant.node;
  const members = data.members.map(({ name }) => name);
  const against = othersAway(hostId, reading, members).map(({ text }) => text);
  if (against.length > 0) {
    const fix = 'Bring back what is away, or wait until it has joined or left.';
    return { ...id, state: 'fails', evidence: [...against.slice(0, 8), ...problems.slice(0, 4)], fix };
  }
  const down = alsoDown(reading.ring, hostId).map(nodeName);
  if (down.length === 0)
    return { ...id, state: 'holds', evidence: [`${reading.ring.observers.length} views of the ring agree`] };
  const evidence = down.map((name) => `${name} is down as well, and put up with as long as every range has a QUORUM`);
  return { ...id, state: 'warns', evidence, fix: 'Dead nodes are replaced one after the other.' };
}

function oneSchema({ meant, reading }: DeadExamination): Precondition {
  const id = { id: 'schema', title: 'The others have one version of the schema' };
  const against = schemaOfOthers(meant.node.hostId, reading).map(({ text }) => text);
  if (against.length === 0)
    return { ...id, state: 'holds', evidence: [reading.ring.schemas[0]?.version ?? 'one version'] };
  return { ...id, state: 'fails', evidence: against.slice(0, 6), fix: 'Wait until changes have reached everybody.' };
}

function nothingMoves({ reading }: DeadExamination): Precondition {
  const id = { id: 'nothing-moves', title: 'No data moves between nodes, and nothing is repaired' };
  const evidence = movementObstacles(reading).map(({ text }) => text);
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['No streams, no validation'] };
  return { ...id, state: 'fails', evidence: evidence.slice(0, 8), fix: 'Wait until it is over.' };
}

function quorumKept({ meant, reading, ranges }: DeadExamination): Precondition {
  const id = { id: 'quorum', title: 'Every range has a QUORUM of its replicas without it' };
  const { hostId } = meant.node;
  if (!reading.keyspaces) {
    const evidence = ['Versions before 4.0 do not tell how keyspaces are replicated'];
    return { ...id, state: 'consent', evidence, fix: 'See that every keyspace has three replicas or more.' };
  }
  const alone = lossesByItself(hostId, reading);
  const own = new Set(alone.map(({ keyspace }) => keyspace));
  const broken = lossesWithout(hostId, reading, ranges).filter(({ keyspace }) => !own.has(keyspace));
  const told = (loss: (typeof alone)[number]): string => `${loss.keyspace}: ${loss.text}`;
  if (broken.length > 0) {
    const fix = 'Bring back one of the others that are down first: what has no QUORUM may be lost.';
    return { ...id, state: 'fails', evidence: broken.map(told).slice(0, 8), fix };
  }
  const lonely = singleReplicas(reading);
  const evidence = [...alone.map(told), ...lonely];
  if (evidence.length === 0)
    return {
      ...id,
      state: 'holds',
      evidence: [`${reading.keyspaces.length} keyspaces, over all and in each datacenter`],
    };
  const fix = 'What only this node had is lost, and what one other has is copied from it alone. Agree to it.';
  return { ...id, state: 'consent', evidence: evidence.slice(0, 8), fix };
}

/** Also those of Cassandra itself: users and roles are in one of them. */
function singleReplicas({ keyspaces = [] }: DeadExamination['reading']): readonly string[] {
  return keyspaces
    .filter(({ strategy, factors }) => strategy !== 'LocalStrategy' && Object.values(factors).includes(1))
    .filter(({ keyspace }) => keyspace !== 'system_traces')
    .map(({ keyspace }) => `${keyspace} has one replica of each row: what was on this node is lost`);
}

/** Below this share a disk is full for Cassandra: compactions need room. */
const TIGHT = 0.1;

/** Whoever sends needs room to go on; whoever takes over ranges needs it for them. */
function othersHaveRoom({ meant, disks, reading, wish }: DeadExamination): Precondition {
  const id = { id: 'disk', title: 'The others have the room' };
  const { datacenter, hostId } = meant.node;
  const local = reading.ring.nodes.filter((node) => node.datacenter === datacenter && node.hostId !== hostId);
  const share = wish.how === 'remove' ? (lostBytes(meant.node, local) ?? 0) / Math.max(1, local.length) : 0;
  const rooms = [...disks].map(([name, disk]) => ({ name, disk }));
  const untold = rooms.filter(({ disk }) => disk === undefined).map(({ name }) => name);
  if (rooms.length === 0 || untold.length > 0)
    return { ...id, state: 'unknown', evidence: [`${named(untold) || 'No node'} did not tell`] };
  const told = ({ name, disk }: (typeof rooms)[number]): string => `${name} has ${sizeText(disk?.free ?? 0)} free`;
  const full = rooms.filter(({ disk }) => (disk?.free ?? 0) < share);
  const about = share === 0 ? [] : [`each gets about ${sizeText(share)}`];
  if (full.length > 0)
    return { ...id, state: 'fails', evidence: [...about, ...full.map(told)], fix: 'Give them larger volumes first.' };
  const tight = rooms.filter(({ disk }) => disk !== undefined && disk.free - share < disk.size * TIGHT);
  if (tight.length > 0)
    return { ...id, state: 'warns', evidence: [...about, ...tight.map(told)], fix: 'Watch their disks meanwhile.' };
  return { ...id, state: 'holds', evidence: [...about, ...rooms.slice(0, 4).map(told)] };
}

/** What it held by the word of the others, or as much as they hold on the mean; undefined when nobody tells. */
export function lostBytes(
  { loadBytes }: DeadExamination['meant']['node'],
  local: readonly { readonly loadBytes: number | undefined }[],
): number | undefined {
  if (loadBytes !== undefined) return loadBytes;
  const told = local.flatMap((node) => node.loadBytes ?? []);
  return told.length === 0 ? undefined : told.reduce((sum, bytes) => sum + bytes, 0) / told.length;
}
