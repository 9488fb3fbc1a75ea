import type { SystemId } from '#core/systems/contract.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** As the systems call themselves; the table of systems itself is too large to be loaded for their names. */
export const systemTitles: Readonly<Record<SystemId, string>> = {
  cassandra: 'Cassandra',
  kafka: 'Kafka',
  spark: 'Spark',
  tfjob: 'TFJob',
};

/** What one data cluster of a system is called. */
export const unitTitles: Readonly<Record<SystemId, string>> = {
  cassandra: 'Cassandra cluster',
  kafka: 'Kafka cluster',
  spark: 'Spark application',
  tfjob: 'TFJob',
};

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
