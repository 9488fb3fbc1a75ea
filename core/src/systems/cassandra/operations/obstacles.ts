import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';
import { everyNodeUpFromEveryView, noStreams, oneSchema } from '#core/systems/cassandra/ringChecks.ts';
import { memberNode, nodeName, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { quorumLosses, type RangesOf, type RestartLevel } from '#core/systems/cassandra/operations/safety.ts';

/** What is to be taken out, and of which ring. */
export interface Departure {
  /** Pod of the node. */
  readonly target: string;
  /** Every member of the plan. */
  readonly members: readonly string[];
  readonly level: RestartLevel;
  /** Keyspaces whose loss of QUORUM was agreed to. */
  readonly consented: ReadonlySet<string>;
}

/** Which question a node's departure fails. */
export type ObstacleKind = 'ring' | 'schema' | 'streams' | 'repair' | 'quorum';

export interface Obstacle {
  readonly kind: ObstacleKind;
  /** What was found, without a full stop. */
  readonly text: string;
}

/** Everything against taking a node out now, by a full reading of the ring. Empty when it may go. */
export function obstaclesTo(departure: Departure, reading: RingReading, ranges?: RangesOf): readonly Obstacle[] {
  return [
    ...viewObstacles(departure, reading),
    ...schemaObstacles(departure, reading),
    ...movementObstacles(reading),
    ...lossesOf(departure, reading, ranges)
      .filter(({ keyspace }) => !departure.consented.has(keyspace))
      .map(({ keyspace, text }): Obstacle => ({ kind: 'quorum', text: `${keyspace}: ${text}` })),
  ];
}

/** Of a reading in which only views were asked for: every node up and normal for every other one. */
export function viewObstacles({ target, members, level }: Departure, { ring }: RingReading): readonly Obstacle[] {
  const excused = excusedNodes(ring, target, level);
  const node = ring.nodes.find(({ member }) => member === target);
  const asked = members.filter((member) => !excused.some((one) => one.member === member));
  if (!node || node.hostId === '') return [{ kind: 'ring', text: `${target} is not known to the ring` }];
  const isDrained = node.verdict === 'drained';
  const nodes = ring.nodes.flatMap((one): readonly RingNode[] => {
    if (excused.includes(one) || (one === node && isDrained)) return [];
    // Whether the node that goes serves clients is no obstacle to its going.
    return [one === node ? { ...one, isServingClients: undefined } : one];
  });
  const { against } = everyNodeUpFromEveryView(
    { ...ring, nodes },
    isDrained ? asked.filter((member) => member !== target) : asked,
  );
  return against.map((text) => ({ kind: 'ring', text }));
}

function schemaObstacles({ target, level }: Departure, { ring }: RingReading): readonly Obstacle[] {
  const excused = excusedNodes(ring, target, level);
  const counted = ring.nodes.filter(
    (node) => !excused.includes(node) && !(node.member === target && node.verdict === 'drained'),
  );
  // What gossip keeps of addresses that are nobody's any more is no node.
  const addresses = new Set(counted.flatMap((node) => node.addresses));
  const schemaUnknown = ring.schemaUnknown.filter((address) => addresses.has(address));
  return oneSchema({ ...ring, schemaUnknown }).against.map((text) => ({ kind: 'schema', text }));
}

/** Data that moves between nodes, and repairs. */
export function movementObstacles({ ring, answers }: Pick<RingReading, 'ring' | 'answers'>): readonly Obstacle[] {
  return [
    ...noStreams(ring).against.map((text): Obstacle => ({ kind: 'streams', text })),
    ...answers.flatMap(repairOf).map((text): Obstacle => ({ kind: 'repair', text })),
  ];
}

/** Work of a repair; cleanup and compaction begin anew by themselves. */
const REPAIR = /^(?:Validation|Anticompaction)/;

function repairOf({ member, compactions }: NodeAnswer): readonly string[] {
  const found = (compactions?.running ?? []).filter(({ type }) => REPAIR.test(type));
  return found.map(({ type, keyspace, table }) => `${member} repairs ${keyspace}.${table} (${type})`);
}

/** Keyspaces that would lose QUORUM while the node, and who is put up with, are away. */
export function lossesOf(
  { target, level }: Departure,
  reading: RingReading,
  ranges?: RangesOf,
): ReturnType<typeof quorumLosses> {
  const node = memberNode(reading, target);
  const excused = excusedNodes(reading.ring, target, level);
  const away = new Set([...(node ? [node] : []), ...excused].map(({ hostId }) => hostId));
  return quorumLosses(reading.ring, reading.keyspaces ?? [], away, ranges);
}

/** Nodes that everybody holds for down, where QUORUM is all that is asked for. */
function excusedNodes(ring: RingView, target: string, level: RestartLevel): readonly RingNode[] {
  if (level === 'fully replicated') return [];
  return ring.nodes.filter(({ verdict, member }) => verdict === 'down' && member !== target);
}

/** Members that are put up with although they are away. */
export function excusedMembers(ring: RingView, target: string, level: RestartLevel): ReadonlySet<string> {
  return new Set(excusedNodes(ring, target, level).map(nodeName));
}
