import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Spark on Kubernetes. Apache Spark 4.0, "Running Spark on Kubernetes". Names that go on with a name of the user's end in a dot. */
export const kubernetesSettings: SettingTable = {
  'spark.kubernetes.namespace': setting(
    'string',
    'default',
    'Namespace of driver and executors; under the Kubeflow Spark Operator that of the resource.',
  ),
  'spark.kubernetes.container.image': setting('string', '', 'Image of driver and executors.'),
  'spark.kubernetes.driver.container.image': setting('string', '', 'Image of the driver.'),
  'spark.kubernetes.executor.container.image': setting('string', '', 'Image of the executors.'),
  'spark.kubernetes.container.image.pullPolicy': setting('string', 'IfNotPresent', 'When images are pulled.', {
    values: ['Always', 'Never', 'IfNotPresent'],
  }),
  'spark.kubernetes.container.image.pullSecrets': setting('list', '', 'Secrets for the registry.'),
  'spark.kubernetes.authenticate.driver.serviceAccountName': setting(
    'string',
    '',
    'Account of the driver. It must be allowed to make pods, services and configuration maps.',
  ),
  'spark.kubernetes.authenticate.executor.serviceAccountName': setting('string', '', 'Account of the executors.', {
    since: '3.1',
  }),
  'spark.kubernetes.driver.pod.name': setting(
    'string',
    '',
    "Name of the driver's pod. A fixed one keeps a second run from starting.",
  ),
  'spark.kubernetes.executor.podNamePrefix': setting(
    'string',
    '',
    'Beginning of the names of executors; at most 47 characters.',
  ),
  'spark.kubernetes.driver.podTemplateFile': setting('string', '', 'Pod template of the driver.'),
  'spark.kubernetes.executor.podTemplateFile': setting('string', '', 'Pod template of the executors.'),
  'spark.kubernetes.driver.request.cores': setting('string', '', 'CPU request of the driver, as a quantity.'),
  'spark.kubernetes.driver.limit.cores': setting('string', '', 'CPU limit of the driver.'),
  'spark.kubernetes.executor.request.cores': setting(
    'string',
    '',
    'CPU request of an executor; `spark.executor.cores` still decides about tasks.',
  ),
  'spark.kubernetes.executor.limit.cores': setting('string', '', 'CPU limit of an executor.'),
  'spark.kubernetes.memoryOverheadFactor': setting('number', '0.1', 'Older name of the overhead factors.', {
    replacedBy: 'spark.executor.memoryOverheadFactor',
  }),
  'spark.kubernetes.allocation.batch.size': setting('integer', '20', 'Executors asked for at once.'),
  'spark.kubernetes.allocation.batch.delay': setting(
    'duration',
    '1s',
    'Pause between two rounds of asking for executors.',
  ),
  'spark.kubernetes.allocation.maxPendingPods': setting('integer', '2147483647', 'Most pods that may be pending.', {
    since: '3.2',
  }),
  'spark.kubernetes.executor.deleteOnTermination': setting(
    'boolean',
    'true',
    'Removes pods of executors that have ended; off keeps them for their logs.',
  ),
  'spark.kubernetes.submission.waitAppCompletion': setting('boolean', 'true', 'Whether submitting waits for the end.'),
  'spark.kubernetes.report.interval': setting('duration', '1s', 'Interval of the reports about the state.'),
  'spark.kubernetes.scheduler.name': setting('string', '', 'Scheduler of the pods.', { since: '3.3' }),
  'spark.kubernetes.driver.scheduler.name': setting('string', '', 'Scheduler of the driver.', { since: '3.3' }),
  'spark.kubernetes.executor.scheduler.name': setting('string', '', 'Scheduler of the executors.'),
  'spark.kubernetes.driver.service.deleteOnTermination': setting(
    'boolean',
    'true',
    'Removes the service of the driver at its end.',
    { since: '3.2' },
  ),
  'spark.kubernetes.file.upload.path': setting(
    'string',
    '',
    'Storage that local files are put to when submitting in cluster mode.',
  ),
  'spark.kubernetes.local.dirs.tmpfs': setting(
    'boolean',
    'false',
    'Keeps shuffle data in memory; it counts against the memory limit.',
  ),
  'spark.kubernetes.driver.ownPersistentVolumeClaim': setting(
    'boolean',
    'true',
    'Lets the driver own the claims of executors, so that they can be used again.',
    { since: '3.2' },
  ),
  'spark.kubernetes.driver.reusePersistentVolumeClaim': setting(
    'boolean',
    'true',
    'Gives the claim of a lost executor to a new one.',
    { since: '3.2' },
  ),
  'spark.kubernetes.driver.waitToReusePersistentVolumeClaim': setting(
    'boolean',
    'false',
    'Waits for a claim instead of making one.',
    { since: '3.4' },
  ),
  'spark.kubernetes.executor.rollInterval': setting(
    'duration',
    '0s',
    'Replaces executors one by one in this interval; 0 never.',
    { since: '3.3' },
  ),
  'spark.kubernetes.executor.enablePollingWithResourceVersion': setting(
    'boolean',
    'false',
    'Lets the API server answer from its cache.',
    { since: '3.3' },
  ),
  'spark.kubernetes.executor.missingPodDetectDelta': setting(
    'duration',
    '30s',
    'How long an executor may be unknown to the API server.',
    { since: '3.1' },
  ),
  'spark.kubernetes.appKillPodDeletionGracePeriod': setting(
    'duration',
    '',
    'Time for pods to end when the application is killed.',
  ),
  'spark.kubernetes.driver.label.': setting('string', '', 'A label of the driver, by its name.'),
  'spark.kubernetes.driver.annotation.': setting('string', '', 'An annotation of the driver, by its name.'),
  'spark.kubernetes.executor.label.': setting('string', '', 'A label of the executors, by its name.'),
  'spark.kubernetes.executor.annotation.': setting('string', '', 'An annotation of the executors, by its name.'),
  'spark.kubernetes.node.selector.': setting('string', '', 'A label that the nodes of all pods must have.'),
  'spark.kubernetes.driverEnv.': setting('string', '', 'A variable of the driver, by its name.'),
  'spark.executorEnv.': setting('string', '', 'A variable of the executors, by its name.'),
  'spark.kubernetes.driver.secrets.': setting(
    'string',
    '',
    'A Secret mounted into the driver: name in the key, path in the value.',
  ),
  'spark.kubernetes.executor.secrets.': setting('string', '', 'A Secret mounted into the executors.'),
};
