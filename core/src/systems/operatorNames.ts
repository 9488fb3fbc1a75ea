/**
 * What each operator is called, by the flavours of the recognition tables: in the tree, on pages, in sentences and plans alike. Spelt as its
 * project spells it at the head of its own documentation; an operator without a name of its own is called by its owner and what it runs.
 */
export const operatorNames = {
  'apache-spark-operator': 'Apache Spark K8s Operator',
  aslanbakirov: 'aslanbekirov Cassandra operator',
  'cass-operator': 'cass-operator',
  casskop: 'CassKop',
  'confluent-for-kubernetes': 'Confluent for Kubernetes',
  'confluent-operator': 'Confluent Operator',
  instaclustr: 'Instaclustr Cassandra operator',
  'k8ssandra-operator': 'k8ssandra-operator',
  koperator: 'Koperator',
  krallistic: 'krallistic Kafka operator',
  'kubeflow-spark-operator': 'Kubeflow Spark Operator',
  'kubeflow-trainer': 'Kubeflow Trainer',
  'kubeflow-training-operator': 'Kubeflow Training Operator',
  nbogojevic: 'nbogojevic Kafka topic operator',
  sky: 'Sky Cassandra operator',
  strimzi: 'Strimzi',
  vgkowski: 'vgkowski Cassandra operator',
} as const;
