import { ClusterProblem, type JsonObject, type KafkaAccess, type KafkaConnection } from '#core/live/ports.ts';
import type { KafkaApi, KafkaApis } from '#core/systems/kafka/admin.ts';
import { kafkaAnswers } from './simulation/kafka/answers.ts';
import type { KafkaNode } from './simulation/kafka/model.ts';
import type { KafkaSimulation } from './simulation/kafka/simulation.ts';
import type { Simulation } from './simulation/simulation.ts';

/** The admin API of the simulated Kafka clusters, for the demo context: what a broker would answer over its own protocol. */
export function demoKafka(simulation: Simulation): (access: KafkaAccess) => Promise<KafkaConnection> {
  return (access) => {
    const kafka = clusterOf(simulation, access);
    if (kafka === undefined) {
      return Promise.reject(
        new ClusterProblem('unreachable', 'None of the pods belongs to a simulated Kafka cluster.'),
      );
    }
    let isStopped = false;
    return Promise.resolve({
      request: async (nodeId, api, body) => {
        if (isStopped) throw new ClusterProblem('cancelled', 'The connection to Kafka was closed.');
        return answer(kafka, simulation.world.now(), nodeOf(kafka, access, nodeId), api, body);
      },
      stop: () => {
        isStopped = true;
      },
    });
  };
}

function clusterOf({ members }: Simulation, { brokers }: KafkaAccess): KafkaSimulation | undefined {
  const pods = new Set(brokers.map(({ namespace, pod }) => `${namespace}/${pod}`));
  return [...members.kafka.values()].find(({ nodes }) => [...nodes.values()].some(({ plan }) => pods.has(plan.pod)));
}

/** By its pod: whoever does not know the ids of nodes yet calls them by others. */
function nodeOf(kafka: KafkaSimulation, { brokers }: KafkaAccess, nodeId: number): KafkaNode | undefined {
  const address = brokers.find((broker) => broker.nodeId === nodeId);
  if (address === undefined) return kafka.nodes.get(nodeId);
  const place = `${address.namespace}/${address.pod}`;
  return [...kafka.nodes.values()].find(({ plan }) => plan.pod === place);
}

function answer(
  kafka: KafkaSimulation,
  now: number,
  node: KafkaNode | undefined,
  api: string,
  body: JsonObject,
): JsonObject {
  if (node === undefined || !kafka.isListening(node, now)) {
    const which = node === undefined ? 'A node of Kafka' : `Kafka node ${node.plan.id}`;
    throw new ClusterProblem('unreachable', `${which} does not answer: the connection was refused.`);
  }
  if (!isApi(api)) throw new ClusterProblem('server', `The simulation does not know the Kafka request ${api}.`);
  return { ...answerTo(api, { kafka, node, now }, body) };
}

const isApi = (name: string): name is KafkaApi => Object.hasOwn(kafkaAnswers, name);

function answerTo<Api extends KafkaApi>(
  api: Api,
  asked: Parameters<(typeof kafkaAnswers)[Api]>[0],
  body: JsonObject,
): KafkaApis[Api]['answer'] {
  // The port carries any JSON; core makes it of this shape.
  return kafkaAnswers[api](asked, body);
}
