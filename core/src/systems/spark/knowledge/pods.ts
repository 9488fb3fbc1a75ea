import { setting, type SettingTable } from '#core/systems/tables.ts';

/** How driver and executors run as pods: less common settings. Apache Spark 4.0. */
export const podSettings: SettingTable = {
  'spark.kubernetes.allocation.driver.readinessTimeout': setting(
    'duration',
    '1s',
    'Longest wait for the driver to be ready before executors are asked for.',
    { since: '3.1' },
  ),
  'spark.kubernetes.allocation.executor.timeout': setting(
    'duration',
    '600s',
    'An executor that is not seen within this time is asked for anew.',
    { since: '3.1' },
  ),
  'spark.kubernetes.allocation.pods.allocator': setting(
    'string',
    'direct',
    'How executors are made: one by one, by a StatefulSet, or by a class of somebody else.',
    { since: '3.3' },
  ),
  'spark.kubernetes.dynamicAllocation.deleteGracePeriod': setting(
    'duration',
    '5s',
    'Time for an executor to end by itself before its pod is deleted.',
  ),
  'spark.kubernetes.context': setting('string', '', 'Context of the configuration file for Kubernetes.'),
  'spark.kubernetes.driver.master': setting(
    'string',
    'https://kubernetes.default.svc',
    'Address of the API server inside the cluster.',
  ),
  'spark.kubernetes.decommission.script': setting(
    'string',
    '/opt/decom.sh',
    'Program that an executor runs before it must go.',
    { since: '3.2' },
  ),
  'spark.kubernetes.configMap.maxSize': setting(
    'integer',
    '1048576',
    'Largest ConfigMap with the configuration in bytes.',
    { since: '3.1' },
  ),
  'spark.kubernetes.driver.podTemplateContainerName': setting(
    'string',
    '',
    'Container of the template that becomes the driver; the first when left out.',
  ),
  'spark.kubernetes.executor.podTemplateContainerName': setting(
    'string',
    '',
    'Container of the template that becomes the executor; the first when left out.',
  ),
  'spark.kubernetes.driver.pod.featureSteps': setting('list', '', "Classes that change the driver's pod.", {
    since: '3.2',
  }),
  'spark.kubernetes.executor.pod.featureSteps': setting(
    'list',
    '',
    'Classes that change the pods of executors, such as those of a scheduler.',
    { since: '3.2' },
  ),
  'spark.kubernetes.driver.service.ipFamilies': setting('list', 'IPv4', 'IP families of the service of the driver.', {
    since: '3.4',
  }),
  'spark.kubernetes.driver.service.ipFamilyPolicy': setting(
    'string',
    'SingleStack',
    'Whether the service of the driver has one IP family or two.',
    { since: '3.4', values: ['SingleStack', 'PreferDualStack', 'RequireDualStack'] },
  ),
  'spark.kubernetes.driver.connectionTimeout': setting(
    'integer',
    '10000',
    'Milliseconds the driver waits for a connection to the API server.',
  ),
  'spark.kubernetes.driver.requestTimeout': setting(
    'integer',
    '10000',
    'Milliseconds the driver waits for an answer of the API server.',
  ),
  'spark.kubernetes.submission.connectionTimeout': setting(
    'integer',
    '10000',
    'Milliseconds to wait for a connection to the API server when submitting.',
  ),
  'spark.kubernetes.submission.requestTimeout': setting(
    'integer',
    '10000',
    'Milliseconds to wait for an answer of the API server when submitting.',
  ),
  'spark.kubernetes.trust.certificates': setting(
    'boolean',
    'false',
    'Takes any certificate of the API server; for trying things out.',
    { since: '3.2' },
  ),
  'spark.kubernetes.executor.apiPollingInterval': setting(
    'duration',
    '30s',
    'How often the state of executors is asked for besides being told.',
  ),
  'spark.kubernetes.executor.eventProcessingInterval': setting(
    'duration',
    '1s',
    'How often news about executors are worked on.',
  ),
  'spark.kubernetes.executor.checkAllContainers': setting(
    'boolean',
    'true',
    'Whether sidecars count when an executor is judged to have ended.',
    { since: '3.1' },
  ),
  'spark.kubernetes.executor.decommissionLabel': setting('string', '', 'Label put on an executor that must go.', {
    since: '3.3',
  }),
  'spark.kubernetes.executor.decommissionLabelValue': setting(
    'string',
    '',
    'Value of the label put on an executor that must go.',
    { since: '3.3' },
  ),
  'spark.kubernetes.executor.disableConfigMap': setting('boolean', 'false', 'Makes no ConfigMap for executors.', {
    since: '3.2',
  }),
  'spark.kubernetes.executor.minTasksPerExecutorBeforeRolling': setting(
    'integer',
    '0',
    'Tasks an executor must have done before it is replaced.',
    { since: '3.3' },
  ),
  'spark.kubernetes.executor.rollPolicy': setting('string', 'OUTLIER', 'Which executor is replaced first.', {
    since: '3.3',
    values: [
      'ID',
      'ADD_TIME',
      'TOTAL_GC_TIME',
      'TOTAL_DURATION',
      'FAILED_TASKS',
      'AVERAGE_DURATION',
      'OUTLIER',
      'OUTLIER_NO_FALLBACK',
      'PEAK_JVM_ONHEAP_MEMORY',
      'PEAK_JVM_OFFHEAP_MEMORY',
      'TOTAL_SHUFFLE_WRITE',
      'DISK_USED',
    ],
  }),
  'spark.kubernetes.hadoop.configMapName': setting('string', '', 'ConfigMap with the configuration of Hadoop.'),
  'spark.kubernetes.jars.avoidDownloadSchemes': setting(
    'list',
    '',
    'Schemes of jars that the driver does not fetch itself.',
    { since: '4.0' },
  ),
  'spark.kubernetes.kerberos.krb5.path': setting('string', '', 'File that describes Kerberos.'),
  'spark.kubernetes.kerberos.krb5.configMapName': setting(
    'string',
    '',
    'ConfigMap with the file that describes Kerberos.',
  ),
  'spark.kubernetes.kerberos.tokenSecret.name': setting('string', '', 'Secret with tokens for Hadoop.'),
  'spark.kubernetes.kerberos.tokenSecret.itemKey': setting('string', '', 'Key of the Secret with tokens for Hadoop.'),
};
