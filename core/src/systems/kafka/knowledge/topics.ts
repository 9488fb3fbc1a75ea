import { setting, type SettingTable } from '#core/systems/tables.ts';

const CLUSTER = { scope: 'cluster' } as const;

/** Settings of a topic. Apache Kafka 4.3, `TopicConfig`. */
export const topicSettings: SettingTable = {
  'cleanup.policy': setting(
    'list',
    'delete',
    'What happens to old data: `delete`, `compact` (the last record of a key stays) or both.',
    { ...CLUSTER, values: ['delete', 'compact'] },
  ),
  'compression.type': setting(
    'string',
    'producer',
    'Compression of stored batches; `producer` keeps what the client sent.',
    { ...CLUSTER, values: ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] },
  ),
  'compression.gzip.level': setting('integer', '-1', 'Level of gzip, when the topic compresses with it.', {
    ...CLUSTER,
    since: '3.8',
  }),
  'compression.lz4.level': setting('integer', '9', 'Level of lz4, when the topic compresses with it.', {
    ...CLUSTER,
    since: '3.8',
  }),
  'compression.zstd.level': setting('integer', '3', 'Level of zstd, when the topic compresses with it.', {
    ...CLUSTER,
    since: '3.8',
  }),
  'delete.retention.ms': setting(
    'integer',
    '86400000',
    'How long a deletion mark stays in a compacted topic. A consumer must read within this time to see it.',
    CLUSTER,
  ),
  'file.delete.delay.ms': setting(
    'integer',
    '60000',
    'Pause before the file of a deleted segment is removed.',
    CLUSTER,
  ),
  'flush.messages': setting(
    'integer',
    '9223372036854775807',
    'Records after which the log is forced to disk. Replication is the better guarantee.',
    CLUSTER,
  ),
  'flush.ms': setting('integer', '9223372036854775807', 'Time after which the log is forced to disk.', CLUSTER),
  'follower.replication.throttled.replicas': setting(
    'list',
    '',
    'Replicas whose copying is slowed down, as `partition:broker`. Set and removed by reassignments.',
    CLUSTER,
  ),
  'index.interval.bytes': setting('integer', '4096', 'Bytes between two entries of the offset index.', CLUSTER),
  'leader.replication.throttled.replicas': setting(
    'list',
    '',
    'Leaders whose copying is slowed down, as `partition:broker`. Set and removed by reassignments.',
    CLUSTER,
  ),
  'local.retention.bytes': setting(
    'integer',
    '-2',
    'Bytes of tiered data that stay on the local disk as well; -2 means all that is retained.',
    { ...CLUSTER, since: '3.6' },
  ),
  'local.retention.ms': setting('integer', '-2', 'How long tiered data stays on the local disk as well.', {
    ...CLUSTER,
    since: '3.6',
  }),
  'max.compaction.lag.ms': setting(
    'integer',
    '9223372036854775807',
    'A record may stay uncompacted for at most this long.',
    CLUSTER,
  ),
  'max.message.bytes': setting(
    'integer',
    '1048588',
    'Largest batch of records the topic takes. Consumers must be able to fetch it.',
    CLUSTER,
  ),
  'message.timestamp.after.max.ms': setting(
    'integer',
    '3600000',
    'How far the time of a record may lie in the future.',
    { ...CLUSTER, since: '3.6' },
  ),
  'message.timestamp.before.max.ms': setting(
    'integer',
    '9223372036854775807',
    'How far the time of a record may lie in the past.',
    { ...CLUSTER, since: '3.6' },
  ),
  'message.timestamp.type': setting(
    'string',
    'CreateTime',
    'Whether the time of a record is when it was made or when it was stored.',
    { ...CLUSTER, values: ['CreateTime', 'LogAppendTime'] },
  ),
  'message.format.version': setting('string', '', 'Format of stored records; there is only one left.', {
    removedIn: '4.0',
  }),
  'message.downconversion.enable': setting(
    'boolean',
    '',
    'Turned records into older formats for old clients, which Kafka 4 does not serve.',
    { removedIn: '4.0' },
  ),
  'message.timestamp.difference.max.ms': setting(
    'integer',
    '',
    'How far the time of a record may be off; before and after have a limit each now.',
    { removedIn: '4.0', replacedBy: 'message.timestamp.before.max.ms' },
  ),
  'min.cleanable.dirty.ratio': setting(
    'number',
    '0.5',
    'Share of a log that must be uncompacted before compaction begins.',
    CLUSTER,
  ),
  'min.compaction.lag.ms': setting('integer', '0', 'A record stays uncompacted for at least this long.', CLUSTER),
  'min.insync.replicas': setting(
    'integer',
    '1',
    'In-sync replicas a write with `acks=all` must reach. With three replicas, 2 lets one broker be away.',
    CLUSTER,
  ),
  preallocate: setting('boolean', 'false', 'Whether a segment gets its whole file at once.', CLUSTER),
  'remote.storage.enable': setting('boolean', 'false', 'Moves old segments to remote storage.', {
    ...CLUSTER,
    since: '3.6',
  }),
  'remote.log.copy.disable': setting('boolean', 'false', 'Stops moving segments while those moved can still be read.', {
    ...CLUSTER,
    since: '3.9',
  }),
  'remote.log.delete.on.disable': setting(
    'boolean',
    'false',
    'Deletes what was moved when remote storage is turned off.',
    { ...CLUSTER, since: '3.9' },
  ),
  'retention.bytes': setting('integer', '-1', 'Bytes kept per partition; -1 sets no limit.', CLUSTER),
  'retention.ms': setting('integer', '604800000', 'Milliseconds records are kept; -1 keeps them for ever.', CLUSTER),
  'segment.bytes': setting(
    'integer',
    '1073741824',
    'Size at which a new segment begins. Only closed segments are deleted or compacted.',
    CLUSTER,
  ),
  'segment.index.bytes': setting('integer', '10485760', 'Largest size of an index.', CLUSTER),
  'segment.jitter.ms': setting(
    'integer',
    '0',
    'Spreads the beginning of new segments, so that they do not all begin at once.',
    CLUSTER,
  ),
  'segment.ms': setting('integer', '604800000', 'Age at which a new segment begins.', CLUSTER),
  'unclean.leader.election.enable': setting(
    'boolean',
    'false',
    'Whether a replica that is not in sync may become leader, which loses what it had not copied.',
    CLUSTER,
  ),
};
