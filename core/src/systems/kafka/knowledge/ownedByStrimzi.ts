import type { ReservedSettings } from '#core/systems/contract.ts';
import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Source: FORBIDDEN_PREFIXES and FORBIDDEN_PREFIX_EXCEPTIONS of `KafkaClusterSpec`, Strimzi 1.2. Those of 0.51 lack `cordoned.log.dirs` only, which no Kafka of its time knows. */
export const ownedByStrimzi: ReservedSettings = {
  prefixes: [
    'listeners',
    'advertised.',
    'broker.',
    'listener.',
    'host.name',
    'port',
    'inter.broker.listener.name',
    'sasl.',
    'ssl.',
    'security.',
    'password.',
    'log.dir',
    'zookeeper.connect',
    'zookeeper.set.acl',
    'zookeeper.ssl',
    'zookeeper.clientCnxnSocket',
    'zookeeper.metadata.migration.enable',
    'authorizer.',
    'super.user',
    'cruise.control.metrics.topic',
    'cruise.control.metrics.reporter.bootstrap.servers',
    'node.id',
    'process.roles',
    'controller.',
    'metadata.log.dir',
    'client.quota.callback.static.kafka.admin.',
    'client.quota.callback.static.produce',
    'client.quota.callback.static.fetch',
    'client.quota.callback.static.storage.per.volume.limit.min.available.',
    'client.quota.callback.static.excluded.principal.name.list',
    'prometheus.metrics.reporter.',
    'cordoned.log.dirs',
  ],
  except: [
    'zookeeper.connection.timeout.ms',
    'sasl.server.max.receive.size',
    'ssl.cipher.suites',
    'ssl.protocol',
    'ssl.enabled.protocols',
    'ssl.secure.random.implementation',
    'cruise.control.metrics.topic.num.partitions',
    'cruise.control.metrics.topic.replication.factor',
    'cruise.control.metrics.topic.retention.ms',
    'cruise.control.metrics.topic.auto.create.retries',
    'cruise.control.metrics.topic.auto.create.timeout.ms',
    'cruise.control.metrics.topic.min.insync.replicas',
    'broker.session.timeout.ms',
    'broker.heartbeat.interval.ms',
    'controller.socket.timeout.ms',
    'controller.quorum.election.backoff.max.ms',
    'controller.quorum.election.timeout.ms',
    'controller.quorum.fetch.timeout.ms',
  ],
  reason: 'Strimzi sets it from other fields of the Kafka resource and ignores a value here.',
};

/** Source: FORBIDDEN_PREFIXES of `KafkaConnectSpec`, Strimzi 0.51 and 1.2. What only 1.2 owns stands below, because v1beta2 needs it. */
export const ownedByStrimziConnect: ReservedSettings = {
  prefixes: [
    'ssl.',
    'sasl.',
    'security.',
    'listeners',
    'plugin.path',
    'rest.',
    'bootstrap.servers',
    'consumer.interceptor.classes',
    'producer.interceptor.classes',
    'prometheus.metrics.reporter.',
  ],
  except: ['ssl.endpoint.identification.algorithm', 'ssl.cipher.suites', 'ssl.protocol', 'ssl.enabled.protocols'],
  reason: 'Strimzi sets it from other fields of the KafkaConnect resource and ignores a value here.',
};

/** Four settings that became fields of their own in `kafka.strimzi.io/v1`. */
export const connectUnderStrimzi: SettingTable = {
  'group.id': setting(
    'string',
    'connect-cluster',
    'Name of the Connect cluster, unique among those of a Kafka cluster. In `kafka.strimzi.io/v1` it is `spec.groupId`.',
  ),
  'config.storage.topic': setting(
    'string',
    'connect-cluster-configs',
    'Topic with the configurations of the connectors. In `kafka.strimzi.io/v1` it is `spec.configStorageTopic`.',
  ),
  'offset.storage.topic': setting(
    'string',
    'connect-cluster-offsets',
    'Topic with the positions of the source connectors. In `kafka.strimzi.io/v1` it is `spec.offsetStorageTopic`.',
  ),
  'status.storage.topic': setting(
    'string',
    'connect-cluster-status',
    'Topic with the states of connectors and tasks. In `kafka.strimzi.io/v1` it is `spec.statusStorageTopic`.',
  ),
};
