import { wrapForK8ssandra } from '#core/migrate/cassandra/k8ssandra.ts';
import type { MigrationJob } from '#core/migrate/job.ts';
import type { Migration } from '#core/migrate/migration.ts';

/** An operator of Cassandra that came before; it is told as what it is under cass-operator. */
export interface CassandraSource extends Pick<Migration, 'from' | 'kinds' | 'matches' | 'rows'> {
  /** Writes one CassandraDatacenter for each datacenter. */
  readonly build: (job: MigrationJob) => void;
}

/** To cass-operator as it is, and to k8ssandra-operator with one K8ssandraCluster around the datacenters. */
export function migrationsOf({ build, ...source }: CassandraSource): readonly Migration[] {
  return [
    { ...source, to: 'cass-operator', isUsual: true, makes: 'CassandraDatacenter', run: build },
    {
      ...source,
      to: 'k8ssandra',
      isUsual: false,
      makes: 'K8ssandraCluster',
      run: (job) => {
        build(job);
        wrapForK8ssandra(job);
      },
    },
  ];
}
