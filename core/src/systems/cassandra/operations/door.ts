import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { neverCancelled } from '#core/ports.ts';
import { atOnceFor, FOR_ALL, inParallel } from '#core/systems/cassandra/live/asking.ts';
import { readNodeAnswer, type NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { batchScript, readBatch, type BatchAnswer, type BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import { parseDescribeRing, type ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import { diskScript, readDisk, type DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { beginScript, lookScript, readJob, type JobState } from '#core/systems/cassandra/nodetool/job.ts';

/** What nodes are asked for; each starts a Java machine, about a second of CPU of the node. */
export const questions = {
  info: { name: 'info', args: ['info'] },
  status: { name: 'status', args: ['status'] },
  netstats: { name: 'netstats', args: ['netstats'] },
  cluster: { name: 'cluster', args: ['describecluster'] },
  compactions: { name: 'compactions', args: ['compactionstats'] },
  hints: { name: 'hints', args: ['listpendinghints'] },
} as const satisfies Readonly<Record<string, BatchCommand>>;

/** A command takes half a minute at most; as many as one batch has. */
const TIMEOUT_MS = 200_000;

/** Nodes of a ring, asked and told by nodetool in their own containers: one exec a node, whatever the number of commands. */
export class RingDoor {
  readonly #cluster: Cluster;
  readonly #containers: ReadonlyMap<string, string>;

  /** `containers`: the one that runs Cassandra, by the name of the pod. */
  constructor(cluster: Cluster, containers: ReadonlyMap<string, string>) {
    this.#cluster = cluster;
    this.#containers = containers;
  }

  /** Undefined when nothing runs there that could be asked. @throws ClusterProblem when nobody can be asked */
  async ask(pod: LivePod, commands: readonly BatchCommand[]): Promise<NodeAnswer | undefined> {
    const batch = await this.run(pod, commands);
    if (!batch) return undefined;
    return readNodeAnswer({ member: pod.meta.name, podUid: pod.meta.uid, podIp: pod.ip }, batch);
  }

  /** Those that answered, a few at a time. @throws ClusterProblem */
  async askAll(pods: readonly LivePod[], commands: readonly BatchCommand[]): Promise<readonly NodeAnswer[]> {
    const answers: NodeAnswer[] = [];
    await inParallel(pods, atOnceFor(pods), async (pod) => {
      const answer = await this.ask(pod, commands);
      if (answer) answers.push(answer);
    });
    return answers.toSorted((a, b) => a.member.localeCompare(b.member, 'en'));
  }

  /** The replicas of every range, by keyspace; without those that the node does not tell. @throws ClusterProblem */
  async ranges(pod: LivePod, keyspaces: readonly string[]): Promise<ReadonlyMap<string, readonly ReplicaRange[]>> {
    const commands = keyspaces.map((keyspace, place) => ({ name: `ring${place}`, args: ['describering', keyspace] }));
    const batch = await this.run(pod, commands);
    return new Map(
      keyspaces.flatMap((keyspace, place) => {
        const result = batch?.results.get(`ring${place}`);
        const ranges = result && !failureOf(result) ? parseDescribeRing(result.stdout) : [];
        return ranges.length === 0 ? [] : [[keyspace, ranges] as const];
      }),
    );
  }

  /** What the commands printed; undefined when nothing runs there. @throws ClusterProblem */
  async run(pod: LivePod, commands: readonly BatchCommand[]): Promise<BatchAnswer | undefined> {
    const stdout = await this.#shell(pod, batchScript(commands));
    return stdout === undefined ? undefined : readBatch(stdout);
  }

  /** Begins a command that takes long, unless it was begun before; undefined when nodetool does not answer. @throws ClusterProblem */
  async begin(pod: LivePod, token: string, args: readonly string[]): Promise<JobState | undefined> {
    return readJob((await this.#shell(pod, beginScript(token, args))) ?? '');
  }

  /** How far such a command is; undefined when nothing runs there. @throws ClusterProblem */
  async look(pod: LivePod, token: string): Promise<JobState | undefined> {
    return readJob((await this.#shell(pod, lookScript(token))) ?? '');
  }

  /** Of a directory in the container; undefined when it does not tell. @throws ClusterProblem */
  async disk(pod: LivePod, directory: string): Promise<DiskRoom | undefined> {
    return readDisk((await this.#shell(pod, diskScript(directory))) ?? '');
  }

  async #shell(pod: LivePod, script: string): Promise<string | undefined> {
    const { namespace, name } = pod.meta;
    const container = this.#containers.get(name) ?? '';
    if (!isRunning(pod, container)) return undefined;
    try {
      const command = ['sh', '-c', script];
      const request = { namespace, pod: name, container, command, timeoutMs: TIMEOUT_MS };
      return (await this.#cluster.exec(request, neverCancelled)).stdout;
    } catch (error) {
      if (error instanceof ClusterProblem && !FOR_ALL.has(error.kind)) return undefined;
      throw error;
    }
  }
}

/** A pod that is there is not yet a process that could answer. */
export function isRunning({ states }: LivePod, container: string): boolean {
  return states.some((one) => !one.isInit && one.name === container && one.state === 'running');
}
