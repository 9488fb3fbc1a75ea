import type { KnowledgeEntry, KnowledgeTable } from '#core/systems/contract.ts';
import { combineSettings, setting, variableOf, type SettingTable } from '#core/systems/tables.ts';

/** Variables of the start scripts that come with Kafka, whatever the image. */
const javaVariables: SettingTable = {
  KAFKA_HEAP_OPTS: setting(
    'string',
    '-Xms1G -Xmx1G',
    'Heap of the broker. Leave at least as much of the memory limit to the page cache.',
  ),
  KAFKA_OPTS: setting('string', '', 'Further options of the Java virtual machine, such as a Java agent.'),
  KAFKA_JVM_PERFORMANCE_OPTS: setting(
    'string',
    '',
    'Options for the garbage collector; replaces the defaults of the start script.',
  ),
  KAFKA_GC_LOG_OPTS: setting('string', '', 'Options for the log of the garbage collector.'),
  KAFKA_JMX_OPTS: setting('string', '', 'Options for JMX, such as authentication.'),
  KAFKA_LOG4J_OPTS: setting('string', '', 'Options for logging, such as the file to read.'),
};

/** Variables of the images of Apache and Confluent themselves. */
const imageVariables: SettingTable = {
  CLUSTER_ID: setting(
    'string',
    '',
    'Identity of the cluster, made by `kafka-storage random-uuid`. The same for every node, for ever.',
  ),
  KAFKA_JMX_PORT: setting('integer', '', 'Port on which JMX listens.'),
  KAFKA_JMX_HOSTNAME: setting('string', '', 'Address at which JMX is reached.'),
  KAFKA_LOG4J_ROOT_LOGLEVEL: setting('string', 'INFO', 'How much is logged.'),
  KAFKA_LOG4J_LOGGERS: setting('list', '', 'How much single parts log, as `name=LEVEL`.'),
  KAFKA_TOOLS_LOG4J_LOGLEVEL: setting('string', 'WARN', 'How much the command line tools log.'),
  KAFKA_SSL_KEYSTORE_FILENAME: setting('string', '', 'File with certificate and key, below `/etc/kafka/secrets`.'),
  KAFKA_SSL_KEYSTORE_CREDENTIALS: setting('string', '', 'File with the password of the file with certificate and key.'),
  KAFKA_SSL_KEY_CREDENTIALS: setting('string', '', 'File with the password of the private key.'),
  KAFKA_SSL_TRUSTSTORE_FILENAME: setting('string', '', 'File with trusted certificates, below `/etc/kafka/secrets`.'),
  KAFKA_SSL_TRUSTSTORE_CREDENTIALS: setting(
    'string',
    '',
    'File with the password of the file with trusted certificates.',
  ),
};

/** Variables of the image of Bitnami itself. */
const bitnamiVariables: SettingTable = {
  KAFKA_KRAFT_CLUSTER_ID: setting('string', '', 'Identity of the cluster, the same for every node, for ever.'),
  KAFKA_CLUSTER_ID: setting('string', '', 'Identity of the cluster, the same for every node, for ever.'),
  KAFKA_CLIENT_USERS: setting('list', '', 'Users that clients log in as.'),
  KAFKA_CLIENT_PASSWORDS: setting(
    'list',
    '',
    'Passwords of the users in `KAFKA_CLIENT_USERS`, in the same order. Take them from a Secret.',
  ),
  KAFKA_INTER_BROKER_USER: setting('string', '', 'User that brokers log in to each other as.'),
  KAFKA_INTER_BROKER_PASSWORD: setting('string', '', 'Password between brokers. Take it from a Secret.'),
  ALLOW_PLAINTEXT_LISTENER: setting('boolean', 'no', 'Whether a listener without any security is accepted.', {
    values: ['yes', 'no'],
  }),
  BITNAMI_DEBUG: setting('boolean', 'false', 'Whether the start scripts say what they do.', {
    values: ['true', 'false'],
  }),
};

type Entries = ReadonlyMap<string, KnowledgeEntry>;

const BROKER_PAGE = 'https://kafka.apache.org/documentation/#brokerconfigs';
const CONNECT_PAGE = 'https://kafka.apache.org/documentation/#connectconfigs';

/** Settings as the variables an image makes them from. */
function asVariables(prefix: string, settings: Entries): [string, KnowledgeEntry][] {
  return [...settings].map(([name, entry]) => [
    variableOf(prefix, name),
    { ...entry, description: `${entry.description} Becomes \`${name}\`.` },
  ]);
}

export function variablesOfImage(image: string, brokers: Entries): KnowledgeTable {
  return {
    name: `Variables of the image ${image}`,
    documentation: BROKER_PAGE,
    catalogue: { system: 'kafka', table: 'broker', variables: 'KAFKA_' },
    entries: new Map([...asVariables('KAFKA_', brokers), ...combineSettings(imageVariables, javaVariables)]),
  };
}

export function variablesOfBitnami(brokers: Entries): KnowledgeTable {
  return {
    name: 'Variables of the image bitnami/kafka',
    documentation: BROKER_PAGE,
    catalogue: { system: 'kafka', table: 'broker', variables: 'KAFKA_CFG_' },
    entries: new Map([...asVariables('KAFKA_CFG_', brokers), ...combineSettings(bitnamiVariables, javaVariables)]),
  };
}

export function variablesOfConnect(workers: Entries): KnowledgeTable {
  return {
    name: 'Variables of the image confluentinc/cp-kafka-connect',
    documentation: CONNECT_PAGE,
    catalogue: { system: 'kafka', table: 'connect', variables: 'CONNECT_' },
    entries: new Map([...asVariables('CONNECT_', workers), ...combineSettings(javaVariables)]),
  };
}
