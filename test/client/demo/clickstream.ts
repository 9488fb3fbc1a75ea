import type { KafkaConnection } from '#core/live/ports.ts';
import {
  askKafka,
  CONFIG_BROKER,
  type ConfigChange,
  type ConfigEntry,
  type ReplicaSize,
} from '#core/systems/kafka/admin.ts';
import { demoKafka } from '#client/cluster/demo/demoKafka.ts';
import type { KafkaPartition } from '#client/cluster/demo/simulation/kafka/model.ts';
import { electPreferred } from '#client/cluster/demo/simulation/kafka/replication.ts';
import type { KafkaSimulation } from '#client/cluster/demo/simulation/kafka/simulation.ts';
import { addClickstream } from '#client/cluster/demo/simulation/scenario/clickstream.ts';
import { merge, partOf, type SteppedSimulation } from './steppedTime.ts';

export const TOPIC = 'page-views';

export type Targets = Readonly<Record<number, readonly number[] | null>>;

export const set = (name: string, value: string): ConfigChange => ({ name, operation: 'set', value });
export const unset = (name: string): ConfigChange => ({ name, operation: 'delete', value: null });

/** The Kafka cluster of the demo to practise on, up and with every partition on its preferred leader, and its admin API. */
export class Clickstream {
  readonly stepped: SteppedSimulation;
  readonly kafka: KafkaSimulation;
  readonly connection: KafkaConnection;

  constructor(stepped: SteppedSimulation, kafka: KafkaSimulation, connection: KafkaConnection) {
    this.stepped = stepped;
    this.kafka = kafka;
    this.connection = connection;
  }

  async reassign(targets: Targets, name = TOPIC): Promise<readonly (readonly [number, number, string])[]> {
    const partitions = Object.entries(targets).map(([index, replicas]) => ({ index: Number(index), replicas }));
    const answer = await askKafka(this.connection, 0, 'AlterPartitionReassignments', {
      topics: [{ name, partitions }],
    });
    return answer.partitions.map(({ index, errorCode, message }) => [index, errorCode, message]);
  }

  /** Asks the broker that it is about. */
  async change(type: number, name: string, ...configs: readonly ConfigChange[]): Promise<[number, string]> {
    const at = type === CONFIG_BROKER && name !== '' ? Number(name) : 0;
    const request = { resources: [{ type, name, configs }], validateOnly: false };
    const { resources } = await askKafka(this.connection, at, 'IncrementalAlterConfigs', request);
    return [resources[0]?.errorCode ?? -1, resources[0]?.message ?? ''];
  }

  async entry(type: number, name: string, key: string): Promise<ConfigEntry | undefined> {
    const at = type === CONFIG_BROKER && name !== '' ? Number(name) : 0;
    const request = { resources: [{ type, name, keys: [key] }], withSynonyms: true };
    return (await askKafka(this.connection, at, 'DescribeConfigs', request)).resources[0]?.configs[0];
  }

  async sizeOn(broker: number, index: number): Promise<ReplicaSize | undefined> {
    const { dirs } = await askKafka(this.connection, broker, 'DescribeLogDirs', {});
    const topic = dirs[0]?.topics.find(({ name }) => name === TOPIC);
    return topic?.sizes.find((one) => one.index === index);
  }

  /** How many partitions are being moved. */
  async moving(): Promise<number> {
    return (await askKafka(this.connection, 1, 'ListPartitionReassignments', {})).partitions.length;
  }

  partition(index: number): KafkaPartition {
    const found = this.kafka.topics.get(TOPIC)?.partitions[index];
    if (!found) throw new Error(`There is no partition ${index}`);
    return found;
  }

  deletePod(name: string): void {
    const { world } = this.stepped.simulation;
    const pod = world.pod('analytics', name);
    if (!pod) throw new Error(`There is no pod ${name}`);
    world.deletePod(pod);
  }

  scale(replicas: number): void {
    merge(this.stepped.simulation, 'StatefulSet', 'analytics', 'clickstream-brokers', { spec: { replicas } });
  }
}

export async function startClickstream(): Promise<Clickstream> {
  const stepped = partOf(addClickstream);
  const kafka = stepped.simulation.members.kafka.get('analytics/clickstream');
  if (!kafka) throw new Error('There is no clickstream');
  const brokers = [0, 1, 2, 3, 4].map((nodeId) => ({
    nodeId,
    namespace: 'analytics',
    pod: `clickstream-brokers-${nodeId}`,
    port: 9092,
  }));
  const connection = await demoKafka(stepped.simulation)({ brokers });
  stepped.until(() => kafka.aliveBrokers.length === 4 && kafka.partitions.every(({ leader }) => leader !== -1));
  for (const partition of kafka.partitions) electPreferred(partition, kafka.state());
  return new Clickstream(stepped, kafka, connection);
}
