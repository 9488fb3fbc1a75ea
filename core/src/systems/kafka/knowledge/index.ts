import type { KnowledgeTable, SystemKnowledge } from '#core/systems/contract.ts';
import { brokerSettings } from '#core/systems/kafka/knowledge/brokers.ts';
import { connectSettings } from '#core/systems/kafka/knowledge/connect.ts';
import { controllerSettings } from '#core/systems/kafka/knowledge/controllers.ts';
import { coordinationSettings } from '#core/systems/kafka/knowledge/coordination.ts';
import { variablesOfBitnami, variablesOfConnect, variablesOfImage } from '#core/systems/kafka/knowledge/environment.ts';
import { groupSettings } from '#core/systems/kafka/knowledge/groups.ts';
import { javaSettings } from '#core/systems/kafka/knowledge/java.ts';
import { logSettings } from '#core/systems/kafka/knowledge/logs.ts';
import {
  connectUnderStrimzi,
  ownedByStrimzi,
  ownedByStrimziConnect,
} from '#core/systems/kafka/knowledge/ownedByStrimzi.ts';
import { removedSettings } from '#core/systems/kafka/knowledge/removed.ts';
import { replicationSettings } from '#core/systems/kafka/knowledge/replication.ts';
import { requestSettings } from '#core/systems/kafka/knowledge/requests.ts';
import { securitySettings } from '#core/systems/kafka/knowledge/security.ts';
import { tieringSettings } from '#core/systems/kafka/knowledge/tiering.ts';
import { topicSettings } from '#core/systems/kafka/knowledge/topics.ts';
import { combineSettings } from '#core/systems/tables.ts';

const brokers: KnowledgeTable = {
  name: 'Kafka broker settings',
  documentation: 'https://kafka.apache.org/documentation/#brokerconfigs',
  catalogue: { system: 'kafka', table: 'broker' },
  entries: combineSettings(
    brokerSettings,
    replicationSettings,
    logSettings,
    tieringSettings,
    requestSettings,
    securitySettings,
    controllerSettings,
    groupSettings,
    coordinationSettings,
    removedSettings,
  ),
};

const topics: KnowledgeTable = {
  name: 'Kafka topic settings',
  documentation: 'https://kafka.apache.org/documentation/#topicconfigs',
  catalogue: { system: 'kafka', table: 'topic' },
  entries: combineSettings(topicSettings),
};

const connect: KnowledgeTable = {
  name: 'Kafka Connect settings',
  documentation: 'https://kafka.apache.org/documentation/#connectconfigs',
  catalogue: { system: 'kafka', table: 'connect' },
  entries: combineSettings(connectSettings),
};

/** Writing one of them replaces all that the start script of Kafka would set. */
const java = { name: 'Options of the Java virtual machine under Strimzi', entries: combineSettings(javaSettings) };

const strimzi = 'kafka.strimzi.io';

const BROKER_FILES = ['server.properties', 'broker.properties', 'controller.properties'];

export const kafkaKnowledge: SystemKnowledge = {
  freeForm: [
    {
      group: strimzi,
      kind: 'Kafka',
      path: 'spec.kafka.config',
      table: { ...brokers, name: 'Kafka broker settings under Strimzi', reserved: ownedByStrimzi },
      version: ['spec.kafka.version'],
    },
    { group: strimzi, kind: 'KafkaTopic', path: 'spec.config', table: topics },
    {
      group: strimzi,
      kind: 'KafkaConnect',
      path: 'spec.config',
      table: {
        ...connect,
        name: 'Kafka Connect settings under Strimzi',
        entries: combineSettings(connectUnderStrimzi, connectSettings),
        reserved: ownedByStrimziConnect,
      },
      version: ['spec.version'],
    },
    { group: strimzi, kind: 'Kafka', path: 'spec.kafka.jvmOptions.-XX', table: java },
    { group: strimzi, kind: 'KafkaNodePool', path: 'spec.jvmOptions.-XX', table: java },
    { group: strimzi, kind: 'KafkaConnect', path: 'spec.jvmOptions.-XX', table: java },
    { group: 'kafka.banzaicloud.io', kind: 'KafkaTopic', path: 'spec.config', table: topics },
  ],
  files: [
    ...BROKER_FILES.map((name) => ({ name, format: 'properties' as const, table: brokers })),
    { name: 'connect-distributed.properties', format: 'properties', table: connect },
  ],
  environments: [
    { image: /(?:^|\/)apache\/kafka(?:-native)?(?::|@|$)/, table: variablesOfImage('apache/kafka', brokers.entries) },
    {
      image: /(?:^|\/)confluentinc\/cp-(?:kafka|server)(?::|@|$)/,
      table: variablesOfImage('confluentinc/cp-kafka', brokers.entries),
      versionShift: -4,
    },
    { image: /(?:^|\/)bitnami(?:legacy)?\/kafka(?::|@|$)/, table: variablesOfBitnami(brokers.entries) },
    {
      image: /(?:^|\/)confluentinc\/cp-kafka-connect(?:-base)?(?::|@|$)/,
      table: variablesOfConnect(connect.entries),
      versionShift: -4,
    },
  ],
};
