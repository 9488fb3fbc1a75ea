import {
  ClusterProblem,
  type Forward,
  type ForwardRequest,
  type KafkaAccess,
  type KafkaConnection,
} from '#core/live/ports.ts';

/** A connection to Kafka's admin API through forwarded ports of its pods. */
export function connectKafka(
  _access: KafkaAccess,
  _forward: (request: ForwardRequest) => Promise<Forward>,
): Promise<KafkaConnection> {
  return Promise.reject(new ClusterProblem('server', "Kafka's admin API cannot be used by this build."));
}
