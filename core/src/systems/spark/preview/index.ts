import type { ObjectView } from '#core/lint/rules/object.ts';
import type { Preview, SystemPreview } from '#core/preview/model.ts';
import { foretellApache } from '#core/systems/spark/preview/apache.ts';
import { foretellCluster } from '#core/systems/spark/preview/cluster.ts';
import { foretellConnect } from '#core/systems/spark/preview/connect.ts';
import { foretellKubeflow } from '#core/systems/spark/preview/kubeflow.ts';
import { APACHE_APPLICATION, CONNECT, JOBS } from '#core/systems/spark/rules/job.ts';

const byKind: ReadonlyMap<string, (object: ObjectView) => Preview> = new Map([
  ...JOBS.map((kind) => [kind, foretellKubeflow] as const),
  [CONNECT, foretellConnect],
  [APACHE_APPLICATION, foretellApache],
  ['spark.apache.org/SparkCluster', foretellCluster],
]);

/** What the two operators of Spark and Spark itself make of a manifest. */
export const sparkPreview: SystemPreview = {
  kinds: [...byKind.keys()],
  foretell: (object) => byKind.get(object.groupKind)?.(object),
};
