import { setting, type SettingTable } from '#core/systems/tables.ts';

const CLUSTER = { scope: 'cluster' } as const;
const RESTART = { scope: 'restart' } as const;

/** How a broker stores and forgets records; each is the default of the topic setting of the same meaning. Apache Kafka 4.3. */
export const logSettings: SettingTable = {
  'log.dirs': setting(
    'list',
    '',
    'Directories of the data. One directory that fails takes only its own partitions along.',
    RESTART,
  ),
  'log.dir': setting('list', '/tmp/kafka-logs', 'Directory of the data when `log.dirs` is not set.', RESTART),
  'log.retention.hours': setting(
    'integer',
    '168',
    'Hours records are kept; minutes and milliseconds win over it.',
    RESTART,
  ),
  'log.retention.minutes': setting('integer', '', 'Minutes records are kept.', RESTART),
  'log.retention.ms': setting('integer', '', 'Milliseconds records are kept; -1 keeps them for ever.', CLUSTER),
  'log.retention.bytes': setting(
    'integer',
    '-1',
    'Bytes kept per partition; -1 sets no limit. Multiply by the partitions before sizing disks.',
    CLUSTER,
  ),
  'log.retention.check.interval.ms': setting(
    'integer',
    '300000',
    'Interval in which old segments are looked for.',
    RESTART,
  ),
  'log.segment.bytes': setting(
    'integer',
    '1073741824',
    'Size at which a new segment begins. Only closed segments are deleted or compacted.',
    CLUSTER,
  ),
  'log.roll.hours': setting('integer', '168', 'Age at which a new segment begins.', RESTART),
  'log.roll.ms': setting('integer', '', 'Age at which a new segment begins, in milliseconds.', CLUSTER),
  'log.cleanup.policy': setting(
    'list',
    'delete',
    'What happens to old data: `delete`, `compact` (the last record of a key stays) or both.',
    { ...CLUSTER, values: ['delete', 'compact'] },
  ),
  'log.cleaner.enable': setting(
    'boolean',
    'true',
    'Runs the compaction that compacted topics and consumer offsets need.',
    RESTART,
  ),
  'log.cleaner.threads': setting('integer', '1', 'Threads for compaction.', CLUSTER),
  'log.cleaner.dedupe.buffer.size': setting(
    'integer',
    '134217728',
    'Memory for compaction over all its threads.',
    CLUSTER,
  ),
  'log.cleaner.delete.retention.ms': setting(
    'integer',
    '86400000',
    'How long a deletion mark stays in a compacted topic.',
    CLUSTER,
  ),
  'log.cleaner.min.cleanable.ratio': setting(
    'number',
    '0.5',
    'Share of a log that must be uncompacted before compaction begins.',
    CLUSTER,
  ),
  'log.flush.interval.messages': setting(
    'integer',
    '9223372036854775807',
    'Records after which the log is forced to disk. Replication is the better guarantee.',
    CLUSTER,
  ),
  'log.flush.interval.ms': setting('integer', '', 'Time after which the log is forced to disk.', CLUSTER),
  'log.message.timestamp.type': setting(
    'string',
    'CreateTime',
    'Whether the time of a record is when it was made or when it was stored.',
    { ...CLUSTER, values: ['CreateTime', 'LogAppendTime'] },
  ),
  'log.index.interval.bytes': setting('integer', '4096', 'Bytes between two entries of the offset index.', CLUSTER),
  'log.index.size.max.bytes': setting('integer', '10485760', 'Largest size of an index.', CLUSTER),
  'log.preallocate': setting('boolean', 'false', 'Whether a segment gets its whole file at once.', CLUSTER),
  'log.local.retention.ms': setting(
    'integer',
    '-2',
    'How long tiered data stays on the local disk as well; -2 means as long as the whole retention.',
    { ...CLUSTER, since: '3.6' },
  ),
  'log.local.retention.bytes': setting('integer', '-2', 'Bytes of tiered data that stay on the local disk as well.', {
    ...CLUSTER,
    since: '3.6',
  }),
  'log.cleaner.backoff.ms': setting(
    'integer',
    '15000',
    'Pause of the compaction when there is nothing to do.',
    CLUSTER,
  ),
  'log.cleaner.io.buffer.load.factor': setting('number', '0.9', 'How full the buffer for compaction may get.', CLUSTER),
  'log.cleaner.io.buffer.size': setting(
    'integer',
    '524288',
    'Memory for reading and writing during compaction, over all its threads.',
    CLUSTER,
  ),
  'log.cleaner.io.max.bytes.per.second': setting('number', '', 'Speed limit of compaction; none by default.', CLUSTER),
  'log.cleaner.max.compaction.lag.ms': setting(
    'integer',
    '9223372036854775807',
    'A record may stay uncompacted for at most this long.',
    CLUSTER,
  ),
  'log.cleaner.min.compaction.lag.ms': setting(
    'integer',
    '0',
    'A record stays uncompacted for at least this long.',
    CLUSTER,
  ),
  'log.flush.offset.checkpoint.interval.ms': setting(
    'integer',
    '60000',
    'How often a broker writes down up to where logs are on disk; the recovery begins there.',
    RESTART,
  ),
  'log.flush.scheduler.interval.ms': setting(
    'integer',
    '9223372036854775807',
    'How often logs are looked through for something to force to disk.',
    RESTART,
  ),
  'log.flush.start.offset.checkpoint.interval.ms': setting(
    'integer',
    '60000',
    'How often a broker writes down where logs begin.',
    RESTART,
  ),
  'log.message.timestamp.after.max.ms': setting(
    'integer',
    '3600000',
    'How far the time of a record may lie in the future.',
    CLUSTER,
  ),
  'log.message.timestamp.before.max.ms': setting(
    'integer',
    '9223372036854775807',
    'How far the time of a record may lie in the past.',
    CLUSTER,
  ),
  'log.roll.jitter.hours': setting(
    'integer',
    '0',
    'Spreads the beginning of new segments over this many hours.',
    RESTART,
  ),
  'log.roll.jitter.ms': setting(
    'integer',
    '',
    'Spreads the beginning of new segments over this many milliseconds.',
    CLUSTER,
  ),
  'log.segment.delete.delay.ms': setting(
    'integer',
    '60000',
    'Pause before the file of a deleted segment is removed.',
    CLUSTER,
  ),
};
