import { ago, duration } from '#core/live/durations.ts';
import { worstLevel, type Evidence, type Health, type HealthLevel, type LiveMember } from '#core/live/model.ts';
import type { ContainerState, LivePod, ObjectMeta } from '#core/live/objects.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import { podTrouble } from '#core/live/podTrouble.ts';

/** The verdict on a state: how good it is, and the sentence that says so. */
export interface Judgement {
  readonly level: HealthLevel;
  readonly text: string;
}

/** One row of a state machine, told to people; `View` is everything the sentence may need. */
export interface StateRow<View> {
  readonly level: HealthLevel | ((view: View) => HealthLevel);
  readonly text: string | ((view: View) => string);
}

export function judge<View>({ level, text }: StateRow<View>, view: View): Judgement {
  return {
    level: typeof level === 'function' ? level(view) : level,
    text: typeof text === 'function' ? text(view) : text,
  };
}

/** A state of a version that is newer than this one. */
export function judgeUnknownState(state: string, message = ''): Judgement {
  const why = message === '' ? '' : `, ${messageText(message)}`;
  return { level: 'unknown', text: `in a state that is not known here: ${messageText(state, 60)}${why}` };
}

/** How long somebody may take to look at an object for the first time; longer means that nobody does. */
const PICK_UP_MS = 60_000;

/** What is so while nobody has written a status. */
export function judgePickUp(createdAt: number | undefined, now: number): Judgement {
  const age = createdAt === undefined ? undefined : now - createdAt;
  if (age === undefined) return { level: 'unknown', text: 'waits for the operator: it has no status' };
  const level = age < PICK_UP_MS ? 'working' : 'unhealthy';
  return { level, text: `waits for the operator: nobody has picked it up for ${duration(age)}` };
}

/** Kueue holds a job of one of its queues in suspension until the queue has room for it. */
export function describeSuspension({ labels }: ObjectMeta): Judgement {
  const queue = labels['kueue.x-k8s.io/queue-name'];
  if (queue === undefined || queue === '') return { level: 'done', text: 'suspended' };
  return { level: 'working', text: `suspended until the Kueue queue ${plainText(queue, 63)} has room for it` };
}

/** `completed 3 h ago in 12 min`, as far as the times are known. */
export function describeCompletion(
  what: string,
  start: number | undefined,
  end: number | undefined,
  now: number,
): string {
  if (end === undefined) return what;
  const took = start === undefined || start > end ? '' : ` in ${duration(end - start)}`;
  return `${what} ${ago(now - end)}${took}`;
}

/** More than these nobody reads. */
const MAX_EVIDENCE = 50;

/** Everything that speaks for a verdict, worst first; equal ones stay in their order. */
export function healthOf({ level, text }: Judgement, evidence: readonly Evidence[]): Health {
  const sorted = evidence.toSorted((a, b) => Number(isWorse(b.level, a.level)) - Number(isWorse(a.level, b.level)));
  return { level, sentence: text, evidence: shorten(sorted) };
}

function shorten(evidence: readonly Evidence[]): readonly Evidence[] {
  const rest = evidence.slice(MAX_EVIDENCE);
  const [first] = rest;
  if (first === undefined) return evidence;
  const more: Evidence = { level: first.level, text: `and ${rest.length} more`, source: first.source };
  return [...evidence.slice(0, MAX_EVIDENCE), more];
}

function isWorse(a: HealthLevel, b: HealthLevel): boolean {
  return a !== b && worstLevel([a, b]) === a;
}

/** The state of the container that does the work. */
export function mainState(pod: LivePod, container: string): ContainerState | undefined {
  return pod.states.find(({ name }) => name === container);
}

/** Whether a member has done its work and ended with 0, although companions in its pod may still run. */
export function hasCompleted({ pod, container }: LiveMember): boolean {
  if (pod === undefined) return false;
  return pod.phase === 'Succeeded' || mainState(pod, container)?.ended?.exitCode === 0;
}

/** A member whose container runs now: one that waits for its next start does not. */
export function isAtWork(member: LiveMember): boolean {
  const { pod, container } = member;
  if (pod?.phase !== 'Running' || pod.meta.deletedAt !== undefined || hasCompleted(member)) return false;
  const state = mainState(pod, container);
  return state === undefined || state.state === 'running';
}

/** A pod that works and ends. Undefined when there is no pod. */
export function judgeJobPod(member: LiveMember, now: number): Judgement | undefined {
  const { pod, container } = member;
  if (pod === undefined) return undefined;
  const state = mainState(pod, container);
  if (hasCompleted(member)) return { level: 'done', text: describeEndedPod(pod, state, now) };
  const trouble = podTrouble(pod, now);
  if (trouble !== undefined) return { level: trouble.level, text: trouble.sentence };
  const since = state?.runningSince;
  return { level: 'healthy', text: since === undefined ? 'runs' : `has been running for ${duration(now - since)}` };
}

function describeEndedPod(pod: LivePod, state: ContainerState | undefined, now: number): string {
  const text = describeCompletion('completed', state?.ended?.startedAt, state?.ended?.finishedAt, now);
  const running = pod.states.find(
    ({ name, state: phase, isInit }) => phase === 'running' && !isInit && name !== state?.name,
  );
  return running === undefined ? text : `${text}, but container ${plainText(running.name, 63)} keeps the pod running`;
}

/** A member's verdict as evidence for its cluster. */
export function evidenceOf(
  member: LiveMember,
  { level, text }: Judgement,
  source: Evidence['source'] = 'kubernetes',
): Evidence {
  return { level, text: `${plainText(member.name, 253)} ${text}`, source, member: member.name };
}
