import { describe, expect, test } from 'vitest';
import { makeCustom, makeEnd, makeState, timeAgo } from '#test/support/jobObjects.ts';
import {
  connect,
  jobOf,
  old,
  schedule,
  submitted,
  training,
  trainingWith,
  trainJob,
  verdictOf,
  type Row,
} from '#test/support/jobStates.ts';
import * as spark from '#test/support/sparkObjects.ts';
import * as tfjob from '#test/support/tfjobObjects.ts';

const rows: readonly Row[] = [
  [
    'spark-submit',
    'Pending',
    'unhealthy: driver cannot be scheduled: 0/3 nodes are available: 3 Insufficient cpu',
    undefined,
    [submitted(spark.pending('0/3 nodes are available: 3 Insufficient cpu'))],
  ],
  [
    'spark-submit',
    'Running',
    'healthy: running: 0 executors',
    undefined,
    [submitted({ states: [makeState('spark-kubernetes-driver')] })],
  ],
  [
    'spark-submit',
    'Succeeded',
    'done: completed 60 s ago in 7 min',
    undefined,
    [submitted({ phase: 'Succeeded', states: [makeState('spark-kubernetes-driver', { ended: makeEnd(0) })] })],
  ],
  [
    'spark-submit',
    'Failed',
    'unhealthy: driver failed: container spark-kubernetes-driver ended with exit code 101',
    undefined,
    [submitted({ phase: 'Failed', states: [makeState('spark-kubernetes-driver', { ended: makeEnd(101) })] })],
  ],
  ['Scheduled Spark', '', 'unhealthy: waits for the operator: nobody has picked it up for 10 min', schedule({})],
  [
    'Scheduled Spark',
    'Validating',
    'working: the operator is checking the schedule',
    schedule({ scheduleState: 'Validating' }),
  ],
  [
    'Scheduled Spark',
    'Scheduled',
    'healthy: next run in 10 min; no run yet',
    schedule({ scheduleState: 'Scheduled', nextRun: timeAgo(-600) }),
  ],
  [
    'Scheduled Spark',
    'Scheduled, paused',
    'done: suspended; no run yet',
    schedule({ scheduleState: 'Scheduled' }, { suspend: true }),
  ],
  [
    'Scheduled Spark',
    'FailedValidation',
    'unhealthy: the schedule "x" is refused: bad',
    schedule({ scheduleState: 'FailedValidation', reason: 'bad' }, { schedule: 'x' }),
  ],
  ['Spark Connect', '', 'unhealthy: waits for the operator: nobody has picked it up for 10 min', connect({})],
  ['Spark Connect', 'Provisioning', 'working: the server is being made', connect({ state: 'Provisioning' })],
  ['Spark Connect', 'Ready', 'healthy: ready, 0 of 0 executors', connect({ state: 'Ready' })],
  ['Spark Connect', 'NotReady', 'unhealthy: the server is not ready', connect({ state: 'NotReady' })],
  ['Spark Connect', 'Failed', 'unhealthy: failed', connect({ state: 'Failed' })],
  [
    'TFJob v1',
    'Created',
    'warning: starting: 0 of 1 chief, 0 of 2 PS, 0 of 4 workers; chief-0 has no pod, and 6 more in trouble',
    training(['Created', 'True', 5]),
  ],
  [
    'TFJob v1',
    'Running',
    'healthy: running for 3 h: 1 of 1 chief, 2 of 2 PS, 4 of 4 workers',
    training(['Created', 'True', 600], ['Running', 'True', 590]),
    tfjob.all,
  ],
  [
    'TFJob v1',
    'Restarting',
    'warning: restarting: 1 Worker replica(s) failed; 1 of 1 chief, 2 of 2 PS, 4 of 4 workers',
    training(
      ['Created', 'True', 600],
      ['Restarting', 'True', 9, 'TFJob jobs/mnist is restarting because 1 Worker replica(s) failed.'],
    ),
    tfjob.all,
  ],
  [
    'TFJob v1',
    'Suspended',
    'done: suspended',
    trainingWith({ suspend: true }, ['Created', 'True', 600], ['Suspended', 'True', 9]),
  ],
  [
    'TFJob v1',
    'Suspended, its spec resumed',
    'working: about to be resumed',
    training(['Created', 'True', 600], ['Suspended', 'True', 9]),
  ],
  [
    'TFJob v1',
    'Succeeded',
    'done: succeeded 2 min ago in 2 h',
    training(['Created', 'True', 600], ['Succeeded', 'True', 120]),
  ],
  [
    'TFJob v1',
    'Failed',
    'unhealthy: failed 2 min ago: 1 Chief replica(s) failed',
    training(
      ['Created', 'True', 600],
      ['Failed', 'True', 120, 'TFJob jobs/mnist has failed because 1 Chief replica(s) failed.'],
    ),
  ],
  [
    'TFJob v1alpha1',
    'Creating',
    'warning: starting: 0 of 1 master; master-0 has no pod',
    old('v1alpha1', { phase: 'Creating', state: 'Unknown' }),
  ],
  [
    'TFJob v1alpha1',
    'Running',
    'warning: running: 0 of 1 master; master-0 has no pod',
    old('v1alpha1', { phase: 'Running', state: 'Running' }),
  ],
  [
    'TFJob v1alpha1',
    'CleanUp',
    'working: ended, its pods are being deleted',
    old('v1alpha1', { phase: 'CleanUp', state: 'Succeeded' }),
  ],
  [
    'TFJob v1alpha1',
    'Failed',
    'unhealthy: failed: exit 1',
    old('v1alpha1', { phase: 'Done', state: 'Failed', reason: 'exit 1' }),
  ],
  ['TFJob v1alpha1', 'Done', 'done: succeeded', old('v1alpha1', { phase: 'Done', state: 'Succeeded' })],
  [
    'TFJob v1alpha2',
    'Succeeded',
    'done: succeeded 2 min ago in 2 h',
    makeCustom('kubeflow.org/v1alpha2', 'TFJob', 'mnist', {
      spec: {},
      status: { ...tfjob.status([['Succeeded', 'True', 120]]), tfReplicaStatuses: { Worker: { succeeded: 1 } } },
    }),
  ],
  [
    'TrainJob',
    '',
    'unhealthy: waits for the operator: no JobSet of it is to be seen for 10 min; where one cannot be made, events of the job say why',
    trainJob({}),
  ],
  ['TrainJob', 'node pending', 'working: starting: node pending', trainJob(jobOf({}))],
  ['TrainJob', 'node active', 'working: starting: node active', trainJob(jobOf({ active: 1 }))],
  [
    'TrainJob',
    'Suspended',
    'done: suspended',
    trainJob({ conditions: [{ type: 'Suspended', status: 'True', reason: 'Suspended' }] }, { suspend: true }),
  ],
  [
    'TrainJob',
    'Complete',
    'done: completed 60 s ago',
    trainJob({
      conditions: [{ type: 'Complete', status: 'True', reason: 'JobsCompleted', lastTransitionTime: timeAgo(60) }],
    }),
  ],
  [
    'TrainJob',
    'Failed',
    'unhealthy: failed 60 s ago: it ran longer than its deadline of 15 min',
    trainJob(
      { conditions: [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded', lastTransitionTime: timeAgo(60) }] },
      { activeDeadlineSeconds: 900 },
    ),
  ],
];

describe('a state of other jobs is told', () => {
  test.each(rows.map((row) => ({ name: `${row[0]}: ${row[1]}`, row })))('$name', ({ row }) => {
    const [, , sentence, resource, pods = []] = row;
    expect(verdictOf(resource, pods)).toBe(sentence);
  });
});
