import type { JsonObject } from '../../bed/json.ts';

export interface ApplicationWish {
  readonly name: string;
  readonly executors: number;
  /** Seconds and exit code of the driver; without any it goes on. */
  readonly args?: readonly string[];
  readonly conf?: Readonly<Record<string, string>>;
}

const version = '4.0.1';

const template = ({ executors, args = [], conf = {} }: ApplicationWish): JsonObject => ({
  type: 'Scala',
  mode: 'cluster',
  image: 'spark:4.0.1',
  sparkVersion: version,
  mainClass: 'Job',
  mainApplicationFile: 'local:///opt/spark/job.jar',
  arguments: args,
  sparkConf: conf,
  restartPolicy: { type: 'Never' },
  driver: { cores: 1, memory: '512m' },
  executor: { cores: 1, memory: '512m', instances: executors },
});

export const kubeflowApplication = (wish: ApplicationWish): JsonObject => ({
  apiVersion: 'sparkoperator.k8s.io/v1beta2',
  kind: 'SparkApplication',
  metadata: { name: wish.name },
  spec: template(wish),
});

export const kubeflowSchedule = (name: string, schedule: string): JsonObject => ({
  apiVersion: 'sparkoperator.k8s.io/v1beta2',
  kind: 'ScheduledSparkApplication',
  metadata: { name },
  spec: { schedule, concurrencyPolicy: 'Forbid', template: template({ name, executors: 1 }) },
});

export const kubeflowConnect = (name: string, executors: number): JsonObject => ({
  apiVersion: 'sparkoperator.k8s.io/v1alpha1',
  kind: 'SparkConnect',
  metadata: { name },
  spec: {
    sparkVersion: version,
    image: 'spark:4.0.1',
    server: { cores: 1, memory: '512m' },
    executor: { instances: executors, cores: 1, memory: '512m' },
  },
});

export const apacheApplication = ({ name, executors, args = [] }: ApplicationWish): JsonObject => ({
  apiVersion: 'spark.apache.org/v1',
  kind: 'SparkApplication',
  metadata: { name },
  spec: {
    mainClass: 'Job',
    jars: 'local:///opt/spark/job.jar',
    driverArgs: args,
    runtimeVersions: { sparkVersion: version },
    sparkConf: { 'spark.executor.instances': String(executors) },
    applicationTolerations: { instanceConfig: { initExecutors: executors, minExecutors: 0, maxExecutors: 0 } },
  },
});

export const apacheCluster = (name: string, workers: number): JsonObject => ({
  apiVersion: 'spark.apache.org/v1',
  kind: 'SparkCluster',
  metadata: { name },
  spec: {
    runtimeVersions: { sparkVersion: version },
    clusterTolerations: { instanceConfig: { initWorkers: workers, minWorkers: workers, maxWorkers: workers } },
  },
});
