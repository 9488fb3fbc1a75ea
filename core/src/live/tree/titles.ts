import type { DataCluster } from '#core/live/model.ts';
import type { SystemId } from '#core/systems/contract.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** As the systems call themselves; the table of systems itself is too large to be loaded for their names. */
export const systemTitles: Readonly<Record<SystemId, string>> = {
  cassandra: 'Cassandra',
  kafka: 'Kafka',
  spark: 'Spark',
  tfjob: 'TFJob',
};

/** What one data cluster of a system is called, unless it is of a kind below. */
const unitTitles: Readonly<Record<SystemId, string>> = {
  cassandra: 'Cassandra cluster',
  kafka: 'Kafka cluster',
  spark: 'Spark application',
  tfjob: 'TFJob',
};

type KindTitles = Readonly<Partial<Record<SystemId, Readonly<Record<string, string>>>>>;

/** Kinds that share nothing but its key with the system they belong to, and are known by their own name. */
const kindTitles: KindTitles = {
  tfjob: { TrainJob: 'TrainJob' },
};

/** Kinds of a system of which one is called otherwise. */
const kindUnits: KindTitles = {
  ...kindTitles,
  spark: {
    ScheduledSparkApplication: 'Spark schedule',
    SparkCluster: 'Spark cluster',
    SparkConnect: 'Spark Connect server',
  },
};

type Titled = Pick<DataCluster, 'system' | 'resource'>;

/** What people read instead of the key of a system: `Kafka`, `TFJob`, `TrainJob`. The kind is that of the custom resource, if there is one. */
export function systemTitle(system: SystemId, kind = ''): string {
  return titleIn(kindTitles, system, kind) ?? systemTitles[system];
}

export const clusterTitle = ({ system, resource }: Titled): string => systemTitle(system, resource?.customKind);

/** What the data cluster is one of: `Kafka cluster`, `TrainJob`, `Spark schedule`. */
export const unitTitle = ({ system, resource }: Titled): string =>
  titleIn(kindUnits, system, resource?.customKind ?? '') ?? unitTitles[system];

function titleIn(table: KindTitles, system: SystemId, kind: string): string | undefined {
  const titles = table[system] ?? {};
  return Object.hasOwn(titles, kind) ? titles[kind] : undefined;
}

/** Who runs a data cluster, by the flavours of the recognition tables. Empty: nobody but Kubernetes, which goes without saying. */
const flavourTitles: Readonly<Record<string, string>> = {
  ...operatorNames,
  kubernetes: '',
  'spark-connect': 'Spark Connect',
  'spark-submit': 'spark-submit',
  standalone: 'standalone',
};

/** A flavour that has no title is called as it is. */
export function flavourTitle(flavour: string): string {
  return Object.hasOwn(flavourTitles, flavour) ? (flavourTitles[flavour] ?? '') : flavour;
}
