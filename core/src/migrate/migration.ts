import type { ResourceIdentity } from '#core/lint/finding.ts';
import type { MigrationJob, MigrationTarget } from '#core/migrate/job.ts';
import type { FieldRow } from '#core/migrate/rows.ts';
import type { MapTree } from '#core/migrate/tree.ts';

/** How the manifests of one project become those of another. */
export interface Migration {
  /** For people: `krallistic/kafka-operator`. */
  readonly from: string;
  /** Kinds for people: `Kafkacluster (krallistic.github.com/v1)`. */
  readonly kinds: string;
  readonly to: MigrationTarget;
  /** Whether it is the one meant when no target is named. */
  readonly isUsual: boolean;
  /** What is written, for people. */
  readonly makes: string;
  readonly matches: (resource: ResourceIdentity, source: MapTree) => boolean;
  /** What becomes of the fields; the page of migrations is made from them. */
  readonly rows: readonly FieldRow[];
  readonly run: (job: MigrationJob) => void;
}
