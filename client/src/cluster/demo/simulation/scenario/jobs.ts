import type { JobCourse } from '../jobs/jobProgram.ts';
import { memoryLimitOf } from '../jobs/memory.ts';
import { kindNamed } from '../kinds.ts';
import type { Container } from '../objects.ts';
import type { Simulation } from '../simulation.ts';

const NAMESPACE = 'analytics';
const NEEDED_BY_WORKER = 6 * 1024 ** 3;

/** A report that runs, and a training whose second worker needs more memory than it may have. */
export function addRunningJobs(simulation: Simulation): void {
  addSpark(simulation, 'daily-report', 'org.example.reports.Daily', 3);
  addTraining(simulation);
}

/** A Spark application whose driver finds no table and fails; it is tried again some minutes later. */
export function addFailingSpark(simulation: Simulation): void {
  simulation.sparkCourses.set(`${NAMESPACE}/fraud-scores`, failingDriver);
  addSpark(simulation, 'fraud-scores', 'org.example.fraud.Scores', 2);
}

const failingDriver: JobCourse = {
  endsAfterMs: 48_000,
  end: { exitCode: 1, reason: 'Error' },
  lines: [
    { afterMs: 1500, text: 'INFO SparkContext: Running Spark version 4.0.1' },
    { afterMs: 6000, text: 'INFO KubernetesClusterSchedulerBackend: SchedulerBackend is ready for scheduling' },
    { afterMs: 46_000, text: 'ERROR ApplicationMaster: User class threw exception' },
    {
      afterMs: 46_200,
      text: 'org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `features`.`fraud_v3` cannot be found.',
    },
    { afterMs: 46_300, text: '\tat org.example.fraud.Scores$.main(Scores.scala:41)' },
    { afterMs: 47_500, text: 'INFO ShutdownHookManager: Shutdown hook called' },
  ],
};

function addSpark({ world }: Simulation, name: string, mainClass: string, instances: number): void {
  world.writes.create(
    {
      kind: kindNamed('SparkApplication'),
      namespace: NAMESPACE,
      manager: 'kubectl-client-side-apply',
      isDryRun: false,
    },
    {
      apiVersion: 'sparkoperator.k8s.io/v1beta2',
      kind: 'SparkApplication',
      metadata: { namespace: NAMESPACE, name },
      spec: {
        type: 'Scala',
        mode: 'cluster',
        image: 'apache/spark:4.0.1',
        mainClass,
        mainApplicationFile: 'local:///opt/jobs/jobs.jar',
        sparkVersion: '4.0.1',
        restartPolicy: { type: 'OnFailure', onFailureRetries: 5, onFailureRetryInterval: 240 },
        driver: { cores: 1, memory: '1g', serviceAccount: 'spark' },
        executor: { instances, cores: 2, memory: '4g' },
      },
    },
  );
  world.add({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name: `${name}-ui-svc` },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.20.1',
      selector: { 'sparkoperator.k8s.io/app-name': name, 'spark-role': 'driver' },
      ports: [{ name: 'spark-driver-ui-port', port: 4040 }],
    },
  });
}

function addTraining({ world, trainingCourses }: Simulation): void {
  trainingCourses.set(`${NAMESPACE}/mnist-worker-1`, greedyWorker);
  world.writes.create(
    { kind: kindNamed('TFJob'), namespace: NAMESPACE, manager: 'kubectl-client-side-apply', isDryRun: false },
    {
      apiVersion: 'kubeflow.org/v1',
      kind: 'TFJob',
      metadata: { namespace: NAMESPACE, name: 'mnist' },
      spec: {
        runPolicy: { cleanPodPolicy: 'Running', backoffLimit: 20 },
        tfReplicaSpecs: {
          Chief: replica(1, '2Gi'),
          PS: replica(2, '4Gi'),
          Worker: replica(3, '4Gi'),
        },
      },
    },
  );
}

function replica(replicas: number, memory: string): unknown {
  return {
    replicas,
    restartPolicy: 'OnFailure',
    template: {
      spec: {
        containers: [
          {
            name: 'tensorflow',
            image: 'tensorflow/tensorflow:2.19.0',
            command: ['python', '/opt/model/train.py'],
            resources: { requests: { cpu: '1', memory }, limits: { memory } },
          },
        ],
      },
    },
  };
}

/** Reads a larger shard than the other workers. */
function greedyWorker(container: Container): JobCourse {
  const isShort = (memoryLimitOf(container) ?? Number.POSITIVE_INFINITY) < NEEDED_BY_WORKER;
  return {
    endsAfterMs: isShort ? 51_000 : undefined,
    end: { exitCode: 137, reason: 'OOMKilled' },
    lines: [
      { afterMs: 2000, text: 'loading shard 1 of 3 (5.4 GiB)' },
      { afterMs: 20_000, text: 'step 0: loss = 2.3104' },
    ],
  };
}
