import type { LivePod } from '#core/live/objects.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, PlannedStep } from '#core/operations/model.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import { Rejoining } from '#core/systems/cassandra/operations/rejoining.ts';
import type { ReplaceParts } from '#core/systems/cassandra/operations/replace/replaceParts.ts';
import type { RestartLevel } from '#core/systems/cassandra/operations/safety.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';

/** Everything that a node does that takes another's place: it is sent data and builds indexes. */
const JOINING = { rows: /./, streams: true };

/** Four times ring_delay: a dead node that is still known then was not replaced. */
const FORGOTTEN_WITHIN_MS = 120_000;

/** How far a node is that takes the place of a dead one. */
export class Replacing {
  readonly #target: RingTarget;
  readonly #rejoining: Rejoining;
  /** Since when a node has joined whose dead one is still known, by uid of its pod. */
  readonly #joinedAt = new Map<string, number>();

  constructor(target: RingTarget, level: RestartLevel) {
    this.#target = target;
    const { ring } = target;
    this.#rejoining = new Rejoining({ ...target, nodes: ring.nodes, level, consented: new Set() }, ring);
  }

  /** Its Host ID, once it is back for everybody and the dead node is known to nobody, or is itself; undefined before. */
  async joinedAs(step: PlannedStep, { pod: name, dead }: ReplaceParts, pods: FoundPods): Promise<string | undefined> {
    const pod = pods.of(name);
    if (!pod || !pod.isReady || pod.meta.deletedAt !== undefined) return undefined;
    if (!(await this.#rejoining.isBack(step, pod, pods))) return undefined;
    const own = await this.#target.ring.door.ask(pod, [questions.info]);
    const hostId = own?.info?.hostId ?? '';
    if (hostId === '') return undefined;
    const knowing = hostId === dead ? [] : await this.#whoKnows(dead, name, pods);
    return knowing.length === 0 ? hostId : undefined;
  }

  async awaited(step: PlannedStep, parts: ReplaceParts, pod: LivePod, pods: FoundPods): Promise<Answer> {
    const { pod: name, dead } = parts;
    const own = await this.#target.ring.door.ask(pod, [questions.netstats, questions.info, questions.compactions]);
    const mode = own?.netstats?.mode ?? '';
    const hostId = own?.info?.hostId ?? '';
    if (mode === 'JOINING') {
      const { text, measure } = progressOf(JOINING, own);
      return waiting(`${name} to be sent its data${text === '' ? '' : ` (${text})`}`, [mode, ...measure], false);
    }
    const restarts = pod.states.map((one) => one.restarts);
    if (hostId === '') return waiting(`nodetool of ${name} to answer`, [mode, ...restarts], false);
    const answer = await this.#rejoining.awaited(step, hostId, pod, pods);
    if (answer.kind !== 'yes' || hostId === dead) return answer;
    const knowing = await this.#whoKnows(dead, name, pods);
    return knowing.length === 0 ? answer : this.#stillKnown(parts, pod, hostId, knowing);
  }

  notesOf(stepId: string): readonly string[] {
    return this.#rejoining.notesOf(stepId);
  }

  #stillKnown({ pod: name, dead }: ReplaceParts, pod: LivePod, hostId: string, knowing: readonly string[]): Answer {
    const now = this.#target.ring.now();
    const since = this.#joinedAt.get(pod.meta.uid) ?? now;
    this.#joinedAt.set(pod.meta.uid, since);
    if (now - since < FORGOTTEN_WITHIN_MS)
      return waiting(`${named(knowing)} to forget the dead node ${dead}`, [knowing.length], false);
    return {
      kind: 'stop',
      reason: `${name} has joined as a new node (${hostId}) beside ${dead}, which ${named(knowing)} still know: its start has not heeded the option.`,
      fix: `Remove ${dead}: replace, with how: remove. Then clean up the nodes.`,
    };
  }

  async #whoKnows(dead: string, name: string, pods: FoundPods): Promise<readonly string[]> {
    const { answers } = await this.#target.ring.others(pods, name, { isDoubted: () => false });
    return answers.flatMap(({ member, status }) =>
      status?.rows.some((row) => row.hostId === dead) === true ? [member] : [],
    );
  }
}
