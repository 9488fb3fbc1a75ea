import { setting, type SettingTable } from '#core/systems/tables.ts';

const CLUSTER = { scope: 'cluster' } as const;
const RESTART = { scope: 'restart' } as const;

/** What coordinators of groups and transactions keep, and the topics they keep it in. Apache Kafka 4.3. */
export const coordinationSettings: SettingTable = {
  'offset.metadata.max.bytes': setting(
    'integer',
    '4096',
    'Longest text a consumer may store beside an offset.',
    RESTART,
  ),
  'offsets.commit.timeout.ms': setting(
    'integer',
    '5000',
    'A commit of offsets fails when the replicas do not have it within this time.',
    RESTART,
  ),
  'offsets.load.buffer.size': setting(
    'integer',
    '5242880',
    'Bytes read at once when offsets are loaded at a start.',
    RESTART,
  ),
  'offsets.retention.check.interval.ms': setting(
    'integer',
    '600000',
    'Interval in which outdated offsets are looked for.',
    RESTART,
  ),
  'offsets.topic.compression.codec': setting(
    'integer',
    '0',
    'Compression of the topic with consumer offsets, as a number; 0 is none.',
    RESTART,
  ),
  'offsets.topic.segment.bytes': setting(
    'integer',
    '104857600',
    'Segment size of the topic with consumer offsets; small ones load faster.',
    RESTART,
  ),
  'producer.id.expiration.ms': setting(
    'integer',
    '86400000',
    'A producer that wrote nothing for this long is forgotten; its idempotence ends there.',
    CLUSTER,
  ),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': setting(
    'integer',
    '10000',
    'Interval in which transactions beyond their timeout are ended.',
    RESTART,
  ),
  'transaction.remove.expired.transaction.cleanup.interval.ms': setting(
    'integer',
    '3600000',
    'Interval in which forgotten transactional producers are removed.',
    RESTART,
  ),
  'transaction.partition.verification.enable': setting(
    'boolean',
    'true',
    'Checks that a partition belongs to a transaction before it is written to; leave it on.',
    CLUSTER,
  ),
  'transaction.state.log.load.buffer.size': setting(
    'integer',
    '5242880',
    'Bytes read at once when the state of transactions is loaded.',
    RESTART,
  ),
  'transaction.state.log.num.partitions': setting(
    'integer',
    '50',
    'Partitions of the topic with the state of transactions; never change it afterwards.',
    RESTART,
  ),
  'transaction.state.log.segment.bytes': setting(
    'integer',
    '104857600',
    'Segment size of the topic with the state of transactions.',
    RESTART,
  ),
  'transaction.two.phase.commit.enable': setting(
    'boolean',
    'false',
    'Lets transactions take part in a two-phase commit that somebody else coordinates.',
    { ...RESTART, since: '4.1' },
  ),
  'transactional.id.expiration.ms': setting(
    'integer',
    '604800000',
    'A transactional producer that did nothing for this long is forgotten.',
    RESTART,
  ),
  'add.partitions.to.txn.retry.backoff.ms': setting(
    'integer',
    '20',
    'Pause before the broker tries again to add a partition to a transaction.',
    { ...RESTART, since: '4.0' },
  ),
  'add.partitions.to.txn.retry.backoff.max.ms': setting(
    'integer',
    '100',
    'Longest time the broker goes on trying to add partitions to a transaction.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.threads': setting('integer', '1', 'Threads that keep the state of share groups.', {
    ...RESTART,
    since: '4.0',
  }),
  'share.coordinator.write.timeout.ms': setting(
    'integer',
    '5000',
    'A write of the state of share groups fails when the replicas do not have it within this time.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.append.linger.ms': setting(
    'integer',
    '-1',
    'How long writes about share groups are gathered before they go to disk; -1 lets the broker choose.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.load.buffer.size': setting(
    'integer',
    '5242880',
    'Bytes read at once when the state of share groups is loaded.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.snapshot.update.records.per.snapshot': setting(
    'integer',
    '500',
    'Changes of the state of a share group between two snapshots of it.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.state.topic.min.isr': setting(
    'integer',
    '2',
    'In-sync replicas the state of share groups needs for a write.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.state.topic.num.partitions': setting(
    'integer',
    '50',
    'Partitions of the topic with the state of share groups; never change it afterwards.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.state.topic.segment.bytes': setting(
    'integer',
    '104857600',
    'Segment size of the topic with the state of share groups.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.state.topic.compression.codec': setting(
    'integer',
    '0',
    'Compression of the topic with the state of share groups, as a number; 0 is none.',
    { ...RESTART, since: '4.0' },
  ),
  'share.coordinator.cached.buffer.max.bytes': setting(
    'integer',
    '1048588',
    'Largest buffer that is kept for the next writes about share groups.',
    { ...CLUSTER, since: '4.3' },
  ),
  'share.fetch.purgatory.purge.interval.requests': setting(
    'integer',
    '1000',
    'Finished fetches of share groups after which the list of waiting ones is cleaned up.',
    { ...RESTART, since: '4.0' },
  ),
};
