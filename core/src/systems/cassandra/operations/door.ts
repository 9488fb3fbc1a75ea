import type { LivePod } from '#core/live/objects.ts';
import type { Cluster } from '#core/live/ports.ts';
import { atOnceFor, inParallel } from '#core/systems/cassandra/live/asking.ts';
import { NodeDoor, type NodePlace, type Told } from '#core/systems/cassandra/node/nodeDoor.ts';
import type { ScriptOf } from '#core/systems/cassandra/node/nodetoolWay.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { BatchAnswer, BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import { diskScript, readDisk, type DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
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

/** Nodes of a ring, asked and told: one exec a node, whatever the number of commands, or by the management API of its pod; see NodeDoor. */
export class RingDoor {
  readonly #nodes: NodeDoor;
  readonly #containers: ReadonlyMap<string, string>;

  /** `containers`: the one that runs Cassandra, by the name of the pod. */
  constructor(cluster: Cluster, containers: ReadonlyMap<string, string>) {
    this.#nodes = new NodeDoor(cluster);
    this.#containers = containers;
  }

  /** Undefined when nothing runs there that could be asked. @throws ClusterProblem when nobody can be asked */
  async ask(pod: LivePod, commands: readonly BatchCommand[]): Promise<NodeAnswer | undefined> {
    const told = await this.#in(pod, (place) => this.#nodes.ask(place, commands));
    if (!told) return undefined;
    return told.batch ? told.answer : strictly(told.answer);
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
    return (await this.#in(pod, (place) => this.#nodes.ranges(place, keyspaces))) ?? new Map();
  }

  /** What the commands printed; undefined when nothing runs there. @throws ClusterProblem */
  run(pod: LivePod, commands: readonly BatchCommand[]): Promise<BatchAnswer | undefined> {
    return this.#in(pod, (place) => this.#nodes.run(place, commands));
  }

  /** Begins a command that takes long, unless it was begun before; undefined when nodetool does not answer. @throws ClusterProblem */
  async begin(pod: LivePod, token: string, args: readonly string[]): Promise<JobState | undefined> {
    return readJob((await this.#script(pod, (login) => beginScript(token, args, login))) ?? '');
  }

  /** How far such a command is; undefined when nothing runs there. @throws ClusterProblem */
  async look(pod: LivePod, token: string): Promise<JobState | undefined> {
    return readJob((await this.#script(pod, () => lookScript(token))) ?? '');
  }

  /** Of a directory in the container; undefined when it does not tell. @throws ClusterProblem */
  async disk(pod: LivePod, directory: string): Promise<DiskRoom | undefined> {
    return readDisk((await this.#script(pod, () => diskScript(directory))) ?? '');
  }

  #script(pod: LivePod, scriptOf: ScriptOf): Promise<string | undefined> {
    return this.#in(pod, (place) => this.#nodes.script(place, scriptOf));
  }

  async #in<Answer>(pod: LivePod, ask: (place: NodePlace) => Promise<Told<Answer>>): Promise<Answer | undefined> {
    const container = this.#containers.get(pod.meta.name) ?? '';
    if (!isRunning(pod, container)) return undefined;
    const told = await ask({ pod, container });
    return told.kind === 'told' ? told.answer : undefined;
  }
}

/**
 * A node that could not tell all that it was asked by its management API counts as one that was not asked: what it left out, streams or
 * replication, would else be taken for nothing. nodetool leaves out only what a version does not know.
 */
function strictly(answer: NodeAnswer): NodeAnswer {
  return answer.failures.length === 0 ? answer : { ...answer, status: undefined };
}

/** A pod that is there is not yet a process that could answer. */
export function isRunning({ states }: LivePod, container: string): boolean {
  return states.some((one) => !one.isInit && one.name === container && one.state === 'running');
}
