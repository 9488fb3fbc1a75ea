import { describe, expect, test } from 'vitest';
import { lastFailureLog } from '#core/live/jobs/failureLog.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom, LivePod, NamespaceObjects } from '#core/live/objects.ts';
import { sparkLive, sparkUiTarget } from '#core/systems/spark/live.ts';
import { API, driver, driverInfo, executor, failedExecutor, pending, spec } from '#test/support/sparkObjects.ts';
import { makeCustom, makeEnd, makeNamespace, makeState, NOW, secondsAgo, timeAgo } from '#test/support/jobObjects.ts';

interface Sketch {
  readonly spec?: object;
  readonly status?: object;
  readonly state?: string;
  readonly errorMessage?: string;
  readonly pods?: readonly LivePod[];
}

/** A status as the operator writes it: submitted 12 min before it ended, unless something else is said. */
const status = ({ state, errorMessage, status }: Sketch): object => ({
  applicationState:
    state === undefined ? undefined : { state, ...(errorMessage === undefined ? {} : { errorMessage }) },
  driverInfo,
  executionAttempts: 1,
  lastSubmissionAttemptTime: timeAgo(600),
  sparkApplicationId: 'spark-5f8a',
  submissionAttempts: 1,
  submissionID: '08fd4b1f-1f05-40cd-8d08-537927fb5f9a',
  terminationTime: null,
  ...status,
});

const application = (sketch: Sketch): LiveCustom => {
  const own = sketch.state === undefined ? { status: {} } : { status: status(sketch) };
  return makeCustom(API, 'SparkApplication', 'daily-report', { spec: { ...spec, ...sketch.spec }, ...own });
};

const objectsOf = (sketch: Sketch): NamespaceObjects =>
  makeNamespace({ customs: [application(sketch)], pods: sketch.pods ?? [] });

function gatherOne(sketch: Sketch): DataCluster {
  const [cluster, ...more] = sparkLive.gather(objectsOf(sketch));
  if (cluster === undefined || more.length > 0) throw new Error('not one data cluster');
  return cluster;
}

const SUBMIT_LOG = [
  'failed to submit spark application: failed to run spark-submit: 26/08/24 11:58:01 WARN NativeCodeLoader: Unable to load native-hadoop library',
  '26/08/24 11:58:02 ERROR Client: Please check "kubectl auth can-i create pod" first. It should be yes.',
  'Exception in thread "main" io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST at: https://10.96.0.1/api/v1/namespaces/jobs/pods. Message: pods "daily-report-driver" is forbidden: exceeded quota: compute. Received status: Status(apiVersion=v1, code=403).',
  '\tat io.fabric8.kubernetes.client.KubernetesClientException.copyAsCause(KubernetesClientException.java:238)',
].join('\n');

const EXIT_1 = 'driver container failed with ExitCode: 1, Reason: Error';

const table: readonly (readonly [string, Sketch, string])[] = [
  ['new', {}, 'unhealthy: waits for the operator: nobody has picked it up for 10 min'],
  ['made in suspension', { spec: { suspend: true } }, 'done: suspended'],
  [
    'submitted',
    { state: 'SUBMITTED', status: { lastSubmissionAttemptTime: timeAgo(5) } },
    'working: submitted 5 s ago, there is no driver pod yet',
  ],
  [
    'driver without a place',
    {
      state: 'SUBMITTED',
      pods: [driver(pending('0/3 nodes are available: 3 Insufficient memory. preemption: not helpful.'))],
    },
    'unhealthy: driver cannot be scheduled: 0/3 nodes are available: 3 Insufficient memory',
  ],
  [
    'driver without an image',
    {
      state: 'SUBMITTED',
      pods: [
        driver({
          phase: 'Pending',
          node: 'n',
          states: [makeState('spark-kubernetes-driver', { waitingReason: 'ErrImagePull' })],
        }),
      ],
    },
    'unhealthy: driver cannot pull the image of container spark-kubernetes-driver (example/spark-kubernetes-driver:1)',
  ],
  [
    'running',
    { state: 'RUNNING', pods: [driver(), ...[1, 2, 3, 4, 5].map((number) => executor(number))] },
    'healthy: running: 5 of 5 executors',
  ],
  [
    'running with a failed executor',
    { state: 'RUNNING', pods: [driver(), ...[1, 2, 3, 4].map((number) => executor(number)), failedExecutor(5)] },
    'warning: running: 4 of 5 executors, 1 failed with exit code 137 (OOMKilled)',
  ],
  [
    'running with executors without a place',
    {
      state: 'RUNNING',
      pods: [driver(), executor(1), executor(2, pending('0/3 nodes are available: 3 Insufficient cpu'))],
    },
    'warning: running: 1 of 5 executors, spark-pi-aad5-exec-2 cannot be scheduled: 0/3 nodes are available: 3 Insufficient cpu',
  ],
  [
    'running without executors yet',
    {
      state: 'RUNNING',
      pods: [driver({ states: [makeState('spark-kubernetes-driver', { runningSince: secondsAgo(20) })] })],
    },
    'working: running: 0 of 5 executors',
  ],
  ['running without executors for long', { state: 'RUNNING', pods: [driver()] }, 'warning: running: 0 of 5 executors'],
  [
    'running with dynamic allocation',
    {
      state: 'RUNNING',
      spec: { dynamicAllocation: { enabled: true, minExecutors: 1 } },
      pods: [driver(), executor(1)],
    },
    'healthy: running: 1 executor',
  ],
  [
    'running for the third time',
    {
      state: 'RUNNING',
      status: { executionAttempts: 3 },
      spec: { executor: { instances: 1 } },
      pods: [driver(), executor(1)],
    },
    'healthy: running (attempt 3): 1 of 1 executor',
  ],
  [
    'running without a driver to be seen',
    { state: 'RUNNING' },
    'unknown: driver is said to run, but its pod is not to be seen',
  ],
  ['succeeding', { state: 'SUCCEEDING' }, 'working: the driver has completed'],
  [
    'succeeding for the next run',
    { state: 'SUCCEEDING', spec: { restartPolicy: { type: 'Always' } }, status: { executionAttempts: 4 } },
    'working: run 4 completed, the next one follows',
  ],
  [
    'completed',
    { state: 'COMPLETED', status: { lastSubmissionAttemptTime: timeAgo(11_520), terminationTime: timeAgo(10_800) } },
    'done: completed 3 h ago in 12 min',
  ],
  [
    'failing twice',
    {
      state: 'FAILING',
      errorMessage: EXIT_1,
      status: { executionAttempts: 2, submissionAttempts: 2, lastSubmissionAttemptTime: timeAgo(20) },
    },
    'warning: driver failed twice, last with exit code 1, retrying in 40 s',
  ],
  [
    'failing by want of memory, its pod still there',
    {
      state: 'FAILING',
      errorMessage: 'driver container failed with ExitCode: 137, Reason: OOMKilled',
      pods: [
        driver({
          phase: 'Failed',
          states: [makeState('spark-kubernetes-driver', { ended: makeEnd(137, { reason: 'OOMKilled' }) })],
        }),
      ],
    },
    'warning: driver failed with exit code 137 (OOMKilled), retrying now',
  ],
  [
    'failing with no retry left',
    { state: 'FAILING', errorMessage: EXIT_1, status: { executionAttempts: 4 } },
    'unhealthy: driver failed 4 times, last with exit code 1, 3 retries used up',
  ],
  [
    'failing without a number of retries',
    { state: 'FAILING', errorMessage: 'driver pod not found', spec: { restartPolicy: { type: 'OnFailure' } } },
    'unhealthy: driver failed (driver pod not found), not to be tried again: onFailureRetries is not set',
  ],
  [
    'failing under Always',
    {
      state: 'FAILING',
      errorMessage: EXIT_1,
      spec: { restartPolicy: { type: 'Always', onFailureRetryInterval: 10 } },
      status: { executionAttempts: 63, lastSubmissionAttemptTime: timeAgo(3) },
    },
    'warning: driver failed with exit code 1, retrying in 7 s',
  ],
  [
    'failed',
    { state: 'FAILED', errorMessage: EXIT_1, status: { executionAttempts: 4, terminationTime: timeAgo(300) } },
    'unhealthy: driver failed 5 min ago for the 4th time with exit code 1',
  ],
  [
    'submission failed',
    {
      state: 'SUBMISSION_FAILED',
      errorMessage: SUBMIT_LOG,
      status: { executionAttempts: 0, lastSubmissionAttemptTime: timeAgo(8) },
    },
    'warning: submission failed: pods "daily-report-driver" is forbidden: exceeded quota: compute, retrying in 12 s',
  ],
  [
    'submission failed for good',
    { state: 'SUBMISSION_FAILED', errorMessage: SUBMIT_LOG, status: { executionAttempts: 0, submissionAttempts: 3 } },
    'unhealthy: submission failed 3 times: pods "daily-report-driver" is forbidden: exceeded quota: compute, 2 retries used up',
  ],
  [
    'failed because nothing could be submitted',
    {
      state: 'FAILED',
      errorMessage: 'failed to submit spark application: volume spark-local-dir-1 of type configMap is not supported',
      status: { executionAttempts: 0, submissionAttempts: 3, terminationTime: timeAgo(300) },
    },
    'unhealthy: failed 5 min ago after 3 submissions: volume spark-local-dir-1 of type configMap is not supported',
  ],
  [
    'pending rerun',
    { state: 'PENDING_RERUN' },
    'working: about to run again: what is left of the last run is being deleted',
  ],
  [
    'invalidating',
    { state: 'INVALIDATING' },
    'working: its spec has changed: the last run is being deleted, then it runs anew',
  ],
  ['suspending', { state: 'SUSPENDING' }, 'working: being suspended: driver and executors are being deleted'],
  ['suspended', { state: 'SUSPENDED' }, 'done: suspended'],
  ['resuming', { state: 'RESUMING' }, 'working: resuming: about to be submitted again'],
  [
    'unknown',
    { state: 'UNKNOWN' },
    'unknown: the operator cannot tell how the driver is, as happens when its node does not answer',
  ],
  ['a state of tomorrow', { state: 'TELEPORTING\u0007' }, 'unknown: in a state that is not known here: TELEPORTING'],
];

describe('a SparkApplication of Kubeflow', () => {
  test.each(table)('%s', (_, sketch, expected) => {
    const { level, sentence } = sparkLive.health(gatherOne(sketch), undefined, NOW);
    expect(`${level}: ${sentence}`).toBe(expected);
  });

  test('has its driver, its executors and those the operator remembers', () => {
    const executorState = {
      'spark-pi-aad5-exec-1': 'RUNNING',
      'spark-pi-aad5-exec-2': 'FAILED',
      'spark-pi-aad5-exec-10': 'UNKNOWN',
    };
    const cluster = gatherOne({ state: 'RUNNING', status: { executorState }, pods: [executor(1), driver()] });
    expect(cluster.members.map(({ name, role, index, pod }) => [name, role, index, pod !== undefined])).toEqual([
      ['daily-report-driver', 'driver', undefined, true],
      ['spark-pi-aad5-exec-1', 'executor', 1, true],
      ['spark-pi-aad5-exec-2', 'executor', 2, false],
      ['spark-pi-aad5-exec-10', 'executor', 10, false],
    ]);
    expect([cluster.key, cluster.wanted, cluster.version]).toEqual(['spark/jobs/daily-report', 6, '4.0.1']);
    const verdicts = cluster.members.map((member) => sparkLive.memberHealth(member, cluster, undefined, NOW));
    expect(verdicts.map(({ level, sentence }) => `${level}: ${sentence}`)).toEqual([
      'healthy: has been running for 8 min',
      'healthy: has been running for 8 min',
      'warning: failed; its pod is gone',
      'done: is gone: its pod was deleted while the driver was running',
    ]);
    const { evidence } = sparkLive.health(cluster, undefined, NOW);
    expect(evidence.map(({ level }) => level)).toEqual(['warning', 'warning', 'healthy']);
    expect(evidence.map(({ text }) => text)).toContain('1 executor failed earlier');
  });

  test('does not call executors failed that were deleted with a driver that completed', () => {
    const executorState = { 'spark-pi-aad5-exec-1': 'FAILED' };
    const cluster = gatherOne({ state: 'COMPLETED', status: { executorState, terminationTime: timeAgo(60) } });
    const [member] = cluster.members;
    expect(member && sparkLive.memberHealth(member, cluster, undefined, NOW).level).toBe('done');
    expect(sparkLive.health(cluster, undefined, NOW).level).toBe('done');
    expect(cluster.wanted).toBeUndefined();
  });

  test('whose driver has completed beside a companion that goes on is told so', () => {
    const states = [makeState('spark-kubernetes-driver', { ended: makeEnd(0) }), makeState('istio-proxy')];
    const cluster = gatherOne({ state: 'SUCCEEDING', pods: [driver({ states, isReady: false })] });
    const [member] = cluster.members;
    expect(member && sparkLive.memberHealth(member, cluster, undefined, NOW).sentence).toBe(
      'completed 60 s ago in 7 min, but container istio-proxy keeps the pod running',
    );
  });

  test('of a version that is gone is read as well, and named as such', () => {
    const old = makeCustom('sparkoperator.k8s.io/v1alpha1', 'SparkApplication', 'spark-pi', {
      spec: { type: 'Scala', mode: 'cluster', restartPolicy: 'Never', driver: {}, executor: { instances: 1 } },
      status: {
        appId: 'spark-pi-2402118027',
        submissionTime: timeAgo(720),
        completionTime: timeAgo(120),
        driverInfo: { podName: 'spark-pi-83ba921c85ff3f1cb04bef324f9154c9-driver', webUIPort: 4040 },
        applicationState: { state: 'COMPLETED', errorMessage: '' },
        executorState: { 'spark-pi-83ba921c85ff3f1cb04bef324f9154c9-exec-1': 'COMPLETED' },
      },
    });
    const [cluster] = sparkLive.gather(makeNamespace({ customs: [old] }));
    expect(cluster?.successor).toContain('v1beta2');
    expect(cluster && sparkLive.health(cluster, undefined, NOW).sentence).toBe('completed 2 min ago in 10 min');
  });

  test('shows where its web interface and the log of its failure are', () => {
    const cluster = gatherOne({ state: 'RUNNING', pods: [driver(), failedExecutor(1)] });
    expect(sparkUiTarget(cluster)).toEqual({
      pod: 'daily-report-driver',
      port: 4040,
      service: { name: 'daily-report-ui-svc', port: 4040 },
    });
    const log = lastFailureLog(cluster);
    expect(log).toMatchObject({ pod: 'spark-pi-aad5-exec-1', container: 'spark-kubernetes-executor', previous: false });
    expect(sparkUiTarget(gatherOne({ state: 'COMPLETED' }))).toBeUndefined();
    expect(lastFailureLog(gatherOne({ state: 'RUNNING', pods: [driver()] }))).toBeUndefined();
  });

  test('whose pods may not be seen is told by its operator alone', () => {
    const executorState = { 'spark-pi-aad5-exec-1': 'RUNNING' };
    const objects = objectsOf({ state: 'RUNNING', status: { executorState } });
    const [cluster] = sparkLive.gather({ ...objects, hidden: new Set(['pods']) });
    if (cluster === undefined) throw new Error('no data cluster');
    const { level, sentence } = sparkLive.health(cluster, undefined, NOW);
    expect([level, sentence]).toEqual(['unknown', 'running, says the operator; its pods may not be seen']);
    const verdicts = cluster.members.map((member) => sparkLive.memberHealth(member, cluster, undefined, NOW).sentence);
    expect(verdicts).toEqual(['may not be seen', 'may not be seen']);
  });

  test('shows the worst fifty of what speaks for its verdict', () => {
    const pods = [driver(), ...Array.from({ length: 80 }, (_, index) => failedExecutor(index))];
    const { evidence } = sparkLive.health(gatherOne({ state: 'RUNNING', pods }), undefined, NOW);
    expect([evidence.length, evidence[0]?.level, evidence.at(-1)?.text]).toEqual([51, 'unhealthy', 'and 32 more']);
  });

  test('takes what is no text for nothing', () => {
    const odd = makeCustom(API, 'SparkApplication', 'odd', {
      spec: { driver: 7, executor: [], sparkConf: 'x', restartPolicy: null, dynamicAllocation: 'yes' },
      status: { applicationState: { state: 7 }, driverInfo: null, executorState: ['a'], executionAttempts: '3' },
    });
    const [cluster] = sparkLive.gather(makeNamespace({ customs: [odd] }));
    expect(cluster && sparkLive.health(cluster, undefined, NOW).sentence).toMatch(/^waits for the operator/);
  });
});
