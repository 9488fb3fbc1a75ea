import { duration } from '#core/live/durations.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, PlannedStep } from '#core/operations/model.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { parametersOf, waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import type { RestartTarget } from '#core/systems/cassandra/operations/restartTarget.ts';
import type { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';
import {
  firstMissing,
  missingInRing,
  isUp,
  notUpYet,
  rowOf,
  type Missing,
  type Returning,
} from '#core/systems/cassandra/operations/whole.ts';

/** Between the first and the second time that a node is found whole; gossip settles in eight seconds at least. */
const SETTLING_MS = 10_000;
/** Hints are sent at leisure, and are best effort: after this long they are left to themselves. */
const HINTS_MS = 600_000;
/** For how long a node may start without a sign that it moves: it may read its commit log. */
const STARTING_MS = 900_000;

/** Between two questions to the same nodes while something is waited for: each costs their machines seconds of CPU. */
const BETWEEN_MS = 3000;

const TELLING_MODES = new Set(['NORMAL', 'JOINING']);

/** How far a node is back that was restarted. What it keeps is only for how long something has been so; it may begin anew. */
export class Rejoining {
  readonly #target: RestartTarget;
  readonly #ring: RingNow;
  /** When the node of a pod was first found whole, by uid. */
  readonly #wholeSince = new Map<string, number>();
  /** From when on hints are waited for, by uid. */
  readonly #settledAt = new Map<string, number>();
  /** What was waited for, and since when the answer stands. */
  #last: { readonly uid: string; readonly at: number; readonly answer: Answer } | undefined;
  readonly #notes = new Map<string, readonly string[]>();

  constructor(target: RestartTarget, ring: RingNow) {
    this.#target = target;
    this.#ring = ring;
  }

  /** Without waiting for anything: it is normal, serves clients, and others see it. */
  async isBack(step: PlannedStep, pod: LivePod, pods: FoundPods): Promise<boolean> {
    const { info, netstats } = questions;
    const own = await this.#ring.door.ask(pod, [netstats, info]);
    const { hostId } = parametersOf(step);
    const id = own?.info?.hostId ?? '';
    const isItself = own?.netstats?.mode === 'NORMAL' && own.info?.isServingClients === true && id !== '';
    if (!isItself || (hostId !== '' && hostId !== id)) return false;
    const isDoubted = blindTo(id);
    const { answers } = await this.#ring.others(pods, pod.meta.name, { most: 2, isDoubted });
    return answers.length > 0 ? !answers.some(isDoubted) : this.#isAlone();
  }

  async awaited(step: PlannedStep, hostId: string, pod: LivePod, pods: FoundPods): Promise<Answer> {
    const { uid } = pod.meta;
    const last = this.#last;
    if (last?.uid === uid && (this.#ring.now() - last.at < BETWEEN_MS || isUnready(last.answer, pod)))
      return last.answer;
    const answer = await this.#ask(step, hostId, pod, pods);
    this.#last = answer.kind === 'wait' ? { uid, at: this.#ring.now(), answer } : undefined;
    return answer;
  }

  async #ask(step: PlannedStep, hostId: string, pod: LivePod, pods: FoundPods): Promise<Answer> {
    const { uid, name } = pod.meta;
    const whole = this.#wholeSince.get(uid);
    const settled = this.#settledAt.get(uid);
    if (settled !== undefined) {
      const answer = await this.#withoutHints(step, hostId, pods, settled);
      const lost = answer.kind === 'yes' ? await this.#missing(hostId, pod, pods) : undefined;
      if (!lost) return answer;
      // It was whole, and is not any more: what it was given meanwhile says nothing.
      this.#settledAt.delete(uid);
      this.#wholeSince.delete(uid);
      return answerTo(lost, pod, hostId, this.#ring.now());
    }
    if (whole !== undefined && this.#ring.now() - whole < SETTLING_MS)
      return waiting(`${name} to stay as it is for ${SETTLING_MS / 1000} s`, ['settling'], false);
    const missing = await this.#missing(hostId, pod, pods);
    if (missing) {
      this.#wholeSince.delete(uid);
      return answerTo(missing, pod, hostId, this.#ring.now());
    }
    if (whole === undefined) {
      this.#wholeSince.set(uid, this.#ring.now());
      return waiting(`${name} to stay as it is for ${SETTLING_MS / 1000} s`, ['settling'], false);
    }
    this.#settledAt.set(uid, this.#ring.now());
    return this.#withoutHints(step, hostId, pods, this.#ring.now());
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
  }

  /** What is cheap comes first: a node that is still starting needs its processor, and is not worth a question to others. */
  async #missing(hostId: string, pod: LivePod, pods: FoundPods): Promise<Missing | undefined> {
    const { name } = pod.meta;
    const { netstats, info, status, cluster } = questions;
    const begun = await this.#ring.door.ask(pod, [netstats]);
    const names = new Map(this.#ring.nodes.map((node) => [node.hostId, node.pod]));
    const { level } = this.#target;
    const returning: Returning = { pod: name, hostId, own: begun, peers: [], silent: [], level, names };
    // One that joins may be another node, which only its identity tells.
    if (!TELLING_MODES.has(begun?.netstats?.mode ?? '')) return notUpYet(returning);
    // Two others are asked before all are, and for the schema only when nothing else is missing.
    const [rest, few] = await Promise.all([
      this.#ring.door.ask(pod, [info, status]),
      this.#ring.others(pods, name, { most: 2, isDoubted: blindTo(hostId) }),
    ]);
    const own = rest && { ...rest, netstats: begun?.netstats };
    const missing = missingInRing({ ...returning, own, peers: few.answers, silent: few.isAll ? few.silent : [] });
    if (missing) return missing;
    const all = few.isAll ? few : await this.#ring.others(pods, name, { isDoubted: blindTo(hostId) });
    const schema = await this.#ring.door.ask(pod, [cluster]);
    const whole = own && { ...own, cluster: schema?.cluster };
    const more = firstMissing({ ...returning, own: whole, peers: all.answers, silent: all.silent });
    if (more) return more;
    return pod.isReady ? undefined : { kind: 'wait', text: `${name} to be ready for Kubernetes`, measure: [UNREADY] };
  }

  /** Writes that others keep for it. Versions before 4.1 cannot tell. */
  async #withoutHints(step: PlannedStep, hostId: string, pods: FoundPods, since: number): Promise<Answer> {
    const { pod } = parametersOf(step);
    const whole: Answer = { kind: 'yes', evidence: `every node sees ${pod} up and normal` };
    if (this.#target.level !== 'fully replicated') return whole;
    const others = this.#ring.nodes.flatMap((node) => (node.pod === pod ? [] : (pods.of(node.pod) ?? [])));
    const answers = await this.#ring.door.askAll(others, [questions.hints]);
    const passed = this.#ring.now() - since;
    const kept = answers.flatMap(({ member, hints = [] }) =>
      hints.filter((hint) => hint.hostId === hostId && hint.files > 0).map(({ files }) => ({ member, files })),
    );
    const files = kept.reduce((sum, one) => sum + one.files, 0);
    if (files > 0 && passed < HINTS_MS) {
      const holders = kept.map(({ member }) => member).join(', ');
      // Dispatch begins ten seconds after a node is seen up, and a file may take minutes.
      return waiting(
        `${holders} to send ${pod} the writes kept for it (${files} files)`,
        [files, minutes(passed)],
        false,
      );
    }
    this.#note(
      step,
      pod,
      answers.every(({ hints }) => hints === undefined),
      files,
      passed,
    );
    return whole;
  }

  #note(step: PlannedStep, pod: string, isUntold: boolean, files: number, passed: number): void {
    const left = `After ${duration(passed)} other nodes still keep ${files} files of writes for ${pod}; repair it if they do not go`;
    const untold = `Whether writes are still kept for ${pod} cannot be told by this version of Cassandra`;
    const notes = isUntold && !this.#isAlone() ? [untold] : files > 0 ? [left] : [];
    this.#notes.set(step.id, notes);
  }

  #isAlone(): boolean {
    return this.#ring.nodes.length < 2;
  }
}

/** What only Kubernetes has still to say needs no question to the nodes. */
const UNREADY = 'unready';

const isUnready = (answer: Answer, { isReady }: LivePod): boolean =>
  answer.kind === 'wait' && answer.measure[0] === UNREADY && !isReady;

const blindTo =
  (hostId: string) =>
  ({ status }: NodeAnswer): boolean =>
    !isUp(rowOf(status?.rows, hostId));

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
