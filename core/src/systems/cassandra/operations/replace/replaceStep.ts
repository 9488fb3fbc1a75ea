import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { sizeText } from '#core/live/sizes.ts';
import { hopelessTrouble } from '#core/operations/memberPods.ts';
import type { Answer, Awaited, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import { pods as podKind } from '#core/operations/nodeDrain/kinds.ts';
import { sleep } from '#core/operations/poller.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { KIND, type StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn, textsIn } from '#core/operations/stepParameters.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { unagreed } from '#core/systems/cassandra/operations/replace/agreement.ts';
import { DeadGate } from '#core/systems/cassandra/operations/replace/deadGate.ts';
import { isTold } from '#core/systems/cassandra/operations/replace/firstBoot.ts';
import {
  readTemplate,
  unheld,
  writeTemplate,
  type TemplateNow,
} from '#core/systems/cassandra/operations/replace/firstBootTemplate.ts';
import { claimAddress, readClaims } from '#core/systems/cassandra/operations/replace/lostVolume.ts';
import { replacePartsOf, type ReplaceParts } from '#core/systems/cassandra/operations/replace/replaceParts.ts';
import { Replacing } from '#core/systems/cassandra/operations/replace/replacing.ts';
import type { RestartLevel } from '#core/systems/cassandra/operations/safety.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

export const REPLACE = 'replace-node';

/** How often a pod that was made without the option is made anew. */
const TRIES = 3;
const OBSERVED_WITHIN_MS = 30_000;
const LOOK_MS = 1000;

/**
 * Gives a dead node's pod a new life in its place in the ring:
 *
 * 1. The gate asks that the StatefulSet is the one of the plan and at OnDelete, so that its controller restarts no pod by itself, and that the node
 *    is dead and the rest of the ring whole (deadGate.ts). Then the run pauses, names what will be deleted, and goes on for whoever types the name
 *    of the pod. What was agreed to is remembered by the uids of pod and claims: others are asked about again.
 * 2. The template gets the option that makes an empty node take over the tokens of the dead one (firstBoot.ts). Once the controller has seen it,
 *    all of the gate is asked again, and then claims and pod are deleted, each by its uid.
 * 3. The new pod is awaited: made with the option, scheduled, running, JOINING while it is sent its data, then NORMAL, up for every peer, CQL
 *    open, one schema, ready; and the Host ID of the dead node known to nobody any more. One that joins without the option ends the run.
 *
 * Properties: nothing is deleted that was not named and agreed to, or while the node answers or any peer sees it up; nobody else is taken out;
 * the option is in the template only from just before the deletion until the node has joined, and a node that has its data ignores it. Ended before
 * the deletion, the template becomes what it was.
 */
export class ReplaceStep implements StepKind {
  readonly #target: RingTarget;
  readonly #gate: DeadGate;
  readonly #replacing: Replacing;

  constructor(target: RingTarget, level: RestartLevel) {
    this.#target = target;
    this.#gate = new DeadGate(target);
    this.#replacing = new Replacing(target, level);
  }

  async isDone({ step, memory, memories = {} }: StepContext): Promise<boolean> {
    const parts = replacePartsOf(step);
    // It was seen to have joined before; by now it may be away for its restart.
    if (Object.hasOwn(memories, parts.next)) return true;
    const pods = await this.#target.ring.pods();
    const hostId = await this.#replacing.joinedAs(step, parts, pods);
    if (hostId === undefined) return false;
    if (hostId !== parts.dead) return true;
    // The same address again makes the same Host ID: only an empty volume tells it from the node of before.
    const doomed = memory['doomed'] === undefined ? undefined : textsIn(memory, 'doomed');
    return doomed !== undefined && !(await this.#claims(parts)).some(({ uid }) => doomed.includes(uid));
  }

  async hasActed({ step, memory }: StepContext): Promise<boolean> {
    const parts = replacePartsOf(step);
    const uid = textIn(memory, 'uid');
    const pod = (await this.#target.ring.pods()).of(parts.pod);
    if (pod && (pod.meta.uid === uid || !isTold(pod.containers, parts.container, parts.address))) return false;
    const doomed = textsIn(memory, 'doomed');
    const isGone = !(await this.#claims(parts)).some((claim) => doomed.includes(claim.uid));
    return isGone && (pod !== undefined || uid !== '');
  }

  async prepare({ step, memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const parts = replacePartsOf(step);
    const pod = (await this.#target.ring.pods()).of(parts.pod);
    return { ...memory, uid: pod?.meta.uid ?? '', doomed: (await this.#claims(parts)).map(({ uid }) => uid) };
  }

  async gate({ step, memory }: StepContext): Promise<Answer> {
    const parts = replacePartsOf(step);
    const template = await this.#template(parts);
    const other = unheld(template, parts);
    if (other) return other;
    const pods = await this.#target.ring.pods();
    const answer = await this.#gate.ask(parts, pods);
    if (answer.kind !== 'yes') return answer;
    return unagreed(parts, pods.of(parts.pod), await this.#claims(parts), memory) ?? answer;
  }

  async act({ step, memory }: StepContext): Promise<ActOutcome> {
    const parts = replacePartsOf(step);
    const template = await this.#template(parts);
    const waitingFor = `the controller of ${parts.workload} to see the option`;
    if (!template.isTelling) {
      const written = await writeTemplate(this.#target.cluster, template, parts.container, parts.wanted);
      return written.kind === 'acted' ? { kind: 'again', waitingFor } : written;
    }
    if (!template.isObserved) return { kind: 'again', waitingFor };
    return this.#delete(parts, memory);
  }

  async awaited({ step, memory }: StepContext): Promise<Awaited> {
    const parts = replacePartsOf(step);
    const pods = await this.#target.ring.pods();
    const pod = pods.of(parts.pod);
    if (!pod) return waiting(`${parts.pod} to be created again`, ['absent'], false);
    if (pod.meta.uid === textIn(memory, 'uid')) return this.#ending(parts, pod);
    if (!isTold(pod.containers, parts.container, parts.address)) return this.#untold(parts, pod, memory);
    const trouble = hopelessTrouble(pod, this.#target.ring.now());
    if (trouble !== undefined) {
      const fix = `Repair that and resume: its volume is new, and ${parts.workload} still says whom it replaces. No other node is touched.`;
      return { kind: 'stop', reason: `${parts.pod} ${trouble}`, fix };
    }
    if (!this.#target.ring.isRunning(pod)) return this.#starting(parts, pod);
    return this.#replacing.awaited(step, parts, pod, pods);
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    const { pod, dead } = replacePartsOf(step);
    const reading = await this.#target.ring.full(await this.#target.ring.pods());
    const own = reading.ring.nodes.find(({ member }) => member === pod);
    return [
      `${pod} has taken the place of ${dead}: Host ID ${own?.hostId ?? 'unknown'}, ${sizeText(own?.loadBytes ?? 0)}`,
      `Each range was sent by one replica, so ${pod} may lack what that one lacked. Next is a repair of ${pod}: rebalance with the mode repair.`,
      ...this.#replacing.notesOf(step.id),
    ];
  }

  /** After the deletion the new pod needs what the template says until it has joined. */
  async leave(_state: RunState, { plan, steps }: RunRecord): Promise<readonly string[]> {
    const notes: string[] = [];
    for (const step of plan.steps.filter(({ parameters }) => parameters[KIND] === REPLACE)) {
      const record = steps.find(({ id }) => id === step.id);
      const memories = Object.fromEntries(steps.map(({ id, memory }) => [id, memory]));
      if (record) notes.push(...(await this.#putBack({ step, memory: record.memory, memories })));
    }
    return notes;
  }

  async #putBack(context: StepContext): Promise<readonly string[]> {
    const parts = replacePartsOf(context.step);
    const template = await this.#template(parts);
    if (!template.isTelling || template.workload.meta.uid !== parts.uid) return [];
    if ((await this.hasActed(context)) && !(await this.isDone(context)))
      return [
        `${parts.workload} stays as it is, with the option for ${parts.pod}, because ${parts.pod} has not joined yet. Resume it; or take the option out of ${parts.workload} once it has`,
      ];
    const outcome = await writeTemplate(this.#target.cluster, template, parts.container, parts.before);
    if (outcome.kind !== 'acted') return [`The option for ${parts.pod} is still in the template of ${parts.workload}`];
    await this.#observed(parts);
    return [`The template of ${parts.workload} is as it was`];
  }

  /** What comes next looks at revisions, which are those of today only then. */
  async #observed(parts: ReplaceParts): Promise<void> {
    const { ring, clock } = this.#target;
    for (const began = ring.now(); ring.now() - began < OBSERVED_WITHIN_MS;) {
      if ((await this.#template(parts)).isObserved) return;
      await sleep(clock, LOOK_MS);
    }
  }

  /** Claims first: they stay until their pod is gone, and a new pod waits until they are. */
  async #delete(parts: ReplaceParts, memory: StepContext['memory']): Promise<ActOutcome> {
    const { cluster, namespace, ring } = this.#target;
    const doomed = textsIn(memory, 'doomed');
    try {
      for (const { name, uid } of await this.#claims(parts))
        if (doomed.includes(uid)) await deleted(cluster.delete(claimAddress(namespace, name), { uid }));
      const pod = (await ring.pods()).of(parts.pod);
      if (pod && pod.meta.uid === textIn(memory, 'uid')) await this.#deletePod(pod);
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict') return { kind: 'again', waitingFor: `${parts.pod} to be looked at again` };
      if (error.kind !== 'forbidden' && error.kind !== 'invalid') throw error;
      const reason = `The volume or the pod of ${parts.pod} may not be deleted: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right to delete pods and PersistentVolumeClaims.' };
    }
  }

  #deletePod({ meta: { namespace, name, uid } }: LivePod): Promise<void> {
    return deleted(this.#target.cluster.delete({ ...podKind, namespace, name }, { uid }));
  }

  /** Whose machine does not answer ends only when Kubernetes is told that it is gone. Nothing is deleted by force. */
  #ending({ pod: name }: ReplaceParts, pod: LivePod): Awaited {
    if (pod.meta.deletedAt === undefined) return { kind: 'again', reason: `${name} was not deleted`, remember: {} };
    const machine = pod.node === '' ? '' : `; if its Kubernetes node ${pod.node} is gone for good, delete that Node`;
    return waiting(`${name} to end${machine}`, [pod.meta.deletedAt], false);
  }

  /** Somebody has put the template back, or the controller was late. */
  async #untold(parts: ReplaceParts, pod: LivePod, memory: StepContext['memory']): Promise<Awaited> {
    const { pod: name, workload, dead } = parts;
    if (this.#target.ring.isRunning(pod)) {
      const reason = `${name} was made without the option, and joins as a new node beside ${dead}, which stays down.`;
      return {
        kind: 'stop',
        reason,
        fix: `Let it join, then remove ${dead}: replace, with how: remove. See who changes ${workload}.`,
      };
    }
    const tries = Math.max(0, numberIn(memory, 'tries')) + 1;
    const reason = `${name} was made without the option`;
    if (tries > TRIES)
      return { kind: 'stop', reason: `${reason}, ${TRIES} times.`, fix: `See who changes ${workload}.` };
    const doomed = textsIn(memory, 'doomed');
    const isNew = !(await this.#claims(parts)).some(({ uid }) => doomed.includes(uid));
    // Its volume is empty and it has never run: nothing goes with it.
    if (isNew) await this.#deletePod(pod);
    return { kind: 'again', reason, remember: { tries } };
  }

  async #starting(parts: ReplaceParts, pod: LivePod): Promise<Answer> {
    const { pod: name, claims } = parts;
    if (pod.node === '' && (await this.#claims(parts)).length < claims.length && this.#isOld(pod)) {
      // Made while its old claim was still there: older controllers do not make another for it.
      await this.#deletePod(pod);
      return waiting(`${name} to be made anew with a claim`, ['claim'], false);
    }
    const states = pod.states.map(({ state, restarts }) => `${state} ${restarts}`);
    return waiting(`${name} to ${pod.node === '' ? 'be scheduled' : 'run'}`, [pod.phase, ...states], false);
  }

  #isOld({ meta }: LivePod): boolean {
    return this.#target.ring.now() - (meta.createdAt ?? 0) > OBSERVED_WITHIN_MS;
  }

  #template(parts: ReplaceParts): Promise<TemplateNow> {
    return readTemplate(this.#target.cluster, this.#target.namespace, parts);
  }

  #claims({ claims }: ReplaceParts): ReturnType<typeof readClaims> {
    return readClaims(this.#target.cluster, this.#target.namespace, claims);
  }
}

/** What is gone already is what was wanted. */
async function deleted(deletion: Promise<void>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind !== 'absent') throw error;
  }
}
