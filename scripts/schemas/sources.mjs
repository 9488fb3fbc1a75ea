// The releases whose CRDs the store holds: one row a folder. Newer releases come first and win for a version both serve.
export const CRD_SOURCES = [
  { id: 'strimzi-1.2.0', name: 'Strimzi 1.2.0', documentation: 'https://strimzi.io/docs/operators/latest/configuring' },
  {
    id: 'strimzi-0.51.0',
    name: 'Strimzi 0.51.0',
    documentation: 'https://strimzi.io/docs/operators/0.51.0/configuring',
  },
  { id: 'koperator-0.29.0', name: 'Koperator 0.29.0', documentation: 'https://github.com/adobe/koperator' },
  {
    id: 'cass-operator-v1.32.0',
    name: 'cass-operator 1.32.0',
    documentation: 'https://docs.k8ssandra.io/reference/crd/',
  },
  {
    id: 'k8ssandra-operator-v1.32.5',
    name: 'k8ssandra-operator 1.32.5',
    documentation: 'https://docs.k8ssandra.io/reference/crd/',
  },
  { id: 'casskop-2.3.4', name: 'CassKop 2.3.4', documentation: 'https://cscetbon.github.io/casskop/' },
  {
    id: 'instaclustr-cassandra-operator-b8906d8',
    name: 'instaclustr cassandra-operator (ended)',
    documentation: 'https://github.com/instaclustr/cassandra-operator',
    deprecation: 'the operator is no longer maintained and its CRDs do not install on Kubernetes 1.22 and later',
  },
  {
    id: 'kubeflow-spark-operator-v2.5.2',
    name: 'Kubeflow Spark Operator 2.5.2',
    documentation: 'https://www.kubeflow.org/docs/components/spark-operator/',
  },
  {
    id: 'apache-spark-kubernetes-operator-1.0.0',
    name: 'Apache Spark K8s Operator 1.0.0',
    documentation: 'https://apache.github.io/spark-kubernetes-operator/',
  },
  {
    id: 'training-operator-v1.9.4',
    name: 'Kubeflow Training Operator 1.9.4',
    documentation: 'https://www.kubeflow.org/docs/components/trainer/legacy-v1/user-guides/tensorflow/',
  },
  {
    id: 'kubeflow-trainer-v2.3.0',
    name: 'Kubeflow Trainer 2.3.0',
    documentation: 'https://www.kubeflow.org/docs/components/trainer/',
  },
  {
    id: 'legacy-tf-operator',
    name: 'tf-operator (ended)',
    documentation: 'https://www.kubeflow.org/docs/components/trainer/legacy-v1/',
    deprecation: 'this version is no longer served by any maintained operator; use kubeflow.org/v1',
  },
  // Projects without a published definition: schemas/ended, one file each.
  {
    id: 'krallistic',
    name: 'krallistic/kafka-operator (ended)',
    documentation: 'https://github.com/krallistic/kafka-operator',
    deprecation: 'the operator is inactive since 2018 and cannot run on Kubernetes 1.16 and later; use Strimzi',
    isOurs: true,
  },
  {
    id: 'aslanbakirov',
    name: 'aslanbekirov/cassandra-operator (ended)',
    documentation: 'https://github.com/aslanbekirov/cassandra-operator',
    deprecation: 'the operator is inactive since 2018 and cannot run on Kubernetes 1.22 and later; use cass-operator',
    isOurs: true,
  },
  {
    id: 'vgkowski',
    name: 'vgkowski/cassandra-operator (ended)',
    documentation: 'https://github.com/vgkowski/cassandra-operator',
    deprecation: 'no server can serve a group without a dot; use cass-operator',
    isOurs: true,
  },
];

/**
 * Corrections to published files, each as the project's own release makes them.
 * cass-operator: its kustomization removes spec.config (typed as bytes in the base file) and the list-map keys of container ports and spread constraints.
 */
export function patchCrd(source, kind, schema) {
  if (source === 'cass-operator-v1.32.0' && kind === 'CassandraDatacenter') {
    delete schema.properties.spec.properties.config;
    schema.properties.spec['x-kubernetes-preserve-unknown-fields'] = true;
    removeListKeys(schema);
  }
}

function removeListKeys(schema, name = '') {
  if (name === 'ports' || name === 'topologySpreadConstraints') {
    delete schema['x-kubernetes-list-type'];
    delete schema['x-kubernetes-list-map-keys'];
  }
  for (const [key, child] of Object.entries(schema.properties ?? {})) removeListKeys(child, key);
  if (schema.items) removeListKeys(schema.items);
  if (typeof schema.additionalProperties === 'object') removeListKeys(schema.additionalProperties);
}
