import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { sizeText } from '#core/live/sizes.ts';
import { hopelessTrouble, type FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, Awaited, PlannedStep, StepValue } from '#core/operations/model.ts';
import { sleep } from '#core/operations/poller.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn, textsIn } from '#core/operations/stepParameters.ts';
import type { JobState } from '#core/systems/cassandra/nodetool/job.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import type { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';
import { strangerIn, tokenOf, type RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { stoppedNotes, stopWork, workIds, type Stopped } from '#core/systems/cassandra/operations/tending/stopWork.ts';
import { measureOf, reasonsToWait } from '#core/systems/cassandra/operations/tending/tendGate.ts';
import { judgeJob, type Verdict } from '#core/systems/cassandra/operations/tending/tendJob.ts';
import { isTendingMode, neededRoom, verbs, type Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';

/** How often a command that was lost or refused is begun again. */
const TRIES = 3;
/** For how long a command that was told to stop is waited for. */
const STOPPING_MS = 120_000;
const LOOK_MS = 2000;
/** The end of a command is seen by its exit code, which costs nothing; how far it is costs two Java machines. */
const PROGRESS_MS = 10_000;

/**
 * One command of nodetool on one node, such as a cleanup:
 *
 * 1. The gate asks every node: all are up and normal for all, on one schema, nothing joins, leaves, streams or is repaired, and no node is
 *    at work of this kind, whoever told it. The disk of the node has the room that the command needs.
 * 2. The command is begun in the container of the node, under a token of this plan, step and try. It goes on there by itself, so that an end of
 *    the connection or of the runner does not touch it.
 * 3. It is awaited by its exit code, which is kept beside it. Meanwhile compactionstats and netstats tell how far it is. Where the container
 *    was restarted, the command is lost with its work, and is begun again through the gate, three times at most. Work that is seen without its
 *    command is waited for.
 *
 * Properties: never two nodes at once, never two commands on one; a runner that dies at any moment leaves nothing that the next one does not
 * find; nothing is begun twice in one container. Cancelled, a command that can be stopped is, and the node stays as it then is, which is whole.
 */
export class TendStep implements StepKind {
  readonly #target: RingTarget;
  readonly #ring: RingNow;

  constructor(target: RingTarget) {
    this.#target = target;
    this.#ring = target.ring;
  }

  async isDone(context: StepContext): Promise<boolean> {
    if (context.memory['attempt'] === undefined) return false;
    return (await this.#verdict(context)).kind === 'done';
  }

  async hasActed(context: StepContext): Promise<boolean> {
    const { kind } = await this.#verdict(context);
    return kind !== 'lost';
  }

  async prepare({ step, memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const { pod: name, verb } = partsOf(step);
    const pod = (await this.#ring.pods()).of(name);
    const answer = pod && (await this.#ring.door.ask(pod, [questions.info, questions.compactions]));
    return {
      ...memory,
      attempt: numberIn(memory, 'attempt') + 1,
      load: answer?.info?.loadBytes ?? -1,
      others: [...workIds(verb, answer)],
    };
  }

  async gate({ step, memory }: StepContext): Promise<Answer> {
    const pods = await this.#ring.pods();
    const unready = unreadyPods(this.#ring, pods);
    if (unready) return unready;
    const reading = await this.#ring.confirmed(pods, `${step.id} ${numberIn(memory, 'attempt')}`);
    const stranger = strangerIn(this.#target, reading);
    if (stranger) return stranger;
    const reasons = reasonsToWait(
      reading,
      this.#ring.nodes.map(({ pod }) => pod),
    );
    if (reasons.length > 0) return waiting(`the ring: ${named(reasons)}`, [...reasons, ...measureOf(reading)], false);
    return (
      (await this.#noRoom(step, pods)) ?? {
        kind: 'yes',
        evidence: `every node sees the ${reading.ring.nodes.length} nodes up and normal, and nothing moves`,
      }
    );
  }

  async act(context: StepContext): Promise<ActOutcome> {
    const { step, memory } = context;
    const { pod: name, verb, source } = partsOf(step);
    const pod = (await this.#ring.pods()).of(name);
    const job = pod && (await this.#ring.door.begin(pod, this.#token(step, memory), verb.args(source)));
    if (job === undefined) return { kind: 'again', waitingFor: `nodetool of ${name} to answer` };
    if (job.kind !== 'nowhere') return { kind: 'acted' };
    const reason = `No directory in the container of ${name} may be written, so a long command could not be followed.`;
    return { kind: 'stop', reason, fix: 'Mount an emptyDir at /tmp.' };
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const { step, memory } = context;
    const { pod: name, verb } = partsOf(step);
    const verdict = await this.#verdict(context);
    const command = `nodetool ${verb.args(partsOf(step).source)[0] ?? ''}`;
    if (verdict.kind === 'done') return { kind: 'yes', evidence: `${command} of ${name} ended well` };
    if (verdict.kind === 'under way') {
      const text = verdict.text === '' ? '' : ` (${verdict.text})`;
      return waiting(`${name} to be ${verb.passive}${text}`, verdict.measure, false);
    }
    if (verdict.kind === 'failed') {
      const reason = `${command} of ${name} did not end well: ${verdict.reason}.`;
      return {
        kind: 'stop',
        reason,
        fix: `Look at the log of ${name}, then make a new plan; the others are untouched.`,
      };
    }
    const reason =
      verdict.kind === 'lost'
        ? `${command} of ${name} was lost: its container was restarted meanwhile`
        : `${name} refused: ${verdict.reason}`;
    const tries = numberIn(memory, 'tries');
    if (tries < TRIES - 1) return { kind: 'again', reason, remember: { tries: Math.max(1, tries + 1) } };
    return { kind: 'stop', reason: `${reason}, ${TRIES} times.`, fix: `Find out what happens to ${name} first.` };
  }

  async finish({ step, memory }: StepContext): Promise<readonly string[]> {
    const { pod: name, verb } = partsOf(step);
    if (verb.room === 'none') return [];
    const pod = (await this.#ring.pods()).of(name);
    const answer = pod && (await this.#ring.door.ask(pod, [questions.info]));
    const [before, after] = [numberIn(memory, 'load'), answer?.info?.loadBytes];
    if (before < 0 || after === undefined) return [];
    return [`${name} held ${sizeText(before)} before and holds ${sizeText(after)} now; the figure lags by a minute`];
  }

  canAbort({ step }: StepContext): boolean {
    return partsOf(step).verb.stop !== undefined;
  }

  /** The command ends by itself once its work is stopped. */
  async abort(context: StepContext): Promise<readonly string[]> {
    const { pod: name, verb } = partsOf(context.step);
    const began = this.#ring.now();
    const stopped: Stopped[] = [];
    for (;;) {
      const pod = (await this.#ring.pods()).of(name);
      if (!pod || verb.stop === undefined) return [`${name} is not there, and does nothing`];
      const verdict = await this.#verdict(context);
      const notes = stoppedNotes(name, verb, stopped);
      if (verdict.kind !== 'under way')
        return [...notes, `${name} has stopped; it is whole, and may be ${verb.passive} again`];
      if (this.#ring.now() - began > STOPPING_MS)
        return [...notes, `${name} was told to stop and has not ended yet; look at nodetool compactionstats`];
      // A table after the other: each has to be told.
      stopped.push(await stopWork(this.#ring.door, pod, verb, textsIn(context.memory, 'others')));
      await sleep(this.#target.clock, LOOK_MS);
    }
  }

  async #verdict({ step, memory }: StepContext): Promise<Verdict> {
    const { pod: name, verb } = partsOf(step);
    const pod = (await this.#ring.pods()).of(name);
    const trouble = pod && hopelessTrouble(pod, this.#ring.now());
    if (trouble !== undefined) return { kind: 'failed', reason: `${name} ${trouble}` };
    if (!pod || !this.#ring.isRunning(pod))
      return { kind: 'under way', text: 'its container does not run', measure: [pod?.phase ?? 'absent'] };
    const job = await this.#job(pod, step, memory);
    if (job?.kind === 'ended' || job?.kind === 'nowhere') return judgeJob(verb, job, undefined);
    const asked = [questions.netstats, questions.compactions];
    // While the command is seen to run, how far it is may be told a little later.
    const maxAgeMs = job?.kind === 'running' ? PROGRESS_MS : 0;
    const answer = await this.#ring.recent(pod, asked, maxAgeMs);
    return judgeJob(verb, job, answer);
  }

  #job(pod: LivePod, step: PlannedStep, memory: StepContext['memory']): Promise<JobState | undefined> {
    return this.#ring.door.look(pod, this.#token(step, memory));
  }

  #token(step: PlannedStep, memory: StepContext['memory']): string {
    return tokenOf(this.#target, step, numberIn(memory, 'attempt'));
  }

  async #noRoom(step: PlannedStep, pods: FoundPods): Promise<Answer | undefined> {
    const { pod: name, verb, directory } = partsOf(step);
    const pod = pods.of(name);
    if (verb.room === 'none' || !pod || directory === '') return undefined;
    const disk = await this.#ring.door.disk(pod, directory);
    const load = (await this.#ring.door.ask(pod, [questions.info]))?.info?.loadBytes;
    const needed = neededRoom(verb, load, disk?.largest);
    if (!disk || needed === undefined || disk.free >= needed) return undefined;
    const reason = `The disk of ${name} has ${sizeText(disk.free)} free, and ${sizeText(needed)} may be needed.`;
    return { kind: 'stop', reason, fix: 'Clear snapshots, or give it a larger volume, first.' };
  }
}

/** Every member of the plan that is not ready. */
function unreadyPods(ring: RingNow, pods: FoundPods): Answer | undefined {
  const unready = ring.nodes.filter(({ pod: name }) => {
    const pod = pods.of(name);
    return pod?.isReady !== true || pod.meta.deletedAt !== undefined;
  });
  const names = unready.map(({ pod }) => pod);
  return names.length === 0 ? undefined : waiting(`${named(names)} to be ready`, names, false);
}

function partsOf({ parameters }: PlannedStep): {
  readonly pod: string;
  readonly verb: Verb;
  readonly source: string;
  readonly directory: string;
} {
  const mode = textIn(parameters, 'mode');
  if (!isTendingMode(mode)) throw new ClusterProblem('invalid', `The plan has an unknown mode: ${mode}.`);
  return {
    pod: textIn(parameters, 'pod'),
    verb: verbs[mode],
    source: textIn(parameters, 'source'),
    directory: textIn(parameters, 'directory'),
  };
}
