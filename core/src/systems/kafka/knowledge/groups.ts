import { setting, type SettingTable } from '#core/systems/tables.ts';

const CLUSTER = { scope: 'cluster' } as const;
const RESTART = { scope: 'restart' } as const;

/** Consumer groups, share groups and the groups of Kafka Streams. Apache Kafka 4.3. */
export const groupSettings: SettingTable = {
  'group.max.size': setting('integer', '2147483647', 'Most members of a group of the older protocol.', RESTART),
  'group.coordinator.threads': setting('integer', '4', 'Threads that serve groups.', RESTART),
  'group.coordinator.background.threads': setting(
    'integer',
    '2',
    'Threads for the slow work of groups, such as evaluating patterns of topic names.',
    { ...RESTART, since: '4.3' },
  ),
  'group.coordinator.append.linger.ms': setting(
    'integer',
    '-1',
    'How long writes about groups are gathered before they go to disk; -1 lets the broker choose.',
    RESTART,
  ),
  'group.coordinator.cached.buffer.max.bytes': setting(
    'integer',
    '1048588',
    'Largest buffer that is kept for the next writes about groups.',
    { ...CLUSTER, since: '4.3' },
  ),
  'group.coordinator.rebalance.protocols': setting(
    'list',
    'classic,consumer,streams',
    'Group protocols the broker speaks. On its way out: features decide instead.',
    RESTART,
  ),
  'group.consumer.assignors': setting(
    'list',
    'uniform,range',
    'How partitions are given to members when the broker decides; the first is the default.',
    RESTART,
  ),
  'group.consumer.assignment.interval.ms': setting(
    'integer',
    '1000',
    'Least time between two assignments of a group.',
    { ...CLUSTER, since: '4.3' },
  ),
  'group.consumer.min.assignment.interval.ms': setting(
    'integer',
    '0',
    'Least time between two assignments a group may set.',
    { ...RESTART, since: '4.3' },
  ),
  'group.consumer.max.assignment.interval.ms': setting(
    'integer',
    '15000',
    'Greatest time between two assignments a group may set.',
    { ...RESTART, since: '4.3' },
  ),
  'group.consumer.heartbeat.interval.ms': setting(
    'integer',
    '5000',
    'Heartbeat interval that members of the newer protocol are told.',
    RESTART,
  ),
  'group.consumer.min.heartbeat.interval.ms': setting(
    'integer',
    '5000',
    'Least heartbeat interval a group may set.',
    RESTART,
  ),
  'group.consumer.max.heartbeat.interval.ms': setting(
    'integer',
    '15000',
    'Greatest heartbeat interval a group may set.',
    RESTART,
  ),
  'group.consumer.session.timeout.ms': setting(
    'integer',
    '45000',
    'A member of the newer protocol without heartbeat for this long is taken out.',
    RESTART,
  ),
  'group.consumer.min.session.timeout.ms': setting(
    'integer',
    '45000',
    'Least session timeout a group may set.',
    RESTART,
  ),
  'group.consumer.max.session.timeout.ms': setting(
    'integer',
    '60000',
    'Greatest session timeout a group may set.',
    RESTART,
  ),
  'group.consumer.max.size': setting(
    'integer',
    '2147483647',
    'Most members of a group of the newer protocol.',
    RESTART,
  ),
  'group.consumer.migration.policy': setting(
    'string',
    'bidirectional',
    'Whether a group with members may change between the two protocols, and in which direction.',
    { ...RESTART, values: ['disabled', 'downgrade', 'upgrade', 'bidirectional'], since: '4.0' },
  ),
  'group.share.assignors': setting('list', 'simple', 'How partitions are given to the members of a share group.', {
    ...RESTART,
    since: '4.1',
  }),
  'group.share.assignment.interval.ms': setting(
    'integer',
    '1000',
    'Least time between two assignments of a share group.',
    { ...CLUSTER, since: '4.3' },
  ),
  'group.share.delivery.count.limit': setting(
    'integer',
    '5',
    'How often a record is delivered before it is given up.',
    RESTART,
  ),
  'group.share.min.delivery.count.limit': setting('integer', '2', 'Least number of deliveries a share group may set.', {
    ...RESTART,
    since: '4.3',
  }),
  'group.share.max.delivery.count.limit': setting(
    'integer',
    '10',
    'Greatest number of deliveries a share group may set.',
    { ...RESTART, since: '4.3' },
  ),
  'group.share.heartbeat.interval.ms': setting(
    'integer',
    '5000',
    'Heartbeat interval that members of share groups are told.',
    RESTART,
  ),
  'group.share.min.heartbeat.interval.ms': setting(
    'integer',
    '5000',
    'Least heartbeat interval a share group may set.',
    RESTART,
  ),
  'group.share.max.heartbeat.interval.ms': setting(
    'integer',
    '15000',
    'Greatest heartbeat interval a share group may set.',
    RESTART,
  ),
  'group.share.session.timeout.ms': setting(
    'integer',
    '45000',
    'A member of a share group without heartbeat for this long is taken out.',
    RESTART,
  ),
  'group.share.min.session.timeout.ms': setting(
    'integer',
    '45000',
    'Least session timeout a share group may set.',
    RESTART,
  ),
  'group.share.max.session.timeout.ms': setting(
    'integer',
    '60000',
    'Greatest session timeout a share group may set.',
    RESTART,
  ),
  'group.share.record.lock.duration.ms': setting(
    'integer',
    '30000',
    'How long a member may hold a record before others get it.',
    RESTART,
  ),
  'group.share.min.record.lock.duration.ms': setting(
    'integer',
    '15000',
    'Least time a share group may set for holding a record.',
    RESTART,
  ),
  'group.share.max.record.lock.duration.ms': setting(
    'integer',
    '60000',
    'Greatest time a share group may set for holding a record.',
    RESTART,
  ),
  'group.share.partition.max.record.locks': setting(
    'integer',
    '2000',
    'Most records of a partition that are held at the same time.',
    RESTART,
  ),
  'group.share.max.share.sessions': setting('integer', '2000', 'Most sessions of share groups per broker.', {
    ...RESTART,
    since: '4.1',
  }),
  'group.share.max.size': setting('integer', '200', 'Most members of a share group.', RESTART),
  'group.streams.assignment.interval.ms': setting(
    'integer',
    '1000',
    'Least time between two assignments of a streams group.',
    { ...CLUSTER, since: '4.3' },
  ),
  'group.streams.initial.rebalance.delay.ms': setting(
    'integer',
    '3000',
    'Pause before the first assignment of a new streams group, so that members can join.',
    { ...RESTART, since: '4.2' },
  ),
  'group.streams.heartbeat.interval.ms': setting(
    'integer',
    '5000',
    'Heartbeat interval that members of streams groups are told.',
    { ...RESTART, since: '4.1' },
  ),
  'group.streams.min.heartbeat.interval.ms': setting(
    'integer',
    '5000',
    'Least heartbeat interval a streams group may set.',
    { ...RESTART, since: '4.1' },
  ),
  'group.streams.max.heartbeat.interval.ms': setting(
    'integer',
    '15000',
    'Greatest heartbeat interval a streams group may set.',
    { ...RESTART, since: '4.1' },
  ),
  'group.streams.session.timeout.ms': setting(
    'integer',
    '45000',
    'A member of a streams group without heartbeat for this long is taken out.',
    { ...RESTART, since: '4.1' },
  ),
  'group.streams.min.session.timeout.ms': setting(
    'integer',
    '45000',
    'Least session timeout a streams group may set.',
    { ...RESTART, since: '4.1' },
  ),
  'group.streams.max.session.timeout.ms': setting(
    'integer',
    '60000',
    'Greatest session timeout a streams group may set.',
    { ...RESTART, since: '4.1' },
  ),
  'group.streams.max.size': setting('integer', '2147483647', 'Most members of a streams group.', {
    ...RESTART,
    since: '4.1',
  }),
  'group.streams.num.standby.replicas': setting('integer', '0', "Standby copies of each task's state.", {
    ...RESTART,
    since: '4.1',
  }),
  'group.streams.max.standby.replicas': setting('integer', '2', 'Most standby copies a streams group may set.', {
    ...RESTART,
    since: '4.1',
  }),
};
