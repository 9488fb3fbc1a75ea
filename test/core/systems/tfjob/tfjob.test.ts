import { describe, expect, test } from 'vitest';
import { lastFailureLog } from '#core/live/jobs/failureLog.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import {
  makeCondition,
  makeContainer,
  makeCustom,
  makeEnd,
  makeNamespace,
  makePod,
  makeState,
  NOW,
  timeAgo,
} from '#test/support/jobObjects.ts';
import {
  template,
  spec,
  type Condition,
  condition,
  status,
  replica,
  ended,
  chief,
  ps,
  workers,
  all,
  withWorker1,
} from '#test/support/tfjobObjects.ts';

const gather = (
  ownSpec: object,
  ownStatus: object,
  pods: readonly LivePod[] = [],
  apiVersion = 'kubeflow.org/v1',
): DataCluster => {
  const job = makeCustom(apiVersion, 'TFJob', 'mnist', { spec: ownSpec, status: ownStatus });
  const [cluster, ...more] = tfjobLive.gather(makeNamespace({ customs: [job], pods }));
  if (cluster === undefined || more.length > 0) throw new Error('not one data cluster');
  return cluster;
};

const verdict = (cluster: DataCluster): string => {
  const { level, sentence } = tfjobLive.health(cluster, undefined, NOW);
  return `${level}: ${sentence}`;
};

const created: Condition = ['Created', 'True', 10_810];
const running: Condition = ['Running', 'True', 10_790];
const restarting: Condition = [
  'Restarting',
  'True',
  30,
  'TFJob jobs/mnist is restarting because 1 Worker replica(s) failed.',
];
const succeeded: Condition = ['Succeeded', 'True', 7_200, 'TFJob jobs/mnist successfully completed.'];
const failedBecause = (message: string): readonly Condition[] => [
  created,
  ['Running', 'False', 300],
  ['Failed', 'True', 300, message],
];
const completionTime = timeAgo(7_200);

describe('a TFJob', () => {
  const counts = '1 of 1 chief, 2 of 2 PS';

  test.each<readonly [string, DataCluster, string]>([
    ['new', gather(spec(), {}), 'unhealthy: waits for the operator: nobody has picked it up for 10 min'],
    [
      'left to another cluster',
      gather(spec('Never', { managedBy: 'kueue.x-k8s.io/multikueue' }), {}),
      'unknown: left to kueue.x-k8s.io/multikueue, which has not said anything yet',
    ],
    [
      'without a status but with pods',
      gather(spec(), {}, [
        replica('chief', 0, {
          phase: 'Pending',
          states: [],
          conditions: [
            makeCondition('PodScheduled', 'False', {
              reason: 'Unschedulable',
              message: 'persistentvolumeclaim "data" not found.',
            }),
          ],
        }),
        ...ps,
        ...workers,
      ]),
      'unhealthy: starting: 0 of 1 chief, 2 of 2 PS, 4 of 4 workers; chief-0 cannot be scheduled: persistentvolumeclaim "data" not found',
    ],
    ['running', gather(spec(), status([created, running]), all), `healthy: running for 3 h: ${counts}, 4 of 4 workers`],
    [
      'running with a worker that is done',
      gather(spec(), status([created, running]), withWorker1(ended(0))),
      `healthy: running for 3 h: ${counts}, 3 of 4 workers (1 completed)`,
    ],
    [
      'running with a worker in a crash loop',
      gather(
        spec(),
        status([created, running]),
        withWorker1({
          isReady: false,
          states: [makeState('tensorflow', { waitingReason: 'CrashLoopBackOff', restarts: 3, lastEnd: makeEnd(1) })],
        }),
      ),
      `unhealthy: running for 3 h: ${counts}, 3 of 4 workers; worker-1 is in a crash loop: container tensorflow ended with exit code 1, 3 restarts`,
    ],
    [
      'running without a worker',
      gather(spec(), status([created, running]), withWorker1(undefined)),
      `warning: running for 3 h: ${counts}, 3 of 4 workers; worker-1 has no pod`,
    ],
    [
      'whose pods may not be seen',
      gather(spec(), status([created, running])),
      'unknown: running for 3 h, says the operator: 1 chief active, 2 PS active, 4 workers active; no pod is to be seen',
    ],
    [
      'restarting a worker that was killed',
      gather(spec('ExitCode'), status([created, restarting]), withWorker1(ended(137, 'OOMKilled'))),
      `warning: ${counts}, 3 of 4 workers; worker-1 is restarting: exit code 137 (OOMKilled)`,
    ],
    [
      'restarting a worker whose pod is deleted',
      gather(spec('ExitCode'), status([created, restarting]), withWorker1(undefined)),
      `warning: ${counts}, 3 of 4 workers; worker-1 has no pod`,
    ],
    [
      'restarting with all pods back',
      gather(spec('ExitCode'), status([created, restarting]), all),
      `warning: restarting: 1 Worker replica(s) failed; ${counts}, 4 of 4 workers`,
    ],
    [
      'with a worker that failed for good',
      gather(spec('ExitCode'), status([created, running]), withWorker1(ended(1))),
      `unhealthy: running for 3 h: ${counts}, 3 of 4 workers; worker-1 failed for good: exit code 1 is below 128, which restartPolicy ExitCode does not try again`,
    ],
    [
      'with a worker that is never started again',
      gather(spec('Never'), status([created, running]), withWorker1(ended(143))),
      `unhealthy: running for 3 h: ${counts}, 3 of 4 workers; worker-1 failed with exit code 143 (SIGTERM), and restartPolicy Never does not start it again`,
    ],
    [
      'whose pods are gone after success',
      gather(spec(), status([created, ['Running', 'False', 7_200], succeeded], { completionTime })),
      'done: succeeded 2 h ago in 60 min',
    ],
    [
      'whose parameter servers go on after success',
      gather(spec(), status([created, ['Running', 'False', 7_200], succeeded], { completionTime }), [
        replica('chief', 0, ended(0)),
        ...ps,
      ]),
      'warning: succeeded 2 h ago in 60 min; still running: 2 PS, cleanPodPolicy None leaves them',
    ],
    [
      'that has just succeeded',
      gather(
        spec(),
        status([created, ['Succeeded', 'True', 20]], { completionTime: timeAgo(20), startTime: timeAgo(3_620) }),
        ps,
      ),
      'done: succeeded 20 s ago in 60 min',
    ],
    [
      'that succeeded although a later condition does not hold',
      gather(spec(), status([created, succeeded, ['Running', 'False', 10]], { completionTime })),
      'done: succeeded 2 h ago in 60 min',
    ],
    [
      'that failed with a worker',
      gather(
        spec('Never'),
        status(failedBecause('TFJob jobs/mnist has failed because 1 Worker replica(s) failed.')),
        withWorker1(ended(1)),
      ),
      'unhealthy: failed 5 min ago: worker-1 ended with exit code 1',
    ],
    [
      'that failed and whose pods are gone',
      gather(spec('Never'), status(failedBecause('TFJob jobs/mnist has failed because 1 Worker replica(s) failed.'))),
      'unhealthy: failed 5 min ago: 1 Worker replica(s) failed',
    ],
    [
      'that ran too long',
      gather(
        spec('Never', { activeDeadlineSeconds: 3_600 }),
        status(failedBecause('Job mnist has failed because it was active longer than specified deadline')),
      ),
      'unhealthy: failed 5 min ago: it ran longer than its deadline of 60 min',
    ],
    [
      'that restarted too often',
      gather(
        spec('OnFailure', { backoffLimit: 3 }),
        status(failedBecause('Job mnist has failed because it has reached the specified backoff limit')),
      ),
      'unhealthy: failed 5 min ago: its replicas restarted as often as backoffLimit 3 allows',
    ],
    [
      'suspended',
      gather(spec('Never', { suspend: true }), status([created, ['Running', 'False', 60], ['Suspended', 'True', 60]])),
      'done: suspended',
    ],
    [
      'about to be suspended',
      gather(spec('Never', { suspend: true }), {}),
      'working: about to be suspended: the operator has not said so yet',
    ],
    [
      'in a state of tomorrow',
      gather(spec(), status([['Teleporting', 'True', 5]])),
      'unknown: in a state that is not known here: Teleporting',
    ],
  ])('%s', (_, cluster, expected) => {
    expect(verdict(cluster)).toBe(expected);
  });

  test('has its replicas in the order of their roles, with the places of those that are missing', () => {
    const cluster = gather(spec(), status([created, running]), [...workers.slice(2), chief]);
    expect(cluster.members.map(({ name, role, pod }) => [name, role, pod !== undefined])).toEqual([
      ['mnist-chief-0', 'chief', true],
      ['mnist-ps-0', 'ps', false],
      ['mnist-ps-1', 'ps', false],
      ['mnist-worker-0', 'worker', false],
      ['mnist-worker-1', 'worker', false],
      ['mnist-worker-2', 'worker', true],
      ['mnist-worker-3', 'worker', true],
    ]);
    expect([cluster.key, cluster.wanted]).toEqual(['tfjob/jobs/mnist', 7]);
    const [first, second] = cluster.members.map((member) => tfjobLive.memberHealth(member, cluster, undefined, NOW));
    expect([first?.sentence, second?.sentence]).toEqual(['has been running for 8 min', 'has no pod']);
  });

  test('tells of its deadline, its restarts and the end of its stay', () => {
    const limits = { activeDeadlineSeconds: 11_400, backoffLimit: 4, ttlSecondsAfterFinished: 86_400 };
    const restarted = withWorker1({ states: [makeState('tensorflow', { restarts: 3 })] });
    const evidenceOf = (cluster: DataCluster): readonly string[] =>
      tfjobLive.health(cluster, undefined, NOW).evidence.map(({ level, text }) => `${level}: ${text}`);
    expect(evidenceOf(gather(spec('OnFailure', limits), status([created, running]), restarted))).toEqual([
      'warning: its deadline of 3 h ends in 10 min',
      'warning: 3 of the 4 restarts that backoffLimit allows are used up',
      `healthy: running for 3 h: ${counts}, 4 of 4 workers`,
    ]);
    expect(evidenceOf(gather(spec('OnFailure', limits), status([created, succeeded], { completionTime })))).toContain(
      'done: will be deleted in 22 h',
    );
  });

  test('is told when it goes on behind its deadline, which nothing wakes its operator for', () => {
    const health = tfjobLive.health(
      gather(spec('OnFailure', { activeDeadlineSeconds: 7_200 }), status([created, running]), all),
      undefined,
      NOW,
    );
    expect([health.level, health.sentence]).toEqual([
      'warning',
      `running for 3 h, 60 min beyond its deadline: ${counts}, 4 of 4 workers`,
    ]);
    expect(health.evidence.map(({ text }) => text)).toContain(
      'its deadline of 2 h ended 60 min ago: the operator does not wake up for it, and ends the job when something of it changes next',
    );
  });

  test('finds the log of the replica that failed last, before its restart', () => {
    const states = [makeState('tensorflow', { restarts: 1, lastEnd: makeEnd(137, { reason: 'OOMKilled' }) })];
    const cluster = gather(spec(), status([created, running]), withWorker1({ states }));
    expect(lastFailureLog(cluster)).toMatchObject({ pod: 'mnist-worker-1', container: 'tensorflow', previous: true });
  });

  test('whose pods may not be seen is told by its operator alone', () => {
    const job = makeCustom('kubeflow.org/v1', 'TFJob', 'mnist', { spec: spec(), status: status([created, running]) });
    const [cluster] = tfjobLive.gather(makeNamespace({ customs: [job], hidden: new Set(['pods']) }));
    if (cluster === undefined) throw new Error('no data cluster');
    expect(verdict(cluster)).toBe(
      'unknown: running, 1 chief active, 2 PS active, 4 workers active, says the operator; its pods may not be seen',
    );
    const [member] = cluster.members;
    expect(member && tfjobLive.memberHealth(member, cluster, undefined, NOW).sentence).toBe('may not be seen');
  });

  test('does not take the pods of other training jobs', () => {
    const other = replica('worker', 0, {
      meta: {
        labels: {
          'training.kubeflow.org/job-name': 'mnist',
          'training.kubeflow.org/operator-name': 'pytorchjob-controller',
          'training.kubeflow.org/replica-type': 'worker',
        },
      },
    });
    expect(gather(spec(), status([created]), [other]).members.every(({ pod }) => pod === undefined)).toBe(true);
    expect(tfjobLive.gather(makeNamespace({ pods: [other] }))).toEqual([]);
  });

  test('whose resource is not to be seen is told by its pods, without a guess at its outcome', () => {
    const [cluster] = tfjobLive.gather(makeNamespace({ pods: [chief, ...ps, replica('worker', 0, ended(0))] }));
    expect(cluster && verdict(cluster)).toBe('unknown: its TFJob is not to be seen: 3 of 4 replicas work, 1 completed');
  });
});

describe('what older versions left', () => {
  const oldPod = (labels: Record<string, string>): LivePod =>
    makePod('mnist-worker-x7f2-0-abcde', {
      containers: [makeContainer('tensorflow')],
      states: [makeState('tensorflow')],
      meta: { labels },
    });

  test('v1alpha1: a list of replicas, a phase and a state', () => {
    const old = (phase: string, state: string): DataCluster =>
      gather(
        {
          RuntimeId: 'x7f2',
          replicaSpecs: [
            { tfReplicaType: 'MASTER', replicas: 1, tfPort: 2222, template },
            { tfReplicaType: 'WORKER', replicas: 1 },
          ],
          terminationPolicy: { chief: { replicaName: 'MASTER', replicaIndex: 0 } },
        },
        {
          phase,
          state,
          reason: '',
          replicaStatuses: [{ tf_replica_type: 'WORKER', state: 'Running', ReplicasStates: { Running: 1 } }],
        },
        [oldPod({ 'kubeflow.org': '', job_type: 'WORKER', runtime_id: 'x7f2', task_index: '0', tf_job_name: 'mnist' })],
        'kubeflow.org/v1alpha1',
      );
    expect(old('Running', 'Running').members.map(({ group, index, pod }) => [group, index, pod !== undefined])).toEqual(
      [
        ['master', 0, false],
        ['worker', 0, true],
      ],
    );
    expect(verdict(old('Running', 'Running'))).toBe(
      'warning: running: 0 of 1 master, 1 of 1 worker; master-0 has no pod',
    );
    expect(verdict(old('Done', 'Failed'))).toBe('unhealthy: failed');
    expect(verdict(old('Done', 'Succeeded'))).toBe(
      'warning: succeeded; still running: 1 worker, cleanPodPolicy Running should have ended them',
    );
    expect(old('Done', 'Succeeded').successor).toContain('v1');
  });

  test('v1alpha2: replica statuses under a name of their own, policies directly under spec', () => {
    const cluster = gather(
      { cleanPodPolicy: 'All', tfReplicaSpecs: { Worker: { replicas: 1, restartPolicy: 'Never', template } } },
      {
        conditions: [created, running].map(condition),
        tfReplicaStatuses: { Worker: { active: 1 } },
        startTime: timeAgo(240),
      },
      [],
      'kubeflow.org/v1alpha2',
    );
    expect(verdict(cluster)).toBe(
      'unknown: running for 4 min, says the operator: 1 worker active; no pod is to be seen',
    );
  });

  test.each([
    [
      'tf-operator 0.3',
      { group_name: 'kubeflow.org', tf_job_name: 'mnist', 'tf-replica-type': 'worker', 'tf-replica-index': '0' },
    ],
    [
      'tf-operator 0.5',
      { 'group-name': 'kubeflow.org', 'tf-job-name': 'mnist', 'tf-replica-type': 'worker', 'tf-replica-index': '0' },
    ],
    [
      'training-operator 1.5',
      { 'group-name': 'kubeflow.org', 'job-name': 'mnist', 'replica-type': 'worker', 'replica-index': '0' },
    ],
  ])('pods of %s', (_, labels) => {
    const cluster = gather({ tfReplicaSpecs: { Worker: { template } } }, status([created, running]), [oldPod(labels)]);
    expect(cluster.members.map(({ index, group, pod }) => [index, group, pod !== undefined])).toEqual([
      [0, 'worker', true],
    ]);
  });

  test('pods of a batch Job are nobody’s replicas', () => {
    expect(tfjobLive.gather(makeNamespace({ pods: [oldPod({ 'job-name': 'mnist' })] }))).toEqual([]);
  });
});
