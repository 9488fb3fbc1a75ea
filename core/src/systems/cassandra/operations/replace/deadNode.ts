import type { LivePod } from '#core/live/objects.ts';
import { describeEnd, podTrouble } from '#core/live/podTrouble.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';
import { everyNodeUpFromEveryView, oneSchema } from '#core/systems/cassandra/ringChecks.ts';
import { movementObstacles, type Obstacle } from '#core/systems/cassandra/operations/obstacles.ts';
import { nodeName, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import type { NodeState } from '#core/systems/cassandra/operations/ringNow.ts';
import { quorumLosses, type QuorumLoss, type RangesOf } from '#core/systems/cassandra/operations/safety.ts';

/** What its pod tells of a node that is believed to be dead; without a full stop. */
export type PodFate =
  /** Nothing of it runs. */
  | { readonly kind: 'dead'; readonly text: string }
  /** It may come up by itself. */
  | { readonly kind: 'starting'; readonly text: string }
  /** Its process answers. */
  | { readonly kind: 'answers'; readonly text: string };

/** Restarts after which a process that does not answer counts as one that never will. */
const HOPELESS_RESTARTS = 2;

/** By Kubernetes, and by what its process says, `not running` when there is none. */
export function fateOf(
  name: string,
  pod: LivePod | undefined,
  container: string,
  state: NodeState,
  now: number,
): PodFate {
  if (!pod) return { kind: 'dead', text: `there is no pod ${name}` };
  const trouble = podTrouble(pod, now);
  const sentence = `${name} ${trouble?.sentence ?? `is ${pod.phase}`}`;
  if (state.kind === 'mode') return { kind: 'answers', text: `nodetool of ${name} answers, in mode ${state.mode}` };
  const isOver = pod.meta.deletedAt !== undefined || pod.phase === 'Failed' || pod.phase === 'Succeeded';
  if (isOver) return { kind: 'dead', text: sentence };
  const own = pod.states.find((one) => one.name === container);
  if (state.kind === 'silent') {
    const end = own?.lastEnd;
    if (own && end && own.restarts >= HOPELESS_RESTARTS)
      return { kind: 'dead', text: `${name} was restarted ${own.restarts} times, and ended with ${describeEnd(end)}` };
    return { kind: 'starting', text: `the process of ${name} runs, and nodetool does not answer yet` };
  }
  return trouble === undefined || trouble.level === 'working'
    ? { kind: 'starting', text: sentence }
    : { kind: 'dead', text: sentence };
}

/** What the others hold of a node. */
export type PeersWord =
  | { readonly kind: 'dead'; readonly text: string }
  /** Some see it up, or do not know it: a sentence each. */
  | { readonly kind: 'disputed'; readonly texts: readonly string[] }
  /** Nobody knows it any more. */
  | { readonly kind: 'gone' };

/** Every node that gossips has to hold it for down, and for a member of the ring. */
export function peersWordOf({ nodes }: RingView, hostId: string): PeersWord {
  const node = nodes.find((one) => one.hostId === hostId);
  if (!node || node.peers.every(({ liveness }) => liveness === 'absent')) return { kind: 'gone' };
  const texts = node.peers
    .filter(({ liveness }) => liveness !== 'down')
    .map(({ observer, liveness }) =>
      liveness === 'absent'
        ? `${observer} does not know ${nodeName(node)}`
        : `${observer} sees ${nodeName(node)} ${liveness}`,
    );
  if (texts.length > 0) return { kind: 'disputed', texts };
  return { kind: 'dead', text: `${node.peers.map(({ observer }) => observer).join(', ')} see it down` };
}

/** Other nodes that everybody holds for down: they are put up with where every range keeps a QUORUM. */
export function alsoDown({ nodes }: RingView, dead: string): readonly RingNode[] {
  return nodes.filter(({ hostId, verdict }) => verdict === 'down' && hostId !== dead);
}

/** What is against it in the rest of the ring: nodes that are away, several schemas, data that moves. Empty when nothing is. */
export function obstaclesBeside(dead: string, reading: RingReading, members: readonly string[]): readonly Obstacle[] {
  return [...othersAway(dead, reading, members), ...schemaOfOthers(dead, reading), ...movementObstacles(reading)];
}

export function othersAway(dead: string, { ring }: RingReading, members: readonly string[]): readonly Obstacle[] {
  const down = alsoDown(ring, dead);
  const left = ring.nodes.filter((node) => node.hostId !== dead && !down.includes(node));
  const unasked = new Set([...down, ...ring.nodes.filter(({ hostId }) => hostId === dead)].map(({ member }) => member));
  const asked = members.filter((member) => !unasked.has(member));
  const { against } = everyNodeUpFromEveryView({ ...ring, nodes: left }, asked);
  return against.map((text) => ({ kind: 'ring', text }));
}

/** What those that are down have for a schema nobody can tell. */
export function schemaOfOthers(dead: string, { ring }: RingReading): readonly Obstacle[] {
  const down = new Set(alsoDown(ring, dead));
  const left = ring.nodes.filter((node) => node.hostId !== dead && !down.has(node));
  const addresses = new Set(left.flatMap((node) => node.addresses));
  const schemaUnknown = ring.schemaUnknown.filter((address) => addresses.has(address));
  return oneSchema({ ...ring, schemaUnknown }).against.map((text) => ({ kind: 'schema', text }));
}

/** Keyspaces that have no QUORUM without the node and the others that are down. */
export function lossesWithout(dead: string, reading: RingReading, ranges?: RangesOf): readonly QuorumLoss[] {
  const away = new Set([dead, ...alsoDown(reading.ring, dead).map(({ hostId }) => hostId)]);
  return quorumLosses(reading.ring, reading.keyspaces ?? [], away, ranges);
}

/** Those of them that the node alone takes with it, whoever else is up: only bringing a node back mends that. */
export function lossesByItself(dead: string, { ring, keyspaces = [] }: RingReading): readonly QuorumLoss[] {
  return quorumLosses(ring, keyspaces, new Set([dead]));
}
