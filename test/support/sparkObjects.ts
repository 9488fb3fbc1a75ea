import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import {
  makeCondition,
  makeContainer,
  makeCustom,
  makeEnd,
  makePod,
  makeState,
  secondsAgo,
  timeAgo,
  type PodSketch,
} from '#test/support/jobObjects.ts';

export const API = 'sparkoperator.k8s.io/v1beta2';

/** As people apply it, with what the webhook fills in. */
export const spec = {
  type: 'Scala',
  mode: 'cluster',
  image: 'apache/spark:4.0.1',
  mainClass: 'org.apache.spark.examples.SparkPi',
  mainApplicationFile: 'local:///opt/spark/examples/jars/spark-examples.jar',
  sparkVersion: '4.0.1',
  restartPolicy: {
    type: 'OnFailure',
    onFailureRetries: 3,
    onFailureRetryInterval: 30,
    onSubmissionFailureRetries: 2,
    onSubmissionFailureRetryInterval: 20,
  },
  driver: { cores: 1, memory: '1g', serviceAccount: 'spark' },
  executor: { cores: 2, instances: 5, memory: '4g' },
};

export const driverInfo = {
  podName: 'daily-report-driver',
  webUIAddress: '10.97.240.147:4040',
  webUIPort: 4040,
  webUIServiceName: 'daily-report-ui-svc',
};

const podLabels = {
  'sparkoperator.k8s.io/app-name': 'daily-report',
  'spark-app-selector': 'spark-5f8a',
  'spark-version': '4.0.1',
};

export const driver = (sketch: PodSketch = {}): LivePod => {
  const states = sketch.states ?? [makeState('spark-kubernetes-driver')];
  const containers = [makeContainer('spark-kubernetes-driver', { ports: [{ name: 'spark-ui', port: 4040 }] })];
  return makePod('daily-report-driver', {
    containers,
    ...sketch,
    states,
    meta: { labels: { ...podLabels, 'spark-role': 'driver' } },
  });
};

export const executor = (number: number, sketch: PodSketch = {}): LivePod => {
  const states = sketch.states ?? [makeState('spark-kubernetes-executor')];
  const labels = { ...podLabels, 'spark-role': 'executor', 'spark-exec-id': `${number}` };
  return makePod(`spark-pi-aad5-exec-${number}`, {
    containers: [makeContainer('spark-kubernetes-executor')],
    ...sketch,
    states,
    meta: { labels },
  });
};

export const failedExecutor = (number: number): LivePod =>
  executor(number, {
    phase: 'Failed',
    states: [makeState('spark-kubernetes-executor', { ended: makeEnd(137, { reason: 'OOMKilled' }) })],
  });

export const pending = (message: string): PodSketch => ({
  phase: 'Pending',
  states: [],
  conditions: [makeCondition('PodScheduled', 'False', { reason: 'Unschedulable', message })],
});

/** Of the Kubeflow operator. */
export const application = (status: object, changes: object = {}): LiveCustom =>
  makeCustom(API, 'SparkApplication', 'daily-report', { spec: { ...spec, ...changes }, status });

/** After its second run. */
export const failing = {
  applicationState: { state: 'FAILING', errorMessage: 'driver container failed with ExitCode: 1, Reason: Error' },
  driverInfo: driverInfo,
  executionAttempts: 2,
  submissionAttempts: 1,
  lastSubmissionAttemptTime: timeAgo(20),
  terminationTime: timeAgo(3),
};

export const endedDriver = (code: number): LivePod =>
  driver({
    phase: code === 0 ? 'Succeeded' : 'Failed',
    states: [
      makeState('spark-kubernetes-driver', {
        ended: makeEnd(code, { startedAt: secondsAgo(15), finishedAt: secondsAgo(4) }),
      }),
    ],
  });
