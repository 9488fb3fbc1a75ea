import {
  ClusterProblem,
  type Forward,
  type ForwardRequest,
  type JsonObject,
  type KafkaAccess,
  type KafkaConnection,
} from '#core/live/ports.ts';
import type { KafkaApi } from '#core/systems/kafka/admin.ts';
import type { Line } from '#client/cluster/kafka/line.ts';

/**
 * A connection to the admin API of Kafka's brokers, each reached by a port of its own pod. A broker is dialled when it is first asked, and
 * again after its connection was lost; requests to one broker go over one connection.
 */
export function connectKafka(
  access: KafkaAccess,
  forward: (request: ForwardRequest) => Promise<Forward>,
): Promise<KafkaConnection> {
  const lines = new Map<number, Promise<Line>>();
  let isStopped = false;

  async function dial(nodeId: number): Promise<Line> {
    const address = access.brokers.find((broker) => broker.nodeId === nodeId);
    if (!address) throw new ClusterProblem('configuration', `There is no broker ${nodeId} to ask`);
    // The library is large and most sessions never ask Kafka itself, so it is loaded here and not before.
    const { openLine } = await import('#client/cluster/kafka/line.ts');
    const line = await openLine(address, access, forward);
    if (!isStopped) return line;
    line.close();
    throw stopped();
  }

  async function lineTo(nodeId: number): Promise<Line> {
    const known = lines.get(nodeId);
    if (known) {
      const line = await known;
      if (line.isOpen) return line;
      // Whoever else waited for it may have dialled again by now.
      if (lines.get(nodeId) !== known) return lineTo(nodeId);
      line.close();
    }
    const dialled = dial(nodeId);
    lines.set(nodeId, dialled);
    dialled.catch(() => {
      if (lines.get(nodeId) === dialled) lines.delete(nodeId);
    });
    return dialled;
  }

  return Promise.resolve({
    async request(nodeId: number, api: string, body: JsonObject): Promise<JsonObject> {
      if (isStopped) throw stopped();
      if (!isApi(api)) throw new ClusterProblem('absent', `There is no request ${api}`);
      const line = await lineTo(nodeId);
      return { ...(await line.request(api, body)) };
    },
    stop(): void {
      if (isStopped) return;
      isStopped = true;
      for (const line of lines.values()) {
        line.then(
          (open) => open.close(),
          () => undefined,
        );
      }
      lines.clear();
    },
  });
}

const stopped = (): ClusterProblem => new ClusterProblem('cancelled', 'The connection to Kafka is closed');

const API_NAMES: Readonly<Record<KafkaApi, true>> = {
  Metadata: true,
  DescribeCluster: true,
  DescribeConfigs: true,
  ListPartitionReassignments: true,
  DescribeQuorum: true,
  DescribeLogDirs: true,
  ElectLeaders: true,
  AlterPartitionReassignments: true,
  IncrementalAlterConfigs: true,
  UnregisterBroker: true,
};

const isApi = (name: string): name is KafkaApi => Object.hasOwn(API_NAMES, name);
