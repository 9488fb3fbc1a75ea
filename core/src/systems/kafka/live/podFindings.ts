import type { LiveMember } from '#core/live/model.ts';
import type { ContainerEnd, ContainerState, LivePod } from '#core/live/objects.ts';
import { describeEnd, waitsForImage } from '#core/live/podTrouble.ts';
import type { Finding } from '#core/systems/kafka/live/findings.ts';
import { oneLine } from '#core/systems/kafka/live/json.ts';
import { ordinal } from '#core/systems/kafka/live/words.ts';
import { duration } from '#core/live/durations.ts';

/** Starting a broker and loading its log segments takes minutes; a pod that waits for a node or an image does not. */
const PENDING_GRACE_MS = 60_000;
const STARTING_GRACE_MS = 180_000;
/** A restart is news for this long. */
const RECENT_MS = 600_000;

type Level = Finding['level'];

/** What Kubernetes says of a member; nothing when its pod is ready and has been for a while. */
export function podFindings(member: LiveMember, now: number): readonly Finding[] {
  const { pod, name } = member;
  if (!pod) return [{ ...finding(name, 'unhealthy', 'has no pod'), several: '%s have no pod' }];
  const { deletedAt } = pod.meta;
  if (deletedAt !== undefined) return [terminating(pod, now)];
  if (pod.phase === 'Failed' || pod.phase === 'Succeeded') return [ended(pod)];
  const troubles = pod.states.flatMap((state) => containerTrouble(name, state, now) ?? []);
  if (troubles.length > 0) return troubles;
  if (pod.phase === 'Pending') return [pending(pod, now)];
  const moving = pod.conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
  const evicted = moving
    ? [finding(name, 'working', `is being evicted${because(moving.message || moving.reason)}`)]
    : [];
  return [...evicted, ...(pod.isReady ? recentRestarts(member, pod, now) : [notReady(member, pod, now)])];
}

function finding(member: string, level: Level, words: string, at?: number): Finding {
  const short = `${member} ${shorten(words)}`;
  return {
    level,
    text: `${member} ${words}`,
    short,
    source: 'kubernetes',
    member,
    ...(at === undefined ? {} : { at }),
  };
}

/** The sentence about the cluster has room for the beginning only. */
function shorten(words: string): string {
  return oneLine(words, 90);
}

function because(reason: string): string {
  const text = oneLine(reason);
  return text === '' ? '' : `: ${text}`;
}

function terminating({ meta, graceSeconds }: LivePod, now: number): Finding {
  // The time of deletion is when the grace period ends.
  const end = meta.deletedAt ?? now;
  const isStuck = now - end > 60_000;
  const words = isStuck
    ? `should have ended ${duration(now - end)} ago and is still terminating`
    : `is terminating (grace period ${duration(graceSeconds * 1000)})`;
  return finding(meta.name, isStuck ? 'unhealthy' : 'working', words);
}

function ended({ meta, phase, reason, message }: LivePod): Finding {
  const why = [reason, message].filter((text) => text !== '').join(', ');
  return finding(meta.name, 'unhealthy', `${phase === 'Failed' ? 'failed' : 'has ended'}${because(why)}`);
}

function pending({ meta, conditions, states }: LivePod, now: number): Finding {
  const waitingFor = now - (meta.createdAt ?? now);
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled) {
    const level = waitingFor > PENDING_GRACE_MS || unscheduled.reason === 'Unschedulable' ? 'unhealthy' : 'working';
    const why = because(unscheduled.message || unscheduled.reason);
    const several = `%s wait for a node${shorten(why)}`;
    return { ...finding(meta.name, level, `waits for a node${why}`, meta.createdAt), several };
  }
  const init = states.find(({ isInit, state }) => isInit && state === 'running');
  const level = waitingFor > STARTING_GRACE_MS ? 'warning' : 'working';
  const what = init ? `runs its init container ${init.name}` : 'is being created';
  return finding(meta.name, level, `${what}, for ${duration(waitingFor)}`, meta.createdAt);
}

function notReady({ container }: LiveMember, { meta, states, conditions }: LivePod, now: number): Finding {
  const waiting = states.filter(({ isInit, isReady }) => !isInit && !isReady);
  const own = waiting.find(({ name }) => name === container) ?? waiting[0];
  const since = own?.runningSince ?? meta.createdAt ?? now;
  const isStarting = now - since < STARTING_GRACE_MS;
  const which = own && own.name !== container ? ` (container ${own.name})` : '';
  if (own && isRecent(own.lastEnd, now)) {
    const words = `runs again for ${duration(now - since)} and is not ready${which}: ${endOf(own.lastEnd)}, ${ordinal(own.restarts)} restart`;
    return finding(meta.name, isStarting ? 'warning' : 'unhealthy', words, since);
  }
  const gates = conditions.find(({ type, status }) => type === 'ContainersReady' && status === 'True');
  const words = gates
    ? 'is not ready: a readiness gate is closed'
    : `runs for ${duration(now - since)} and is not ready${which}`;
  return finding(meta.name, isStarting ? 'working' : 'unhealthy', words, since);
}

function recentRestarts({ container }: LiveMember, { meta, states }: LivePod, now: number): readonly Finding[] {
  return states.flatMap((state) => {
    const at = state.lastEnd?.finishedAt;
    if (state.isInit || at === undefined || !isRecent(state.lastEnd, now)) return [];
    const which = state.name === container ? '' : ` (container ${state.name})`;
    const words = `restarted ${duration(now - at)} ago${which}: ${endOf(state.lastEnd)}, ${ordinal(state.restarts)} restart`;
    return [finding(meta.name, 'warning', words, at)];
  });
}

function isRecent(end: ContainerEnd | undefined, now: number): boolean {
  return end?.finishedAt !== undefined && now - end.finishedAt <= RECENT_MS;
}

/** Reasons the kubelet gives for containers that do not start, by what they mean for people. */
const WAITING: readonly { readonly isOf: (reason: string) => boolean; readonly words: string }[] = [
  { isOf: waitsForImage, words: 'cannot pull its image' },
  { isOf: (reason) => /^CreateContainer(?:Config)?Error$/.test(reason), words: 'cannot create its container' },
  {
    isOf: (reason) => /^(?:RunContainerError|StartError|PostStartHookError|ContainerCannotRun)$/.test(reason),
    words: 'cannot start its container',
  },
];

function containerTrouble(member: string, state: ContainerState, now: number): Finding | undefined {
  const which = state.isInit ? ` (init container ${state.name})` : '';
  if (state.state === 'waiting' && state.waitingReason === 'CrashLoopBackOff')
    return crashing(member, state, which, now);
  const known = WAITING.find(({ isOf }) => state.state === 'waiting' && isOf(state.waitingReason));
  if (known) {
    const why = [state.waitingReason, state.waitingMessage].filter((text) => text !== '').join(', ');
    return { ...finding(member, 'unhealthy', `${known.words}${which}${because(why)}`), several: `%s ${known.words}` };
  }
  const { ended: end } = state;
  if (state.state !== 'terminated' || !end || (state.isInit && end.exitCode === 0)) return undefined;
  return finding(
    member,
    'unhealthy',
    `${which === '' ? '' : `${which.trim()} `}ended: ${endOf(end)}${agoOf(end, now)}`,
    end.finishedAt,
  );
}

function crashing(member: string, { lastEnd, restarts }: ContainerState, which: string, now: number): Finding {
  const times = restarts > 0 ? `, ${ordinal(restarts)} restart` : '';
  const words = `restarting${which}: ${endOf(lastEnd)}${times}${agoOf(lastEnd, now)}`;
  return finding(member, 'unhealthy', words, lastEnd?.finishedAt);
}

function agoOf(end: ContainerEnd | undefined, now: number): string {
  return end?.finishedAt === undefined ? '' : ` ${duration(now - end.finishedAt)} ago`;
}

/** `exit code 137 (OOMKilled)`. */
function endOf(end: ContainerEnd | undefined): string {
  return end ? describeEnd(end) : 'how it ended is not known';
}
