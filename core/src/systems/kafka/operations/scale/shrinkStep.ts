import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { partitionName, type KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import { readMemberPods } from '#core/operations/memberPods.ts';
import { few } from '#core/systems/kafka/operations/moves/movesRun.ts';
import { actReplicas, otherSet, readScaledSet, scaledElsewhere, type ScaledSet } from '#core/operations/scaledSet.ts';
import {
  stayingReady,
  stayingRegistered,
  waiting,
  type ScaleTarget,
} from '#core/systems/kafka/operations/scale/staying.ts';
import { numberIn, textIn, textsIn } from '#core/operations/stepParameters.ts';

/** Between the first and the last look at a broker that holds nothing: a topic may be created meanwhile. */
const HOLD_MS = 30_000;

/**
 * Takes the one broker of the highest ordinal away:
 *
 * 1. The gate asks that the StatefulSet is of the size it should have by now, that every other pod is ready and every other broker
 *    registered, that the broker is no voter, and that it holds nothing: by Metadata, and by what is on its own disks. It must have held
 *    nothing for 30 seconds, each look at it included.
 * 2. `spec.replicas` becomes one less, for the version of the StatefulSet that was read.
 * 3. It is awaited until the pod is gone.
 *
 * Its volume is kept, and named in the report. Undo: scale up again; the broker comes back with its volume.
 */
export class ShrinkStep implements StepKind {
  readonly #target: ScaleTarget;
  /** When each broker was first seen to hold nothing, and at every look since. */
  readonly #emptySince = new Map<number, number>();

  constructor(target: ScaleTarget) {
    this.#target = target;
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    return (await this.#set(step)).replicas <= parametersOf(step).to && (await this.#isGone(step));
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    return (await this.#set(step)).replicas <= parametersOf(step).to;
  }

  async prepare({ step }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return { from: (await this.#set(step)).replicas };
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const { nodeId } = parametersOf(step);
    const set = await this.#set(step);
    const other = otherSet(set, parametersOf(step)) ?? (await stayingReady(this.#target));
    if (other) return other;
    if (!set.isSettled) return waiting('the rollout that is under way to end', [], false);
    const state = await this.#target.door.state(undefined);
    const obstacle = this.#obstacle(nodeId, state) ?? (await this.#onDisks(nodeId));
    if (obstacle) {
      this.#emptySince.delete(nodeId);
      return obstacle;
    }
    return this.#held(nodeId);
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    return actReplicas(this.#target.cluster, await this.#set(step), parametersOf(step).to);
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const { workload, to, pod } = parametersOf(step);
    const set = await this.#set(step);
    if (set.replicas > to) return scaledElsewhere(workload, set, to);
    if (await this.#isGone(step)) return { kind: 'yes', evidence: `${pod} is gone` };
    return waiting(`${pod} to end`, [pod], true);
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const { pod } = parametersOf(step);
    const claims = textsIn(step.parameters, 'claims');
    if (claims.length === 0) return Promise.resolve([]);
    return Promise.resolve([`The volume of ${pod} is kept: PersistentVolumeClaim ${claims.join(', ')}`]);
  }

  async #isGone(step: PlannedStep): Promise<boolean> {
    const { cluster, namespace } = this.#target;
    const { pod } = parametersOf(step);
    return (await readMemberPods(cluster, namespace, [pod])).of(pod) === undefined;
  }

  #obstacle(nodeId: number, state: KafkaState): Answer | undefined {
    const obstacle = stayingRegistered(this.#target, state);
    if (obstacle) return obstacle;
    if (state.quorum?.voters.some(({ id }) => id === nodeId) === true) {
      const reason = `Node ${nodeId} is a voter of the controller quorum.`;
      return { kind: 'stop', reason, fix: 'Take it out of the quorum first.' };
    }
    const held = state.partitions.filter(({ replicas }) => replicas.includes(nodeId));
    if (held.length === 0) return undefined;
    const reason = `Broker ${nodeId} holds ${few(held.map(partitionName))}.`;
    return { kind: 'stop', reason, fix: 'Make a new plan, which evacuates it again; create no topics meanwhile.' };
  }

  /** Asked of the broker itself: partitions that we may not describe lie on its disks all the same. */
  async #onDisks(nodeId: number): Promise<Answer | undefined> {
    try {
      const { dirs } = await this.#target.door.askBroker(nodeId, 'DescribeLogDirs', {});
      const left = dirs.flatMap(({ topics }) => topics).filter(({ name }) => name !== METADATA_TOPIC);
      const partitions = left.reduce((sum, topic) => sum + topic.partitions, 0);
      if (partitions === 0) return undefined;
      return waiting(`broker ${nodeId} to delete ${partitions} replicas from its disks`, [partitions], false);
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (await this.#isUnknown(nodeId)) return undefined;
      return waiting(`broker ${nodeId} to tell what is on its disks: ${error.message}`, [], false);
    }
  }

  /** It has never started: the controllers know no broker of that number, live or fenced. */
  async #isUnknown(nodeId: number): Promise<boolean> {
    const { brokers } = await this.#target.door.ask('DescribeCluster', {});
    return brokers.every(({ id, isFenced }) => id !== nodeId && isFenced !== undefined);
  }

  #held(nodeId: number): Answer {
    const now = this.#target.clock.now();
    const since = this.#emptySince.get(nodeId) ?? now;
    this.#emptySince.set(nodeId, since);
    const left = Math.ceil((since + HOLD_MS - now) / 1000);
    if (left > 0) return waiting(`broker ${nodeId} to hold nothing for ${left} s more`, [left], true);
    return { kind: 'yes', evidence: `broker ${nodeId} has held nothing for ${Math.round((now - since) / 1000)} s` };
  }

  #set(step: PlannedStep): Promise<ScaledSet> {
    const { cluster, namespace } = this.#target;
    return readScaledSet(cluster, namespace, parametersOf(step).workload);
  }
}

/** The log of the controllers, which is no topic of the brokers. */
const METADATA_TOPIC = '__cluster_metadata';

function parametersOf({ parameters }: PlannedStep): {
  workload: string;
  uid: string;
  from: number;
  to: number;
  pod: string;
  nodeId: number;
} {
  return {
    workload: textIn(parameters, 'workload'),
    uid: textIn(parameters, 'uid'),
    from: numberIn(parameters, 'from'),
    to: numberIn(parameters, 'to'),
    pod: textIn(parameters, 'pod'),
    nodeId: numberIn(parameters, 'nodeId'),
  };
}
