import type { Answer } from '#core/operations/model.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import { hopelessTrouble, type FoundPods } from '#core/operations/memberPods.ts';
import { isInQuorum } from '#core/systems/kafka/operations/quorum.ts';
import type { RestartTarget } from '#core/systems/kafka/operations/restartProcedure.ts';
import { laggards } from '#core/systems/kafka/operations/safety.ts';

/**
 * Whether nobody is out: every pod is ready, every broker answers and is registered, nothing is being moved, every replica is in sync and
 * every voter follows the leader of the controllers. For operators that take out one node after the other without asking us.
 */
export async function wholeness(target: RestartTarget, pods: FoundPods): Promise<Answer> {
  const { nodes, clock, door, kafkaClusterId } = target;
  for (const { pod: name } of nodes) {
    const pod = pods.of(name);
    if (pod?.isReady === true && pod.meta.deletedAt === undefined) continue;
    const trouble = pod && hopelessTrouble(pod, clock.now());
    if (trouble !== undefined) return { kind: 'stop', reason: `${name} ${trouble}`, fix: `Repair ${name} first.` };
    return wait(`${name} to be ready`, [name, pod?.phase ?? 'absent']);
  }
  // Asked of themselves: others may still count an old process in.
  for (const { nodeId, isBroker } of nodes)
    if (isBroker && !(await door.answers(nodeId))) return wait(`broker ${nodeId} to answer`, [nodeId]);
  const state = await door.state(undefined);
  if (state.clusterId !== kafkaClusterId) {
    const reason = `The brokers belong to the Kafka cluster ${state.clusterId}; the plan was made for ${kafkaClusterId}.`;
    return { kind: 'stop', reason, fix: 'Make a new plan.' };
  }
  const absent = nodes.filter(({ isBroker, nodeId }) => isBroker && !state.brokers.includes(nodeId));
  if (absent.length > 0) {
    const ids = absent.map(({ nodeId }) => nodeId);
    return wait(`broker ${ids.join(', ')} to be registered and unfenced`, ids);
  }
  if (state.reassignments > 0) return wait(`${state.reassignments} partitions to be moved`, [state.reassignments]);
  const behind = state.partitions.filter((one) => one.leader < 0 || laggards(one).length > 0);
  const [first] = behind;
  if (first) {
    const more = behind.length > 1 ? ` and ${behind.length - 1} more` : '';
    return wait(`replicas to be in sync: ${partitionName(first)}${more}`, [behind.length]);
  }
  const voters = state.quorum?.voters.filter(({ id }) => !isInQuorum(id, state.quorum)) ?? [];
  if (voters.length > 0) {
    const ids = voters.map(({ id }) => id);
    return wait(`node ${ids.join(', ')} to follow the controller quorum`, ids);
  }
  return {
    kind: 'yes',
    evidence: `${state.partitions.length} partitions are in sync on ${state.brokers.length} brokers`,
  };
}

function wait(waitingFor: string, measure: readonly (number | string)[]): Answer {
  return { kind: 'wait', waitingFor, measure, isNear: true };
}
