import type { HealthLevel, LiveMember } from '#core/live/model.ts';
import type { ContainerEnd, ContainerState, LiveCondition, LivePod } from '#core/live/objects.ts';
import type { Finding } from '#core/systems/cassandra/live/findings.ts';
import { cleanText } from '#core/systems/cassandra/live/reading.ts';
import { ago, count, duration, forDuration, inSentence } from '#core/systems/cassandra/live/words.ts';

const MINUTE = 60_000;
/** A node that replays its commit log or joins may take this long; after that it is worth a warning. */
const LONG_START = 10 * MINUTE;
const LONG_CREATION = 5 * MINUTE;
/** Restarts are told of for this long. */
const RECENT = 60 * MINUTE;

interface Said {
  readonly level: HealthLevel;
  readonly said: string;
  readonly at?: number | undefined;
}

/** What Kubernetes says against a member; nothing when its pod is ready and has been so for a while. */
export function podFindings(member: LiveMember, isHeldBackBy: LiveMember | undefined, now: number): readonly Finding[] {
  const { name, pod } = member;
  const said = pod ? podSays(member, pod, now) : [absence(isHeldBackBy)];
  return said.map((one) => ({ ...one, source: 'kubernetes', subject: name, member: name }));
}

const absence = (isHeldBackBy: LiveMember | undefined): Said =>
  isHeldBackBy
    ? { level: 'working', said: `has no pod yet: ${isHeldBackBy.name} has to be ready first` }
    : { level: 'unhealthy', said: 'has no pod' };

function podSays(member: LiveMember, pod: LivePod, now: number): readonly Said[] {
  if (pod.meta.deletedAt !== undefined) return [deletion(pod.meta.deletedAt, now)];
  if (pod.phase === 'Failed' || pod.phase === 'Succeeded') return [ending(pod)];
  if (pod.phase === 'Unknown') return [{ level: 'unknown', said: 'is on a machine that does not report' }];
  const unscheduled = pod.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled) return [unscheduledSays(unscheduled, now)];
  const stuck = pod.states.flatMap((state) => containerSays(state, member, pod, now));
  if (stuck.length > 0) return stuck;
  return [...readinessSays(member, pod, now), ...restartSays(member, pod, now)];
}

/** The time of deletion is when the grace period ends. */
function deletion(deletedAt: number, now: number): Said {
  const overdue = now - deletedAt;
  return overdue > MINUTE
    ? { level: 'warning', said: `is being deleted and should have been gone ${duration(overdue)} ago`, at: deletedAt }
    : { level: 'working', said: 'is being deleted' };
}

function ending({ phase, reason, message }: LivePod): Said {
  const why = [cleanText(reason), inSentence(cleanText(message))].filter((text) => text !== '').join(': ');
  const said = phase === 'Failed' ? 'has failed' : 'has ended';
  return { level: 'unhealthy', said: why === '' ? said : `${said} (${why})` };
}

function unscheduledSays({ reason, message, changedAt }: LiveCondition, now: number): Said {
  const why = inSentence(cleanText(message)) || cleanText(reason) || 'no reason is given';
  const isGated = reason === 'SchedulingGated';
  return {
    level: isGated ? 'working' : 'unhealthy',
    said: `${stateSince('cannot be scheduled', 'has been unschedulable', changedAt, now)}: ${why}`,
    at: changedAt,
  };
}

const CANNOT_PULL = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
]);
const BEING_MADE = new Set(['', 'ContainerCreating', 'PodInitializing']);

/** What keeps a container from running. */
function containerSays(state: ContainerState, member: LiveMember, pod: LivePod, now: number): readonly Said[] {
  const which =
    state.name === member.container ? '' : ` (${state.isInit ? 'init container' : 'container'} ${state.name})`;
  if (state.state === 'terminated' && !state.isInit) {
    return [{ level: 'unhealthy', said: `has stopped${which}: ${endText(state.ended)}`, at: state.ended?.finishedAt }];
  }
  if (state.state === 'terminated' && state.ended && state.ended.exitCode !== 0) {
    return [{ level: 'unhealthy', said: `cannot start${which}: ${endText(state.ended)}` }];
  }
  if (state.state !== 'waiting') return [];
  if (BEING_MADE.has(state.waitingReason)) {
    return state.name === member.container ? [creationSays(pod, now)] : [];
  }
  return [{ level: 'unhealthy', said: waitingSays(state, which, pod) }];
}

function creationSays({ meta, states }: LivePod, now: number): Said {
  const age = meta.createdAt === undefined ? 0 : now - meta.createdAt;
  const running = states.find(({ isInit, state }) => isInit && state === 'running');
  const waitsFor = running ? `, init container ${running.name} runs` : '';
  return {
    level: age > LONG_CREATION ? 'warning' : 'working',
    said: `${age > LONG_CREATION ? `is still being created after ${duration(age)}` : 'is being created'}${waitsFor}`,
  };
}

function waitingSays(state: ContainerState, which: string, pod: LivePod): string {
  const reason = cleanText(state.waitingReason);
  const message = inSentence(cleanText(state.waitingMessage));
  if (reason === 'CrashLoopBackOff') {
    return `crashes again and again${which}: ${endText(state.lastEnd)}, ${count(state.restarts, 'restart')}`;
  }
  if (CANNOT_PULL.has(reason)) {
    const image = cleanText(pod.containers.find(({ name }) => name === state.name)?.image ?? '');
    return `cannot pull ${image === '' ? 'its image' : `image ${image}`}${which}: ${message || reason}`;
  }
  return `cannot start${which}: ${reason}${message === '' ? '' : `, ${message}`}`;
}

function endText(end: ContainerEnd | undefined): string {
  if (!end) return 'how it ended is not known';
  const reason = cleanText(end.reason);
  const why = reason === '' || reason === 'Error' || reason === 'Completed' ? '' : ` (${reason})`;
  return `exit code ${end.exitCode}${why}`;
}

/** cass-operator starts the process in a running container when its turn has come, and says so in a label. */
const NODE_STATES: Readonly<Record<string, Said>> = {
  'Ready-to-Start': { level: 'working', said: 'waits for cass-operator to start Cassandra in it' },
  Starting: { level: 'working', said: 'is being started by cass-operator' },
  Decommissioning: { level: 'working', said: 'is being decommissioned by cass-operator' },
};

const unready = (since: number | undefined, now: number): string =>
  stateSince('is not ready', 'has not been ready', since, now);

const stateSince = (is: string, hasBeen: string, since: number | undefined, now: number): string =>
  since === undefined ? is : `${hasBeen}${forDuration(since, now)}`;

function readinessSays({ container }: LiveMember, pod: LivePod, now: number): readonly Said[] {
  if (pod.isReady) return [];
  const own = pod.states.find(({ name, isInit }) => name === container && !isInit);
  const ready = pod.conditions.find(({ type }) => type === 'Ready');
  const started = own?.runningSince;
  const others = pod.states.filter((state) => !state.isInit && !state.isReady && state.name !== container);
  if (own?.isReady && others.length > 0) {
    const names = others.map(({ name }) => name).join(', ');
    return [{ level: 'warning', said: `${unready(ready?.changedAt, now)}: container ${names}` }];
  }
  // It was never ready since it started when the condition turned before or right at the start.
  const state = NODE_STATES[pod.meta.labels['cassandra.datastax.com/node-state'] ?? ''];
  if (state !== undefined) return [state];
  const isStarting = started !== undefined && (ready?.changedAt ?? 0) <= started + 1000;
  if (isStarting) {
    const isLong = now - started > LONG_START;
    return [{ level: isLong ? 'warning' : 'working', said: `has been starting${forDuration(started, now)}` }];
  }
  return [{ level: 'unhealthy', said: unready(ready?.changedAt, now), at: ready?.changedAt }];
}

/** A node that ended by itself lately, though it runs again. */
function restartSays({ container }: LiveMember, pod: LivePod, now: number): readonly Said[] {
  const own = pod.states.find(({ name, isInit }) => name === container && !isInit);
  const end = own?.lastEnd;
  if (!own || own.restarts === 0 || end?.finishedAt === undefined || now - end.finishedAt > RECENT) return [];
  const restarts = count(own.restarts, 'restart');
  const said =
    end.reason === 'OOMKilled'
      ? `was killed for lack of memory${ago(end.finishedAt, now)}, ${restarts}`
      : `stopped${ago(end.finishedAt, now)} and was started again: ${endText(end)}, ${restarts}`;
  return [{ level: 'warning', said, at: end.finishedAt }];
}
