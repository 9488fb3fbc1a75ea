import { kubectl, type Access } from '../kubectl.ts';

interface Topic {
  readonly name: string;
  readonly partitions: number;
}

/** Every topic has three replicas and wants two of them in sync: one broker may be away. */
const topics: readonly Topic[] = [
  { name: 'orders', partitions: 6 },
  { name: 'events', partitions: 3 },
];
const recordsInOrders = 100;

/** Topics and some records, by the tools that come with Kafka. */
export async function seedKafka(access: Access): Promise<void> {
  await runInPod(access, ['-n', 'kafka', 'kafka-0'], seedScript('kafka-bootstrap:9092', []));
}

/** The same over TLS and with a password. */
export async function seedSecuredKafka(access: Access): Promise<void> {
  const script = seedScript('kafka-bootstrap.kafka-secured.svc:9092', ['--command-config', clientFile]);
  await runInPod(access, ['-n', 'kafka-secured', 'kafka-brokers-0'], `${writeClientFile}\n${script}`);
}

const clientFile = '/tmp/client.properties';

/**
 * For a pod's shell; the file is gone when the pod is. The broker's own settings hold the password; in the words of its login module the
 * client is named differently.
 */
export const writeClientFile = `password=$(printf %s "$KAFKA_LISTENER_NAME_CLIENT_PLAIN_SASL_JAAS_CONFIG" | sed 's/.*user_shop="\\([^"]*\\)".*/\\1/')
cat >${clientFile} <<PROPERTIES
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="shop" password="$password";
ssl.truststore.type=PEM
ssl.truststore.location=/etc/kafka/tls/ca.crt
PROPERTIES`;

function seedScript(bootstrap: string, configuration: readonly string[]): string {
  const where = ['--bootstrap-server', bootstrap, ...configuration].join(' ');
  const create = topics.map(
    ({ name, partitions }) =>
      `/opt/kafka/bin/kafka-topics.sh ${where} --create --if-not-exists --topic ${name} --partitions ${partitions} --replication-factor 3`,
  );
  const marker = '/var/lib/kafka/seeded';
  const produce = `seq ${recordsInOrders} | /opt/kafka/bin/kafka-console-producer.sh ${where} --topic orders`;
  return ['set -e', `[ ! -e ${marker} ] || exit 0`, ...create, produce, `touch ${marker}`].join('\n');
}

async function runInPod(access: Access, pod: readonly string[], script: string): Promise<void> {
  // Kafka's commands read this variable as the server does, and would take its memory.
  await kubectl(access, ['exec', ...pod, '--', 'env', 'KAFKA_HEAP_OPTS=-Xmx128m', 'sh', '-c', script]);
}
