import type { Cluster } from '#core/live/ports.ts';
import type { Answer, OperationTarget } from '#core/operations/model.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';

/** A reason when another Kubernetes cluster answers than the one the plan was made for. */
export async function otherKubernetes(
  cluster: Cluster,
  { clusterIdentity }: OperationTarget,
): Promise<string | undefined> {
  if ((await cluster.identity()) === clusterIdentity) return undefined;
  return `Another Kubernetes cluster answers as the context ${cluster.context.name} than when the plan was made.`;
}

/** A stop when other brokers answer than those the plan was made for. */
export function otherKafka({ clusterId }: KafkaState, kafkaClusterId: string): Answer | undefined {
  if (clusterId === kafkaClusterId) return undefined;
  const reason = `The brokers belong to the Kafka cluster ${clusterId}; the plan was made for ${kafkaClusterId}.`;
  return { kind: 'stop', reason, fix: 'Make a new plan.' };
}
