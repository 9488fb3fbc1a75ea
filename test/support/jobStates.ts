import type { DataCluster, LiveSystem } from '#core/live/model.ts';
import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import {
  makeContainer,
  makeCustom,
  makeNamespace,
  makePod,
  makeState,
  NOW,
  timeAgo,
} from '#test/support/jobObjects.ts';
import * as spark from '#test/support/sparkObjects.ts';
import * as tfjob from '#test/support/tfjobObjects.ts';

/** One state as an operator of that version writes it, and the sentence a user reads. The tables beside each system go deeper. */
export type Row = readonly [
  family: string,
  state: string,
  sentence: string,
  resource: LiveCustom | undefined,
  pods?: readonly LivePod[],
];

export const kubeflow = (state: string, more: object = {}, spec: object = {}): LiveCustom =>
  makeCustom(spark.API, 'SparkApplication', 'daily-report', {
    spec: { ...spark.spec, ...spec },
    status: {
      applicationState: { state },
      driverInfo: spark.driverInfo,
      executionAttempts: 1,
      submissionAttempts: 1,
      lastSubmissionAttemptTime: timeAgo(600),
      ...more,
    },
  });

export const errorOf = (state: string, errorMessage: string): object => ({ applicationState: { state, errorMessage } });

/** Ends with the state; the numbers are seconds since each began. */
export const apache = (...states: readonly (readonly [string, number, string?])[]): LiveCustom =>
  apacheObject('SparkApplication', states);

export function apacheObject(kind: string, states: readonly (readonly [string, number, string?])[]): LiveCustom {
  const history = states.map(([currentStateSummary, seconds, message]) => ({
    currentStateSummary,
    lastTransitionTime: timeAgo(seconds),
    ...(message === undefined ? {} : { message }),
  }));
  return makeCustom('spark.apache.org/v1', kind, 'pi', {
    spec: {
      runtimeVersions: { sparkVersion: '4.0.1' },
      sparkConf: { 'spark.executor.instances': '2' },
      applicationTolerations: { instanceConfig: { initExecutors: 2, minExecutors: 1, maxExecutors: 2 } },
    },
    status: {
      currentState: history.at(-1),
      stateTransitionHistory: Object.fromEntries(history.map((state, index) => [`${index}`, state])),
      currentAttemptSummary: { attemptInfo: { id: history.some(isRestart) ? 1 : 0 } },
    },
  });
}

const isRestart = ({ currentStateSummary }: { readonly currentStateSummary: string }): boolean =>
  currentStateSummary === 'ScheduledToRestart';

export const began = [
  ['Submitted', 900],
  ['DriverRequested', 890],
] as const;

export const apachePod = (role: 'driver' | 'executor', number = 1): LivePod =>
  makePod(`pi-0-${role}-${number}`, {
    containers: [makeContainer(`spark-kubernetes-${role}`)],
    states: [makeState(`spark-kubernetes-${role}`)],
    meta: { labels: { 'spark.operator/spark-app-name': 'pi', 'spark-role': role } },
  });

export const submitted = (sketch: object): LivePod =>
  makePod('etl-driver', {
    containers: [makeContainer('spark-kubernetes-driver')],
    ...sketch,
    meta: { labels: { 'spark-role': 'driver', 'spark-app-selector': 'spark-77' } },
  });

export const schedule = (status: object, spec: object = {}): LiveCustom =>
  makeCustom(spark.API, 'ScheduledSparkApplication', 'nightly', {
    spec: { schedule: '@daily', concurrencyPolicy: 'Allow', template: {}, ...spec },
    status,
  });

export const connect = (status: object): LiveCustom =>
  makeCustom('sparkoperator.k8s.io/v1alpha1', 'SparkConnect', 'lab', {
    spec: { sparkVersion: '4.0.1', server: {}, executor: { instances: 0 } },
    status,
  });

export const training = (...conditions: readonly tfjob.Condition[]): LiveCustom => trainingWith({}, ...conditions);

export const trainingWith = (policy: object, ...conditions: readonly tfjob.Condition[]): LiveCustom =>
  makeCustom('kubeflow.org/v1', 'TFJob', 'mnist', {
    spec: tfjob.spec('OnFailure', { ttlSecondsAfterFinished: 3600, ...policy }),
    status: tfjob.status(conditions),
  });

export const old = (version: string, status: object): LiveCustom =>
  makeCustom(`kubeflow.org/${version}`, 'TFJob', 'mnist', {
    spec: { replicaSpecs: [{ tfReplicaType: 'MASTER', replicas: 1 }] },
    status,
  });

export const trainJob = (status: object, spec: object = {}): LiveCustom =>
  makeCustom('trainer.kubeflow.org/v1alpha1', 'TrainJob', 'llm', {
    spec: { runtimeRef: { name: 'torch-distributed' }, trainer: { numNodes: 2 }, ...spec },
    status,
  });

export const jobOf = (counts: object): object => ({
  jobsStatus: [{ name: 'node', ready: 0, active: 0, succeeded: 0, failed: 0, ...counts }],
});
export const EXIT_137 = 'driver container failed with ExitCode: 137, Reason: OOMKilled';
export const ranSpark = [spark.driver(), ...[1, 2, 3, 4, 5].map((number) => spark.executor(number))];

/** What a user reads of the only job among these objects. */
export function verdictOf(resource: LiveCustom | undefined, pods: readonly LivePod[]): string {
  const objects = makeNamespace({ customs: resource === undefined ? [] : [resource], pods });
  const found = ([sparkLive, tfjobLive] as const).flatMap((system): readonly [LiveSystem, DataCluster][] =>
    system.gather(objects).map((cluster) => [system, cluster]),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} data clusters`);
  const { level, sentence } = only[0].health(only[1], undefined, NOW);
  return `${level}: ${sentence}`;
}
