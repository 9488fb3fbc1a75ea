import { describe, expect, test } from 'vitest';
import { application, linesOf } from '#test/core/preview/told.ts';

const BARE = '  driver: {}\n  executor: {}';

interface Row {
  readonly says: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly not?: RegExp;
}

const memory: readonly Row[] = [
  {
    says: 'nothing but defaults',
    text: application(BARE),
    lines: [
      'container spark-kubernetes-driver: processors 1, limit none, memory 1408 MiB',
      'heap of the JVM: 1024 MiB (default of Spark)',
      'overhead: 384 MiB (the minimum of 384 MiB)',
      'Asked of the cluster: 2 pods, processors 2, memory 2.8 GiB',
    ],
  },
  {
    says: 'a tenth of a large heap',
    text: application('  driver: {}\n  executor: { memory: 8g, cores: 4, coreRequest: 500m, coreLimit: "2" }'),
    lines: [
      'container spark-kubernetes-executor: processors 500m, limit 2, memory 9011 MiB',
      'overhead: 819 MiB (0.1 of the heap, what Spark takes for Java and Scala)',
    ],
  },
  {
    says: 'four tenths for Python, in both pods',
    text: application('  driver: { memory: 2g }\n  executor: { memory: 4g }', 'Python'),
    lines: [
      'container spark-kubernetes-driver: processors 1, limit none, memory 2867 MiB',
      'container spark-kubernetes-executor: processors 1, limit none, memory 5734 MiB',
    ],
  },
  {
    says: 'four tenths for R',
    text: application('  driver: { memory: 2g }\n  executor: {}', 'R'),
    lines: ['overhead: 819 MiB (0.4 of the heap, what Spark takes for R)'],
  },
  {
    says: 'memory of Python and memory outside the heap, in executors only',
    text: application(
      `${BARE}\n  sparkConf: { spark.executor.pyspark.memory: 2g, spark.memory.offHeap.enabled: "true", spark.memory.offHeap.size: "1073741824" }`,
      'Python',
    ),
    lines: [
      'container spark-kubernetes-driver: processors 1, limit none, memory 1433 MiB',
      'container spark-kubernetes-executor: processors 1, limit none, memory 4505 MiB',
      'memory of Python: 2048 MiB (spec.sparkConf[spark.executor.pyspark.memory])',
      'memory outside the heap: 1024 MiB (spec.sparkConf[spark.memory.offHeap.size])',
    ],
  },
  {
    says: 'no memory of Python in a program of Scala',
    text: application(`${BARE}\n  sparkConf: { spark.executor.pyspark.memory: 2g }`),
    lines: ['container spark-kubernetes-executor: processors 1, limit none, memory 1408 MiB'],
    not: /memory of Python/,
  },
  {
    says: 'an overhead that is written, however small',
    text: application('  driver: { memoryOverhead: 100m }\n  executor: {}'),
    lines: [
      'overhead: 100 MiB (spec.driver.memoryOverhead)',
      'container spark-kubernetes-driver: processors 1, limit none, memory 1124 MiB',
    ],
  },
  {
    says: 'a field before its setting',
    text: application('  driver: { memory: 2g }\n  executor: {}\n  sparkConf: { spark.driver.memory: 8g }'),
    lines: ['heap of the JVM: 2048 MiB (spec.driver.memory)'],
  },
  {
    says: 'a factor among the settings before the field, which spark-submit gets first',
    text: application(
      '  driver: { memory: 10g }\n  executor: {}\n  memoryOverheadFactor: "0.3"\n  sparkConf: { spark.kubernetes.memoryOverheadFactor: "0.2" }',
    ),
    lines: ['overhead: 2048 MiB (0.2 of the heap, spec.sparkConf[spark.kubernetes.memoryOverheadFactor])'],
  },
  {
    says: 'a minimum of its own',
    text: application(`${BARE}\n  sparkConf: { spark.driver.minMemoryOverhead: 1g }`),
    lines: ['overhead: 1024 MiB (the minimum of 1024 MiB)'],
  },
  {
    says: 'a limit of its own, in the spelling of Java',
    text: application('  driver: { memoryLimit: 3g }\n  executor: {}'),
    lines: ['container spark-kubernetes-driver: processors 1, limit none, memory 1408 MiB, limit 3g'],
  },
  {
    says: 'an amount that Spark cannot read',
    text: application('  driver: { memory: 2Gi }\n  executor: {}'),
    lines: [
      'heap of the JVM: unknown: spec.driver.memory is no amount of memory to Spark (spec.driver.memory)',
      'overhead: unknown: the heap is not known',
      'Asked of the cluster: 2 pods, processors 2, memory unknown',
    ],
  },
  {
    says: 'an amount beyond all counting',
    text: application('  driver: {}\n  executor: { memory: 99999999999999999999g, instances: 2147483647 }'),
    lines: [
      'heap of the JVM: unknown: spec.executor.memory is more memory than can be counted (spec.executor.memory)',
      'Pods: executor, 2147483647',
    ],
  },
  {
    says: 'a factor that is none',
    text: application(`${BARE}\n  memoryOverheadFactor: a lot`),
    lines: ['overhead: unknown: spec.memoryOverheadFactor is no factor above 0'],
  },
  {
    says: 'sidecars, init containers and devices',
    text: application(`  driver:
    sidecars: [{ name: proxy, image: envoy, resources: { requests: { cpu: 100m, memory: 128Mi } } }]
    initContainers: [{ name: fetch, image: curl, resources: { requests: { cpu: 4 } } }]
  executor: { gpu: { name: nvidia.com/gpu, quantity: 2 } }`),
    lines: [
      'container proxy, image envoy: processors 100m, limit none, memory 128Mi, limit none',
      'init container fetch, image curl: processors 4, limit none, memory none',
      'container spark-kubernetes-executor: processors 1, limit none, memory 1408 MiB, 2 nvidia.com/gpu',
      // 4 of the init container are more than 1.1 of those that run after it.
      'Asked of the cluster: 2 pods, processors 5, memory 2.9 GiB',
    ],
  },
];

const executors: readonly Row[] = [
  {
    says: 'between the bounds of dynamic allocation',
    text: application(
      '  driver: {}\n  executor: { instances: 3 }\n  dynamicAllocation: { enabled: true, minExecutors: 2, maxExecutors: 10 }',
    ),
    lines: [
      'Pods: executor, 2 to 10, 3 at the start',
      'Asked of the cluster, at least: 3 pods, processors 3, memory 4.1 GiB',
      'Asked of the cluster, at most: 11 pods, processors 11, memory 15.1 GiB',
    ],
  },
  {
    says: 'without a bound where there is no maximum',
    text: application(`${BARE}\n  dynamicAllocation: { enabled: true }`),
    lines: [
      'Pods: executor, 0 or more, without a bound; 0 at the start',
      'Asked of the cluster, at most: number of pods: without a bound, processors without a bound, memory without a bound',
    ],
  },
  {
    says: 'by settings alone',
    text: application(
      `${BARE}\n  sparkConf: { spark.dynamicAllocation.enabled: "true", spark.dynamicAllocation.minExecutors: "1", spark.dynamicAllocation.maxExecutors: "4" }`,
    ),
    lines: ['Pods: executor, 1 to 4, 1 at the start'],
  },
  {
    says: 'nowhere when the bounds contradict each other',
    text: application(`${BARE}\n  dynamicAllocation: { enabled: true, minExecutors: 5, maxExecutors: 2 }`),
    lines: [
      'Pods: executor, an unknown number: the minimum of 5 is above the maximum of 2, so the driver ends at once',
    ],
  },
  {
    says: 'as many as are written where it is off',
    text: application(
      '  driver: {}\n  executor: { instances: 7 }\n  dynamicAllocation: { enabled: false, maxExecutors: 10 }',
    ),
    lines: ['Pods: executor, 7'],
  },
];

const restarts: readonly Row[] = [
  {
    says: 'never, without a policy',
    text: application(BARE),
    lines: [
      'When it ends or fails: It is not run again (restart policy Never).',
      'When the submission fails: It is not submitted again (restart policy Never); the application is failed.',
    ],
  },
  {
    says: 'some times, and never a failed submission whose number is missing',
    text: application(`${BARE}\n  restartPolicy: { type: OnFailure, onFailureRetries: 3, onFailureRetryInterval: 10 }`),
    lines: [
      'When it ends or fails: A failed run is tried again, at most 3 times. It waits 10 seconds before the first try and that much longer before each further one.',
      'When the submission fails: A failed submission is not tried again: the policy is OnFailure, but onSubmissionFailureRetries is missing, and then it is never.',
    ],
  },
  {
    says: 'always',
    text: application(`${BARE}\n  restartPolicy: { type: Always }\n  timeToLiveSeconds: 3600`),
    lines: [
      'When it ends or fails: It is run again whenever it ends, well or not, without a limit. It waits 5 seconds before the first try and that much longer before each further one.',
      'When it has ended: The object is deleted 3600 seconds after its end, and the pods that are left of it with it.',
    ],
  },
  {
    says: 'nothing at all while it is suspended',
    text: application(`${BARE}\n  suspend: true`),
    lines: [
      'The application is suspended: nothing is created until suspend is false. Then it is 1 driver and its executors (1).',
    ],
  },
];

const objects: readonly Row[] = [
  {
    says: 'Services, Ingresses and ConfigMaps with their names',
    text: application(`  driver: {}
  executor: {}
  sparkConf: { spark.ui.port: "4055" }
  sparkUIOptions: { servicePort: 80, serviceType: LoadBalancer }
  driverIngressOptions: [{ servicePort: 8080, servicePortName: web, ingressURLFormat: "{{$appName}}.example.com" }]
  batchScheduler: volcano
  monitoring: { exposeDriverMetrics: true, exposeExecutorMetrics: true, prometheus: { jmxExporterJar: /x.jar } }`),
    lines: [
      'Service etl-ui-svc: LoadBalancer, port 80 to 4055: the Spark UI. Made by the operator while its UI services are on, which they are at first.',
      'Service etl-driver-8080: ClusterIP, port 8080 of the driver.',
      'Ingress etl-ing-8080: From {{$appName}}.example.com to port 8080 of the driver.',
      'ConfigMap etl-prom-conf: Configuration of the JMX exporter and of metrics, unless both are files of the image.',
      'PodGroup spark-etl-pg: For Volcano: the pods are scheduled together or not at all.',
      'container spark-kubernetes-driver: processors 1, limit none, memory 1408 MiB',
    ],
  },
  {
    says: 'what is mounted, left out, not used and what fails',
    text: application(`  sparkConfigMap: spark-settings
  volumes:
    - { name: data, persistentVolumeClaim: { claimName: data } }
    - { name: spark-local-dir-1, emptyDir: {} }
    - { name: spark-local-dir-2, secret: { secretName: x } }
    - { name: idle, emptyDir: {} }
  driver:
    configMaps: [{ name: job, path: /etc/job }]
    secrets: [{ name: key, path: /etc/key, secretType: Generic }]
    volumeMounts: [{ name: data, mountPath: /data }, { name: dta, mountPath: /more }]
  executor:
    volumeMounts: [{ name: spark-local-dir-1, mountPath: /tmp/1 }, { name: spark-local-dir-2, mountPath: /tmp/2 }, { name: spark-local-dir-3, mountPath: /tmp/3 }]`),
    lines: [
      'driver: ConfigMap spark-settings at /etc/spark/conf: mounted. SPARK_CONF_DIR points at it.',
      'driver: ConfigMap job at /etc/job: mounted. It must exist when the pod starts.',
      'driver: Secret key at /etc/key: mounted. It must exist when the pod starts.',
      'driver: volume data (persistentVolumeClaim) at /data: mounted',
      'driver: volume dta at /more: left out. The application has no such volume: the mount is left out in silence.',
      'executor: volume spark-local-dir-1 (emptyDir) at /tmp/1: mounted. A local directory of Spark, for shuffle data.',
      'executor: volume spark-local-dir-2 (secret) at /tmp/2: fails. Spark has settings for emptyDir, hostPath, nfs, persistentVolumeClaim only, so the submission fails.',
      'executor: volume spark-local-dir-3 at /tmp/3: fails. There is no such volume, so the submission fails.',
      'volume idle (emptyDir): not used. No mount of driver or executor names it, so no pod gets it.',
    ],
  },
  {
    says: 'the name of a driver that is given, and of executors with a prefix',
    text: application(
      '  driver: { podName: boss }\n  executor: {}\n  sparkConf: { spark.kubernetes.executor.podNamePrefix: hand }',
    ),
    lines: ['boss', 'hand-exec-<number>'],
  },
  {
    says: 'names that are too long for a Service',
    text: application(BARE).replace('name: etl', `name: ${'a'.repeat(60)}`),
    lines: [
      `Service ${'a'.repeat(47)}-<digest>-ui-svc: ClusterIP, port 4040 to 4040: the Spark UI. Made by the operator while its UI services are on, which they are at first.`,
    ],
  },
];

describe.each([
  ['memory', memory],
  ['executors', executors],
  ['restarts', restarts],
  ['objects and volumes', objects],
] as const)('%s of an application of the Kubeflow operator', (_title, rows) => {
  test.each(rows)('$says', async ({ text, lines, not }) => {
    const told = await linesOf(text);
    expect(told).toEqual(expect.arrayContaining([...lines]));
    if (not) expect(told.join('\n')).not.toMatch(not);
  });
});
