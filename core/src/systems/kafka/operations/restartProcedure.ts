import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import type { Answer, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { blockersOf, catchingUp, toElect, type RestartLevel } from '#core/systems/kafka/operations/safety.ts';
import { isInQuorum, quorumBlocker } from '#core/systems/kafka/operations/quorum.ts';
import { partitionName, type KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import { hopelessTrouble, readMemberPods, type FoundPods } from '#core/operations/memberPods.ts';

export interface RestartTarget {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly door: KafkaDoor;
  readonly clusterIdentity: string | undefined;
  readonly kafkaClusterId: string;
  readonly namespace: string;
  /** Every node of the cluster, those that are restarted and the others. */
  readonly nodes: readonly { readonly pod: string; readonly nodeId: number; readonly isBroker: boolean }[];
  readonly level: RestartLevel;
  /** The pods as they are now, by the names of the plan; read by those names when absent. */
  readonly findPods?: () => Promise<FoundPods>;
  /** Topics whose outage was agreed to, because no order of restarts avoids it. */
  readonly consented: ReadonlySet<string>;
}

/**
 * Safe restart of Kafka nodes that no operator owns, one at a time:
 *
 * 1. The gate asks Kubernetes that every other node's pod is ready, and Kafka that every broker is registered and unfenced, that nothing
 *    is being moved, that no partition would fall under min.insync.replicas or lose its last leader, that every other replica is back in
 *    sync (level "fully replicated"), and that the controller quorum keeps a majority.
 * 2. The pod is evicted with its uid as precondition, so that disruption budgets are asked and no pod is ever evicted twice.
 * 3. It is awaited until a new pod is ready, its broker is registered, every partition that has a replica on it has it in its ISR,
 *    and a voter follows the quorum's leader again. A pod that cannot start ends the run at once.
 * 4. Preferred leaders are elected for the partitions whose first replica it is, so that leaders do not pile up on the others.
 *
 * The pod template is not touched. Source: facts measured on Kafka 4.3, and the questions of Strimzi's KafkaRoller.
 */
export class KafkaRestart implements Procedure {
  readonly #target: RestartTarget;
  /** Uid of the pod while whose start the others were asked. */
  #askedAhead = '';

  constructor(target: RestartTarget) {
    this.#target = target;
  }

  async verifyIdentity(): Promise<string | undefined> {
    const { cluster, clusterIdentity } = this.#target;
    const identity = await cluster.identity();
    if (identity === clusterIdentity) return undefined;
    return `Another Kubernetes cluster answers as the context ${cluster.context.name} than when the plan was made.`;
  }

  async isDone(context: StepContext): Promise<boolean> {
    const { pod, before } = parametersOf(context.step);
    const current = (await this.#pods()).of(pod);
    if (!current || current.meta.uid === before || !current.isReady || current.meta.deletedAt !== undefined)
      return false;
    return (await this.#backIn(context)).kind === 'yes';
  }

  async hasActed({ step, memory }: StepContext): Promise<boolean> {
    const { pod, before } = parametersOf(step);
    const current = (await this.#pods()).of(pod);
    return (
      current === undefined || current.meta.deletedAt !== undefined || current.meta.uid !== (memory['uid'] ?? before)
    );
  }

  async prepare({ step }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const { pod } = parametersOf(step);
    return { uid: (await this.#pods()).of(pod)?.meta.uid ?? '' };
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const { pod, nodeId } = parametersOf(step);
    const inKubernetes = this.#othersReady(await this.#pods(), pod);
    if (inKubernetes) return inKubernetes;
    const state = await this.#state(nodeId);
    return this.#strangers(state) ?? this.#whatKafkaSays(nodeId, state);
  }

  async act({ step, memory }: StepContext): Promise<ActOutcome> {
    const { pod, nodeId } = parametersOf(step);
    const { cluster, namespace, door } = this.#target;
    try {
      // What leads to the old process must not be asked about the new one.
      await door.forget(nodeId);
      await cluster.evict({ namespace, name: pod, uid: String(memory['uid'] ?? '') });
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'busy')
        return { kind: 'again', waitingFor: `a disruption budget to allow it: ${error.message}` };
      // The pod of the plan is gone: somebody else has restarted it, which is what was wanted.
      if (error.kind === 'conflict' || error.kind === 'absent') return { kind: 'acted' };
      if (error.kind === 'unreachable' || error.kind === 'server') throw error;
      return {
        kind: 'stop',
        reason: `The eviction of ${pod} is refused: ${error.message}`,
        fix: 'Ask for the right, or see what refuses it.',
      };
    }
  }

  async awaited(context: StepContext): Promise<Answer> {
    const { pod, nodeId } = parametersOf(context.step);
    const current = (await this.#pods()).of(pod);
    const uid = context.memory['uid'];
    if (!current) return waiting(`${pod} to be created again`, ['absent'], false);
    if (current.meta.uid === uid) return waiting(`${pod} to end`, [current.meta.deletedAt ?? 0], false);
    const trouble = this.#hopeless(current);
    if (trouble !== undefined)
      return { kind: 'stop', reason: `${pod} ${trouble}`, fix: `Repair ${pod}; nothing else is touched until then.` };
    if (current.isReady) return this.#backIn(context);
    this.#askAhead(nodeId, current.meta.uid);
    return waiting(`${pod} to be ready`, [current.phase, ...current.states.map(({ state }) => state)], true);
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    const { nodeId } = parametersOf(step);
    const state = await this.#state(undefined);
    const partitions = toElect(nodeId, state);
    if (partitions.length === 0) return [];
    const elected = await this.#target.door.electPreferred(partitions);
    return [`${elected} of ${partitions.length} preferred leaders elected on broker ${nodeId}`];
  }

  /**
   * Brokers pass some questions on to the leader of the quorum, over a connection that they use for nothing else. When the leader went with
   * its pod, whose address swallows packets, they notice at the next question, and its answer takes 10 s. So one is asked while the new
   * pod starts; nobody waits for what comes of it.
   */
  #askAhead(nodeId: number, podUid: string): void {
    if (this.#askedAhead === podUid) return;
    this.#askedAhead = podUid;
    this.#state(nodeId).catch(() => undefined);
  }

  /** A broker that is registered, in all its ISRs, and follows the quorum. */
  async #backIn({ step }: StepContext): Promise<Answer> {
    const { nodeId, pod } = parametersOf(step);
    const isBroker = this.#target.nodes.some((node) => node.nodeId === nodeId && node.isBroker);
    // A broker opens its port once its new process is registered. Until then others may still count the old one in, up to a session
    // timeout after it was killed, while a probe of another port already calls the pod ready.
    if (isBroker && !(await this.#target.door.answers(nodeId))) return waiting(`broker ${nodeId} to answer`, [], true);
    const state = await this.#state(nodeId);
    const stranger = this.#strangers(state);
    if (stranger) return stranger;
    if (isBroker && !state.brokers.includes(nodeId)) return waiting(`broker ${nodeId} to register`, [], true);
    const behind = catchingUp(nodeId, state);
    if (behind.length > 0) {
      const lag = await this.#target.door.lagOf(nodeId, behind);
      const names = named(behind.map(partitionName));
      return waiting(`${pod} to catch up: ${names}${lag.text}`, [behind.length, lag.bytes], true);
    }
    if (!isInQuorum(nodeId, state.quorum)) return waiting(`node ${nodeId} to follow the controller quorum`, [], true);
    return { kind: 'yes', evidence: `broker ${nodeId} is in every ISR` };
  }

  #othersReady(pods: FoundPods, target: string): Answer | undefined {
    for (const { pod: name } of this.#target.nodes) {
      const pod = pods.of(name);
      if (name === target || (pod?.isReady === true && pod.meta.deletedAt === undefined)) continue;
      const trouble = pod && this.#hopeless(pod);
      if (trouble !== undefined) return { kind: 'stop', reason: `${name} ${trouble}`, fix: `Repair ${name} first.` };
      return waiting(`${name} to be ready`, [name, pod?.phase ?? 'absent'], false);
    }
    return undefined;
  }

  /** Whether the brokers that answer are those of the plan. */
  #strangers({ clusterId }: KafkaState): Answer | undefined {
    const { kafkaClusterId } = this.#target;
    if (clusterId === kafkaClusterId) return undefined;
    const reason = `The brokers belong to the Kafka cluster ${clusterId}; the plan was made for ${kafkaClusterId}.`;
    return { kind: 'stop', reason, fix: 'Make a new plan.' };
  }

  #whatKafkaSays(nodeId: number, state: KafkaState): Answer {
    const absent = this.#target.nodes.filter(
      (node) => node.isBroker && node.nodeId !== nodeId && !state.brokers.includes(node.nodeId),
    );
    if (absent.length > 0) {
      const ids = absent.map((node) => node.nodeId);
      return waiting(`broker ${ids.join(', ')} to be registered and unfenced`, ids, false);
    }
    if (state.reassignments > 0)
      return waiting(`${state.reassignments} partitions to be moved`, [state.reassignments], false);
    const blockers = blockersOf(nodeId, state, this.#target.level, this.#target.consented);
    if (blockers.length > 0) return waiting(named(blockers), [blockers.length, ...blockers], true);
    const quorum = quorumBlocker(nodeId, state.quorum);
    if (quorum !== undefined) return waiting(quorum, [state.quorum?.highWatermark ?? 0], false);
    return {
      kind: 'yes',
      evidence: `${state.partitions.length} partitions keep their in-sync replicas without broker ${nodeId}`,
    };
  }

  #hopeless(pod: LivePod): string | undefined {
    return hopelessTrouble(pod, this.#target.clock.now());
  }

  /** Asked of anybody but the node that is out, unless there is no other broker. */
  #state(except: number | undefined): Promise<KafkaState> {
    const isAlone = this.#target.nodes.every(({ isBroker, nodeId }) => !isBroker || nodeId === except);
    return this.#target.door.state(isAlone ? undefined : except);
  }

  #pods(): Promise<FoundPods> {
    const { cluster, namespace, nodes, findPods } = this.#target;
    if (findPods) return findPods();
    return readMemberPods(
      cluster,
      namespace,
      nodes.map(({ pod }) => pod),
    );
  }
}

function parametersOf({ parameters }: PlannedStep): { pod: string; nodeId: number; before: string } {
  return {
    pod: String(parameters['pod'] ?? ''),
    nodeId: Number(parameters['nodeId'] ?? -1),
    before: String(parameters['before'] ?? ''),
  };
}

function waiting(waitingFor: string, measure: readonly (number | string)[], isNear: boolean): Answer {
  return { kind: 'wait', waitingFor, measure, isNear };
}

/** The first few, and how many more. */
function named(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).join(', ');
  return texts.length > 3 ? `${shown} and ${texts.length - 3} more` : shown;
}
