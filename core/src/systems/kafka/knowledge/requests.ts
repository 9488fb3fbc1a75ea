import { setting, type SettingTable } from '#core/systems/tables.ts';

const CLUSTER = { scope: 'cluster' } as const;
const RESTART = { scope: 'restart' } as const;

/** Connections, requests, quotas, policies and metrics of a broker. Apache Kafka 4.3. */
export const requestSettings: SettingTable = {
  'client.quota.callback.class': setting(
    'class',
    '',
    'Class that decides about quotas instead of the built-in rules.',
    RESTART,
  ),
  'quota.window.size.seconds': setting('integer', '1', 'Length of one sample of a client quota in seconds.', RESTART),
  'replication.quota.window.num': setting('integer', '11', 'Samples kept for the quota of replication.', RESTART),
  'replication.quota.window.size.seconds': setting(
    'integer',
    '1',
    'Length of one sample of the quota of replication in seconds.',
    RESTART,
  ),
  'alter.log.dirs.replication.quota.window.num': setting(
    'integer',
    '11',
    'Samples kept for the quota on moves between directories.',
    RESTART,
  ),
  'alter.log.dirs.replication.quota.window.size.seconds': setting(
    'integer',
    '1',
    'Length of one sample of the quota on moves between directories in seconds.',
    RESTART,
  ),
  'alter.config.policy.class.name': setting('class', '', 'Class that may refuse changes of settings.', RESTART),
  'create.topic.policy.class.name': setting(
    'class',
    '',
    'Class that may refuse new topics, for instance by their replication.',
    RESTART,
  ),
  'connection.failed.authentication.delay.ms': setting(
    'integer',
    '100',
    'Pause before a connection that failed to prove itself is closed, which slows down guessing.',
    RESTART,
  ),
  'connections.max.reauth.ms': setting(
    'integer',
    '0',
    'A SASL connection must prove itself anew after this long; 0 never asks.',
    RESTART,
  ),
  'socket.connection.setup.timeout.ms': setting(
    'integer',
    '10000',
    'First wait for a connection to another node; it doubles with each failure.',
    RESTART,
  ),
  'socket.connection.setup.timeout.max.ms': setting(
    'integer',
    '30000',
    'Longest wait for a connection to another node.',
    RESTART,
  ),
  'socket.listen.backlog.size': setting('integer', '50', 'Connections that may wait to be taken.', RESTART),
  'socket.receive.buffer.bytes': setting(
    'integer',
    '102400',
    'Receive buffer of a connection; -1 takes the default of the system.',
    RESTART,
  ),
  'socket.send.buffer.bytes': setting(
    'integer',
    '102400',
    'Send buffer of a connection; -1 takes the default of the system. Larger ones help over long distances.',
    RESTART,
  ),
  'max.connection.creation.rate': setting(
    'integer',
    '2147483647',
    'New connections per second the broker takes.',
    CLUSTER,
  ),
  'max.connections.per.ip.overrides': setting('string', '', 'Limits for single addresses, as `host:number`.', CLUSTER),
  'max.incremental.fetch.session.cache.slots': setting(
    'integer',
    '1000',
    'Fetch sessions that are remembered; too few make followers and consumers send whole requests.',
    RESTART,
  ),
  'max.request.partition.size.limit': setting('integer', '2000', 'Most partitions one request may ask about.', RESTART),
  'fetch.max.bytes': setting('integer', '57671680', 'Most data one fetch brings, over all its partitions.', RESTART),
  'queued.max.request.bytes': setting(
    'integer',
    '-1',
    'Bytes of requests that may wait before no more are read; -1 sets no limit.',
    RESTART,
  ),
  'request.timeout.ms': setting('integer', '30000', 'Longest wait for an answer of another node.', RESTART),
  'fetch.purgatory.purge.interval.requests': setting(
    'integer',
    '1000',
    'Finished fetches after which the list of waiting ones is cleaned up.',
    RESTART,
  ),
  'producer.purgatory.purge.interval.requests': setting(
    'integer',
    '1000',
    'Finished writes after which the list of waiting ones is cleaned up.',
    RESTART,
  ),
  'delete.records.purgatory.purge.interval.requests': setting(
    'integer',
    '1',
    'Finished deletions after which the list of waiting ones is cleaned up.',
    RESTART,
  ),
  'compression.gzip.level': setting('integer', '-1', 'Level of gzip, when the broker compresses with it.', CLUSTER),
  'compression.lz4.level': setting('integer', '9', 'Level of lz4, when the broker compresses with it.', CLUSTER),
  'compression.zstd.level': setting('integer', '3', 'Level of zstd, when the broker compresses with it.', CLUSTER),
  'kafka.metrics.polling.interval.secs': setting(
    'integer',
    '10',
    "Interval in seconds for reporters of the broker's own metrics.",
    RESTART,
  ),
  'kafka.metrics.reporters': setting('list', '', "Classes that the broker's own metrics are handed to.", RESTART),
  'metrics.num.samples': setting('integer', '2', 'Samples a metric is computed from.', RESTART),
  'metrics.recording.level': setting('string', 'INFO', 'How many metrics are recorded.', {
    ...RESTART,
    values: ['INFO', 'DEBUG', 'TRACE'],
  }),
  'metrics.sample.window.ms': setting('integer', '30000', 'Time one sample of a metric covers.', RESTART),
  'telemetry.max.bytes': setting(
    'integer',
    '1048576',
    'Most bytes of metrics a client may send in one request.',
    RESTART,
  ),
  'config.providers': setting('list', '', 'Names of the providers that fill in values from elsewhere.', {
    ...CLUSTER,
    since: '4.2',
  }),
};
