import type { Migration } from '#core/migrate/migration.ts';

/** Kinds beside a cluster that have no manifest to become; what takes their place is said. */
const COMPANIONS = [
  {
    from: 'instaclustr/cassandra-operator',
    group: 'cassandraoperator.instaclustr.com',
    kinds: ['CassandraCluster'],
    reason: 'its datacenters say what cluster they belong to (spec.clusterName), so it can be deleted',
  },
  {
    from: 'instaclustr/cassandra-operator',
    group: 'cassandraoperator.instaclustr.com',
    kinds: ['CassandraBackup'],
    reason:
      'backups are made by Medusa of k8ssandra-operator (MedusaBackupJob, MedusaBackupSchedule), which cannot read the old ones',
  },
  {
    from: 'CassKop',
    group: 'db.orange.com',
    kinds: ['CassandraBackup', 'CassandraRestore'],
    reason:
      'backups are made by Medusa of k8ssandra-operator (MedusaBackupJob, MedusaBackupSchedule, MedusaRestoreJob), which cannot read the old ones',
  },
] as const;

export const companionMigrations: readonly Migration[] = COMPANIONS.flatMap(({ from, group, kinds, reason }) =>
  (['cass-operator', 'k8ssandra'] as const).map((to): Migration => ({
    from,
    kinds: `${kinds.join(', ')} (${group})`,
    to,
    isUsual: to === 'cass-operator',
    makes: 'nothing',
    matches: (resource) => resource.group === group && kinds.some((kind) => kind === resource.kind),
    rows: [],
    run: (job) => job.refuse(reason),
  })),
);
