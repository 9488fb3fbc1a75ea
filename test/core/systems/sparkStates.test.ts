import { describe, expect, test } from 'vitest';
import { apacheClusterStates, apacheStates } from '#core/systems/spark/live/apacheStates.ts';
import { kubeflowStates } from '#core/systems/spark/live/kubeflowStates.ts';
import { timeAgo } from '#test/support/jobObjects.ts';
import {
  apache,
  apacheObject,
  apachePod,
  began,
  errorOf,
  EXIT_137,
  kubeflow,
  ranSpark,
  verdictOf,
  type Row,
} from '#test/support/jobStates.ts';

const rows: readonly Row[] = [
  ['Kubeflow Spark', 'NEW', 'unhealthy: waits for the operator: nobody has picked it up for 10 min', kubeflow('NEW')],
  ['Kubeflow Spark', '', 'done: suspended', kubeflow('', {}, { suspend: true })],
  [
    'Kubeflow Spark',
    'SUBMITTED',
    'working: submitted 30 s ago, there is no driver pod yet',
    kubeflow('SUBMITTED', { lastSubmissionAttemptTime: timeAgo(30) }, {}),
  ],
  [
    'Kubeflow Spark',
    'SUBMISSION_FAILED',
    'warning: submission failed: driver pod already exists, retrying now',
    kubeflow('SUBMISSION_FAILED', {
      ...errorOf('SUBMISSION_FAILED', 'failed to run spark-submit: driver pod already exists'),
      executionAttempts: 0,
    }),
  ],
  ['Kubeflow Spark', 'RUNNING', 'healthy: running: 5 of 5 executors', kubeflow('RUNNING'), ranSpark],
  ['Kubeflow Spark', 'SUCCEEDING', 'working: the driver has completed', kubeflow('SUCCEEDING')],
  [
    'Kubeflow Spark',
    'COMPLETED',
    'done: completed 5 min ago in 5 min',
    kubeflow('COMPLETED', { terminationTime: timeAgo(300) }),
  ],
  [
    'Kubeflow Spark',
    'FAILING',
    'warning: driver failed with exit code 137 (OOMKilled), retrying in 20 s',
    kubeflow('FAILING', { ...errorOf('FAILING', EXIT_137), lastSubmissionAttemptTime: timeAgo(10) }),
  ],
  [
    'Kubeflow Spark',
    'FAILED',
    'unhealthy: driver failed 60 s ago for the 4th time with exit code 137 (OOMKilled)',
    kubeflow('FAILED', { ...errorOf('FAILED', EXIT_137), executionAttempts: 4, terminationTime: timeAgo(60) }),
  ],
  [
    'Kubeflow Spark',
    'PENDING_RERUN',
    'working: about to run again: what is left of the last run is being deleted',
    kubeflow('PENDING_RERUN'),
  ],
  [
    'Kubeflow Spark',
    'INVALIDATING',
    'working: its spec has changed: the last run is being deleted, then it runs anew',
    kubeflow('INVALIDATING'),
  ],
  [
    'Kubeflow Spark',
    'SUSPENDING',
    'working: being suspended: driver and executors are being deleted',
    kubeflow('SUSPENDING', {}, { suspend: true }),
  ],
  ['Kubeflow Spark', 'SUSPENDED', 'done: suspended', kubeflow('SUSPENDED', {}, { suspend: true })],
  ['Kubeflow Spark', 'RESUMING', 'working: resuming: about to be submitted again', kubeflow('RESUMING')],
  [
    'Kubeflow Spark',
    'UNKNOWN',
    'unknown: the operator cannot tell how the driver is, as happens when its node does not answer',
    kubeflow('UNKNOWN'),
  ],
  [
    'Apache Spark application',
    '',
    'unhealthy: waits for the operator: nobody has picked it up for 10 min',
    apache(['', 5]),
  ],
  [
    'Apache Spark application',
    'Submitted',
    'working: submitted 5 s ago, the driver has not been requested yet',
    apache(['Submitted', 5]),
  ],
  [
    'Apache Spark application',
    'DriverRequested',
    'working: driver has been starting for 14 min',
    apache(...began),
    [apachePod('driver')],
  ],
  [
    'Apache Spark application',
    'DriverStarted',
    'working: driver has not been ready for 30 s',
    apache(...began, ['DriverStarted', 30]),
    [apachePod('driver')],
  ],
  [
    'Apache Spark application',
    'DriverReady',
    'working: driver is ready, executors are starting: 0 of 2 executors',
    apache(...began, ['DriverReady', 30]),
    [apachePod('driver')],
  ],
  [
    'Apache Spark application',
    'InitializedBelowThresholdExecutors',
    'warning: running with too few executors: 0 of 2 executors, it asks for 2 to begin with',
    apache(...began, ['InitializedBelowThresholdExecutors', 30]),
    [apachePod('driver')],
  ],
  [
    'Apache Spark application',
    'RunningHealthy',
    'healthy: running: 2 of 2 executors',
    apache(...began, ['RunningHealthy', 600]),
    [apachePod('driver'), apachePod('executor'), apachePod('executor', 2)],
  ],
  [
    'Apache Spark application',
    'RunningWithPartialCapacity',
    'healthy: running: 1 of 2 executors, between its minimum of 1 and its maximum of 2',
    apache(...began, ['RunningWithPartialCapacity', 60]),
    [apachePod('driver'), apachePod('executor')],
  ],
  [
    'Apache Spark application',
    'RunningWithBelowThresholdExecutors',
    'warning: running with too few executors: 0 of 2 executors, it needs at least 1',
    apache(...began, ['RunningWithBelowThresholdExecutors', 60]),
    [apachePod('driver')],
  ],
  [
    'Apache Spark application',
    'DriverStartTimedOut',
    'unhealthy: the driver did not start in time 60 s ago',
    apache(...began, ['DriverStartTimedOut', 60]),
  ],
  [
    'Apache Spark application',
    'DriverReadyTimedOut',
    'unhealthy: the driver did not become ready in time 60 s ago',
    apache(...began, ['DriverReadyTimedOut', 60]),
  ],
  [
    'Apache Spark application',
    'ExecutorsStartTimedOut',
    'unhealthy: too few executors came in time 60 s ago',
    apache(...began, ['ExecutorsStartTimedOut', 60]),
  ],
  ['Apache Spark application', 'Succeeded', 'done: completed 60 s ago in 14 min', apache(...began, ['Succeeded', 60])],
  [
    'Apache Spark application',
    'Failed',
    'unhealthy: driver failed 60 s ago: Driver has failed',
    apache(...began, ['Failed', 60, 'Driver has failed.']),
  ],
  [
    'Apache Spark application',
    'SchedulingFailure',
    'unhealthy: the driver could not be requested 60 s ago: quota exceeded',
    apache(['Submitted', 90], ['SchedulingFailure', 60, 'quota exceeded']),
  ],
  [
    'Apache Spark application',
    'DriverEvicted',
    'unhealthy: driver was evicted 60 s ago',
    apache(...began, ['DriverEvicted', 60]),
  ],
  [
    'Apache Spark application',
    'ScheduledToRestart',
    'warning: driver failed, restarting in 20 s (restart 1 of 3)',
    apache(...began, ['Failed', 20], ['ScheduledToRestart', 10]),
  ],
  [
    'Apache Spark application',
    'ResourceReleased',
    'done: completed 60 s ago in 14 min',
    apache(...began, ['Succeeded', 60], ['ResourceReleased', 59]),
  ],
  [
    'Apache Spark application',
    'TerminatedWithoutReleaseResources',
    'unhealthy: driver failed 60 s ago',
    apache(...began, ['Failed', 60], ['TerminatedWithoutReleaseResources', 59]),
  ],
  [
    'Apache Spark cluster',
    '',
    'unhealthy: waits for the operator: nobody has picked it up for 10 min',
    apacheObject('SparkCluster', [['', 5]]),
  ],
  [
    'Apache Spark cluster',
    'Submitted',
    'working: submitted, master and workers are being made',
    apacheObject('SparkCluster', [['Submitted', 5]]),
  ],
  [
    'Apache Spark cluster',
    'RunningHealthy',
    'unknown: no master is to be seen, 0 of 0 workers',
    apacheObject('SparkCluster', [['RunningHealthy', 5]]),
  ],
  [
    'Apache Spark cluster',
    'SchedulingFailure',
    'unhealthy: master and workers could not be made 5 s ago: quota exceeded',
    apacheObject('SparkCluster', [['SchedulingFailure', 5, 'quota exceeded']]),
  ],
  ['Apache Spark cluster', 'Failed', 'unhealthy: failed 5 s ago', apacheObject('SparkCluster', [['Failed', 5]])],
  [
    'Apache Spark cluster',
    'ResourceReleased',
    'done: stopped 5 s ago',
    apacheObject('SparkCluster', [['ResourceReleased', 5]]),
  ],
];

describe('a state of Spark under an operator is told', () => {
  test.each(rows.map((row) => ({ name: `${row[0]}: ${row[1]}`, row })))('$name', ({ row }) => {
    const [, , sentence, resource, pods = []] = row;
    expect(verdictOf(resource, pods)).toBe(sentence);
  });

  test.each([
    ['Kubeflow Spark', kubeflowStates],
    ['Apache Spark application', apacheStates],
    ['Apache Spark cluster', apacheClusterStates],
  ] as const)('every state of %s has a row', (family, states) => {
    const told = new Set(rows.filter(([own]) => own === family).map(([, state]) => state));
    expect([...states.keys()].filter((state) => !told.has(state))).toEqual([]);
  });
});
