import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { otherKafka } from '#core/systems/kafka/operations/kafkaIdentity.ts';
import { readMemberPods } from '#core/operations/memberPods.ts';
import { numberIn, textIn } from '#core/operations/stepParameters.ts';

/** An answer of the whole request; see problemOfCode. */
const NOT_REGISTERED = 'BROKER_ID_NOT_REGISTERED';

/** Takes a broker that is gone out of what the controllers know. @throws ClusterProblem */
export async function unregisterBroker(door: KafkaDoor, brokerId: number): Promise<'unregistered' | 'unknown'> {
  try {
    await door.ask('UnregisterBroker', { brokerId });
    return 'unregistered';
  } catch (error) {
    if (error instanceof ClusterProblem && error.message.includes(NOT_REGISTERED)) return 'unknown';
    throw error;
  }
}

export interface UnregisterTarget {
  readonly cluster: Cluster;
  readonly door: KafkaDoor;
  readonly namespace: string;
  readonly kafkaClusterId: string;
}

/**
 * Takes a broker that is gone for good out of what the controllers know; else it stays as a fenced one for ever. A live broker that is
 * unregistered has to be restarted, so the gate asks that its pod is gone and that nobody counts it among the live ones.
 */
export class UnregisterStep implements StepKind {
  readonly #target: UnregisterTarget;

  constructor(target: UnregisterTarget) {
    this.#target = target;
  }

  async isDone(context: StepContext): Promise<boolean> {
    return (await this.#known(context)) === 'no';
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  prepare(): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({});
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const { cluster, namespace, door, kafkaClusterId } = this.#target;
    const pod = textIn(step.parameters, 'pod');
    const nodeId = numberIn(step.parameters, 'nodeId');
    const state = await door.state(nodeId);
    const stranger = otherKafka(state, kafkaClusterId);
    if (stranger) return stranger;
    if ((await readMemberPods(cluster, namespace, [pod])).of(pod)) {
      const reason = `${pod} is there again: somebody has scaled up meanwhile.`;
      return { kind: 'stop', reason, fix: 'Make a new plan for what is there now.' };
    }
    if (state.brokers.includes(nodeId))
      return { kind: 'wait', waitingFor: `broker ${nodeId} to be fenced`, measure: [nodeId], isNear: true };
    return { kind: 'yes', evidence: `${pod} is gone and broker ${nodeId} is not among the live ones` };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const nodeId = numberIn(step.parameters, 'nodeId');
    try {
      await unregisterBroker(this.#target.door, nodeId);
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.kind !== 'forbidden') throw error;
      const reason = `Broker ${nodeId} may not be unregistered: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Give the principal Alter on the cluster, and resume.' };
    }
  }

  async awaited(context: StepContext): Promise<Answer> {
    const nodeId = numberIn(context.step.parameters, 'nodeId');
    if ((await this.#known(context)) !== 'yes') return { kind: 'yes', evidence: `broker ${nodeId} is known to nobody` };
    return { kind: 'wait', waitingFor: `broker ${nodeId} to be forgotten`, measure: [nodeId], isNear: true };
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    return Promise.resolve([`Broker ${numberIn(step.parameters, 'nodeId')} is known to the controllers no longer`]);
  }

  /** Before Kafka 4.0 fenced brokers are not told, so that one that is not told may be known all the same. */
  async #known({ step }: StepContext): Promise<'yes' | 'no' | 'untold'> {
    const nodeId = numberIn(step.parameters, 'nodeId');
    const { brokers } = await this.#target.door.ask('DescribeCluster', {});
    if (brokers.some(({ id }) => id === nodeId)) return 'yes';
    return brokers.every(({ isFenced }) => isFenced === undefined) ? 'untold' : 'no';
  }
}
