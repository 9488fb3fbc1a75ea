import type { SystemKind } from '#core/systems/contract.ts';

const cassOperator = { group: 'cassandra.datastax.com', flavour: 'cass-operator' } as const;
const control = { group: 'control.k8ssandra.io', flavour: 'cass-operator' } as const;
const k8ssandra = { flavour: 'k8ssandra-operator' } as const;
const medusa = { ...k8ssandra, group: 'medusa.k8ssandra.io' } as const;
const casskop = { group: 'db.orange.com', flavour: 'casskop' } as const;
const ended = 'The operator is no longer maintained; cass-operator (CassandraDatacenter) is the one in use.';
const instaclustr = {
  group: 'cassandraoperator.instaclustr.com',
  flavour: 'instaclustr',
  successor: ended,
} as const;

export const cassandraKinds: readonly SystemKind[] = [
  { ...cassOperator, kind: 'CassandraDatacenter', role: 'cluster' },
  { ...control, kind: 'CassandraTask', role: 'task' },
  { ...control, kind: 'ScheduledTask', role: 'schedule' },
  { ...k8ssandra, group: 'control.k8ssandra.io', kind: 'K8ssandraTask', role: 'task' },
  { ...k8ssandra, group: 'k8ssandra.io', kind: 'K8ssandraCluster', role: 'cluster' },
  { ...k8ssandra, group: 'reaper.k8ssandra.io', kind: 'Reaper', role: 'companion' },
  { ...medusa, kind: 'MedusaBackup', role: 'backup' },
  { ...medusa, kind: 'MedusaBackupJob', role: 'backup' },
  { ...medusa, kind: 'MedusaBackupSchedule', role: 'schedule' },
  { ...medusa, kind: 'MedusaRestoreJob', role: 'backup' },
  { ...medusa, kind: 'MedusaTask', role: 'task' },
  { ...medusa, kind: 'MedusaConfiguration', role: 'configuration' },
  { ...casskop, kind: 'CassandraCluster', role: 'cluster' },
  { ...casskop, kind: 'CassandraBackup', role: 'backup' },
  { ...casskop, kind: 'CassandraRestore', role: 'backup' },
  { ...casskop, kind: 'MultiCasskop', role: 'cluster' },
  { ...instaclustr, kind: 'CassandraDataCenter', role: 'cluster' },
  { ...instaclustr, kind: 'CassandraCluster', role: 'cluster' },
  { ...instaclustr, kind: 'CassandraBackup', role: 'backup' },
  { group: 'core.sky.uk', kind: 'Cassandra', flavour: 'sky', role: 'cluster', successor: ended },
  {
    group: 'cassandra.database.com',
    kind: 'CassandraCluster',
    flavour: 'aslanbakirov',
    role: 'cluster',
    successor: ended,
  },
  { group: 'cassandra', kind: 'CassandraCluster', flavour: 'vgkowski', role: 'cluster', successor: ended },
];
