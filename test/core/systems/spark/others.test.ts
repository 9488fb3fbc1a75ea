import { describe, expect, test } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import type { LivePod, LiveWorkload, NamespaceObjects, OwnerLink } from '#core/live/objects.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import {
  makeContainer,
  makeCustom,
  makeEnd,
  makeMeta,
  makeNamespace,
  makePod,
  makeState,
  makeWorkload,
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

describe('a ScheduledSparkApplication', () => {
  const RUN = 'nightly-1787568900000000000';

  const scheduled = (spec: object, status: object) =>
    makeCustom('sparkoperator.k8s.io/v1beta2', 'ScheduledSparkApplication', 'nightly', {
      spec: { schedule: '*/15 * * * *', concurrencyPolicy: 'Forbid', template: { sparkVersion: '4.0.1' }, ...spec },
      status,
    });

  const run = (state: string) =>
    makeCustom('sparkoperator.k8s.io/v1beta2', 'SparkApplication', RUN, {
      meta: {
        labels: { 'sparkoperator.k8s.io/scheduled-app-name': 'nightly' },
        owners: [{ ...ownerLink('ScheduledSparkApplication', 'nightly'), isController: false }],
      },
      spec: { sparkVersion: '4.0.1', executor: {} },
      status: { applicationState: { state }, driverInfo: {}, executionAttempts: 1, submissionAttempts: 1 },
    });

  const gather = (spec: object, status: object, state?: string): readonly DataCluster[] =>
    sparkLive.gather(
      makeNamespace({ customs: [scheduled(spec, status), ...(state === undefined ? [] : [run(state)])] }),
    );

  const running = { lastRun: timeAgo(3_600), lastRunName: RUN, nextRun: timeAgo(-1_200), scheduleState: 'Scheduled' };

  const table: readonly (readonly [string, object, object, string | undefined, string])[] = [
    ['new', {}, {}, undefined, 'unhealthy: waits for the operator: nobody has picked it up for 10 min'],
    [
      'before its first run',
      {},
      { scheduleState: 'Scheduled', nextRun: timeAgo(-30) },
      undefined,
      'healthy: next run in 30 s; no run yet',
    ],
    ['after a good run', {}, running, 'COMPLETED', 'healthy: next run in 20 min; last run 60 min ago succeeded'],
    ['during a run', {}, running, 'RUNNING', 'healthy: next run in 20 min; last run 60 min ago is still going on'],
    ['after a failed run', {}, running, 'FAILED', 'warning: next run in 20 min; last run 60 min ago failed'],
    [
      'after a failed run that is gone',
      {},
      { ...running, pastFailedRunNames: [RUN] },
      undefined,
      'warning: next run in 20 min; last run 60 min ago failed',
    ],
    [
      'waiting for the last run',
      {},
      { ...running, nextRun: timeAgo(300) },
      'RUNNING',
      'working: the run due 5 min ago has not started: concurrencyPolicy Forbid waits for the last run; last run 60 min ago is still going on',
    ],
    [
      'without a policy',
      { concurrencyPolicy: undefined },
      { ...running, nextRun: timeAgo(300) },
      'COMPLETED',
      'warning: the run due 5 min ago has not started: concurrencyPolicy is not set, and the operator then starts the first run only; last run 60 min ago succeeded',
    ],
    ['suspended', { suspend: true }, running, 'COMPLETED', 'done: suspended; last run 60 min ago succeeded'],
    [
      'refused',
      { schedule: '*/15 * * *' },
      { scheduleState: 'FailedValidation', reason: 'expected exactly 5 fields, found 4: [*/15 * * *]' },
      undefined,
      'unhealthy: the schedule "*/15 * * *" is refused: expected exactly 5 fields, found 4: [*/15 * * *]',
    ],
    [
      'refused and corrected',
      {},
      { scheduleState: 'FailedValidation', reason: 'expected exactly 5 fields, found 4: [*/15 * * *]' },
      undefined,
      'unhealthy: the schedule "*/15 * * * *" is refused: expected exactly 5 fields, found 4: [*/15 * * *]; if it was corrected since, delete and create it anew: the operator does not look again',
    ],
  ];

  test.each(table)('%s', (_, spec, status, state, expected) => {
    const cluster = gather(spec, status, state).find(({ name }) => name === 'nightly');
    expect(verdict(cluster)).toBe(expected);
  });

  test('has no members; its runs are data clusters that it owns', () => {
    const [schedule, application] = gather({}, running, 'RUNNING');
    expect([schedule?.key, schedule?.members, schedule?.customs.map(({ meta }) => meta.name)]).toEqual([
      'spark/jobs/nightly/scheduledsparkapplication.sparkoperator.k8s.io',
      [],
      [RUN],
    ]);
    expect([application?.key, application?.owner]).toMatchObject([
      `spark/jobs/${RUN}`,
      { kind: 'ScheduledSparkApplication', name: 'nightly' },
    ]);
  });
});

describe('a SparkConnect', () => {
  const labels = { 'sparkoperator.k8s.io/connect-name': 'connect' };
  const server = (sketch: PodSketch = {}): LivePod =>
    makePod('connect-server', {
      containers: [makeContainer('spark-kubernetes-driver')],
      states: [makeState('spark-kubernetes-driver')],
      ...sketch,
      meta: { labels: { ...labels, 'spark-role': 'connect-server' } },
    });
  const executor = makePod('connect-exec-1', {
    states: [makeState('spark-kubernetes-executor')],
    meta: { labels: { ...labels, 'spark-role': 'executor', 'spark-app-selector': 'spark-1' } },
  });

  const gather = (state: string | undefined, pods: readonly LivePod[]): DataCluster | undefined => {
    const conditions = [
      { type: 'ServerPodReady', status: 'False', reason: 'ServerPodNotReady', message: 'Server is not ready' },
    ];
    const connect = makeCustom('sparkoperator.k8s.io/v1alpha1', 'SparkConnect', 'connect', {
      spec: { sparkVersion: '4.0.1', server: { cores: 1 }, executor: { instances: 1 } },
      status:
        state === undefined
          ? {}
          : { state, conditions, executors: { running: 1 }, server: { podName: 'connect-server' } },
    });
    return sparkLive.gather(makeNamespace({ customs: [connect], pods }))[0];
  };

  test.each([
    ['new', undefined, [], 'unhealthy: waits for the operator: nobody has picked it up for 10 min'],
    ['ready', 'Ready', [server(), executor], 'healthy: ready, 1 of 1 executor'],
    ['ready without executors', 'Ready', [server()], 'warning: ready, 0 of 1 executor'],
    ['being made', 'Provisioning', [], 'working: the server is being made'],
    ['not ready', 'NotReady', [], 'unhealthy: the server is not ready: Server is not ready'],
    [
      'crashing',
      'NotReady',
      [
        server({
          states: [
            makeState('spark-kubernetes-driver', {
              waitingReason: 'CrashLoopBackOff',
              restarts: 4,
              lastEnd: makeEnd(1),
            }),
          ],
        }),
      ],
      'unhealthy: server is in a crash loop: container spark-kubernetes-driver ended with exit code 1, 4 restarts',
    ],
    ['failed', 'Failed', [], 'unhealthy: failed: Server is not ready'],
  ] as const)('%s', (_, state, pods, expected) => {
    expect(verdict(gather(state, pods))).toBe(expected);
  });
});

describe('an application that only its pods tell of', () => {
  const labels = { 'spark-app-selector': 'spark-77', 'spark-version': '3.5.6' };
  const driver = (sketch: PodSketch = {}): LivePod =>
    makePod('etl-77-driver', {
      containers: [makeContainer('spark-kubernetes-driver')],
      states: [makeState('spark-kubernetes-driver')],
      ...sketch,
      meta: { labels: { ...labels, 'spark-role': 'driver' } },
    });
  const executor = (more: Partial<LivePod['meta']> = {}, sketch: PodSketch = {}): LivePod =>
    makePod('etl-77-exec-1', {
      states: [makeState('spark-kubernetes-executor')],
      ...sketch,
      meta: { labels: { ...labels, 'spark-role': 'executor', 'spark-exec-id': '1' }, ...more },
    });
  const gather = (objects: Partial<NamespaceObjects>): readonly DataCluster[] =>
    sparkLive.gather(makeNamespace(objects));

  test('runs, completes and fails by its driver', () => {
    const ended = (code: number): readonly DataCluster[] =>
      gather({
        pods: [
          driver({
            phase: code === 0 ? 'Succeeded' : 'Failed',
            states: [makeState('spark-kubernetes-driver', { ended: makeEnd(code) })],
          }),
        ],
      });
    const [running] = gather({ pods: [driver(), executor()] });
    expect([running?.flavour, running?.name, running?.version]).toEqual(['spark-submit', 'etl-77', '3.5.6']);
    expect(verdict(running)).toBe('healthy: running: 1 executor');
    expect(verdict(ended(0)[0])).toBe('done: completed 60 s ago in 7 min');
    expect(verdict(ended(1)[0])).toBe(
      'unhealthy: driver failed: container spark-kubernetes-driver ended with exit code 1',
    );
  });

  test('has the executors its driver owns even when their ids differ', () => {
    const own = executor({
      labels: { ...labels, 'spark-app-selector': 'other', 'spark-role': 'executor' },
      owners: [ownerLink('Pod', 'etl-77-driver')],
    });
    const [cluster, ...more] = gather({ pods: [driver(), own] });
    expect([cluster?.members.length, more.length]).toEqual([2, 0]);
  });

  test('in client mode has the pod that owns its executors as its driver', () => {
    const notebook = makePod('notebook-0', { containers: [makeContainer('jupyter')], states: [makeState('jupyter')] });
    const [cluster] = gather({ pods: [notebook, executor({ owners: [ownerLink('Pod', 'notebook-0')] })] });
    expect(cluster?.members.map(({ name, role, container }) => [name, role, container])).toEqual([
      ['notebook-0', 'driver', 'jupyter'],
      ['etl-77-exec-1', 'executor', 'spark-kubernetes-executor'],
    ]);
    expect(verdict(gather({ pods: [executor()] })[0])).toBe('unknown: no driver is to be seen, 1 executor');
  });
});

describe('a standalone cluster without an operator', () => {
  const workload = (name: string, kind: LiveWorkload['kind'], replicas: number, mode: string): LiveWorkload =>
    makeWorkload(name, {
      kind,
      replicas,
      meta: makeMeta(name, { labels: { 'app.kubernetes.io/instance': 'etl' } }),
      selector: { component: mode },
      containers: [makeContainer('spark', { image: 'bitnami/spark:3.5.6', variables: { SPARK_MODE: mode } })],
    });
  const pod = (name: string, component: string, sketch: PodSketch = {}): LivePod =>
    makePod(name, {
      containers: [makeContainer('spark')],
      states: [makeState('spark')],
      ...sketch,
      meta: { labels: { component } },
    });
  const gather = (pods: readonly LivePod[]): readonly DataCluster[] =>
    sparkLive.gather(
      makeNamespace({
        workloads: [
          workload('etl-spark-master', 'StatefulSet', 1, 'master'),
          workload('etl-spark-worker', 'Deployment', 2, 'worker'),
        ],
        pods,
      }),
    );

  test('is one data cluster of its master and workers', () => {
    const [cluster, ...more] = gather([
      pod('etl-spark-worker-7f-a', 'worker'),
      pod('etl-spark-master-0', 'master'),
      pod('etl-spark-worker-7f-b', 'worker'),
    ]);
    expect([cluster?.key, cluster?.flavour, cluster?.version, cluster?.wanted, more.length]).toEqual([
      'spark/jobs/etl/standalone',
      'standalone',
      '3.5.6',
      3,
      0,
    ]);
    expect(cluster?.members.map(({ name, role }) => [name, role])).toEqual([
      ['etl-spark-master-0', 'master'],
      ['etl-spark-worker-7f-a', 'worker'],
      ['etl-spark-worker-7f-b', 'worker'],
    ]);
    expect(verdict(cluster)).toBe('healthy: master is ready, 2 of 2 workers');
  });

  test('is unhealthy without its master, and lacks workers only', () => {
    expect(verdict(gather([pod('etl-spark-worker-7f-a', 'worker')])[0])).toBe(
      'unhealthy: master is not ready, 1 of 2 workers',
    );
    const states = [makeState('spark', { waitingReason: 'ImagePullBackOff' })];
    const stuck = pod('etl-spark-worker-7f-b', 'worker', { phase: 'Pending', node: 'n', states });
    expect(
      verdict(gather([pod('etl-spark-master-0', 'master'), pod('etl-spark-worker-7f-a', 'worker'), stuck])[0]),
    ).toBe(
      'warning: master is ready, 1 of 2 workers; etl-spark-worker-7f-b cannot pull the image of container spark (example/spark:1)',
    );
  });

  test.each([
    ['/opt/spark/bin/spark-class org.apache.spark.deploy.master.Master', 'master'],
    ['/opt/spark/sbin/start-worker.sh spark://etl-master:7077', 'worker'],
    ['spark-submit --master spark://etl-master:7077 job.py', undefined],
    ['sleep infinity', undefined],
  ])('%s is a %s', (command, role) => {
    const image = 'apache/spark:4.0.1';
    const ports = role === undefined && command.startsWith('spark-submit') ? [{ name: 'x', port: 7077 }] : [];
    const own = makeWorkload('etl-x', { containers: [makeContainer('spark', { image, command, ports })], replicas: 1 });
    const [cluster] = sparkLive.gather(makeNamespace({ workloads: [own] }));
    expect(cluster?.members[0]?.role).toBe(role);
  });
});

test('a job that Kueue holds back is told so', () => {
  const job = makeCustom('sparkoperator.k8s.io/v1beta2', 'SparkApplication', 'etl', {
    meta: { labels: { 'kueue.x-k8s.io/queue-name': 'team-a' } },
    spec: { suspend: true },
    status: { applicationState: { state: 'SUSPENDED' } },
  });
  const [cluster] = sparkLive.gather(makeNamespace({ customs: [job] }));
  expect(verdict(cluster)).toBe('working: suspended until the Kueue queue team-a has room for it');
});
