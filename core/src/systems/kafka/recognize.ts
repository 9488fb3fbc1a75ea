import type { ContainerFacts, DocumentFacts, Recognition } from '#core/systems/contract.ts';
import { kafkaKinds } from '#core/systems/kafka/kinds.ts';
import { recognizeBy, repositoryOf, type RecognitionTable } from '#core/systems/recognition.ts';

/** Images whose usual program is a broker. Clients use them too, for their command line tools. */
const BROKER_IMAGE = /(?:^|\/)(?:kafka(?:-native)?|cp-kafka|cp-server|confluent-local)$/;
const STRIMZI_IMAGE = /(?:^|\/)strimzi\/kafka$/;
/** Any image that says Kafka in its name; what it runs has to show elsewhere. */
const KAFKA_IMAGE = /kafka[^/]*$/;

const STARTS_BROKER = /\bkafka-server-start\b|\bkafka\.Kafka\b|\/etc\/(?:kafka|confluent)\/docker\/run\b/;
const STARTS_CONNECT = /\bconnect-(?:distributed|standalone)\b/;
const RUNS_TOOL =
  /\bkafka-(?:topics|configs|acls|cluster|features|console|consumer|producer|verifiable|get-offsets|reassign|leader-election|log-dirs|dump-log|broker-api|delete-records|metadata|mirror-maker|share-groups|streams|run-class)|\bconnect-[a-z]+|\b(?:kcat|kafkacat)\b|\bsleep (?:infinity|\d{3,})|\btail -f\b/;
const BROKER_VARIABLE = /^KAFKA_(?:CFG_)?(?:PROCESS_ROLES|ADVERTISED_LISTENERS|NODE_ID|BROKER_ID)$/;
const DATA_PATH = /^\/(?:bitnami\/kafka|var\/lib\/kafka|var\/kafka|kafka\/data)/;

const table: RecognitionTable = {
  system: 'kafka',
  kinds: kafkaKinds,
  images: [
    { image: STRIMZI_IMAGE, role: 'cluster', flavour: 'strimzi', when: isStrimziBroker },
    { image: STRIMZI_IMAGE, role: 'connect', flavour: 'strimzi', when: isStrimziConnect },
    {
      image: BROKER_IMAGE,
      role: 'cluster',
      flavour: 'confluent-for-kubernetes',
      when: (facts) => facts.labels.get('platform.confluent.io/type') === 'kafka' && runsBroker(facts),
    },
    {
      image: BROKER_IMAGE,
      role: 'cluster',
      flavour: 'koperator',
      when: (facts) => facts.labels.has('kafka_cr') && runsBroker(facts),
    },
    { image: BROKER_IMAGE, role: 'cluster', flavour: 'kubernetes', when: runsBroker },
    { image: KAFKA_IMAGE, role: 'cluster', flavour: 'kubernetes', when: showsBroker },
    { image: /(?:^|\/)cp-kafka-connect(?:-base)?$/, role: 'connect', flavour: 'kubernetes', when: runsForLong },
    { image: KAFKA_IMAGE, role: 'connect', flavour: 'kubernetes', when: startsConnect },
    {
      image:
        /(?:^|\/)(?:danielqsj\/kafka-exporter|(?:provectuslabs|kafbat)\/kafka-ui|obsidiandynamics\/kafdrop|cp-schema-registry|cp-kafka-rest)$/,
      role: 'companion',
      flavour: 'kubernetes',
      when: runsForLong,
    },
  ],
  files: ['server.properties', 'broker.properties', 'controller.properties', 'connect-distributed.properties'],
};

/** Other programs that keep a file of the same name: game servers and another message broker. */
const FOREIGN_FILES = ['ops.json', 'eula.txt', 'bukkit.yml', 'spigot.yml', 'whitelist.json', 'broker.xml'];
const FOREIGN_NAME = /minecraft|bukkit|papermc|artemis|activemq/;

/** The container that runs the broker, by its image; undefined when none of them does. */
export function brokerContainer<T>(containers: readonly T[], imageOf: (container: T) => string): T | undefined {
  const withImage = (pattern: RegExp): T | undefined =>
    containers.find((container) => pattern.test(repositoryOf(imageOf(container))));
  return withImage(BROKER_IMAGE) ?? withImage(KAFKA_IMAGE);
}

function runsForLong({ kind }: DocumentFacts): boolean {
  return kind !== 'Job' && kind !== 'CronJob';
}

/** Strimzi uses one image for brokers, Connect, the exporter and Cruise Control; labels and container names tell them apart. */
function isStrimziBroker({ labels, containers }: DocumentFacts): boolean {
  const isBroker =
    labels.get('strimzi.io/broker-role') === 'true' || labels.get('strimzi.io/controller-role') === 'true';
  const isNamed = containers.some(({ name, image }) => name === 'kafka' && STRIMZI_IMAGE.test(repositoryOf(image)));
  return isNamed && (isBroker || labels.get('strimzi.io/kind') === 'Kafka');
}

function isStrimziConnect({ labels }: DocumentFacts): boolean {
  return /^Kafka(?:Connect|MirrorMaker2)$/.test(labels.get('strimzi.io/kind') ?? '');
}

/** A StatefulSet of a broker image runs brokers unless its command says otherwise; anything else must listen or configure one. */
function runsBroker(facts: DocumentFacts): boolean {
  const brokers = facts.containers.filter(({ image }) => BROKER_IMAGE.test(repositoryOf(image)));
  return brokers.some((container) => {
    if (STARTS_BROKER.test(container.command)) return true;
    if (RUNS_TOOL.test(container.command) || !runsForLong(facts)) return false;
    return facts.kind === 'StatefulSet' || listens(container) || isConfigured(container);
  });
}

/** An image of any name with Kafka in it: it starts a broker, or it is configured as one and has its port or its data. */
function showsBroker(facts: DocumentFacts): boolean {
  const candidates = facts.containers.filter(({ image }) => KAFKA_IMAGE.test(repositoryOf(image)));
  return candidates.some((container) => {
    if (STARTS_BROKER.test(container.command)) return true;
    if (RUNS_TOOL.test(container.command) || !runsForLong(facts)) return false;
    return isConfigured(container) && (listens(container) || container.mountPaths.some((path) => DATA_PATH.test(path)));
  });
}

function startsConnect({ containers }: DocumentFacts): boolean {
  return containers.some(({ image, command }) => KAFKA_IMAGE.test(repositoryOf(image)) && STARTS_CONNECT.test(command));
}

function listens({ ports }: ContainerFacts): boolean {
  return ports.includes(9092) || ports.includes(9093);
}

function isConfigured({ variables }: ContainerFacts): boolean {
  return variables.some((name) => BROKER_VARIABLE.test(name));
}

function isForeign({ kind, name, labels, dataKeys }: DocumentFacts): boolean {
  if (kind !== 'ConfigMap') return false;
  return dataKeys.some((key) => FOREIGN_FILES.includes(key)) || [name, ...labels.values()].some(isForeignName);
}

function isForeignName(name: string): boolean {
  return FOREIGN_NAME.test(name);
}

/** Topics of nbogojevic/kafka-operator. Others may use the label, so a topic must say something of one. */
function isTopicConfigMap({ group, kind, labels, dataKeys }: DocumentFacts): boolean {
  const isLabelled = group === '' && kind === 'ConfigMap' && labels.get('config') === 'kafka-topic';
  return isLabelled && dataKeys.some((key) => key === 'partitions' || key === 'replication-factor');
}

export function recognizeKafka(facts: DocumentFacts): Recognition | undefined {
  if (isTopicConfigMap(facts)) return { system: 'kafka', flavour: 'nbogojevic', role: 'topic' };
  return isForeign(facts) ? undefined : recognizeBy(table, facts);
}
