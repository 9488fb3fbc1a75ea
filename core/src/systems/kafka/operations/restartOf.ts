import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import { HELD_RESTART, HeldRestart } from '#core/operations/heldRestart.ts';
import { updateStrategyKinds } from '#core/operations/updateStrategy.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import type { BrokerPlace } from '#core/systems/kafka/operations/openDoor.ts';
import { KafkaRestart, type RestartTarget } from '#core/systems/kafka/operations/restartProcedure.ts';
import type { RestartLevel } from '#core/systems/kafka/operations/safety.ts';

/** The kind of a step that restarts a pod. */
export const RESTART = 'restart';

export interface RestartPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly door: KafkaDoor;
}

/** What restarts the pods of a plan, one at a time, on whatever machine and whenever it is gone on with. */
export function kafkaRestartOf(plan: Plan, ports: RestartPorts): KafkaRestart {
  return new KafkaRestart(restartTargetOf(plan, ports));
}

/** The procedure of a plan that planRestart.ts made: restarts, and what keeps StatefulSets from doing it themselves. */
export function restartProcedureOf(plan: Plan, ports: RestartPorts): Procedure {
  const restart = kafkaRestartOf(plan, ports);
  const { namespace } = plan.target;
  const kinds = {
    [RESTART]: restart,
    [HELD_RESTART]: new HeldRestart({ cluster: ports.cluster, namespace, restart }),
    ...updateStrategyKinds({ cluster: ports.cluster, namespace }),
  };
  return new ProcedureOfKinds(kinds, () => restart.verifyIdentity());
}

/** What a plan says of its cluster and its nodes. */
export function restartTargetOf(plan: Plan, ports: RestartPorts): RestartTarget {
  const { parameters, target } = plan;
  const level: RestartLevel = parameters['level'] === 'min-ISR safe' ? 'min-ISR safe' : 'fully replicated';
  return {
    ...ports,
    clusterIdentity: target.clusterIdentity,
    kafkaClusterId: target.systemIdentity ?? '',
    namespace: target.namespace,
    nodes: nodesOf(plan),
    level,
    consented: new Set(textsIn(parameters['consented'])),
  };
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
