import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import type { BrokerPlace } from '#core/systems/kafka/operations/openDoor.ts';
import { KafkaRestart, type RestartTarget } from '#core/systems/kafka/operations/restartProcedure.ts';
import type { RestartLevel } from '#core/systems/kafka/operations/safety.ts';

/** The procedure of a plan that planRestart.ts made, on whatever machine and whenever it is gone on with. */
export function kafkaRestartOf(
  plan: Plan,
  ports: { readonly cluster: Cluster; readonly clock: Clock; readonly door: KafkaDoor },
): KafkaRestart {
  const { parameters, target } = plan;
  const level: RestartLevel = parameters['level'] === 'min-ISR safe' ? 'min-ISR safe' : 'fully replicated';
  return new KafkaRestart({
    ...ports,
    clusterIdentity: target.clusterIdentity,
    kafkaClusterId: target.systemIdentity ?? '',
    namespace: target.namespace,
    nodes: nodesOf(plan),
    level,
    consented: new Set(textsIn(parameters['consented'])),
  });
}

/** The brokers of a plan, as they are asked. */
export function brokerPlacesOf(plan: Plan): readonly BrokerPlace[] {
  return nodesOf(plan).filter(({ isBroker }) => isBroker);
}

function nodesOf({ parameters }: Plan): RestartTarget['nodes'] {
  const ids = numbersIn(parameters['nodeIds']);
  const brokers = new Set(numbersIn(parameters['brokers']));
  return textsIn(parameters['nodes']).map((pod, place) => {
    const nodeId = ids[place] ?? -1;
    return { pod, nodeId, isBroker: brokers.has(nodeId) };
  });
}

const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const numbersIn = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : []);
