import { companionMigrations } from '#core/migrate/cassandra/companions.ts';
import { casskop } from '#core/migrate/cassandra/casskop.ts';
import { instaclustr } from '#core/migrate/cassandra/instaclustr.ts';
import { aslanbakirov, vgkowski } from '#core/migrate/cassandra/small.ts';
import { migrationsOf } from '#core/migrate/cassandra/source.ts';
import { sparkMigration } from '#core/migrate/jobs/spark.ts';
import { tfjobMigration } from '#core/migrate/jobs/tfjob.ts';
import { trainJobMigration } from '#core/migrate/jobs/trainJob.ts';
import { krallistic } from '#core/migrate/kafka/krallistic.ts';
import { strimziMigrations } from '#core/migrate/kafka/strimzi.ts';
import { topicConfigMap } from '#core/migrate/kafka/topicConfigMap.ts';
import { definitionMigration } from '#core/migrate/kubernetes/definition.ts';
import type { Migration } from '#core/migrate/migration.ts';

/** Every migration there is; the first that matches is taken. */
export const migrations: readonly Migration[] = [
  krallistic,
  topicConfigMap,
  ...strimziMigrations,
  ...[instaclustr, casskop, aslanbakirov, vgkowski].flatMap(migrationsOf),
  ...companionMigrations,
  sparkMigration,
  tfjobMigration,
  trainJobMigration,
  definitionMigration,
];
