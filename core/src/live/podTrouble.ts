import { duration } from '#core/live/durations.ts';
import type { HealthLevel } from '#core/live/model.ts';
import type { ContainerEnd, ContainerState, LiveCondition, LivePod } from '#core/live/objects.ts';
import { counted, messageText, plainText } from '#core/live/plainText.ts';

/** What is wrong with a pod, as far as Kubernetes knows. */
export interface PodTrouble {
  readonly kind:
    | 'unschedulable'
    | 'gated'
    | 'image'
    | 'configuration'
    | 'crash'
    | 'memory'
    | 'ended'
    | 'evicted'
    | 'terminating'
    | 'starting'
    | 'not ready'
    | 'node';
  readonly level: HealthLevel;
  /** What follows the name of the pod: `cannot be scheduled: 2 nodes: insufficient cpu`. No full stop at the end. */
  readonly sentence: string;
  /** The container it is about; empty when it is about the pod. */
  readonly container: string;
  /** Since when, where that is known. */
  readonly since: number | undefined;
}

/** A pod that has to wait this long is no longer just starting: schedulers and autoscalers have had their turn. */
const PATIENCE_MS = 60_000;
/** Volumes that are moved from another node take a few minutes; what takes longer is worth a look. */
const CREATION_PATIENCE_MS = 180_000;
/** For how long a container that was restarted is worth a word. */
const RECENT_RESTART_MS = 600_000;
/** For how long one that had too little memory is. */
const RECENT_MEMORY_MS = 3_600_000;

/** Undefined when Kubernetes sees nothing wrong: ready, or ended well. The first that applies of the tests below counts. */
export function podTrouble(pod: LivePod, now: number): PodTrouble | undefined {
  for (const test of tests) {
    const trouble = test(pod, now);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

/** `exit code 137 (OOMKilled)`: the reason where there is one, else the signal that the code stands for. */
export function describeEnd({ exitCode, signal, reason }: ContainerEnd): string {
  const isTelling = reason !== '' && reason !== 'Error' && reason !== 'Completed';
  const word = isTelling ? plainText(reason, 40) : signals.get(signal ?? exitCode - 128);
  return word === undefined ? `exit code ${exitCode}` : `exit code ${exitCode} (${word})`;
}

/** The end of a pod's container that went wrong; the one of `container` where it did. */
export function failedEnd(
  pod: LivePod,
  container = '',
): { readonly name: string; readonly end: ContainerEnd } | undefined {
  const failed = pod.states.flatMap(({ name, ended }) =>
    ended !== undefined && ended.exitCode !== 0 ? [{ name, end: ended }] : [],
  );
  return failed.find(({ name }) => name === container) ?? failed[0];
}

/** The scheduler's message without what it says of preemption: `0/3 nodes are available: 3 Insufficient cpu`. */
export function shortenSchedulerMessage(message: string): string {
  const [reasons = ''] = message.split(/\.? preemption: /, 1);
  return messageText(reasons);
}

/** Those a container is usually ended by. */
const signals: ReadonlyMap<number, string> = new Map([
  [2, 'SIGINT'],
  [4, 'SIGILL'],
  [6, 'SIGABRT'],
  [7, 'SIGBUS'],
  [8, 'SIGFPE'],
  [9, 'SIGKILL'],
  [11, 'SIGSEGV'],
  [15, 'SIGTERM'],
]);

type PodTest = (pod: LivePod, now: number) => PodTrouble | undefined;

const tests: readonly PodTest[] = [
  findTermination,
  findEviction,
  findFailure,
  findLostNode,
  findUnschedulable,
  findContainerTrouble,
  findSlowStart,
  findUnreadiness,
  findRecentRestart,
];

/** The time of deletion is the end of the grace period, not the moment somebody asked for it. */
function findTermination({ meta: { deletedAt } }: LivePod, now: number): PodTrouble | undefined {
  if (deletedAt === undefined) return undefined;
  const over = now - deletedAt;
  const where = over < 0 ? `${duration(-over)} left of` : `${duration(over)} beyond`;
  const level = over < PATIENCE_MS ? 'working' : over < 5 * PATIENCE_MS ? 'warning' : 'unhealthy';
  return {
    kind: 'terminating',
    level,
    sentence: `is terminating, ${where} its grace period`,
    container: '',
    since: undefined,
  };
}

/** Who takes pods away, by the reason of the condition DisruptionTarget. */
const disruptions: ReadonlyMap<string, string> = new Map([
  ['PreemptionByScheduler', 'made way for a pod of higher priority'],
  ['DeletionByTaintManager', 'was evicted because of a taint of its node'],
  ['EvictionByEvictionAPI', 'was evicted through the API, as a drain does'],
  ['DeletionByPodGC', 'was taken away because its node is gone'],
  ['TerminationByKubelet', 'was ended by its node'],
]);

function findEviction(pod: LivePod): PodTrouble | undefined {
  if (pod.phase !== 'Failed') return undefined;
  const target = conditionOf(pod, 'DisruptionTarget');
  const isDisrupted = target?.status === 'True';
  if (pod.reason !== 'Evicted' && !isDisrupted) return undefined;
  const what = (isDisrupted ? disruptions.get(target.reason) : undefined) ?? 'was evicted';
  const why = messageText(pod.message === '' ? (target?.message ?? '') : pod.message);
  const sentence = why === '' ? what : `${what}: ${why}`;
  return { kind: 'evicted', level: 'unhealthy', sentence, container: '', since: target?.changedAt };
}

function findFailure(pod: LivePod): PodTrouble | undefined {
  if (pod.phase !== 'Failed') return undefined;
  const failed = failedEnd(pod);
  if (failed === undefined) {
    const why = [pod.reason, pod.message].filter((text) => text !== '').map((text) => messageText(text));
    const sentence = ['failed', ...why].join(': ');
    return { kind: 'ended', level: 'unhealthy', sentence, container: '', since: undefined };
  }
  return {
    kind: failed.end.reason === 'OOMKilled' ? 'memory' : 'ended',
    level: 'unhealthy',
    sentence: `failed: container ${plainText(failed.name, 63)} ended with ${describeEnd(failed.end)}`,
    container: failed.name,
    since: failed.end.finishedAt,
  };
}

function findLostNode(pod: LivePod): PodTrouble | undefined {
  if (pod.phase !== 'Unknown') return undefined;
  const sentence = `has not been heard of since its node${pod.node === '' ? '' : ` ${plainText(pod.node, 63)}`} stopped answering`;
  return { kind: 'node', level: 'unknown', sentence, container: '', since: conditionOf(pod, 'Ready')?.changedAt };
}

function findUnschedulable(pod: LivePod, now: number): PodTrouble | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (pod.phase !== 'Pending' || pod.node !== '' || scheduled?.status !== 'False') return undefined;
  const since = scheduled.changedAt ?? pod.meta.createdAt;
  if (scheduled.reason === 'SchedulingGated') {
    const sentence = `is held back by a scheduling gate${lengthOf(since, now)}`;
    return { kind: 'gated', level: 'working', sentence, container: '', since };
  }
  const isNew = since !== undefined && now - since < PATIENCE_MS;
  const why = shortenSchedulerMessage(scheduled.message);
  const sentence = why === '' ? 'cannot be scheduled' : `cannot be scheduled: ${why}`;
  return { kind: 'unschedulable', level: isNew ? 'working' : 'unhealthy', sentence, container: '', since };
}

interface WaitingReason {
  readonly kind: PodTrouble['kind'];
  /** The container's name follows. */
  readonly text: string;
}

/** Reasons of the kubelet behind which nothing will change by itself. */
const waitingReasons: ReadonlyMap<string, WaitingReason> = new Map<string, WaitingReason>([
  ['ErrImagePull', { kind: 'image', text: 'cannot pull the image of' }],
  ['ImagePullBackOff', { kind: 'image', text: 'cannot pull the image of' }],
  ['InvalidImageName', { kind: 'image', text: 'has an invalid image name in' }],
  ['ErrImageNeverPull', { kind: 'image', text: 'may not pull the image, and its node does not have it, of' }],
  ['RegistryUnavailable', { kind: 'image', text: 'cannot reach the registry for' }],
  ['ImageInspectError', { kind: 'image', text: 'cannot read the image of' }],
  ['CreateContainerConfigError', { kind: 'configuration', text: 'lacks what is needed to create' }],
  ['CreateContainerError', { kind: 'configuration', text: 'cannot create' }],
  ['RunContainerError', { kind: 'configuration', text: 'cannot start' }],
  ['PreCreateHookError', { kind: 'configuration', text: 'cannot create' }],
  ['PreStartHookError', { kind: 'configuration', text: 'cannot start' }],
  ['PostStartHookError', { kind: 'configuration', text: 'fails in the postStart hook of' }],
]);

function findContainerTrouble(pod: LivePod): PodTrouble | undefined {
  for (const state of pod.states) {
    const trouble = waitingTrouble(pod, state) ?? endedTrouble(pod, state);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function waitingTrouble(pod: LivePod, state: ContainerState): PodTrouble | undefined {
  if (state.state !== 'waiting') return undefined;
  if (state.waitingReason === 'CrashLoopBackOff') return crashLoop(state);
  const known = waitingReasons.get(state.waitingReason);
  if (known === undefined) return undefined;
  const image = known.kind === 'image' ? imageOf(pod, state.name) : '';
  const message = messageText(state.waitingMessage);
  const sentence = `${known.text} ${nameOf(state)}${image}${message === '' ? '' : `: ${message}`}`;
  return { kind: known.kind, level: 'unhealthy', sentence, container: state.name, since: undefined };
}

function crashLoop(state: ContainerState): PodTrouble {
  const { lastEnd } = state;
  const code = lastEnd === undefined ? '' : ` with ${describeEnd(lastEnd)}`;
  return {
    kind: lastEnd?.reason === 'OOMKilled' ? 'memory' : 'crash',
    level: 'unhealthy',
    sentence: `is in a crash loop: ${nameOf(state)} ended${code}, ${counted(state.restarts, 'restart')}`,
    container: state.name,
    since: lastEnd?.finishedAt,
  };
}

/** Between the end of a container and its next start the kubelet shows its end. */
function endedTrouble(pod: LivePod, state: ContainerState): PodTrouble | undefined {
  if (pod.phase === 'Succeeded' || state.ended === undefined || state.ended.exitCode === 0) return undefined;
  return {
    kind: state.ended.reason === 'OOMKilled' ? 'memory' : 'ended',
    level: 'unhealthy',
    sentence: `has ${state.isInit ? 'an' : 'a'} ${nameOf(state)} that ended with ${describeEnd(state.ended)}`,
    container: state.name,
    since: state.ended.finishedAt,
  };
}

function findSlowStart(pod: LivePod, now: number): PodTrouble | undefined {
  if (pod.phase !== 'Pending') return undefined;
  const scheduled = conditionOf(pod, 'PodScheduled');
  const since = scheduled?.changedAt ?? pod.meta.createdAt;
  const init = pod.states.find(({ isInit, state, isReady }) => isInit && state === 'running' && !isReady);
  if (init !== undefined) {
    const sentence = `waits for ${nameOf(init)}${lengthOf(init.runningSince, now)}`;
    return { kind: 'starting', level: 'working', sentence, container: init.name, since: init.runningSince };
  }
  const isSlow = since !== undefined && now - since >= CREATION_PATIENCE_MS;
  const what = pod.node === '' ? 'has not been scheduled' : 'has been starting';
  const sentence = `${what}${lengthOf(since, now)}`;
  return { kind: 'starting', level: isSlow ? 'warning' : 'working', sentence, container: '', since };
}

function findUnreadiness(pod: LivePod, now: number): PodTrouble | undefined {
  if (pod.phase !== 'Running' || pod.isReady) return undefined;
  const since = conditionOf(pod, 'Ready')?.changedAt ?? pod.meta.createdAt;
  const unready = pod.states.filter(({ isReady, isInit, ended }) => !isReady && !isInit && ended?.exitCode !== 0);
  const [first] = unready;
  const started = Math.max(...pod.states.map(({ runningSince }) => runningSince ?? 0));
  const isNew = started > 0 && now - started < PATIENCE_MS;
  const which = unready.length === 0 ? '' : ` (${unready.map(nameOf).join(', ')})`;
  const sentence = `has not been ready${lengthOf(since, now)}${which}`;
  return { kind: 'not ready', level: isNew ? 'working' : 'unhealthy', sentence, container: first?.name ?? '', since };
}

function findRecentRestart(pod: LivePod, now: number): PodTrouble | undefined {
  if (pod.phase !== 'Running') return undefined;
  for (const state of pod.states) {
    const end = state.lastEnd;
    if (end?.finishedAt === undefined || end.exitCode === 0) continue;
    const isMemory = end.reason === 'OOMKilled';
    const since = now - end.finishedAt;
    if (since > (isMemory ? RECENT_MEMORY_MS : RECENT_RESTART_MS)) continue;
    const sentence = `was restarted ${duration(since)} ago: ${nameOf(state)} ended with ${describeEnd(end)}`;
    const kind = isMemory ? 'memory' : 'crash';
    return { kind, level: 'warning', sentence, container: state.name, since: end.finishedAt };
  }
  return undefined;
}

function conditionOf(pod: LivePod, type: string): LiveCondition | undefined {
  return pod.conditions.find((condition) => condition.type === type);
}

function nameOf({ name, isInit }: ContainerState): string {
  return `${isInit ? 'init container' : 'container'} ${plainText(name, 63)}`;
}

function imageOf(pod: LivePod, container: string): string {
  const image = pod.containers.find(({ name }) => name === container)?.image ?? '';
  return image === '' ? '' : ` (${plainText(image, 120)})`;
}

function lengthOf(since: number | undefined, now: number): string {
  return since === undefined ? '' : ` for ${duration(now - since)}`;
}
