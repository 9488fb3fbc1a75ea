import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type Clock, type Cluster, type KafkaConnection } from '#core/live/ports.ts';
import { findEntrance, toAccess } from '#core/systems/kafka/live/entrance.ts';
import { readObjects } from '#core/systems/kafka/live/reader.ts';
import { KafkaDoor } from '#core/systems/kafka/operations/door.ts';

export interface BrokerPlace {
  readonly pod: string;
  readonly nodeId: number;
}

/**
 * The way into a Kafka cluster for an operation. How one gets in is found out anew whenever a connection is opened, from any pod that
 * there is at that moment, and kept no longer than the connection; `places` tells where the brokers are then, where their pods change
 * names. Contacts nothing before it is asked something.
 */
export function openKafkaDoor(
  data: DataCluster,
  cluster: Cluster,
  clock: Clock,
  brokers: readonly BrokerPlace[] = brokersOf(data),
  places: () => Promise<readonly BrokerPlace[]> = () => Promise.resolve(brokers),
): KafkaDoor {
  const open = async (): Promise<KafkaConnection> => {
    let problem: unknown = new ClusterProblem('absent', `There is no broker of ${data.name} to ask.`);
    for (const member of candidates(data)) {
      try {
        const entrance = await findEntrance(data, member, readObjects(cluster, data.namespace));
        return await cluster.kafka(toAccess(entrance, data.namespace, await places()));
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  };
  return new KafkaDoor(
    open,
    brokers.map(({ nodeId }) => nodeId),
    clock,
  );
}

/** Brokers whose numbers are known. */
function brokersOf({ members }: DataCluster): readonly BrokerPlace[] {
  return members.flatMap(({ name, index, role }) =>
    role === 'controller' || index === undefined ? [] : [{ pod: name, nodeId: index }],
  );
}

function candidates({ members }: DataCluster): readonly LiveMember[] {
  return members
    .filter(({ role }) => role !== 'controller')
    .toSorted((a, b) => Number(b.pod?.isReady === true) - Number(a.pod?.isReady === true));
}
