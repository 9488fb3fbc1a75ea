import { describe, expect, test } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import {
  makeContainer,
  makeCustom,
  makeEnd,
  makeNamespace,
  makePod,
  makeState,
  NOW,
  type PodSketch,
  secondsAgo,
  timeAgo,
} from '#test/support/jobObjects.ts';

const spec = {
  runtimeRef: { name: 'tensorflow-distributed' },
  trainer: { numNodes: 2, image: 'tensorflow/tensorflow:2.19.0' },
  suspend: false,
};

const pod = (step: string, index: number, sketch: PodSketch = {}): LivePod => {
  const suffix = sketch.meta?.createdAt === undefined ? 'x2b4c' : 'new99';
  return makePod(`mnist-${step}-0-${index}-${suffix}`, {
    containers: [makeContainer(step)],
    states: [makeState(step)],
    ...sketch,
    meta: {
      labels: {
        'jobset.sigs.k8s.io/jobset-name': 'mnist',
        'jobset.sigs.k8s.io/replicatedjob-name': step,
        'jobset.sigs.k8s.io/job-index': '0',
        'batch.kubernetes.io/job-completion-index': `${index}`,
      },
      ...sketch.meta,
    },
  });
};

const failed = (step: string, index: number): LivePod =>
  pod(step, index, { phase: 'Failed', states: [makeState(step, { ended: makeEnd(1) })] });

const gather = (status: object, pods: readonly LivePod[] = [], more: object = {}, jobSet?: object): DataCluster => {
  const job = makeCustom('trainer.kubeflow.org/v1alpha1', 'TrainJob', 'mnist', { spec: { ...spec, ...more }, status });
  const made = jobSet === undefined ? [] : [makeCustom('jobset.x-k8s.io/v1alpha2', 'JobSet', 'mnist', jobSet)];
  const [cluster] = tfjobLive.gather(makeNamespace({ customs: [job, ...made], pods }));
  if (cluster === undefined) throw new Error('no data cluster');
  return cluster;
};

const condition = (type: string, status: string, reason: string, message = '', seconds = 120): object => ({
  conditions: [{ type, status, reason, message, lastTransitionTime: timeAgo(seconds) }],
});

const jobsStatus = [{ name: 'node', ready: 1, active: 1, succeeded: 0, failed: 0, suspended: 0 }];
const nodes = [pod('node', 0), pod('node', 1)];

describe('a TrainJob', () => {
  test.each<readonly [string, DataCluster, string]>([
    [
      'new',
      gather({}),
      'unhealthy: waits for the operator: no JobSet of it is to be seen for 10 min; where one cannot be made, events of the job say why',
    ],
    ['starting', gather({ jobsStatus: [{ name: 'node', ready: 0, active: 0 }] }), 'working: starting: node pending'],
    [
      'preparing',
      gather({ jobsStatus }, [pod('dataset-initializer', 0)]),
      'working: preparing: dataset-initializer at work',
    ],
    ['running', gather({ jobsStatus }, nodes), 'healthy: running for 8 min: 2 of 2 nodes'],
    [
      'running after it was resumed',
      gather({ jobsStatus, ...condition('Suspended', 'False', 'Resumed') }, nodes),
      'healthy: running for 8 min: 2 of 2 nodes',
    ],
    [
      'that reports its progress',
      gather({ jobsStatus, trainerStatus: { progressPercentage: 42, estimatedRemainingSeconds: 1_300 } }, nodes),
      'healthy: running for 8 min, 42 % done, about 21 min left: 2 of 2 nodes',
    ],
    [
      'without a node',
      gather({ jobsStatus }, [pod('node', 0)]),
      'warning: running for 8 min: 1 of 2 nodes; node-1 has no pod',
    ],
    [
      'without a node that is still to be made',
      gather({ jobsStatus }, [pod('node', 0, { meta: { createdAt: secondsAgo(2) } })]),
      'working: running for 8 min: 1 of 2 nodes; node-1 has no pod yet',
    ],
    [
      'with a failed node',
      gather({ jobsStatus }, [pod('node', 0), failed('node', 1)]),
      'unhealthy: running for 8 min: 1 of 2 nodes; node-1 failed: container node ended with exit code 1',
    ],
    [
      'with a failed node that was replaced',
      gather({ jobsStatus }, [
        pod('node', 0),
        failed('node', 1),
        pod('node', 1, { meta: { createdAt: secondsAgo(60) } }),
      ]),
      'warning: running for 8 min: 2 of 2 nodes; node-1 failed: container node ended with exit code 1',
    ],
    ['suspended', gather(condition('Suspended', 'True', 'Suspended'), [], { suspend: true }), 'done: suspended'],
    [
      'completed',
      gather({ jobsStatus, ...condition('Complete', 'True', 'AllJobsCompleted') }),
      'done: completed 2 min ago',
    ],
    [
      'failed with a node',
      gather(condition('Failed', 'True', 'FailedJobs', 'jobset failed due to one or more job failures'), [
        failed('node', 1),
      ]),
      'unhealthy: failed 2 min ago: node-1 ended with exit code 1',
    ],
    [
      'failed without pods',
      gather(condition('Failed', 'True', 'FailedJobs', 'jobset failed due to one or more job failures')),
      'unhealthy: failed 2 min ago: jobset failed due to one or more job failures',
    ],
    [
      'that ran too long',
      gather(condition('Failed', 'True', 'DeadlineExceeded'), [], { activeDeadlineSeconds: 600 }),
      'unhealthy: failed 2 min ago: it ran longer than its deadline of 10 min',
    ],
    [
      'of an unknown runtime',
      gather(condition('Failed', 'True', 'TrainingRuntimeNotSupported')),
      'unhealthy: failed 2 min ago: its runtime tensorflow-distributed is not known or not supported',
    ],
  ])('%s', (_, cluster, expected) => {
    const { level, sentence } = tfjobLive.health(cluster, undefined, NOW);
    expect(`${level}: ${sentence}`).toBe(expected);
  });

  /** Seen with the real operators: trainer 2.0.0 with JobSet 0.8.2. */
  describe('of trainer 2.0.0, which leaves all but the end to its JobSet', () => {
    const suspended = { suspend: true };
    const anew = { failurePolicy: { maxRestarts: 2 } };
    const counts = { replicatedJobsStatus: [{ name: 'node', ready: 0, active: 0 }] };
    const refused = 'a JobSet refuses to be changed once its job or its runtime has been edited';
    const said = (seconds: number): object => condition('Suspended', 'True', 'Suspended', '', seconds);
    const resumed = (seconds: number): object => condition('Suspended', 'False', 'Resumed', '', seconds);
    const ended = pod('node', 0, { phase: 'Succeeded', states: [makeState('node', { ended: makeEnd(0) })] });
    test.each<readonly [string, DataCluster, string]>([
      ['starts', gather({}, [], {}, { spec: {}, status: counts }), 'working: starting: node pending'],
      ['starts without counts', gather({}, [], {}, { spec: {} }), 'working: starting'],
      ['runs', gather({}, nodes, {}, { spec: { suspend: false } }), 'healthy: running for 8 min: 2 of 2 nodes'],
      [
        'begins anew',
        gather({}, [], {}, { spec: anew, status: { ...counts, restarts: 1 } }),
        'working: starting, begun anew 1 of 2 times: node pending',
      ],
      [
        'prepares anew',
        gather({}, [pod('dataset-initializer', 0)], {}, { spec: anew, status: { restarts: 1 } }),
        'working: preparing, begun anew 1 of 2 times: dataset-initializer at work',
      ],
      [
        'runs anew',
        gather({}, nodes, {}, { spec: anew, status: { restarts: 2 } }),
        'healthy: running for 8 min, begun anew 2 of 2 times: 2 of 2 nodes',
      ],
      [
        'fails in spite of it',
        gather(
          condition('Failed', 'True', 'ReachedMaxRestarts'),
          [failed('node', 1)],
          {},
          { spec: anew, status: { restarts: 2 } },
        ),
        'unhealthy: failed 2 min ago, begun anew 2 of 2 times: node-1 ended with exit code 1',
      ],
      ['is suspended', gather(said(2), [], suspended, { spec: suspended }), 'done: suspended'],
      ['is suspended with what had ended', gather(said(2), [ended], suspended, { spec: suspended }), 'done: suspended'],
      [
        'is suspended while what has ended is being deleted',
        gather(said(2), [{ ...ended, meta: { ...ended.meta, deletedAt: NOW } }], suspended, { spec: suspended }),
        'working: being suspended: 1 of its pods is still there',
      ],
      [
        'is being suspended',
        gather(said(2), nodes, suspended, { spec: suspended }),
        'working: being suspended: 2 of its pods are still there',
      ],
      [
        'has a JobSet that does not follow at once',
        gather(said(2), nodes, suspended, { spec: { suspend: false } }),
        'working: being suspended: its JobSet is not, and 2 of its pods are still there',
      ],
      [
        'has a JobSet that does not follow',
        gather(said(120), nodes, suspended, { spec: { suspend: false } }),
        `warning: said to be suspended, but its JobSet is not, and 2 of its pods are still there: ${refused}`,
      ],
      [
        'has pods that do not end',
        gather(said(120), [pod('node', 0)], suspended, { spec: suspended }),
        'warning: said to be suspended, but 1 of its pods is still there',
      ],
      [
        'is being resumed',
        gather(resumed(2), [], {}, { spec: suspended }),
        'working: being resumed: its JobSet is still suspended',
      ],
      [
        'is not resumed by its JobSet',
        gather(resumed(120), [], {}, { spec: suspended }),
        `warning: resumed 2 min ago, but its JobSet is still suspended: ${refused}`,
      ],
      ['is resumed, and its JobSet may not be seen', gather(resumed(120)), 'working: starting'],
      [
        'is held by Kueue at its JobSet',
        gather({}, [], {}, { spec: suspended, meta: { labels: { 'kueue.x-k8s.io/queue-name': 'night' } } }),
        'working: suspended until the Kueue queue night has room for it',
      ],
    ])('%s', (_, cluster, expected) => {
      const { level, sentence } = tfjobLive.health(cluster, undefined, NOW);
      expect(`${level}: ${sentence}`).toBe(expected);
    });
  });

  test('whose pods may not be seen is told by its operator alone', () => {
    const job = makeCustom('trainer.kubeflow.org/v1alpha1', 'TrainJob', 'mnist', { spec, status: { jobsStatus } });
    const [cluster] = tfjobLive.gather(makeNamespace({ customs: [job], hidden: new Set(['pods']) }));
    const health = cluster && tfjobLive.health(cluster, undefined, NOW);
    expect(`${health?.level}: ${health?.sentence}`).toBe(
      'unknown: node ready, says the operator; its pods may not be seen',
    );
  });

  test('has its steps in the order in which they run', () => {
    const cluster = gather({ jobsStatus }, [...nodes, pod('launcher', 0), pod('model-initializer', 0)]);
    expect(cluster.members.map(({ group, role }) => [group, role])).toEqual([
      ['model-initializer', 'companion'],
      ['launcher', 'chief'],
      ['node', 'worker'],
      ['node', 'worker'],
    ]);
    expect(cluster.key).toBe('tfjob/jobs/mnist/trainjob.trainer.kubeflow.org');
  });
});
