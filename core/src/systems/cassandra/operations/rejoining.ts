import { duration } from '#core/live/durations.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, PlannedStep } from '#core/operations/model.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { parametersOf, waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import {
  BY_PORT,
  ReturnLook,
  UNREADY,
  type FreshReading,
  type Look,
  type LookRequest,
} from '#core/systems/cassandra/operations/returnLook.ts';
import type { RestartTarget } from '#core/systems/cassandra/operations/restartTarget.ts';
import type { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';
import { isUp, rowOf, type Missing } from '#core/systems/cassandra/operations/whole.ts';

/** From the first time that a node is found whole to the second; gossip settles in eight seconds at least. */
const SETTLING_MS = 10_000;
/** Hints are sent at leisure, and are best effort: after this long they are left to themselves. */
const HINTS_MS = 600_000;
/** For how long a node may start without a sign that it moves: it may read its commit log. */
const STARTING_MS = 900_000;

/** Between two questions to the same nodes while something is waited for: each costs their machines seconds of CPU. */
const BETWEEN_MS = 3000;
/** When the end of a wait is so near, it is looked at often. */
const NEAR_MS = 1500;

/**
 * How far a node is back that was restarted. What is asked, and when:
 *
 * 1. While it starts, its CQL port alone is asked, which costs it nothing; nodetool only every half minute (returnLook.ts). Where the port
 *    cannot be asked, its own Mode and whether it serves clients are, until both are so.
 * 2. Then it and all others are asked at the same time. What is missing is waited for, and all are asked again, three seconds apart.
 * 3. Ten seconds after the beginning of the first look by which it is whole, all are asked again, and the others in the same go for the writes
 *    that they keep for it. Where another step follows, this second look has every question of the next gate, which begins with it.
 * 4. Who keeps writes is asked for them, and nobody else; when none are left, all are asked a last time.
 *
 * What it keeps is only for how long something has been so, by pod and process; it may begin anew.
 */
export class Rejoining {
  readonly #target: RestartTarget;
  readonly #ring: RingNow;
  readonly #look: ReturnLook;
  /** When the look began by which the node of a process was first found whole. */
  readonly #wholeSince = new Map<string, number>();
  /** From when on hints are waited for, and who keeps them, by process. */
  readonly #settled = new Map<string, { readonly at: number; readonly holders: readonly string[] }>();
  /** What was waited for, and since when the answer stands. */
  #last: { readonly process: string; readonly at: number; readonly answer: Answer } | undefined;
  #reading: FreshReading | undefined;
  readonly #notes = new Map<string, readonly string[]>();

  constructor(target: RestartTarget, ring: RingNow) {
    this.#target = target;
    this.#ring = ring;
    this.#look = new ReturnLook(target, ring);
  }

  /** Without waiting for anything: it is normal, serves clients, and others see it. */
  async isBack(step: PlannedStep, pod: LivePod, pods: FoundPods): Promise<boolean> {
    const cql = await this.#ring.cql(pod, pods);
    if (cql.kind === 'closed') return false;
    const { info, netstats } = questions;
    const own = await this.#ring.door.ask(pod, [netstats, info]);
    const { hostId } = parametersOf(step);
    const id = own?.info?.hostId ?? '';
    const isItself = own?.netstats?.mode === 'NORMAL' && own.info?.isServingClients === true && id !== '';
    if (!isItself || (hostId !== '' && hostId !== id)) return false;
    const isDoubted = ({ status }: NodeAnswer): boolean => !isUp(rowOf(status?.rows, id));
    const { answers } = await this.#ring.others(pods, pod.meta.name, { most: 2, isDoubted });
    return answers.length > 0 ? !answers.some(isDoubted) : this.#isAlone();
  }

  async awaited(step: PlannedStep, hostId: string, pod: LivePod, pods: FoundPods): Promise<Answer> {
    const process = processOf(pod);
    const last = this.#last;
    if (last?.process === process && (this.#ring.now() - last.at < BETWEEN_MS || isUnready(last.answer, pod)))
      return last.answer;
    const answer = await this.#ask(step, hostId, pod, pods);
    const isCostly = answer.kind === 'wait' && !isCheap(answer);
    this.#last = isCostly ? { process, at: this.#ring.now(), answer } : undefined;
    return answer;
  }

  /** The whole ring as it was when the node was found back; told once, and only where a step follows. */
  takeReading(): FreshReading | undefined {
    const reading = this.#reading;
    this.#reading = undefined;
    return reading;
  }

  async #ask(step: PlannedStep, hostId: string, pod: LivePod, pods: FoundPods): Promise<Answer> {
    const process = processOf(pod);
    const whole = this.#wholeSince.get(process);
    const settled = this.#settled.get(process);
    const request = { step, hostId, pod, pods, isSecond: whole !== undefined };
    if (settled) return this.#whileHintsGo(request, settled);
    const left = whole === undefined ? 0 : whole + SETTLING_MS - this.#ring.now();
    if (left > 0) return settling(pod, left);
    const began = this.#ring.now();
    const look = await this.#look.at(request);
    if (look.missing) return this.#startAgain(pod, hostId, look.missing);
    if (whole === undefined) {
      this.#wholeSince.set(process, began);
      return settling(pod, SETTLING_MS);
    }
    return this.#judgeHints(request, look, this.#ring.now());
  }

  /** It was whole twice, so what others keep for it is all that is waited for; that it stayed whole is asked at the end. */
  async #whileHintsGo(
    request: LookRequest,
    { at, holders }: { readonly at: number; readonly holders: readonly string[] },
  ): Promise<Answer> {
    const { pod, hostId, pods } = request;
    const keeping = holders.flatMap((name) => pods.of(name) ?? []);
    const answers = await this.#ring.door.askAll(keeping, [questions.hints]);
    if (keptIn(answers, hostId).length > 0 && this.#ring.now() - at < HINTS_MS)
      return this.#waitForHints(request, answers, at);
    const look = await this.#look.at(request);
    // It was whole, and is not any more: what it was given meanwhile says nothing.
    if (look.missing) return this.#startAgain(pod, hostId, look.missing);
    return this.#judgeHints(request, look, at);
  }

  #judgeHints(request: LookRequest, look: Look, since: number): Answer {
    const { step, pod, hostId } = request;
    const passed = this.#ring.now() - since;
    if (this.#target.level === 'fully replicated') {
      if (keptIn(look.answers, hostId).length > 0 && passed < HINTS_MS)
        return this.#waitForHints(request, look.answers, since);
      this.#note(request, look.answers, passed);
    }
    this.#tellWay(step, look);
    this.#reading = look.reading;
    const { name } = pod.meta;
    const port = look.cql.kind === 'open' ? `; ${look.cql.evidence}` : '';
    return { kind: 'yes', evidence: `every node sees ${name} up and normal${port}` };
  }

  #waitForHints({ pod, hostId }: LookRequest, answers: readonly NodeAnswer[], since: number): Answer {
    const kept = keptIn(answers, hostId);
    const files = kept.reduce((sum, one) => sum + one.files, 0);
    const holders = [...new Set(kept.map(({ member }) => member))];
    this.#settled.set(processOf(pod), { at: since, holders });
    // Dispatch begins ten seconds after a node is seen up, and a file may take minutes.
    return waiting(
      `${holders.join(', ')} to send ${pod.meta.name} the writes kept for it (${files} files)`,
      [files, minutes(this.#ring.now() - since)],
      false,
    );
  }

  #startAgain(pod: LivePod, hostId: string, missing: Missing): Answer {
    this.#settled.delete(processOf(pod));
    this.#wholeSince.delete(processOf(pod));
    return answerTo(missing, pod, hostId, this.#ring.now());
  }

  /** For the report; told once. */
  notesOf(stepId: string): readonly string[] {
    const notes = this.#notes.get(stepId) ?? [];
    this.#notes.delete(stepId);
    return notes;
  }

  /** A pod of that name goes; what was found of an earlier one says nothing of the next. */
  forget(pod: string): void {
    this.#notes.delete(pod);
    this.#reading = undefined;
  }

  /** Writes that others keep for it. Versions before 4.1 cannot tell. */
  #note({ step, pod, hostId }: LookRequest, answers: readonly NodeAnswer[], passed: number): void {
    const { name } = pod.meta;
    const others = answers.filter(({ member }) => member !== name);
    const isUntold = others.every(({ hints }) => hints === undefined) && !this.#isAlone();
    const files = keptIn(answers, hostId).reduce((sum, one) => sum + one.files, 0);
    const left = `After ${duration(passed)} other nodes still keep ${files} files of writes for ${name}; repair it if they do not go`;
    const untold = `Whether writes are still kept for ${name} cannot be told by this version of Cassandra`;
    this.#notes.set(step.id, isUntold ? [untold] : files > 0 ? [left] : []);
  }

  #tellWay({ id }: PlannedStep, { cql, pod }: Look): void {
    if (cql.kind !== 'unknown') return;
    const note = `CQL of ${pod} could not be asked from here, so that it is open is what nodetool of ${pod} says: ${cql.why}`;
    this.#notes.set(id, [...(this.#notes.get(id) ?? []), note]);
  }

  #isAlone(): boolean {
    return this.#ring.nodes.length < 2;
  }
}

/** A container may be started anew in its pod. */
const processOf = ({ meta, states }: LivePod): string =>
  `${meta.uid} ${states.reduce((sum, { restarts }) => sum + restarts, 0)}`;

const isUnready = (answer: Answer, { isReady }: LivePod): boolean =>
  answer.kind === 'wait' && answer.measure[0] === UNREADY && !isReady;

const isCheap = ({ measure }: Extract<Answer, { kind: 'wait' }>): boolean =>
  measure[0] === BY_PORT || measure[0] === SETTLING;

const SETTLING = 'settling';

const settling = ({ meta }: LivePod, left: number): Answer =>
  waiting(`${meta.name} to stay as it is for ${SETTLING_MS / 1000} s`, [SETTLING], left <= NEAR_MS);

function keptIn(
  answers: readonly NodeAnswer[],
  hostId: string,
): readonly { readonly member: string; readonly files: number }[] {
  return answers.flatMap(({ member, hints = [] }) =>
    hints.filter((hint) => hint.hostId === hostId && hint.files > 0).map(({ files }) => ({ member, files })),
  );
}

const minutes = (milliseconds: number): number => Math.floor(milliseconds / 60_000);

function answerTo(missing: Missing, pod: LivePod, before: string, now: number): Answer {
  const { name } = pod.meta;
  if (missing.kind === 'stranger') {
    return {
      kind: 'stop',
      reason: `${name} has come back as another node: its Host ID is ${missing.hostId}, and was ${before}.`,
      fix: 'Its volume is not the one it had. Look for that before anything else; nothing else is touched until then.',
    };
  }
  const started = Math.max(...pod.states.map(({ runningSince = 0 }) => runningSince));
  const restarts = pod.states.reduce((sum, state) => sum + state.restarts, 0);
  // A node that reads its commit log says nothing for minutes; it is given a quarter of an hour before it counts as standing still.
  const patience = minutes(Math.min(Math.max(0, now - started), STARTING_MS));
  return waiting(missing.text, [...missing.measure, restarts, patience], false);
}
