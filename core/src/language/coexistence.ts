import type { AnalyzedSlice } from '#core/lint/engine.ts';

/** API groups of the operators of the four systems; a subdomain of one counts too. */
const DATA_CLUSTER_GROUPS: readonly string[] = [
  'strimzi.io',
  'kafka.banzaicloud.io',
  'cassandra.datastax.com',
  'k8ssandra.io',
  'cassandraoperator.instaclustr.com',
  'db.orange.com',
  'sparkoperator.k8s.io',
  'spark.apache.org',
  'kubeflow.org',
];

/** Words that only stand in manifests of the four systems, mostly in images, labels and environment variables. */
const DATA_CLUSTER_WORDS =
  /cassandra|k8ssandra|kafka|zookeeper|strimzi|spark|tfjob|tf-job|TF_CONFIG|tensorflow|kubeflow/i;

/**
 * Whether an object belongs to a data cluster, so that it is checked even where another extension checks Kubernetes.
 * Built-in kinds (a StatefulSet, its Service) belong to one when they speak of one of the systems.
 */
export function belongsToDataCluster(slice: AnalyzedSlice): boolean {
  const { resource, document } = slice.analysis;
  const group = resource?.group ?? '';
  const isOwnGroup = DATA_CLUSTER_GROUPS.some((known) => group === known || group.endsWith(`.${known}`));
  return isOwnGroup || DATA_CLUSTER_WORDS.test(document.text);
}
