import type { LivePod } from '#core/live/objects.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import { readMemberPods, type FoundPods } from '#core/operations/memberPods.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import { CqlDoor, type CqlWord } from '#core/systems/cassandra/operations/cqlDoor.ts';
import type { RangesOf } from '#core/systems/cassandra/operations/safety.ts';
import { isRunning, questions, RingDoor } from '#core/systems/cassandra/operations/door.ts';
import {
  isDrainedMode,
  readRing,
  type PlannedNode,
  type RingReading,
} from '#core/systems/cassandra/operations/reading.ts';

/** What a departure is judged by. */
export const wholeQuestions: readonly BatchCommand[] = [
  questions.info,
  questions.status,
  questions.netstats,
  questions.cluster,
  questions.compactions,
];

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
  /** What they are asked for in the same go, beside their view. */
  readonly more?: readonly BatchCommand[];
}

/** A ring whose members a plan has named, asked whenever something is to be known; keeps nothing. */
export class RingNow {
  readonly nodes: readonly PlannedNode[];
  readonly door: RingDoor;
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #clock: Clock;
  readonly #cql: CqlDoor;

  constructor(cluster: Cluster, clock: Clock, namespace: string, nodes: readonly PlannedNode[]) {
    this.nodes = nodes;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#namespace = namespace;
    const containers = new Map(nodes.map(({ pod, container }) => [pod, container]));
    this.door = new RingDoor(cluster, containers);
    this.#cql = new CqlDoor(cluster, clock, containers);
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

  /** Whether a node serves clients, by its own port and at no cost to it. @throws ClusterProblem of kind `cancelled` */
  cql(pod: LivePod, pods: FoundPods): Promise<CqlWord> {
    const others = this.#running(pods).filter(({ meta }) => meta.name !== pod.meta.name);
    return this.#cql.ask(pod, others);
  }

  /** Others that are ready for Kubernetes and whose port does not answer. @throws ClusterProblem of kind `cancelled` */
  async closedBeside(target: string, pods: FoundPods): Promise<readonly string[]> {
    const others = this.#running(pods).filter(({ meta, isReady }) => meta.name !== target && isReady);
    const words = await Promise.all(others.map(async (pod) => ({ pod, word: await this.#cql.ask(pod, others) })));
    return words.flatMap(({ pod, word }) => (word.kind === 'closed' ? [pod.meta.name] : []));
  }

  /** Everything that a departure is judged by, of every node. @throws ClusterProblem */
  async full(pods: FoundPods): Promise<RingReading> {
    return this.reading(await this.door.askAll(this.#running(pods), wholeQuestions));
  }

  reading(answers: readonly NodeAnswer[]): RingReading {
    return readRing(answers, this.nodes);
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
    { most = Number.POSITIVE_INFINITY, isDoubted, more = [] }: Wanted,
  ): Promise<Views> {
    const candidates = this.#running(pods).filter(({ meta }) => meta.name !== target);
    const answers: NodeAnswer[] = [];
    const silent: string[] = [];
    while (candidates.length > 0 && answers.length < most) {
      const asked = candidates.splice(0, Math.min(candidates.length, most - answers.length));
      const found = await this.door.askAll(asked, [questions.status, ...more]);
      for (const pod of asked) {
        const answer = found.find(({ member }) => member === pod.meta.name);
        if (!answer?.status) silent.push(pod.meta.name);
        else if (!isDoubted(answer) || !(await this.#isDeaf(pod, answer))) answers.push(answer);
      }
    }
    return { answers, silent, isAll: candidates.length === 0 };
  }

  async #isDeaf(pod: LivePod, { netstats }: NodeAnswer): Promise<boolean> {
    if (netstats) return isDrainedMode(netstats.mode);
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
