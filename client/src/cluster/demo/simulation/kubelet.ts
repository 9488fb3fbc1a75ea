import { sameValue } from './fieldTrees.ts';
import { kindNamed } from './kinds.ts';
import { shapedAs, timeText, type Container, type Pod } from './objects.ts';
import { fingerprintOf, podStatusOf, type ContainerRun, type PodRun } from './podStatus.ts';
import { plainProgram, preStopOf, type ProgramEnd, type ProgramSource } from './programs.ts';
import { bindClaims, chooseNode } from './scheduling.ts';
import type { World } from './world.ts';

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle: 10 s, doubled, at most 5 min, forgotten after 10 min. */
const FIRST_BACKOFF_MS = 10_000;
const LAST_BACKOFF_MS = 300_000;
const BACKOFF_FORGOTTEN_MS = 600_000;
const READINESS_PERIOD_MS = 2000;

/** The scheduler and all kubelets: takes pods from pending to ready, restarts what ends, and takes down what is deleted. */
export class Kubelet {
  readonly #world: World;
  readonly #sources: readonly ProgramSource[];
  readonly #runs = new Map<string, PodRun>();
  #nextAddress = 10;

  constructor(world: World, sources: readonly ProgramSource[]) {
    this.#world = world;
    this.#sources = sources;
  }

  tick(now: number): void {
    const seen = new Set<string>();
    for (const pod of this.#world.pods()) {
      seen.add(pod.metadata.uid);
      this.#step(pod, this.#runOf(pod, now), now);
    }
    for (const [uid, run] of this.#runs) {
      if (seen.has(uid)) continue;
      // Deleted by force: the processes die with it.
      for (const { program } of run.containers) program?.stopped(now);
      this.#runs.delete(uid);
      this.#world.logs.forget(uid);
    }
  }

  /** Ends the process of a container now, as the kernel does when memory is short. */
  kill(pod: Pod, container: string, end: ProgramEnd): void {
    const run = this.#runs.get(pod.metadata.uid);
    const target = run?.containers.find((candidate) => candidate.container.name === container);
    if (target !== undefined) this.#ended(pod, target, end, this.#world.now());
  }

  #runOf(pod: Pod, now: number): PodRun {
    const known = this.#runs.get(pod.metadata.uid);
    if (known !== undefined) return known;
    const run: PodRun = {
      uid: pod.metadata.uid,
      seenAt: now,
      scheduleAt: now + 200,
      scheduleProblem: '',
      startAt: 0,
      startTime: undefined,
      ip: '',
      containers: pod.spec.containers.map(newContainerRun),
      reported: '',
      end: undefined,
    };
    this.#runs.set(run.uid, run);
    return run;
  }

  #step(pod: Pod, run: PodRun, now: number): void {
    const placed = pod.spec.nodeName === undefined ? this.#schedule(pod, run, now) : pod;
    if (placed === undefined) return;
    if (placed.metadata.deletionTimestamp !== undefined) {
      if (this.#takeDown(placed, run, now)) return;
    } else if (now >= run.startAt) {
      for (const container of run.containers) this.#advance(placed, run, container, now);
    }
    this.#report(placed, run, now);
  }

  #schedule(pod: Pod, run: PodRun, now: number): Pod | undefined {
    if (now < run.scheduleAt) return undefined;
    const node = chooseNode(this.#world, pod);
    if (typeof node === 'string') {
      run.scheduleAt = now + 5000;
      run.scheduleProblem = node;
      this.#world.event(pod, 'Warning', 'FailedScheduling', node, 'default-scheduler');
      this.#report(pod, run, now);
      return undefined;
    }
    bindClaims(this.#world, pod, node);
    run.startAt = now + 800 + this.#world.random.below(1200);
    run.startTime = timeText(now);
    run.scheduleProblem = '';
    const name = `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;
    this.#world.event(
      pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${name} to ${node.metadata.name}`,
      'default-scheduler',
    );
    const placed = { ...pod, spec: { ...pod.spec, nodeName: node.metadata.name } };
    return shapedAs<Pod>(this.#world.store.put(kindNamed('Pod'), placed));
  }

  #advance(pod: Pod, run: PodRun, container: ContainerRun, now: number): void {
    if (container.program !== undefined) {
      const end = container.program.poll(now);
      if (end !== undefined) this.#ended(pod, container, end, now);
      else this.#probe(container, now);
      return;
    }
    if (container.ended !== undefined || now < container.backoffUntil) return;
    if (isUnpullable(container.container.image)) this.#failPull(pod, container, now);
    else this.#start(pod, run, container, now);
  }

  #start(pod: Pod, run: PodRun, target: ContainerRun, now: number): void {
    if (run.ip === '') run.ip = this.#newAddress();
    const withIp: Pod = { ...pod, status: { ...pod.status, podIP: run.ip } };
    target.waiting = undefined;
    target.startedAt = now;
    target.program =
      firstProgram(this.#sources, withIp, target.container, now) ??
      plainProgram(now, target.container.readinessProbe === undefined ? 0 : 2500);
    this.#world.event(pod, 'Normal', 'Started', `Started container ${target.container.name}`, 'kubelet');
    this.#probe(target, now);
  }

  #failPull(pod: Pod, target: ContainerRun, now: number): void {
    const message = `Back-off pulling image "${target.container.image}"`;
    target.waiting = { reason: target.waiting === undefined ? 'ErrImagePull' : 'ImagePullBackOff', message };
    this.#backOff(target, now);
    this.#world.event(
      pod,
      'Warning',
      'Failed',
      `Failed to pull image "${target.container.image}": not found`,
      'kubelet',
    );
  }

  #probe(target: ContainerRun, now: number): void {
    if (target.container.readinessProbe === undefined) target.isReady = true;
    else if (now - target.probedAt >= READINESS_PERIOD_MS) {
      target.probedAt = now;
      target.isReady = target.program?.isReady(now) === true;
    }
  }

  #ended(pod: Pod, target: ContainerRun, end: ProgramEnd, now: number): void {
    target.program?.stopped(now);
    target.program = undefined;
    target.isReady = false;
    const termination = {
      exitCode: end.exitCode,
      reason: end.reason,
      startedAt: timeText(target.startedAt),
      finishedAt: timeText(now),
    };
    const policy = pod.spec.restartPolicy ?? 'Always';
    const isRestarted = policy === 'Always' || (policy === 'OnFailure' && end.exitCode !== 0);
    if (!isRestarted || pod.metadata.deletionTimestamp !== undefined) {
      target.ended = termination;
      return;
    }
    target.lastEnd = termination;
    target.restarts++;
    this.#world.logs.restart(pod.metadata.uid, target.container.name);
    if (now - target.startedAt > BACKOFF_FORGOTTEN_MS) target.backoffMs = 0;
    // The first restart is immediate.
    if (target.backoffMs === 0) target.backoffMs = FIRST_BACKOFF_MS;
    else this.#crashLoop(pod, target, now);
  }

  #crashLoop(pod: Pod, target: ContainerRun, now: number): void {
    const name = `${pod.metadata.name}_${pod.metadata.namespace ?? ''}(${pod.metadata.uid})`;
    const message = `back-off ${target.backoffMs / 1000}s restarting failed container=${target.container.name} pod=${name}`;
    target.waiting = { reason: 'CrashLoopBackOff', message };
    this.#backOff(target, now);
    const text = `Back-off restarting failed container ${target.container.name} in pod ${name}`;
    this.#world.event(pod, 'Warning', 'BackOff', text, 'kubelet');
  }

  #backOff(target: ContainerRun, now: number): void {
    target.backoffUntil = now + (target.backoffMs || FIRST_BACKOFF_MS);
    target.backoffMs = Math.min(LAST_BACKOFF_MS, (target.backoffMs || FIRST_BACKOFF_MS) * 2);
  }

  /** True when the pod is gone. */
  #takeDown(pod: Pod, run: PodRun, now: number): boolean {
    run.end ??= this.#beginEnd(pod, run, now);
    const { end } = run;
    // Deleting again with less grace brings the end nearer.
    const killAt = Math.min(end.killAt, Date.parse(pod.metadata.deletionTimestamp ?? '') || end.killAt);
    if (now >= end.terminateAt && !end.isTold) {
      end.isTold = true;
      for (const { program } of run.containers) program?.terminate(now);
    }
    for (const target of run.containers) {
      if (target.program === undefined) continue;
      const finished =
        target.program.poll(now) ?? (now >= killAt ? { exitCode: 137, reason: 'Error' as const } : undefined);
      if (finished !== undefined) this.#ended(pod, target, finished, now);
      else target.isReady &&= target.program.isReady(now);
    }
    if (run.containers.some(({ program }) => program !== undefined)) return false;
    this.#world.remove(pod);
    this.#runs.delete(run.uid);
    this.#world.logs.forget(run.uid);
    return true;
  }

  #beginEnd(pod: Pod, run: PodRun, now: number): NonNullable<PodRun['end']> {
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    const hooks = run.containers.map(({ program, container }) => {
      const command = preStopOf(container);
      return command === '' ? 0 : (program?.preStop?.(command, now) ?? 0);
    });
    for (const { container } of run.containers) {
      this.#world.event(pod, 'Normal', 'Killing', `Stopping container ${container.name}`, 'kubelet');
    }
    return { terminateAt: now + Math.max(0, ...hooks), killAt: now + grace, isTold: false };
  }

  #report(pod: Pod, run: PodRun, now: number): void {
    const fingerprint = fingerprintOf(pod, run);
    if (fingerprint === run.reported) return;
    run.reported = fingerprint;
    const current = this.#world.pod(pod.metadata.namespace ?? '', pod.metadata.name);
    if (current?.metadata.uid !== pod.metadata.uid) return;
    const status = podStatusOf(current, run, now);
    if (!sameValue(current.status, status)) this.#world.store.put(kindNamed('Pod'), { ...current, status });
  }

  #newAddress(): string {
    const address = this.#nextAddress++;
    return `10.40.${Math.floor(address / 250) % 250}.${(address % 250) + 1}`;
  }
}

function newContainerRun(container: Container): ContainerRun {
  return {
    container,
    program: undefined,
    startedAt: 0,
    restarts: 0,
    isReady: false,
    waiting: undefined,
    ended: undefined,
    lastEnd: undefined,
    backoffUntil: 0,
    backoffMs: 0,
    probedAt: 0,
  };
}

function firstProgram(
  sources: readonly ProgramSource[],
  pod: Pod,
  container: Container,
  now: number,
): ReturnType<ProgramSource> {
  for (const source of sources) {
    const program = source(pod, container, now);
    if (program !== undefined) return program;
  }
  return undefined;
}

/** Names that show what happens when an image is not there. */
function isUnpullable(image: string): boolean {
  return /(?:broken|missing|does-not-exist)/.test(image);
}
