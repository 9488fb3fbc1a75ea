import { until } from '../bed/commands.ts';
import { inPod, tryControl, type TestCluster } from './suite.ts';

const tools = '/opt/kafka/bin';
export const bootstrap = 'kafka-bootstrap.kafka.svc:9092';

/** Runs one of Kafka's commands in a broker's pod, with little memory of its own. */
export const kafkaTool = (cluster: TestCluster, pod: string, tool: string, ...args: string[]): Promise<string> =>
  inPod(cluster, 'kafka', pod, 'env', 'KAFKA_HEAP_OPTS=-Xmx128m', `${tools}/${tool}.sh`, ...args);

/** Partitions that lack a replica in their ISR, one line each. */
export async function underReplicated(cluster: TestCluster): Promise<string[]> {
  const where = ['--bootstrap-server', bootstrap, '--describe', '--under-replicated-partitions'];
  const text = await kafkaTool(cluster, 'kafka-0', 'kafka-topics', ...where);
  return text.split('\n').filter((line) => line.includes('Partition:'));
}

/** The broker that is asked may itself be away for a moment. */
export const waitForFullIsr = (cluster: TestCluster): Promise<boolean> =>
  until('every replica to be in its ISR', 120, () =>
    underReplicated(cluster).then(
      (partitions) => partitions.length === 0,
      () => false,
    ),
  );

/** Writes the given lines as records. */
export async function produce(cluster: TestCluster, topic: string, lines: readonly string[]): Promise<void> {
  const command = [`${tools}/kafka-console-producer.sh`, '--bootstrap-server', bootstrap, '--topic', topic];
  const args = ['-n', 'kafka', 'exec', '-i', 'kafka-0', '--', 'env', 'KAFKA_HEAP_OPTS=-Xmx128m', ...command];
  const { code, stderr } = await tryControl(cluster, args, { input: `${lines.join('\n')}\n` });
  if (code !== 0) throw new Error(`The producer ended with ${code}: ${stderr}`);
}

/** Reads that many records from the beginning of a topic, by the name of a broker instead of the Service. */
export async function consume(cluster: TestCluster, topic: string, count: number): Promise<string[]> {
  const where = ['--bootstrap-server', 'kafka-1.kafka.kafka.svc:9092', '--topic', topic, '--from-beginning'];
  const until = ['--max-messages', String(count), '--timeout-ms', '30000'];
  const text = await kafkaTool(cluster, 'kafka-2', 'kafka-console-consumer', ...where, ...until);
  return text.split('\n').filter(Boolean);
}
