import type { KnowledgeEntry } from '#core/systems/contract.ts';
import { setting, type SettingTable } from '#core/systems/tables.ts';

const GONE_IN_4 = { removedIn: '4.0' } as const;

/** Kafka 4.0 dropped ZooKeeper and everything that only worked with it. */
const zookeeper = (type: KnowledgeEntry['type'], meaning: string): KnowledgeEntry =>
  setting(type, '', `${meaning} Kafka 4.0 and later run without ZooKeeper.`, GONE_IN_4);

/** Settings of a broker that Kafka 4 no longer knows: those of Kafka 3.9 that 4.0 dropped, and older ones that are still found in files. */
export const removedSettings: SettingTable = {
  'zookeeper.connect': zookeeper('list', 'Addresses of ZooKeeper.'),
  'zookeeper.connection.timeout.ms': zookeeper('integer', 'Longest wait for a connection to ZooKeeper.'),
  'zookeeper.session.timeout.ms': zookeeper('integer', 'Timeout of the session with ZooKeeper.'),
  'zookeeper.max.in.flight.requests': zookeeper('integer', 'Requests to ZooKeeper at the same time.'),
  'zookeeper.set.acl': zookeeper('boolean', 'Protects what Kafka keeps in ZooKeeper.'),
  'zookeeper.clientCnxnSocket': zookeeper('class', 'Class behind connections to ZooKeeper.'),
  'zookeeper.metadata.migration.enable': zookeeper('boolean', 'Moves the metadata from ZooKeeper to controllers.'),
  'zookeeper.ssl.client.enable': zookeeper('boolean', 'Uses TLS to ZooKeeper.'),
  'zookeeper.ssl.protocol': zookeeper('string', 'TLS version tried first with ZooKeeper.'),
  'zookeeper.ssl.enabled.protocols': zookeeper('list', 'TLS versions allowed with ZooKeeper.'),
  'zookeeper.ssl.cipher.suites': zookeeper('list', 'Ciphers allowed with ZooKeeper.'),
  'zookeeper.ssl.endpoint.identification.algorithm': zookeeper('string', 'How the name of ZooKeeper is checked.'),
  'zookeeper.ssl.keystore.location': zookeeper('string', 'File with the key for ZooKeeper.'),
  'zookeeper.ssl.keystore.password': zookeeper('string', 'Password of the file with the key for ZooKeeper.'),
  'zookeeper.ssl.keystore.type': zookeeper('string', 'Format of the file with the key for ZooKeeper.'),
  'zookeeper.ssl.truststore.location': zookeeper('string', 'File with the certificates trusted for ZooKeeper.'),
  'zookeeper.ssl.truststore.password': zookeeper('string', 'Password of the file with certificates for ZooKeeper.'),
  'zookeeper.ssl.truststore.type': zookeeper('string', 'Format of the file with certificates for ZooKeeper.'),
  'zookeeper.ssl.crl.enable': zookeeper('boolean', 'Looks for revoked certificates of ZooKeeper in lists.'),
  'zookeeper.ssl.ocsp.enable': zookeeper('boolean', 'Asks whether certificates of ZooKeeper are revoked.'),
  'broker.id.generation.enable': zookeeper('boolean', 'Lets ZooKeeper number the brokers.'),
  'reserved.broker.max.id': zookeeper('integer', 'Highest number a broker may be given by hand.'),
  'control.plane.listener.name': zookeeper('string', 'Listener for what the controller tells the brokers.'),
  'controlled.shutdown.max.retries': zookeeper('integer', 'Attempts to stop in good order.'),
  'controlled.shutdown.retry.backoff.ms': zookeeper('integer', 'Pause between attempts to stop in good order.'),
  'leader.imbalance.per.broker.percentage': zookeeper('integer', 'Imbalance from which leaders are moved back.'),
  'password.encoder.secret': zookeeper('string', 'Key that passwords in ZooKeeper are encrypted with.'),
  'password.encoder.old.secret': zookeeper('string', 'Earlier key that passwords in ZooKeeper are encrypted with.'),
  'password.encoder.cipher.algorithm': zookeeper('string', 'Cipher for passwords in ZooKeeper.'),
  'password.encoder.keyfactory.algorithm': zookeeper('string', 'Way to make the key for passwords in ZooKeeper.'),
  'password.encoder.key.length': zookeeper('integer', 'Length of the key for passwords in ZooKeeper.'),
  'password.encoder.iterations': zookeeper('integer', 'Rounds for making the key for passwords in ZooKeeper.'),
  'inter.broker.protocol.version': setting(
    'string',
    '',
    'Protocol between brokers of a cluster with ZooKeeper. The feature `metadata.version` took its place; it is no setting.',
    GONE_IN_4,
  ),
  'log.message.format.version': setting('string', '', 'Format of stored records; there is only one left.', GONE_IN_4),
  'log.message.downconversion.enable': setting(
    'boolean',
    '',
    'Turned records into older formats for old clients, which Kafka 4 does not serve.',
    GONE_IN_4,
  ),
  'log.message.timestamp.difference.max.ms': setting(
    'integer',
    '',
    'How far the time of a record may be off; before and after have a limit each now.',
    { ...GONE_IN_4, replacedBy: 'log.message.timestamp.before.max.ms' },
  ),
  'delegation.token.master.key': setting('string', '', 'Key that delegation tokens are signed with.', {
    ...GONE_IN_4,
    replacedBy: 'delegation.token.secret.key',
  }),
  'offsets.commit.required.acks': setting(
    'integer',
    '',
    'Replicas that had to confirm a commit of offsets; all must now.',
    GONE_IN_4,
  ),
  'auto.include.jmx.reporter': setting(
    'boolean',
    '',
    'Added the reporter for JMX, which `metric.reporters` names by default now.',
    { ...GONE_IN_4, replacedBy: 'metric.reporters' },
  ),
  'host.name': setting('string', '', 'Address the broker listens on.', { removedIn: '3.0', replacedBy: 'listeners' }),
  port: setting('integer', '', 'Port the broker listens on.', { removedIn: '3.0', replacedBy: 'listeners' }),
  'advertised.host.name': setting('string', '', 'Address clients are told.', {
    removedIn: '3.0',
    replacedBy: 'advertised.listeners',
  }),
  'advertised.port': setting('integer', '', 'Port clients are told.', {
    removedIn: '3.0',
    replacedBy: 'advertised.listeners',
  }),
  'quota.producer.default': setting('integer', '', 'Bytes per second of a producer; quotas are set at run time now.', {
    removedIn: '3.0',
  }),
  'quota.consumer.default': setting('integer', '', 'Bytes per second of a consumer; quotas are set at run time now.', {
    removedIn: '3.0',
  }),
};
