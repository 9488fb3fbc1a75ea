import { describe, expect, test } from 'vitest';
import type { DataCluster, LiveSystem, StoryMoment } from '#core/live/model.ts';
import type { LiveCustom, LiveEvent } from '#core/live/objects.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import {
  makeContainer,
  makeCustom,
  makeEnd,
  makeMeta,
  makePod,
  makeState,
  NOW,
  secondsAgo,
  timeAgo,
  gatherOne,
} from '#test/support/jobObjects.ts';
import * as spark from '#test/support/sparkObjects.ts';
import * as tfjob from '#test/support/tfjobObjects.ts';

/** `-600 done: created`; what is ahead with a plus. */
function tell(system: LiveSystem, cluster: DataCluster, events: readonly LiveEvent[] = []): readonly string[] {
  const moments: readonly StoryMoment[] = system.story?.(cluster, events, NOW) ?? [];
  return moments.map(({ at = 0, level, text, isAhead }) => {
    const seconds = Math.round((at - NOW) / 1_000);
    return `${isAhead === true ? '+' : ''}${seconds} ${level}: ${text}`;
  });
}

const event = (
  uid: string,
  seconds: number,
  reason: string,
  message: string,
  more: Partial<LiveEvent> = {},
): LiveEvent => ({
  kind: 'Event',
  meta: makeMeta(`${reason}-${seconds}`),
  type: 'Normal',
  reason,
  message,
  count: 1,
  at: secondsAgo(seconds),
  about: { kind: 'SparkApplication', name: 'daily-report', uid },
  ...more,
});

describe('the story of a SparkApplication of Kubeflow', () => {
  test('tells submissions, runs with their exit codes, and the next retry; earlier runs from events', () => {
    const cluster = gatherOne(sparkLive, [spark.application(spark.failing)], [spark.endedDriver(1)]);
    const events = [
      event('uid-daily-report', 400, 'SparkApplicationSubmitted', 'daily-report was submitted.'),
      event('uid-daily-report', 200, 'SparkDriverFailed', 'Driver failed', { type: 'Warning', count: 2 }),
      event('uid-other', 100, 'Scheduled', 'of a pod'),
    ];
    expect(tell(sparkLive, cluster, events)).toEqual([
      '-600 done: created',
      '-400 done: SparkApplicationSubmitted: daily-report was submitted',
      '-200 warning: SparkDriverFailed: Driver failed (2 times)',
      '-20 done: submitted for run 2',
      '-15 done: driver started',
      '-4 unhealthy: driver ended with exit code 1',
      '-3 unhealthy: run 2 failed: driver container failed with ExitCode: 1, Reason: Error',
      '+10 working: to be run again',
    ]);
  });

  test('tells of failed submissions why, and when the next one is', () => {
    const cluster = gatherOne(sparkLive, [
      spark.application({
        applicationState: {
          state: 'SUBMISSION_FAILED',
          errorMessage: 'failed to run spark-submit: Error: no such image',
        },
        submissionAttempts: 2,
        executionAttempts: 0,
        lastSubmissionAttemptTime: timeAgo(10),
      }),
    ]);
    expect(tell(sparkLive, cluster)).toEqual([
      '-600 done: created',
      '-10 done: submission failed, try 2: no such image',
      '+30 working: to be submitted again',
    ]);
  });

  test('tells of its end and of its deletion', () => {
    const done = { ...spark.failing, applicationState: { state: 'COMPLETED' }, executionAttempts: 1 };
    const cluster = gatherOne(sparkLive, [spark.application(done, { timeToLiveSeconds: 60 })], [spark.endedDriver(0)]);
    expect(tell(sparkLive, cluster).slice(-3)).toEqual([
      '-4 done: driver completed',
      '-3 done: completed',
      '+57 working: to be deleted, as timeToLiveSeconds says',
    ]);
  });

  test('of many executors tells those that failed', () => {
    const executors = Array.from({ length: 20 }, (_, index) =>
      index === 7 ? spark.failedExecutor(7) : spark.executor(index),
    );
    const running = { ...spark.failing, applicationState: { state: 'RUNNING' }, terminationTime: null };
    const story = tell(sparkLive, gatherOne(sparkLive, [spark.application(running)], [spark.driver(), ...executors]));
    expect(story.filter((text) => text.includes('executor'))).toEqual([
      '-60 unhealthy: executor 7 ended with exit code 137 (OOMKilled)',
    ]);
  });
});

test('the story of an application of the Apache operator is every state it was in', () => {
  const state = (currentStateSummary: string, seconds: number, message?: string) => ({
    currentStateSummary,
    lastTransitionTime: timeAgo(seconds),
    ...(message === undefined ? {} : { message }),
  });
  const restart = state('ScheduledToRestart', 10);
  const resource = makeCustom('spark.apache.org/v1', 'SparkApplication', 'pi', {
    status: {
      currentState: restart,
      stateTransitionHistory: { 1: restart, 0: state('Failed', 12, 'exit code 1.') },
      previousAttemptSummary: { stateTransitionHistory: { 0: state('RunningHealthy', 300) } },
    },
  });
  expect(tell(sparkLive, gatherOne(sparkLive, [resource]))).toEqual([
    '-600 done: created',
    '-300 done: running healthy',
    '-12 unhealthy: failed: exit code 1',
    '-10 done: scheduled to restart',
    '+20 working: to be started again',
  ]);
});

test('the story of a schedule is its last run and its next', () => {
  const resource = makeCustom(spark.API, 'ScheduledSparkApplication', 'nightly', {
    status: {
      lastRun: timeAgo(90),
      lastRunName: 'nightly-1',
      nextRun: timeAgo(-30),
      pastFailedRunNames: ['nightly-1'],
    },
  });
  expect(tell(sparkLive, gatherOne(sparkLive, [resource]))).toEqual([
    '-600 done: created',
    '-90 warning: run nightly-1 was started, which failed',
    '+30 working: next run',
  ]);
});

test('the story of a driver that somebody submitted is that of its pod', () => {
  const pod = makePod('etl-driver', {
    states: [makeState('spark-kubernetes-driver')],
    containers: [makeContainer('spark-kubernetes-driver')],
    meta: { labels: { 'spark-role': 'driver', 'spark-app-selector': 'spark-7' } },
  });
  expect(tell(sparkLive, gatherOne(sparkLive, [], [pod]))).toEqual(['-500 done: driver started']);
});

describe('the story of a TFJob', () => {
  const job = (conditions: readonly tfjob.Condition[], more: object = {}, policy: object = {}): LiveCustom =>
    makeCustom('kubeflow.org/v1', 'TFJob', 'mnist', {
      spec: tfjob.spec('OnFailure', policy),
      status: tfjob.status(conditions, more),
    });

  test('tells its conditions, the ends of its replicas and its deadline', () => {
    const states = [
      makeState('tensorflow', {
        restarts: 3,
        lastEnd: makeEnd(137, { reason: 'OOMKilled' }),
        runningSince: secondsAgo(20),
      }),
    ];
    const resource = job(
      [
        ['Created', 'True', 599, 'TFJob mnist is created.'],
        ['Running', 'False', 500],
        ['Restarting', 'True', 55, 'TFJob mnist is restarting because 1 Worker replica(s) failed.'],
      ],
      { startTime: timeAgo(590) },
      { activeDeadlineSeconds: 900 },
    );
    const worker = tfjob.replica('worker', 1, { states });
    expect(tell(tfjobLive, gatherOne(tfjobLive, [resource], [worker]))).toEqual([
      '-600 done: created',
      '-599 done: created: TFJob mnist is created',
      '-500 done: worker-1 started',
      '-60 unhealthy: worker-1 ended with exit code 137 (OOMKilled)',
      '-55 warning: restarting: TFJob mnist is restarting because 1 Worker replica(s) failed',
      '-20 done: worker-1 started again, restart 3',
      '+310 working: its deadline: what still runs is ended then',
    ]);
  });

  test('tells its end and when it will be deleted, and no deadline any more', () => {
    const resource = job(
      [['Succeeded', 'True', 60]],
      { completionTime: timeAgo(60) },
      { ttlSecondsAfterFinished: 90, activeDeadlineSeconds: 9_000 },
    );
    expect(tell(tfjobLive, gatherOne(tfjobLive, [resource])).slice(1)).toEqual([
      '-60 done: succeeded',
      '+30 working: to be deleted, as ttlSecondsAfterFinished says',
    ]);
  });
});

test('the story of a TrainJob is told by its conditions and pods', () => {
  const resource = makeCustom('trainer.kubeflow.org/v1alpha1', 'TrainJob', 'llm', {
    status: {
      conditions: [
        { type: 'Complete', status: 'True', message: 'all jobs completed', lastTransitionTime: timeAgo(60) },
      ],
    },
  });
  expect(tell(tfjobLive, gatherOne(tfjobLive, [resource]))).toEqual([
    '-600 done: created',
    '-60 done: complete: all jobs completed',
  ]);
});
