import type { SystemKind } from '#core/systems/contract.ts';

const kubeflow = { group: 'sparkoperator.k8s.io', flavour: 'kubeflow-spark-operator' } as const;
const apache = { group: 'spark.apache.org', flavour: 'apache-spark-operator' } as const;

export const sparkKinds: readonly SystemKind[] = [
  { ...kubeflow, kind: 'SparkApplication', role: 'job' },
  { ...kubeflow, kind: 'ScheduledSparkApplication', role: 'schedule' },
  { ...kubeflow, kind: 'SparkConnect', role: 'cluster' },
  { ...apache, kind: 'SparkApplication', role: 'job' },
  { ...apache, kind: 'SparkCluster', role: 'cluster' },
];
