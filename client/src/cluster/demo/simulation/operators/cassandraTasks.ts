import { objectsOf } from '#core/json.ts';
import { nodetool } from '../cassandra/nodetool.ts';
import type { RingNode, RingSimulation } from '../cassandra/ring.ts';
import { kindNamed } from '../kinds.ts';
import { recordOf, textOr, timeText, type Condition, type KubeObject, type Pod } from '../objects.ts';
import type { World } from '../world.ts';
import { isRestarted } from './cassandraRestarts.ts';

const RACK = 'cassandra.datastax.com/rack';
const STATUS = 'control.k8ssandra.io/status';

/** Commands that look at the pod or the rack they are told; the others go over the whole datacenter. */
const CHOOSING = new Set(['compact', 'flush']);
const COMMANDS = new Set(['cleanup', 'rebuild', 'upgradesstables', ...CHOOSING]);

interface Job {
  readonly endsAt: number;
  readonly node: RingNode;
  readonly startedAt: number;
  readonly finish: (now: number) => { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
}

/** The tasks of cass-operator: one of a datacenter at a time, node after node; whatever a node has begun it ends by itself. */
export class CassandraTasks {
  readonly #world: World;
  /** Of the management API of the pods, by id. */
  readonly #jobs = new Map<string, Job>();
  #nextJob = 1;

  constructor(world: World) {
    this.#world = world;
  }

  tick(datacenter: KubeObject, pods: readonly Pod[], ring: RingSimulation | undefined, now: number): void {
    const tasks = this.#world.store
      .list(kindNamed('CassandraTask'), datacenter.metadata.namespace)
      .filter((task) => recordOf(recordOf(task['spec'])['datacenter'])['name'] === datacenter.metadata.name);
    const open = tasks.filter((task) => recordOf(task['status'])['completionTime'] === undefined);
    const active = open.find(({ metadata }) => metadata.labels?.[STATUS] === 'active') ?? oldest(open);
    if (active === undefined || ring === undefined) return;
    if (active.metadata.labels?.[STATUS] === 'active') this.#goOn(active, pods, ring, now);
    else this.#begin(active, datacenter, now);
  }

  #begin(task: KubeObject, datacenter: KubeObject, now: number): void {
    const cluster = textOr(recordOf(datacenter['spec'])['clusterName'], datacenter.metadata.name);
    const labels = {
      ...task.metadata.labels,
      [STATUS]: 'active',
      'cassandra.datastax.com/cluster': cluster,
      'cassandra.datastax.com/datacenter': datacenter.metadata.name,
    };
    const status = { active: 1, startTime: timeText(now), conditions: [condition('Running', 'True', now)] };
    this.#world.store.put(kindNamed('CassandraTask'), { ...task, metadata: { ...task.metadata, labels }, status });
  }

  #goOn(task: KubeObject, pods: readonly Pod[], ring: RingSimulation, now: number): void {
    const job = jobOf(task);
    if (job.command === 'restart') {
      if (this.#isRestarted(task, job)) this.#write(task, {}, true, now);
      return;
    }
    const statuses: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const [pod, status] of Object.entries(recordOf(recordOf(task['status'])['podStatuses'])))
      statuses[pod] = this.#looked(recordOf(status), now);
    const wanted = COMMANDS.has(job.command) ? wantedPods(job, pods) : [];
    const isRunning = Object.values(statuses).some(({ status }) => status === 'RUNNING');
    const next = wanted.find(({ metadata }) => statuses[metadata.name] === undefined);
    if (!isRunning && next !== undefined) {
      const begun = this.#start(job, next, ring, now);
      if (begun !== undefined) statuses[next.metadata.name] = begun;
    }
    const isOver = !isRunning && next === undefined;
    this.#write(task, statuses, isOver, now);
  }

  /** Of StatefulSets, not of pods. */
  #isRestarted({ metadata, spec, status }: KubeObject, { args }: TaskJob): boolean {
    return isRestarted(this.#world, {
      namespace: metadata.namespace ?? '',
      datacenter: textOr(recordOf(recordOf(spec)['datacenter'])['name'], ''),
      rack: textOr(args['rack'], ''),
      startTime: textOr(recordOf(status)['startTime'], ''),
    });
  }

  #looked(status: Readonly<Record<string, unknown>>, now: number): Readonly<Record<string, unknown>> {
    const job = this.#jobs.get(textOr(status['jobId'], ''));
    if (status['status'] !== 'RUNNING' || job === undefined) return status;
    // A management API that was started anew knows nothing of the job: it is begun again.
    if (job.node.startedAt !== job.startedAt) return { ...status, status: 'ERROR', error: 'job lost' };
    if (now < job.endsAt) return status;
    const { exitCode, stderr, stdout } = job.finish(job.endsAt);
    const completionTime = timeText(now);
    if (exitCode === 0) return { ...status, status: 'COMPLETED', completionTime };
    return { ...status, status: 'ERROR', error: (stderr || stdout).split('\n')[0] ?? '', completionTime };
  }

  #start(
    { command, args }: TaskJob,
    { metadata }: Pod,
    ring: RingSimulation,
    now: number,
  ): Readonly<Record<string, unknown>> | undefined {
    const node = ring.nodeOf(`${metadata.namespace ?? ''}/${metadata.name}`);
    if (node === undefined || !ring.isJmxOpen(node, now)) return undefined;
    const running = nodetool(ring, node, [command, textOr(args['source_datacenter'], '')], now);
    const jobId = `job-${this.#nextJob++}`;
    const endsAt = now + running.takesMs;
    this.#jobs.set(jobId, { endsAt, node, startedAt: node.startedAt, finish: (at) => running.finish(at) });
    return { status: 'RUNNING', jobId, startTime: timeText(now) };
  }

  /** `Complete` is also said when pods have failed. */
  #write(
    task: KubeObject,
    podStatuses: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    isOver: boolean,
    now: number,
  ): void {
    const count = (wanted: string): number =>
      Object.values(podStatuses).filter(({ status }) => status === wanted).length;
    const failed = count('ERROR');
    const counts = { succeeded: count('COMPLETED'), failed, podStatuses };
    const conditions = [
      condition('Running', isOver ? 'False' : 'True', now),
      ...(isOver ? [condition('Complete', 'True', now)] : []),
      ...(isOver && failed > 0 ? [condition('Failed', 'True', now, `${failed} pods failed during processing`)] : []),
    ];
    const labels = { ...task.metadata.labels, [STATUS]: isOver ? 'completed' : 'active' };
    const end = isOver ? { active: 0, completionTime: timeText(now) } : {};
    const known = recordOf(task['status']);
    const status = { ...known, ...counts, ...end, conditions: isOver ? conditions : known['conditions'] };
    this.#world.setStatus(
      isOver
        ? this.#world.store.put(kindNamed('CassandraTask'), { ...task, metadata: { ...task.metadata, labels } })
        : task,
      status,
    );
  }
}

interface TaskJob {
  readonly command: string;
  readonly args: Readonly<Record<string, unknown>>;
}

function jobOf(task: KubeObject): TaskJob {
  const found = objectsOf(recordOf(task['spec'])['jobs'])[0] ?? {};
  return { command: textOr(found['command'], ''), args: recordOf(found['args']) };
}

/** Rack after rack, by their names. */
function wantedPods({ command, args }: TaskJob, pods: readonly Pod[]): readonly Pod[] {
  const rackOf = ({ metadata }: Pod): string => metadata.labels?.[RACK] ?? '';
  const isChosen = (pod: Pod): boolean =>
    !CHOOSING.has(command) ||
    (textOr(args['pod_name'], pod.metadata.name) === pod.metadata.name &&
      textOr(args['rack'], rackOf(pod)) === rackOf(pod));
  const place = (pod: Pod): string => `${rackOf(pod)}/${pod.metadata.name}`;
  return pods.filter(isChosen).toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

function oldest(tasks: readonly KubeObject[]): KubeObject | undefined {
  return tasks.toSorted((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))[0];
}

function condition(type: string, status: string, now: number, message = ''): Condition {
  return { type, status, reason: type, message, lastTransitionTime: timeText(now) };
}
