import type { LivePod } from '#core/live/objects.ts';
import { podTrouble } from '#core/live/podTrouble.ts';
import { sizeText } from '#core/live/sizes.ts';
import type { Answer, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { otherSet, scaledElsewhere, type ScaledSet } from '#core/operations/scaledSet.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { Rejoining } from '#core/systems/cassandra/operations/rejoining.ts';
import { processOf } from '#core/systems/cassandra/operations/ringNow.ts';
import { scalePartsOf, wholeRing } from '#core/systems/cassandra/operations/scale/scaleParts.ts';
import { SetSizes, type Sizes } from '#core/systems/cassandra/operations/scale/sizes.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';

/** `ring_delay` of Cassandra: for so long others learn of a node that joined before the next may. */
const RING_DELAY_MS = 30_000;

/** What does not mend itself by waiting; a Kubernetes node for it may be on its way. */
const hopelessKinds = new Set<string>(['image', 'configuration', 'crash', 'memory', 'evicted']);

/** Between two questions to a node that is sent its data. */
const JOINING_MS = 10_000;

/** Everything that a joining node does: it is sent data and builds indexes. */
const JOINING = { rows: /./, streams: true };

/**
 * Adds one node to a ring:
 *
 * 1. The gate asks that the StatefulSet is the one of the plan and of the size it had, that no rollout is under way, and that the ring is whole:
 *    every node up and normal for all, on one schema, nothing joining, leaving, streaming or under repair.
 * 2. `spec.replicas` becomes one more, for the version of the StatefulSet that was read.
 * 3. The node is awaited: its pod runs, nodetool answers, Mode JOINING while it is sent its data, then NORMAL, up by its Host ID for every
 *    peer, all peers up for it, CQL open, one schema, ready; the same again after ten seconds, and half a minute more (ring_delay), so that the next
 *    one does not join beside it. A pod that cannot start ends the run; the others are not touched by it.
 *
 * It is not taken back when cancelled: a node that is sent data is awaited. Undo: scale down.
 */
export class GrowStep implements StepKind {
  readonly #target: RingTarget;
  readonly #sizes: Sizes;
  readonly #rejoining: Rejoining;
  /** When each was first found to have joined, by pod. */
  readonly #joinedAt = new Map<string, number>();
  /** Of those that have been NORMAL, by process. */
  readonly #hostIds = new Map<string, string>();

  constructor(target: RingTarget, sizes: Sizes = new SetSizes(target)) {
    this.#target = target;
    this.#sizes = sizes;
    const { ring } = target;
    const restart = { ...target, nodes: ring.nodes, level: 'fully replicated', consented: new Set<string>() } as const;
    this.#rejoining = new Rejoining(restart, ring);
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const { to, pod: name } = scalePartsOf(step);
    if ((await this.#set(step)).replicas < to) return false;
    const pods = await this.#target.ring.pods();
    const pod = pods.of(name);
    return pod?.isReady === true && pod.meta.deletedAt === undefined && this.#rejoining.isBack(step, pod, pods);
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    return (await this.#set(step)).replicas >= scalePartsOf(step).to;
  }

  async prepare({ step, memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return { ...memory, from: (await this.#set(step)).replicas };
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const parts = scalePartsOf(step);
    const set = await this.#set(step);
    const other = otherSet(set, parts);
    if (other) return other;
    if (!set.isSettled) return waiting('the rollout that is under way to end', [], false);
    return (await wholeRing(this.#target, parts, await this.#target.ring.pods())).answer;
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    return this.#sizes.set(await this.#set(step), scalePartsOf(step).to);
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const { workload, to, pod: name } = scalePartsOf(step);
    const set = await this.#set(step);
    // A later step of the plan may have added another.
    if (set.replicas < to) return scaledElsewhere(workload, set, to);
    const { ring } = this.#target;
    const pods = await ring.pods();
    const pod = pods.of(name);
    if (!pod) return waiting(`${name} to be created`, [name], false);
    const trouble = podTrouble(pod, ring.now());
    if (trouble?.level === 'unhealthy' && hopelessKinds.has(trouble.kind))
      return {
        kind: 'stop',
        reason: `${name} ${trouble.sentence}`,
        fix: `Look at its log. A node that was decommissioned does not start with its old data: delete its claim then. No other node is touched by it.`,
      };
    if (!ring.isRunning(pod)) {
      const why = trouble ? `, which ${trouble.sentence}` : '';
      return waiting(`${name} to run${why}`, [pod.phase, ...pod.states.map(({ state }) => state)], false);
    }
    const process = processOf(pod);
    const known = this.#hostIds.get(process);
    if (known !== undefined) return this.#joined(step, known, pod, pods);
    const asked = [questions.netstats, questions.info, questions.compactions];
    // Its port opens when it has been sent its data; until then it has enough to do.
    const { kind } = await ring.cql(pod, pods);
    const own = await ring.recent(pod, asked, kind === 'open' ? 0 : JOINING_MS);
    const mode = own?.netstats?.mode ?? '';
    const hostId = own?.info?.hostId ?? '';
    if (mode === 'JOINING') {
      const { text, measure } = progressOf(JOINING, own);
      return waiting(`${name} to be sent its data${text === '' ? '' : ` (${text})`}`, [mode, ...measure], false);
    }
    if (hostId === '') return waiting(`nodetool of ${name} to answer`, [mode, ...restartsOf(pod)], false);
    if (mode === 'NORMAL') this.#hostIds.set(process, hostId);
    return this.#joined(step, hostId, pod, pods);
  }

  async #joined(step: PlannedStep, hostId: string, pod: LivePod, pods: FoundPods): Promise<Answer> {
    const { name } = pod.meta;
    const now = this.#target.ring.now();
    const joinedAt = this.#joinedAt.get(name);
    // Once all have found it whole, only time has to pass; then all are asked a last time.
    if (joinedAt !== undefined && now - joinedAt < RING_DELAY_MS) return ringDelay(name);
    const answer = await this.#rejoining.awaited(step, hostId, pod, pods);
    if (answer.kind !== 'yes') {
      this.#joinedAt.delete(name);
      return answer;
    }
    if (joinedAt !== undefined) return answer;
    this.#joinedAt.set(name, now);
    return ringDelay(name);
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    const { pod, present } = scalePartsOf(context.step);
    return [
      ...(await this.joinedNotes(context)),
      `The older nodes still hold rows that ${pod} owns now. Next is a cleanup of ${present.join(', ')}: rebalance with the mode cleanup.`,
    ];
  }

  /** How the node is that has joined. */
  async joinedNotes({ step }: StepContext): Promise<readonly string[]> {
    const { pod } = scalePartsOf(step);
    const reading = await this.#target.ring.full(await this.#target.ring.pods());
    const own = reading.ring.nodes.find(({ member }) => member === pod);
    const others = reading.ring.nodes.filter(
      ({ member, datacenter }) => member !== pod && datacenter === own?.datacenter,
    );
    const mean = others.reduce((sum, { loadBytes = 0 }) => sum + loadBytes, 0) / Math.max(1, others.length);
    const load = own?.loadBytes ?? 0;
    const isEmpty = mean > 1024 ** 3 && load < mean / 10;
    return [
      `${pod} has joined: Host ID ${own?.hostId ?? 'unknown'}, ${own?.datacenter ?? ''}, rack ${own?.rack ?? ''}, ${sizeText(load)}`,
      ...(isEmpty
        ? [
            `${pod} holds ${sizeText(load)}, others about ${sizeText(mean)}: see that it was sent its data, and repair it if it took itself for a seed`,
          ]
        : []),
      ...this.#rejoining.notesOf(step.id),
    ];
  }

  #set(step: StepContext['step']): Promise<ScaledSet> {
    return this.#sizes.read(scalePartsOf(step));
  }
}

const ringDelay = (name: string): Answer =>
  waiting(`${RING_DELAY_MS / 1000} s to pass, in which all learn of ${name}`, ['ring delay'], false);

const restartsOf = ({ states }: { readonly states: readonly { readonly restarts: number }[] }): readonly number[] =>
  states.map(({ restarts }) => restarts);
