import { ClusterProblem } from '#core/live/ports.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, Awaited, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { otherSet, scaledElsewhere, type ScaledSet } from '#core/operations/scaledSet.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn } from '#core/operations/stepParameters.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import type { JobState } from '#core/systems/cassandra/nodetool/job.ts';
import type { NetstatsAnswer } from '#core/systems/cassandra/nodetool/netstats.ts';
import type { StatusRow } from '#core/systems/cassandra/nodetool/status.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import type { NodeState } from '#core/systems/cassandra/operations/ringNow.ts';
import { tooFewNodes } from '#core/systems/cassandra/operations/scale/scaleDecisions.ts';
import { scalePartsOf, wholeRing, type ScaleParts } from '#core/systems/cassandra/operations/scale/scaleParts.ts';
import { SetSizes, type Sizes } from '#core/systems/cassandra/operations/scale/sizes.ts';
import { tokenOf, type RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';

const TRIES = 3;
/** For how long every peer must not know a node whose own word there is none of: twice ring_delay. */
const FORGOTTEN_MS = 60_000;
const LEAVING = { rows: undefined, streams: true };
/** Between two questions to a node that streams what it holds. */
const LEAVING_MS = 5000;

/**
 * Takes the node of the highest ordinal out of a ring:
 *
 * 1. The gate asks that the StatefulSet is the one of the plan and of the size it should have by now, that the ring is whole, and that no keyspace
 *    wants more replicas than there will be nodes.
 * 2. `nodetool decommission`, never forced, is begun in its container and goes on there: the node streams what it holds to those that will own it.
 * 3. It is awaited until every peer has forgotten its Host ID and its own Mode is DECOMMISSIONED; where nothing answers there any more, until
 *    all have known nothing of it for a minute. A node that was restarted meanwhile is a normal one again, and is asked again, three times at most.
 * 4. Only then `spec.replicas` becomes one less, for the version of the StatefulSet that was read, and the pod is awaited to be gone. Its claim is
 *    kept and named.
 *
 * Properties: replicas are never lowered while any peer knows the node, or while one that should answer does not; a step that was begun is
 * gone on with to its end, whatever is wished, because a decommission cannot be taken back.
 */
export class LeaveStep implements StepKind {
  readonly #target: RingTarget;
  readonly #sizes: Sizes;
  /** Since when nobody knows a node that does not answer, by pod. */
  readonly #forgottenSince = new Map<string, number>();

  constructor(target: RingTarget, sizes: Sizes = new SetSizes(target)) {
    this.#target = target;
    this.#sizes = sizes;
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const parts = scalePartsOf(step);
    if ((await this.#set(parts)).replicas > parts.to) return false;
    const pods = await this.#target.ring.pods();
    // Later steps of the plan may have taken others away since.
    const present = parts.present.filter((name) => parts.staying.includes(name));
    return pods.of(parts.pod) === undefined && (await this.#whoKnows({ ...parts, present }, pods)).length === 0;
  }

  async hasActed(context: StepContext): Promise<boolean> {
    const parts = scalePartsOf(context.step);
    const pods = await this.#target.ring.pods();
    const state = await this.#stateOf(parts, pods);
    if (state.kind === 'silent') throw new ClusterProblem('unreachable', `nodetool of ${parts.pod} does not answer.`);
    if (state.kind === 'not running') return (await this.#whoKnows(parts, pods)).length === 0;
    if (/^(?:LEAVING|DECOMMISSION)/.test(state.mode)) return true;
    const job = await this.#job(context, pods);
    return job?.kind === 'running' || job?.kind === 'ended';
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({ ...memory, attempt: numberIn(memory, 'attempt') + 1 });
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const parts = scalePartsOf(step);
    const set = await this.#set(parts);
    const other = otherSet(set, parts);
    if (other) return other;
    if (parts.hostId === '')
      return { kind: 'stop', reason: `The Host ID of ${parts.pod} is not known.`, fix: 'Make a new plan.' };
    if (!set.isSettled) return waiting('the rollout that is under way to end', [], false);
    const { answer, reading } = await wholeRing(this.#target, parts, await this.#target.ring.pods());
    if (answer.kind !== 'yes' || !reading) return answer;
    const left = reading.ring.nodes.filter(({ hostId }) => hostId !== parts.hostId);
    const wide = tooFewNodes(reading.keyspaces ?? [], left);
    if (wide.length === 0) return answer;
    return { kind: 'stop', reason: `${named(wide)}.`, fix: 'Lower the replication and make a new plan.' };
  }

  async act(context: StepContext): Promise<ActOutcome> {
    const { pod: name } = scalePartsOf(context.step);
    const pod = (await this.#target.ring.pods()).of(name);
    const job = pod && (await this.#target.ring.door.begin(pod, this.#token(context), ['decommission']));
    if (job === undefined) return { kind: 'again', waitingFor: `nodetool of ${name} to answer` };
    if (job.kind !== 'nowhere') return { kind: 'acted' };
    const reason = `No directory in the container of ${name} may be written, so a long command could not be followed.`;
    return { kind: 'stop', reason, fix: 'Mount an emptyDir at /tmp.' };
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const parts = scalePartsOf(context.step);
    const pods = await this.#target.ring.pods();
    const isLowered = (await this.#set(parts)).replicas <= parts.to;
    const leaving = isLowered ? undefined : await this.#leavingStill(parts, pods);
    if (leaving) return leaving;
    const state = await this.#stateOf(parts, pods);
    const { know, silent } = await this.#views(parts, pods);
    const knowing = [...know, ...silent];
    const isInside = state.kind === 'mode' && state.mode !== 'DECOMMISSIONED';
    if (isLowered && know.length > 0 && (isInside || state.kind === 'not running')) return takenAway(parts, know);
    if (knowing.length > 0 || isInside) {
      this.#forgottenSince.delete(parts.pod);
      return this.#leaving(context, pods, state, knowing);
    }
    const isSure = state.kind === 'mode' || isLowered;
    return (isSure ? undefined : this.#notForgotten(parts)) ?? (await this.#shrink(parts, pods));
  }

  /** While it says that it is leaving, nobody else need be asked, and it not often: it may be at it for hours. */
  async #leavingStill({ pod: name }: ScaleParts, pods: FoundPods): Promise<Answer | undefined> {
    const pod = pods.of(name);
    if (!pod || !this.#target.ring.isRunning(pod)) return undefined;
    const own = await this.#target.ring.recent(pod, [questions.netstats], LEAVING_MS);
    if (own?.netstats?.mode !== 'LEAVING') return undefined;
    this.#forgottenSince.delete(name);
    return streaming(name, own.netstats);
  }

  /** A process that has ended may have done so in the middle; its peers would know it for longer than a moment. */
  #notForgotten({ pod }: ScaleParts): Answer | undefined {
    const now = this.#target.ring.now();
    const since = this.#forgottenSince.get(pod) ?? now;
    this.#forgottenSince.set(pod, since);
    if (now - since >= FORGOTTEN_MS) return undefined;
    return waiting(`a minute in which nobody knows ${pod}, which does not answer`, ['forgotten'], false);
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const { pod, claims } = scalePartsOf(step);
    const kept =
      claims.length === 0 ? [] : [`The volume of ${pod} is kept: PersistentVolumeClaim ${claims.join(', ')}`];
    const warning = `${pod} must not come back with its old data: a node that was decommissioned does not start with it. Delete the claim before scaling up again.`;
    return Promise.resolve([`${pod} has left the ring; what it held is with the others`, ...kept, warning]);
  }

  async #leaving(
    context: StepContext,
    pods: FoundPods,
    state: NodeState,
    knowing: readonly string[],
  ): Promise<Awaited> {
    const { pod: name } = scalePartsOf(context.step);
    if (state.kind === 'not running') return waiting(`${name} to run again, so that it can leave`, ['stopped'], false);
    if (state.kind === 'silent') return waiting(`nodetool of ${name} to answer`, ['silent'], false);
    if (state.mode === 'DECOMMISSIONED') return waiting(`${named(knowing)} to forget ${name}`, knowing, false);
    const job = await this.#job(context, pods);
    if (state.mode === 'LEAVING' || job?.kind === 'running') return streaming(name, state.netstats);
    if (job?.kind === 'ended' && job.exitCode !== 0) {
      const said = failureOf({ exitCode: job.exitCode, stdout: job.said, stderr: '' })?.text ?? '';
      const reason = `${name} was not decommissioned: ${said}.`;
      return {
        kind: 'stop',
        reason,
        fix: `${name} is in mode ${state.mode}. See to the reason, then make a new plan.`,
      };
    }
    if (job?.kind === 'ended' || state.mode !== 'NORMAL')
      return waiting(`${name} to be decommissioned; it is ${state.mode}`, [state.mode], false);
    const reason = `${name} was restarted before it had left, and is a node as before`;
    const tries = Math.max(1, numberIn(context.memory, 'tries') + 1);
    if (tries < TRIES) return { kind: 'again', reason, remember: { tries } };
    return { kind: 'stop', reason: `${reason}, ${TRIES} times.`, fix: `Find out what restarts ${name} first.` };
  }

  /** The node has left: nothing is lost with its pod. */
  async #shrink(parts: ScaleParts, pods: FoundPods): Promise<Answer> {
    const { workload, uid, from, to, pod } = parts;
    const set = await this.#set(parts);
    if (set.uid !== uid || (set.replicas !== from && set.replicas !== to))
      return otherSet(set, { workload, uid, from }) ?? scaledElsewhere(workload, set, to);
    if (set.replicas === from) {
      const outcome = await this.#sizes.set(set, to);
      if (outcome.kind === 'stop') return outcome;
      return waiting(`${workload} to have ${to} replicas`, [set.replicas], true);
    }
    if (pods.of(pod) === undefined) return { kind: 'yes', evidence: `${pod} has left, and its pod is gone` };
    return waiting(`${pod} to end`, [pod], false);
  }

  /** Those that still have it in their view, and those that should answer and do not. */
  async #whoKnows(parts: ScaleParts, pods: FoundPods): Promise<readonly string[]> {
    const { know, silent } = await this.#views(parts, pods);
    return [...know, ...silent];
  }

  async #views(
    { pod, hostId, present }: ScaleParts,
    pods: FoundPods,
  ): Promise<{ readonly know: readonly string[]; readonly silent: readonly string[] }> {
    // Every view counts: a peer that hears nothing still knows the node, and keeps its pod from being taken away.
    const { answers } = await this.#target.ring.others(pods, pod, { isDoubted: () => false });
    const asked = present.filter((name) => name !== pod);
    const rowsOf = (name: string): readonly StatusRow[] =>
      answers.find(({ member }) => member === name)?.status?.rows ?? [];
    return {
      know: asked.filter((name) => rowsOf(name).some((row) => row.hostId === hostId)),
      silent: asked.filter((name) => rowsOf(name).length === 0),
    };
  }

  async #stateOf({ pod: name }: ScaleParts, pods: FoundPods): Promise<NodeState> {
    const pod = pods.of(name);
    return pod ? this.#target.ring.stateOf(pod) : { kind: 'not running' };
  }

  async #job(context: StepContext, pods: FoundPods): Promise<JobState | undefined> {
    const pod = pods.of(scalePartsOf(context.step).pod);
    return pod && this.#target.ring.door.look(pod, this.#token(context));
  }

  #token({ step, memory }: StepContext): string {
    return tokenOf(this.#target, step, numberIn(memory, 'attempt'));
  }

  #set(parts: ScaleParts): Promise<ScaledSet> {
    return this.#sizes.read(parts);
  }
}

function streaming(name: string, netstats: NetstatsAnswer): Answer {
  const { text, measure } = progressOf(LEAVING, { netstats });
  const told = text === '' ? '' : ` (${text})`;
  return waiting(`${name} to stream what it holds${told}`, [netstats.mode, ...measure], false);
}

/** Somebody else has lowered the size meanwhile. */
function takenAway({ pod, workload, from }: ScaleParts, knowing: readonly string[]): Answer {
  const reason = `${pod} was taken away before it had left: ${named(knowing)} still ${knowing.length === 1 ? 'knows' : 'know'} it.`;
  return {
    kind: 'stop',
    reason,
    fix: `Set ${workload} back to ${from} replicas, so that it comes back with its volume; then make a new plan.`,
  };
}
