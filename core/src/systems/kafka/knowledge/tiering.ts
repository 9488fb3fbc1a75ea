import { setting, type SettingTable } from '#core/systems/tables.ts';

const CLUSTER = { scope: 'cluster' } as const;
const RESTART = { scope: 'restart' } as const;

/** Moving old segments to remote storage. Apache Kafka 4.3. */
export const tieringSettings: SettingTable = {
  'remote.log.storage.manager.class.name': setting(
    'class',
    '',
    'Class that talks to the remote storage. Kafka itself brings none for production.',
    RESTART,
  ),
  'remote.log.storage.manager.class.path': setting(
    'string',
    '',
    'Where the class for the remote storage and what it needs are found.',
    RESTART,
  ),
  'remote.log.storage.manager.impl.prefix': setting(
    'string',
    'rsm.config.',
    'Beginning of the settings that are handed to the class for the remote storage.',
    RESTART,
  ),
  'remote.log.metadata.manager.class.name': setting(
    'class',
    'org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager',
    'Class that keeps track of what is in remote storage.',
    RESTART,
  ),
  'remote.log.metadata.manager.class.path': setting(
    'string',
    '',
    'Where the class that keeps track is found.',
    RESTART,
  ),
  'remote.log.metadata.manager.impl.prefix': setting(
    'string',
    'rlmm.config.',
    'Beginning of the settings that are handed to the class that keeps track.',
    RESTART,
  ),
  'remote.log.metadata.manager.listener.name': setting(
    'string',
    '',
    'Listener through which the class that keeps track reaches the brokers.',
    RESTART,
  ),
  'remote.log.metadata.custom.metadata.max.bytes': setting(
    'integer',
    '128',
    'Most bytes the storage may remember with each segment.',
    RESTART,
  ),
  'remote.log.index.file.cache.total.size.bytes': setting(
    'integer',
    '1073741824',
    'Local disk space for indexes of segments in remote storage.',
    CLUSTER,
  ),
  'remote.log.manager.copier.thread.pool.size': setting(
    'integer',
    '10',
    'Threads that copy segments to remote storage.',
    CLUSTER,
  ),
  'remote.log.manager.expiration.thread.pool.size': setting(
    'integer',
    '10',
    'Threads that delete outdated segments from remote storage.',
    CLUSTER,
  ),
  'remote.log.manager.follower.thread.pool.size': setting(
    'integer',
    '2',
    'Threads with which followers keep up with what has been moved.',
    { ...CLUSTER, since: '4.2' },
  ),
  'remote.log.manager.thread.pool.size': setting('integer', '2', 'Older name for the threads of followers.', {
    ...RESTART,
    replacedBy: 'remote.log.manager.follower.thread.pool.size',
  }),
  'remote.log.manager.copy.max.bytes.per.second': setting(
    'integer',
    '9223372036854775807',
    'Speed limit of copying to remote storage.',
    CLUSTER,
  ),
  'remote.log.manager.fetch.max.bytes.per.second': setting(
    'integer',
    '9223372036854775807',
    'Speed limit of reading from remote storage.',
    CLUSTER,
  ),
  'remote.log.manager.copy.quota.window.num': setting(
    'integer',
    '11',
    'Samples kept for the speed limit of copying.',
    RESTART,
  ),
  'remote.log.manager.copy.quota.window.size.seconds': setting(
    'integer',
    '1',
    'Length of one sample for the speed limit of copying in seconds.',
    RESTART,
  ),
  'remote.log.manager.fetch.quota.window.num': setting(
    'integer',
    '11',
    'Samples kept for the speed limit of reading.',
    RESTART,
  ),
  'remote.log.manager.fetch.quota.window.size.seconds': setting(
    'integer',
    '1',
    'Length of one sample for the speed limit of reading in seconds.',
    RESTART,
  ),
  'remote.log.manager.task.interval.ms': setting(
    'integer',
    '30000',
    'Interval in which segments are copied and outdated ones deleted.',
    RESTART,
  ),
  'remote.log.reader.threads': setting('integer', '10', 'Threads that read from remote storage.', CLUSTER),
  'remote.log.reader.max.pending.tasks': setting(
    'integer',
    '100',
    'Reads from remote storage that may wait for a thread; further ones are refused.',
    RESTART,
  ),
  'remote.fetch.max.wait.ms': setting('integer', '500', 'Longest wait of a fetch for remote storage.', CLUSTER),
  'remote.list.offsets.request.timeout.ms': setting(
    'integer',
    '30000',
    'Longest wait for looking up an offset in remote storage.',
    { ...CLUSTER, since: '4.0' },
  ),
};
