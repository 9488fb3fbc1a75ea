import { expect, test } from 'vitest';
import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import { isObject } from '#core/json.ts';
import { decidingLog } from '#core/live/jobs/decidingLog.ts';
import { formatTime } from '#core/time.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { makeCustom, makeNamespace, makePod, makeState, NOW, timeAgo } from '#test/support/jobObjects.ts';
import { makeRandom, type Random } from '#test/support/random.ts';

const times = {
  lastSubmissionAttemptTime: timeAgo(60),
  terminationTime: timeAgo(30),
  startTime: timeAgo(60),
  completionTime: timeAgo(30),
};
const state = { currentStateSummary: 'RunningHealthy', lastTransitionTime: timeAgo(60), message: 'm' };

/** Everything that some kind reads, whatever kind it is. */
const spec = {
  suspend: false,
  sparkVersion: '4.0.1',
  schedule: '@daily',
  managedBy: 'x',
  restartPolicy: { type: 'OnFailure', onFailureRetries: 3, onFailureRetryInterval: 30 },
  driver: { podName: 'd' },
  executor: { instances: 2 },
  sparkConf: { 'spark.executor.instances': '2' },
  dynamicAllocation: { enabled: false },
  timeToLiveSeconds: 60,
  applicationTolerations: { restartConfig: { restartBackoffMillis: 5 }, instanceConfig: { minExecutors: 1 } },
  runPolicy: { backoffLimit: 3, activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 60, cleanPodPolicy: 'None' },
  tfReplicaSpecs: { Worker: { replicas: 2, restartPolicy: 'ExitCode' }, PS: {} },
  replicaSpecs: [{ tfReplicaType: 'PS', replicas: 1 }],
  trainer: { numNodes: 2 },
  runtimeRef: { name: 'r' },
};
const status = {
  ...times,
  applicationState: { state: 'RUNNING', errorMessage: 'e' },
  driverInfo: { podName: 'd', webUIServiceName: 's', webUIPort: 4040 },
  executorState: { 'x-exec-1': 'FAILED' },
  executionAttempts: 2,
  submissionAttempts: 2,
  scheduleState: 'Scheduled',
  nextRun: timeAgo(300),
  lastRun: timeAgo(300),
  lastRunName: 'r',
  pastFailedRunNames: ['r'],
  state: 'Ready',
  phase: 'Running',
  currentState: state,
  stateTransitionHistory: { 0: state, 1: { ...state, currentStateSummary: 'Failed' } },
  currentAttemptSummary: { attemptInfo: { id: 1 } },
  conditions: [{ type: 'Running', status: 'True', reason: 'r', message: 'm', lastTransitionTime: timeAgo(9) }],
  replicaStatuses: { Worker: { active: 2 } },
  jobsStatus: [{ name: 'node', active: 1 }],
  trainerStatus: { progressPercentage: 5, metrics: [{ name: 'loss', value: '1' }] },
};

const kinds = [
  ['sparkoperator.k8s.io/v1beta2', 'SparkApplication'],
  ['sparkoperator.k8s.io/v1beta2', 'ScheduledSparkApplication'],
  ['sparkoperator.k8s.io/v1alpha1', 'SparkConnect'],
  ['spark.apache.org/v1', 'SparkApplication'],
  ['spark.apache.org/v1', 'SparkCluster'],
  ['kubeflow.org/v1', 'TFJob'],
  ['kubeflow.org/v1alpha1', 'TFJob'],
  ['trainer.kubeflow.org/v1alpha1', 'TrainJob'],
] as const;

const junk: readonly unknown[] = [
  null,
  7,
  -1,
  1e300,
  Number.NaN,
  '',
  'x\u0000\n\u202ey.',
  true,
  [],
  {},
  [[null]],
  { name: 5 },
  'FAILED',
  'FAILING',
];

const STATE_FIELDS = ['state', 'currentStateSummary', 'scheduleState', 'phase', 'type'];
const states = (
  'SUBMITTED RUNNING SUCCEEDING COMPLETED FAILING FAILED SUBMISSION_FAILED SUSPENDED UNKNOWN ' +
  'ScheduledToRestart DriverRequested DriverStarted DriverReady Succeeded Failed ResourceReleased ' +
  'Created Running Restarting Suspended Complete FailedValidation NotReady Provisioning Done'
).split(' ');

/** The same with a few values replaced by others of any type. */
function shake(value: unknown, random: Random): unknown {
  if (random.below(12) === 0) return junk[random.below(junk.length)];
  if (Array.isArray(value)) return value.map((item) => shake(item, random));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => {
      const isOtherState = STATE_FIELDS.includes(key) && typeof below === 'string' && random.below(2) === 0;
      return [key, isOtherState ? states[random.below(states.length)] : shake(below, random)];
    }),
  );
}

function makeOdd(random: Random): LiveCustom {
  const [apiVersion, kind] = kinds[random.below(kinds.length)] ?? kinds[0];
  const [ownSpec, ownStatus] = [shake(spec, random), shake(status, random)];
  return makeCustom(apiVersion, kind, 'x', {
    spec: isObject(ownSpec) ? ownSpec : {},
    status: isObject(ownStatus) ? ownStatus : {},
  });
}

const labels = {
  'sparkoperator.k8s.io/app-name': 'x',
  'sparkoperator.k8s.io/connect-name': 'x',
  'spark.operator/spark-app-name': 'x',
  'spark-app-selector': 's',
  'training.kubeflow.org/job-name': 'x',
  'training.kubeflow.org/replica-type': 'worker',
  'training.kubeflow.org/replica-index': '0',
  'jobset.sigs.k8s.io/jobset-name': 'x',
};
const pods: readonly LivePod[] = ['driver', 'executor', 'connect-server', 'master'].map((role, index) =>
  makePod(`x-${role}`, {
    states: [makeState('c')],
    meta: { labels: { ...labels, 'spark-role': role, 'spark-exec-id': `${index}` } },
  }),
);

/** One line of plain text without a full stop, and nothing of our own that shows what it should not. */
const isPlainSentence = (sentence: string): boolean =>
  /^[^\u0000-\u001f\u202a-\u202e]+[^.\s]$/.test(sentence) &&
  !/undefined|NaN|\[object/.test(sentence) &&
  sentence.length < 900;

test('no status makes a job throw, and every verdict is one plain sentence', () => {
  const random = makeRandom(20_260_824);
  const sentences = new Set<string>();
  for (let round = 0; round < 2_000; round++) {
    const objects = makeNamespace({ customs: [makeOdd(random)], pods: random.below(2) === 0 ? pods : [] });
    for (const system of [sparkLive, tfjobLive]) {
      for (const cluster of system.gather(objects)) {
        sentences.add(system.health(cluster, undefined, NOW).sentence);
        for (const { text, at } of system.story?.(cluster, [], NOW) ?? []) {
          sentences.add(text);
          formatTime(at ?? Number.NaN);
          expect(Number.isFinite(at)).toBe(true);
        }
        decidingLog(cluster);
        for (const member of cluster.members)
          sentences.add(system.memberHealth(member, cluster, undefined, NOW).sentence);
      }
    }
  }
  expect([...sentences].filter((sentence) => !isPlainSentence(sentence))).toEqual([]);
  expect(sentences.size).toBeGreaterThan(150);
});
