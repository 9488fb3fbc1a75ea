import {
  isPodReady,
  timeText,
  type Condition,
  type Container,
  type ContainerState,
  type ContainerStatus,
  type Pod,
  type PodStatus,
  type Termination,
} from './objects.ts';
import type { Program } from './programs.ts';
import { textHash } from './random.ts';

/** One container as the kubelet knows it. */
export interface ContainerRun {
  readonly container: Container;
  program: Program | undefined;
  startedAt: number;
  restarts: number;
  isReady: boolean;
  waiting: { readonly reason: string; readonly message?: string } | undefined;
  ended: Termination | undefined;
  lastEnd: Termination | undefined;
  /** When it may be started again. */
  backoffUntil: number;
  backoffMs: number;
  probedAt: number;
}

/** One pod as the kubelet knows it. */
export interface PodRun {
  readonly uid: string;
  readonly seenAt: number;
  scheduleAt: number;
  scheduleProblem: string;
  startAt: number;
  startTime: string | undefined;
  ip: string;
  containers: ContainerRun[];
  /** What was last reported, so that nothing is made when nothing is new. */
  reported: string;
  /** While it is being deleted. */
  end: { readonly terminateAt: number; readonly killAt: number; isTold: boolean } | undefined;
}

/** Everything of a run that its status tells. */
export function fingerprintOf(pod: Pod, run: PodRun): string {
  const parts = run.containers.map(
    ({ program, isReady, startedAt, restarts, waiting, ended }) =>
      `${program === undefined ? 0 : 1}${isReady ? 1 : 0} ${startedAt} ${restarts} ${waiting?.reason ?? ''} ${waiting?.message ?? ''} ${ended?.finishedAt ?? ''}`,
  );
  return `${pod.spec.nodeName ?? ''} ${run.ip} ${run.scheduleProblem} ${parts.join()}`;
}

export function podStatusOf(pod: Pod, run: PodRun, now: number): PodStatus {
  const isAllReady = run.containers.length > 0 && run.containers.every(({ isReady }) => isReady);
  const hasNode = pod.spec.nodeName !== undefined;
  const phase = phaseOf(run);
  const unready = run.containers.filter(({ isReady }) => !isReady).map(({ container }) => container.name);
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const why = isOver
    ? { reason: phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const set = (type: string, isTrue: boolean, details: { reason?: string; message?: string } = {}): Condition =>
    condition(pod, type, isTrue, now, isTrue ? {} : details);
  return {
    phase,
    conditions: [
      set('PodScheduled', hasNode, { reason: 'Unschedulable', message: run.scheduleProblem }),
      ...(hasNode
        ? [set('Initialized', true), set('ContainersReady', isAllReady, why), set('Ready', isAllReady, why)]
        : []),
    ],
    containerStatuses: run.containers.map(containerStatusOf),
    ...(run.ip !== '' && { podIP: run.ip, hostIP: '10.30.0.1' }),
    ...(run.startTime !== undefined && { startTime: run.startTime }),
    qosClass: 'Burstable',
  };
}

function phaseOf({ containers }: PodRun): PodStatus['phase'] {
  const begun = containers.filter(
    ({ program, ended, lastEnd }) => program !== undefined || ended !== undefined || lastEnd !== undefined,
  );
  if (begun.length === 0) return 'Pending';
  if (!containers.every(({ ended }) => ended !== undefined)) return 'Running';
  return containers.every(({ ended }) => ended?.exitCode === 0) ? 'Succeeded' : 'Failed';
}

function condition(
  pod: Pod,
  type: string,
  isTrue: boolean,
  now: number,
  details: { reason?: string; message?: string },
): Condition {
  const status = isTrue ? 'True' : 'False';
  const known = pod.status.conditions.find((other) => other.type === type);
  const isSame = known?.status === status;
  return { type, status, lastTransitionTime: isSame ? known.lastTransitionTime : timeText(now), ...details };
}

function containerStatusOf(run: ContainerRun): ContainerStatus {
  return {
    name: run.container.name,
    image: run.container.image,
    imageID:
      run.program === undefined && run.lastEnd === undefined
        ? ''
        : `demo.invalid/images@${textHash(run.container.image)}`,
    ...(run.startedAt > 0 && { containerID: `demo://${textHash(`${run.container.name}${run.startedAt}`)}` }),
    ready: run.isReady,
    started: run.program !== undefined,
    restartCount: run.restarts,
    state: stateOf(run),
    lastState: run.lastEnd === undefined ? {} : { terminated: run.lastEnd },
  };
}

function stateOf(run: ContainerRun): ContainerState {
  if (run.program !== undefined) return { running: { startedAt: timeText(run.startedAt) } };
  if (run.ended !== undefined) return { terminated: run.ended };
  return { waiting: run.waiting ?? { reason: 'ContainerCreating' } };
}

export function becameReady(before: Pod, after: Pod): boolean {
  return !isPodReady(before) && isPodReady(after);
}
