import { describe, expect, test } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import type { LivePod, LiveWorkload, OwnerLink } from '#core/live/objects.ts';
import { sparkLive, sparkUiTarget } from '#core/systems/spark/live.ts';
import {
  makeContainer,
  makeCustom,
  makeEnd,
  makeMeta,
  makeNamespace,
  makePod,
  makeState,
  makeWorkload,
  secondsAgo,
  NOW,
  type PodSketch,
  timeAgo,
} from '#test/support/jobObjects.ts';

const verdict = (cluster: DataCluster | undefined): string => {
  if (cluster === undefined) throw new Error('no data cluster');
  const { level, sentence } = sparkLive.health(cluster, undefined, NOW);
  return `${level}: ${sentence}`;
};

const ownerLink = (kind: string, name: string): OwnerLink => ({
  apiVersion: 'v1',
  kind,
  name,
  uid: `uid-${name}`,
  isController: true,
});

describe('a SparkApplication of the Apache operator', () => {
  const labels = { 'spark.operator/spark-app-name': 'daily-report', 'spark-app-selector': 'spark-2' };
  const driver = (sketch: PodSketch = {}): LivePod =>
    makePod('daily-report-0-driver', {
      containers: [makeContainer('spark-kubernetes-driver')],
      states: [makeState('spark-kubernetes-driver')],
      ...sketch,
      meta: { labels: { ...labels, 'spark-role': 'driver' } },
    });
  const executor = (number: number): LivePod =>
    makePod(`daily-report-0-exec-${number}`, {
      states: [makeState('spark-kubernetes-executor')],
      meta: { labels: { ...labels, 'spark-role': 'executor', 'spark-exec-id': `${number}` } },
    });

  /** States with the seconds since they began, the last one current; times with nine decimals, as Java writes them. */
  const status = (states: readonly (readonly [string, number, string?])[], attempt = 0): object => {
    const history = states.map(([currentStateSummary, seconds, message]) => ({
      currentStateSummary,
      lastTransitionTime: timeAgo(seconds).replace(/Z$/, '123456Z'),
      ...(message === undefined ? {} : { message }),
    }));
    return {
      currentState: history.at(-1),
      stateTransitionHistory: Object.fromEntries(history.map((state, index) => [`${index}`, state])),
      currentAttemptSummary: { attemptInfo: { id: attempt, restartCounter: attempt } },
    };
  };

  const gather = (
    status: object,
    pods: readonly LivePod[] = [],
    restartConfig: object = {},
  ): DataCluster | undefined => {
    const application = makeCustom('spark.apache.org/v1', 'SparkApplication', 'daily-report', {
      spec: {
        runtimeVersions: { sparkVersion: '4.0.1' },
        sparkConf: { 'spark.executor.instances': '3' },
        applicationTolerations: {
          restartConfig: {
            restartPolicy: 'OnFailure',
            maxRestartAttempts: 3,
            restartBackoffMillis: 30_000,
            ...restartConfig,
          },
          instanceConfig: { initExecutors: 3, minExecutors: 2, maxExecutors: 3 },
        },
      },
      status,
    });
    return sparkLive.gather(makeNamespace({ customs: [application], pods }))[0];
  };

  const FAILED = 'Driver has one or more failed critical container(s), refer last observed status for details.';
  const begin = [
    ['Submitted', 900],
    ['DriverRequested', 890],
    ['DriverStarted', 880],
    ['DriverReady', 870],
  ] as const;
  const ran = [...begin, ['RunningHealthy', 860]] as const;
  const three = [1, 2, 3].map(executor);

  test.each([
    ['new', gather({}), 'unhealthy: waits for the operator: nobody has picked it up for 10 min'],
    [
      'submitted',
      gather(status([['Submitted', 5]])),
      'working: submitted 5 s ago, the driver has not been requested yet',
    ],
    [
      'requested',
      gather(
        status([
          ['Submitted', 40],
          ['DriverRequested', 30],
        ]),
        [driver({ phase: 'Pending', states: [] })],
      ),
      'warning: driver has not been scheduled for 10 min',
    ],
    ['started', gather(status(begin.slice(0, 3)), [driver()]), 'working: driver has not been ready for 14 min'],
    [
      'ready',
      gather(status(begin), [driver(), executor(1)]),
      'working: driver is ready, executors are starting: 1 of 3 executors',
    ],
    ['running', gather(status(ran), [driver(), ...three]), 'healthy: running: 3 of 3 executors'],
    [
      'running with fewer',
      gather(status([...ran, ['RunningWithPartialCapacity', 60]]), [driver(), executor(1), executor(2)]),
      'healthy: running: 2 of 3 executors, between its minimum of 2 and its maximum of 3',
    ],
    [
      'running with too few',
      gather(status([...ran, ['RunningWithBelowThresholdExecutors', 60]]), [driver(), executor(1)]),
      'warning: running with too few executors: 1 of 3 executors, it needs at least 2',
    ],
    [
      'begun with too few',
      gather(status([...begin, ['InitializedBelowThresholdExecutors', 60]]), [driver(), executor(1)]),
      'warning: running with too few executors: 1 of 3 executors, it asks for 3 to begin with',
    ],
    [
      'completed',
      gather(status([...ran, ['Succeeded', 180], ['ResourceReleased', 179]])),
      'done: completed 3 min ago in 12 min',
    ],
    [
      'failed, its pods kept',
      gather(status([...ran, ['Failed', 180, FAILED], ['TerminatedWithoutReleaseResources', 179]], 3), [
        driver({ phase: 'Failed', states: [makeState('spark-kubernetes-driver', { ended: makeEnd(52) })] }),
      ]),
      'unhealthy: driver failed 3 min ago with exit code 52, attempt 4',
    ],
    [
      'failed, its pods gone',
      gather(status([...ran, ['Failed', 180, FAILED], ['ResourceReleased', 179]])),
      `unhealthy: driver failed 3 min ago: ${FAILED.slice(0, -1)}`,
    ],
    [
      'evicted',
      gather(status([...ran, ['DriverEvicted', 20], ['ResourceReleased', 10]])),
      'unhealthy: driver was evicted 20 s ago',
    ],
    [
      'never scheduled',
      gather(
        status([
          ['Submitted', 900],
          ['SchedulingFailure', 20, 'Failed to request driver from scheduler backend.'],
          ['ResourceReleased', 10],
        ]),
      ),
      'unhealthy: the driver could not be requested 20 s ago: Failed to request driver from scheduler backend',
    ],
    [
      'too slow to start',
      gather(
        status([
          ['Submitted', 900],
          ['DriverRequested', 890],
          ['DriverStartTimedOut', 20],
        ]),
      ),
      'unhealthy: the driver did not start in time 20 s ago',
    ],
    [
      'about to restart',
      gather(status([...ran, ['Failed', 15, FAILED], ['ScheduledToRestart', 10]], 1)),
      `warning: driver failed: ${FAILED.slice(0, -1)}, restarting in 20 s (restart 1 of 3)`,
    ],
    [
      'about to restart after a pause of its own',
      gather(status([...ran, ['Failed', 15], ['ScheduledToRestart', 10]], 1), [], {
        restartBackoffMillisForFailure: 60_000,
      }),
      'warning: driver failed, restarting in 50 s (restart 1 of 3)',
    ],
    [
      'stopped by somebody, after an attempt that failed',
      gather(
        status(
          [
            ...ran,
            ['Failed', 700],
            ['ScheduledToRestart', 690],
            ['RunningHealthy', 600],
            ['ResourceReleased', 20, 'Spark application has been shutdown as requested.'],
          ],
          1,
        ),
      ),
      'done: stopped 20 s ago: Spark application has been shutdown as requested',
    ],
    [
      'in a state of tomorrow',
      gather(status([['Teleporting', 5, 'soon']])),
      'unknown: in a state that is not known here: Teleporting, soon',
    ],
  ])('%s', (_, cluster, expected) => {
    expect(verdict(cluster)).toBe(expected);
  });

  test('whose driver pod is gone is told by what the operator kept of it', () => {
    const terminated = { exitCode: 137, reason: 'OOMKilled', startedAt: timeAgo(900), finishedAt: timeAgo(180) };
    const lastObservedDriverStatus = {
      phase: 'Failed',
      containerStatuses: [
        { name: 'sidecar', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
        { name: 'spark-kubernetes-driver', state: { terminated } },
      ],
    };
    const own = (last: string): object => ({
      currentState: { currentStateSummary: last, lastTransitionTime: timeAgo(10) },
      stateTransitionHistory: {
        0: { currentStateSummary: 'Submitted', lastTransitionTime: timeAgo(900) },
        9: {
          currentStateSummary: 'Failed',
          lastTransitionTime: timeAgo(180),
          message: FAILED,
          lastObservedDriverStatus,
        },
        10: { currentStateSummary: last, lastTransitionTime: timeAgo(10) },
      },
      currentAttemptSummary: { attemptInfo: { id: 1 } },
    });
    expect(verdict(gather(own('ResourceReleased')))).toBe(
      'unhealthy: driver failed 3 min ago with exit code 137 (OOMKilled), attempt 2',
    );
    expect(verdict(gather(own('ScheduledToRestart')))).toBe(
      'warning: driver failed with exit code 137 (OOMKilled), restarting in 20 s (restart 1 of 3)',
    );
  });

  test('has a key of its own beside an application of Kubeflow with the same name', () => {
    expect(gather({})?.key).toBe('spark/jobs/daily-report/sparkapplication.spark.apache.org');
    expect(sparkLive.gather(makeNamespace({ pods: [driver()] })).map(({ flavour, name }) => [flavour, name])).toEqual([
      ['apache-spark-operator', 'daily-report-0'],
    ]);
  });
});

describe('a SparkCluster of the Apache operator', () => {
  const stateful = (role: string, replicas: number, createdAt: number): LiveWorkload =>
    makeWorkload(`prod-${role}`, {
      meta: makeMeta(`prod-${role}`, { owners: [ownerLink('SparkCluster', 'prod')], createdAt }),
      replicas,
      selector: { 'spark-role': role },
    });
  const pod = (role: string, index: number, sketch: PodSketch = {}): LivePod =>
    makePod(`prod-${role}-${index}`, {
      containers: [makeContainer(role)],
      states: [makeState(role)],
      ...sketch,
      meta: { labels: { 'spark.operator/spark-cluster-name': 'prod', 'spark-role': role } },
    });

  const gather = (
    pods: readonly LivePod[],
    state = 'RunningHealthy',
    createdAt = secondsAgo(600),
  ): DataCluster | undefined => {
    const custom = makeCustom('spark.apache.org/v1', 'SparkCluster', 'prod', {
      meta: { uid: 'uid-prod' },
      spec: { runtimeVersions: { sparkVersion: '4.0.1' } },
      status: { currentState: { currentStateSummary: state, lastTransitionTime: timeAgo(60), message: '' } },
    });
    const workloads = [stateful('master', 1, createdAt), stateful('worker', 2, createdAt)];
    return sparkLive.gather(makeNamespace({ customs: [custom], pods, workloads }))[0];
  };

  test('is healthy only when its pods are ready, whatever its state says', () => {
    expect(verdict(gather([pod('master', 0), pod('worker', 0), pod('worker', 1)]))).toBe(
      'healthy: master is ready, 2 of 2 workers',
    );
    expect(verdict(gather([pod('master', 0), pod('worker', 1)]))).toBe('warning: master is ready, 1 of 2 workers');
    expect(verdict(gather([pod('worker', 0), pod('worker', 1)]))).toBe(
      'unhealthy: master is not ready, 2 of 2 workers',
    );
    expect(verdict(gather([pod('master', 0), pod('worker', 0), pod('worker', 1), pod('worker', 2)]))).toBe(
      'working: master is ready, 3 of 2 workers',
    );
    expect(verdict(gather([pod('worker', 0)], 'RunningHealthy', secondsAgo(20)))).toBe(
      'working: master is not ready, 1 of 2 workers',
    );
    expect(verdict(gather([], 'SchedulingFailure'))).toBe('unhealthy: master and workers could not be made 60 s ago');
  });

  test('has the places of missing workers, and a web interface at its master', () => {
    const cluster = gather([pod('master', 0), pod('worker', 1)]);
    expect(cluster?.members.map(({ name, pod }) => [name, pod !== undefined])).toEqual([
      ['prod-master-0', true],
      ['prod-worker-0', false],
      ['prod-worker-1', true],
    ]);
    expect([cluster?.wanted, cluster && sparkUiTarget(cluster)]).toEqual([3, { pod: 'prod-master-0', port: 8080 }]);
  });
});
