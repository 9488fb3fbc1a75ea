/**
 * What it means for the data clusters of an operator that it, or a webhook of it, does not work. By flavour; what a row does not say is
 * not known. Sources stand in the rows.
 */
export interface Consequences {
  /** What stops while nobody reconciles, as a sentence. */
  readonly withoutOperator: string;
  /** What does not happen while a webhook that changes pods is not asked. */
  readonly withoutPodWebhook?: string;
  /** It does not do its work without a webhook that changes pods, so the absence of one is a trouble. */
  readonly needsPodWebhook?: boolean;
}

const rest = 'Nothing that is changed in their resources takes effect, and nobody keeps their status up to date.';

const table: Readonly<Record<string, Consequences>> = {
  // Pods of a StrimziPodSet have no controller of Kubernetes: source StrimziPodSetController.
  strimzi: {
    withoutOperator: `Brokers go on, but a pod that is deleted does not come back, certificates are not renewed, and rolling updates stop. ${rest}`,
  },
  // Containers start the management API only; Cassandra itself is started by the operator, in the order of seeds.
  'cass-operator': {
    withoutOperator: `Nodes that run go on, but a pod that starts anew waits without Cassandra until the operator starts it. ${rest}`,
  },
  'k8ssandra-operator': {
    withoutOperator: `The data centers it has made go on under cass-operator; changes of a K8ssandraCluster and its tasks are not handed down. ${rest}`,
  },
  // Executors are made by the driver, everything else by the operator.
  'kubeflow-spark-operator': {
    withoutOperator:
      'Drivers that run go on and get their executors; nothing is submitted, tried again, suspended or scheduled, and statuses stay as they are.',
    withoutPodWebhook:
      'drivers and executors are made without their volumes, ConfigMaps, environment, affinity, tolerations and sidecars',
    needsPodWebhook: true,
  },
  'apache-spark-operator': {
    withoutOperator:
      'Drivers that run go on and get their executors; nothing is submitted, restarted or released, and statuses stay as they are.',
  },
  'kubeflow-training-operator': {
    withoutOperator:
      'Replicas that run go on; a replica that has failed is not made anew, jobs are neither finished nor cleaned up, and new ones do not start.',
  },
  'kubeflow-trainer': {
    withoutOperator: 'Jobs that run go on under JobSet; new ones do not start, and nothing of a TrainJob changes.',
  },
};

export function consequencesOf(flavour: string): Consequences {
  return (
    (Object.hasOwn(table, flavour) ? table[flavour] : undefined) ?? { withoutOperator: `What runs goes on. ${rest}` }
  );
}
