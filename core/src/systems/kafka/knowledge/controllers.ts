import { setting, type SettingTable } from '#core/systems/tables.ts';

const RESTART = { scope: 'restart' } as const;

/** The quorum of controllers and the metadata log. Apache Kafka 4.3. */
export const controllerSettings: SettingTable = {
  'controller.quorum.append.linger.ms': setting(
    'integer',
    '25',
    'How long the leading controller gathers writes before it forces them to disk.',
    RESTART,
  ),
  'controller.quorum.auto.join.enable': setting(
    'boolean',
    'false',
    'Whether a controller that starts adds itself to the quorum; it needs a quorum that can change.',
    { ...RESTART, since: '4.2' },
  ),
  'controller.quorum.fetch.max.bytes': setting(
    'integer',
    '1048576',
    'Most data one controller fetches from another at once.',
    { ...RESTART, since: '4.3' },
  ),
  'controller.quorum.fetch.snapshot.max.bytes': setting(
    'integer',
    '1048576',
    'Most data of a snapshot that is fetched at once.',
    { ...RESTART, since: '4.3' },
  ),
  'controller.quorum.request.timeout.ms': setting(
    'integer',
    '2000',
    'Longest wait for an answer of another controller before the request is sent again.',
    RESTART,
  ),
  'controller.quorum.retry.backoff.ms': setting(
    'integer',
    '20',
    'Pause before a request to another controller is sent again.',
    RESTART,
  ),
  'controller.socket.timeout.ms': setting(
    'integer',
    '30000',
    'Timeout of connections from the controller to brokers.',
    RESTART,
  ),
  'controller.quota.window.num': setting(
    'integer',
    '11',
    'Samples kept for the quota on making and deleting topics and partitions.',
    RESTART,
  ),
  'controller.quota.window.size.seconds': setting(
    'integer',
    '1',
    'Length in seconds of one sample for the quota on making and deleting topics and partitions.',
    RESTART,
  ),
  'initial.broker.registration.timeout.ms': setting(
    'integer',
    '60000',
    'A broker that cannot register with the controllers within this time stops.',
    RESTART,
  ),
  'log.dir.failure.timeout.ms': setting(
    'integer',
    '30000',
    'A broker that cannot tell the controllers about a failed directory within this time stops.',
    RESTART,
  ),
  'metadata.log.max.record.bytes.between.snapshots': setting(
    'integer',
    '20971520',
    'Bytes of new metadata after which a snapshot is taken.',
    RESTART,
  ),
  'metadata.log.max.snapshot.interval.ms': setting(
    'integer',
    '3600000',
    'Time after which a snapshot of the metadata is taken when there is anything new; 0 takes none by time.',
    RESTART,
  ),
  'metadata.log.segment.bytes': setting('integer', '1073741824', 'Largest file of the metadata log.', RESTART),
  'metadata.log.segment.ms': setting(
    'integer',
    '604800000',
    'Age at which a new file of the metadata log begins.',
    RESTART,
  ),
  'metadata.max.idle.interval.ms': setting(
    'integer',
    '500',
    'How often the active controller writes an empty record; 0 writes none.',
    RESTART,
  ),
  'metadata.max.retention.bytes': setting(
    'integer',
    '104857600',
    'Bytes of metadata log and snapshots that are kept.',
    RESTART,
  ),
  'metadata.max.retention.ms': setting(
    'integer',
    '604800000',
    'How long files of the metadata log and snapshots are kept.',
    RESTART,
  ),
  'early.start.listeners': setting(
    'list',
    '',
    'Listeners that open before the authorizer is ready, which a controller needs to get its own rules.',
    RESTART,
  ),
  'sasl.mechanism.controller.protocol': setting(
    'string',
    'GSSAPI',
    'How controllers and brokers prove to controllers who they are.',
    RESTART,
  ),
};
