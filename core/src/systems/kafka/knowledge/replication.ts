import { setting, type SettingTable } from '#core/systems/tables.ts';

const NODE = { scope: 'node' } as const;
const CLUSTER = { scope: 'cluster' } as const;
const RESTART = { scope: 'restart' } as const;

/** Copying of partitions between brokers, and where replicas lie on a broker. Apache Kafka 4.3. */
export const replicationSettings: SettingTable = {
  'replica.fetch.backoff.ms': setting('integer', '1000', 'Pause of a follower after an error.', RESTART),
  'replica.fetch.min.bytes': setting(
    'integer',
    '1',
    'Bytes a follower waits for before its fetch is answered.',
    RESTART,
  ),
  'replica.fetch.response.max.bytes': setting(
    'integer',
    '10485760',
    'Most data a follower fetches at once, over all partitions; a larger batch is fetched all the same.',
    RESTART,
  ),
  'replica.high.watermark.checkpoint.interval.ms': setting(
    'integer',
    '5000',
    'How often a broker writes down up to where partitions are replicated.',
    RESTART,
  ),
  'replica.socket.receive.buffer.bytes': setting(
    'integer',
    '65536',
    'Receive buffer of the connections that copy partitions.',
    RESTART,
  ),
  'num.replica.alter.log.dirs.threads': setting(
    'integer',
    '',
    'Threads that move replicas between the directories of a broker; one per directory when left out.',
    RESTART,
  ),
  'cordoned.log.dirs': setting(
    'list',
    '',
    'Directories that get no new partitions; `*` means all. Use it before a broker or a disk is emptied.',
    { ...NODE, since: '4.3' },
  ),
  'follower.fetch.last.tiered.offset.enable': setting(
    'boolean',
    'false',
    'Lets an empty follower begin after what is in remote storage instead of at the start.',
    { ...CLUSTER, since: '4.3' },
  ),
};
