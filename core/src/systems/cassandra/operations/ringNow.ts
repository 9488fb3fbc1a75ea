import type { LivePod } from '#core/live/objects.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import { readMemberPods, type FoundPods } from '#core/operations/memberPods.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { RangesOf } from '#core/systems/cassandra/operations/safety.ts';
import { isRunning, questions, RingDoor } from '#core/systems/cassandra/operations/door.ts';
import {
  isDrainedMode,
  readRing,
  type PlannedNode,
  type RingReading,
} from '#core/systems/cassandra/operations/reading.ts';

/** How a process of Cassandra is, by its own Mode. */
export type NodeState =
  | { readonly kind: 'mode'; readonly mode: string }
  /** The container runs and nodetool gets no answer. */
  | { readonly kind: 'silent' }
  /** There is no process. */
  | { readonly kind: 'not running' };

/** Other nodes as they were asked for their view. */
export interface Views {
  /** Of nodes that gossip. */
  readonly answers: readonly NodeAnswer[];
  /** Nodes that run and did not answer. */
  readonly silent: readonly string[];
  /** There are no others that run. */
  readonly isAll: boolean;
}

export interface Wanted {
  readonly most?: number;
  /** An answer that would not be believed of a node that hears nothing. */
  readonly isDoubted: (answer: NodeAnswer) => boolean;
}

/** A ring whose members a plan has named, asked whenever something is to be known; keeps nothing. */
export class RingNow {
  readonly nodes: readonly PlannedNode[];
  readonly door: RingDoor;
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #clock: Clock;

  constructor(cluster: Cluster, clock: Clock, namespace: string, nodes: readonly PlannedNode[]) {
    this.nodes = nodes;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#namespace = namespace;
    this.door = new RingDoor(cluster, new Map(nodes.map(({ pod, container }) => [pod, container])));
  }

  now(): number {
    return this.#clock.now();
  }

  /** @throws ClusterProblem */
  pods(): Promise<FoundPods> {
    return readMemberPods(
      this.#cluster,
      this.#namespace,
      this.nodes.map(({ pod }) => pod),
    );
  }

  isRunning(pod: LivePod): boolean {
    const container = this.nodes.find((node) => node.pod === pod.meta.name)?.container ?? '';
    return pod.meta.deletedAt === undefined && isRunning(pod, container);
  }

  /** Everything that a departure is judged by, of every node. @throws ClusterProblem */
  async full(pods: FoundPods): Promise<RingReading> {
    const { info, status, netstats, cluster, compactions } = questions;
    const commands = [info, status, netstats, cluster, compactions];
    return readRing(await this.door.askAll(this.#running(pods), commands), this.nodes);
  }

  /** The views of every node and nothing else, a fifth of the cost of all; and the Mode of one, where it matters. @throws ClusterProblem */
  async views(pods: FoundPods, target: { readonly pod: string; readonly isModeAsked: boolean }): Promise<RingReading> {
    const { status, netstats } = questions;
    const running = this.#running(pods);
    const isTarget = ({ meta }: LivePod): boolean => target.isModeAsked && meta.name === target.pod;
    const answers = await Promise.all([
      this.door.askAll(running.filter(isTarget), [status, netstats]),
      this.door.askAll(
        running.filter((pod) => !isTarget(pod)),
        [status],
      ),
    ]);
    return readRing(answers.flat(), this.nodes);
  }

  /**
   * Views of other nodes than this one: of `most` of them, or of all. A node that was drained hears nothing, so what it sees is old: one
   * whose view is doubted is asked for its Mode as well, and left out when it is drained. @throws ClusterProblem
   */
  async others(
    pods: FoundPods,
    target: string,
    { most = Number.POSITIVE_INFINITY, isDoubted }: Wanted,
  ): Promise<Views> {
    const candidates = this.#running(pods).filter(({ meta }) => meta.name !== target);
    const answers: NodeAnswer[] = [];
    const silent: string[] = [];
    while (candidates.length > 0 && answers.length < most) {
      const asked = candidates.splice(0, Math.min(candidates.length, most - answers.length));
      const found = await this.door.askAll(asked, [questions.status]);
      for (const pod of asked) {
        const answer = found.find(({ member }) => member === pod.meta.name);
        if (!answer?.status) silent.push(pod.meta.name);
        else if (!isDoubted(answer) || !(await this.#isDeaf(pod))) answers.push(answer);
      }
    }
    return { answers, silent, isAll: candidates.length === 0 };
  }

  async #isDeaf(pod: LivePod): Promise<boolean> {
    const state = await this.stateOf(pod);
    return state.kind === 'mode' && isDrainedMode(state.mode);
  }

  /** @throws ClusterProblem */
  async stateOf(pod: LivePod): Promise<NodeState> {
    const container = this.nodes.find((node) => node.pod === pod.meta.name)?.container ?? '';
    if (!isRunning(pod, container)) return { kind: 'not running' };
    const answer = await this.door.ask(pod, [questions.netstats]);
    return answer?.netstats ? { kind: 'mode', mode: answer.netstats.mode } : { kind: 'silent' };
  }

  /** Ranges of keyspaces, asked of the first node that is running. @throws ClusterProblem */
  async ranges(pods: FoundPods, keyspaces: readonly string[]): Promise<RangesOf> {
    const [pod] = this.#running(pods);
    return keyspaces.length === 0 || !pod ? new Map() : this.door.ranges(pod, keyspaces);
  }

  #running(pods: FoundPods): readonly LivePod[] {
    return this.nodes.flatMap(({ pod: name }) => {
      const pod = pods.of(name);
      return pod && this.isRunning(pod) ? [pod] : [];
    });
  }
}
