import type { FoundPods } from '#core/operations/memberPods.ts';
import type { Answer } from '#core/operations/model.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { named, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import type { NodeState } from '#core/systems/cassandra/operations/ringNow.ts';
import {
  fateOf,
  lossesWithout,
  obstaclesBeside,
  peersWordOf,
  type PodFate,
} from '#core/systems/cassandra/operations/replace/deadNode.ts';
import type { ReplaceParts } from '#core/systems/cassandra/operations/replace/replaceParts.ts';
import { strangerIn, type RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { measureOf } from '#core/systems/cassandra/operations/tending/tendGate.ts';

/**
 * Whether a node is as dead as the plan says, and the rest of the ring whole, asked now of everybody: nothing of the node runs, every node
 * that gossips sees its Host ID down, its address is nobody else's, the others are up, on one schema, nothing moves, and every range keeps
 * a QUORUM. A node that has come back ends the run.
 */
export class DeadGate {
  readonly #target: RingTarget;

  constructor(target: RingTarget) {
    this.#target = target;
  }

  async ask(parts: ReplaceParts, pods: FoundPods): Promise<Answer> {
    const fate = await this.fate(parts, pods);
    if (fate.kind === 'answers') return backAgain(parts, fate.text);
    if (fate.kind === 'starting') return waiting(`${parts.pod} to be clearly dead: ${fate.text}`, [fate.text], false);
    const reading = await this.#target.ring.full(pods);
    return this.#inRing(parts, reading, pods);
  }

  async fate({ pod: name, container }: ReplaceParts, pods: FoundPods): Promise<PodFate> {
    const { ring } = this.#target;
    const pod = name === '' ? undefined : pods.of(name);
    const state: NodeState = pod ? await ring.stateOf(pod) : { kind: 'not running' };
    return fateOf(name, pod, container, state, ring.now());
  }

  async #inRing(parts: ReplaceParts, reading: RingReading, pods: FoundPods): Promise<Answer> {
    const { dead, others } = parts;
    const stranger = strangerIn(this.#target, reading);
    if (stranger) return stranger;
    if (reading.answers.length === 0) return waiting('a node to answer', [], false);
    const word = peersWordOf(reading.ring, dead);
    if (word.kind === 'gone') {
      const reason = `Nobody knows the node ${dead} any more: somebody has removed or replaced it.`;
      return { kind: 'stop', reason, fix: 'Look at nodetool status, and make a new plan if one is needed.' };
    }
    if (word.kind === 'disputed') return waiting(`every node to see it down: ${named(word.texts)}`, word.texts, false);
    const moved = addressProblem(parts, reading);
    if (moved) return moved;
    const obstacles = obstaclesBeside(dead, reading, others).map(({ text }) => text);
    if (obstacles.length > 0)
      return waiting(`the others to be whole: ${named(obstacles)}`, [...obstacles, ...measureOf(reading)], false);
    const lost = await this.#lost(parts, reading, pods);
    if (lost.length > 0) return waiting(`every range to have a QUORUM: ${named(lost)}`, lost, false);
    return { kind: 'yes', evidence: `${word.text}, and the others are whole` };
  }

  /** Racks do not always settle it; then the ranges are looked at. */
  async #lost({ dead, consented }: ReplaceParts, reading: RingReading, pods: FoundPods): Promise<readonly string[]> {
    const losses = lossesWithout(dead, reading).filter(({ keyspace }) => !consented.includes(keyspace));
    if (losses.length === 0) return [];
    const keyspaces = losses.map(({ keyspace }) => keyspace);
    const exact = lossesWithout(dead, reading, await this.#target.ring.ranges(pods, keyspaces));
    return exact
      .filter(({ keyspace }) => keyspaces.includes(keyspace))
      .map(({ keyspace, text }) => `${keyspace}: ${text}`);
  }
}

/** Its address may have become that of another pod, whose node would be replaced instead. */
function addressProblem({ dead, address, pod }: ReplaceParts, { ring, answers }: RingReading): Answer | undefined {
  const node = ring.nodes.find(({ hostId }) => hostId === dead);
  const fix = 'Make a new plan.';
  if (!node?.addresses.includes(address)) {
    const now = node?.addresses.join(', ') ?? '';
    return { kind: 'stop', reason: `The others know ${pod} as ${now}; it was ${address} when the plan was made.`, fix };
  }
  const holder = ring.nodes.find(({ hostId, addresses }) => hostId !== dead && addresses.includes(address));
  const taken = holder?.member ?? answers.find(({ podIp, member }) => podIp === address && member !== pod)?.member;
  if (taken === undefined) return undefined;
  return {
    kind: 'stop',
    reason: `The address ${address} of the dead node is now that of ${taken}.`,
    fix: `Restart ${taken}, so that it gets another one, and make a new plan.`,
  };
}

function backAgain({ pod }: ReplaceParts, text: string): Answer {
  return {
    kind: 'stop',
    reason: `${pod} is not dead: ${text}.`,
    fix: 'A node that has its data is restarted or repaired, never replaced or removed.',
  };
}
