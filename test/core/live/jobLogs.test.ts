import { describe, expect, test } from 'vitest';
import { decidingFailure, decidingLog } from '#core/live/jobs/decidingLog.ts';
import { tellingLines } from '#core/live/jobs/tellingLines.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import { readTimedLine } from '#core/live/logs/logMerger.ts';
import { sparkLive, sparkUiTarget } from '#core/systems/spark/live.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { makeContainer, makeCustom, makeEnd, makeState, gatherOne } from '#test/support/jobObjects.ts';
import * as spark from '#test/support/sparkObjects.ts';
import * as tfjob from '#test/support/tfjobObjects.ts';

describe('the log that tells how a job fares', () => {
  const sparkJob = (...pods: readonly LivePod[]): DataCluster =>
    gatherOne(sparkLive, [spark.application({ ...spark.failing, applicationState: { state: 'RUNNING' } })], pods);
  const crashed = makeState('spark-kubernetes-driver', {
    waitingReason: 'CrashLoopBackOff',
    restarts: 1,
    lastEnd: makeEnd(1),
  });

  test.each<readonly [string, DataCluster, object]>([
    [
      'of a driver that runs',
      sparkJob(spark.driver(), spark.failedExecutor(1)),
      { pod: 'daily-report-driver', previous: false, isRunning: true },
    ],
    [
      'of a driver that has ended',
      sparkJob(spark.endedDriver(1)),
      { pod: 'daily-report-driver', previous: false, isRunning: false },
    ],
    [
      'of a driver that is about to start again',
      sparkJob(spark.driver({ states: [crashed] })),
      { previous: true, isRunning: false },
    ],
    [
      'of a driver without a pod',
      sparkJob(),
      { kind: 'none', why: 'daily-report-driver has no pod now, and a log goes with its pod' },
    ],
    [
      'of a driver that waits',
      sparkJob(
        spark.driver({
          phase: 'Pending',
          states: [makeState('spark-kubernetes-driver', { waitingReason: 'ErrImagePull' })],
        }),
      ),
      { kind: 'none' },
    ],
    [
      'of a schedule',
      gatherOne(sparkLive, [makeCustom(spark.API, 'ScheduledSparkApplication', 'n')]),
      { kind: 'none', why: 'n has no driver now' },
    ],
  ])('%s', (_, cluster, expected) => {
    expect(decidingLog(cluster)).toMatchObject(expected);
  });

  const training = (pods: readonly LivePod[], replicas: object = tfjob.spec()): DataCluster =>
    gatherOne(
      tfjobLive,
      [
        makeCustom('kubeflow.org/v1', 'TFJob', 'mnist', {
          spec: replicas,
          status: tfjob.status([['Running', 'True', 60]]),
        }),
      ],
      pods,
    );
  const again = makeState('tensorflow', { restarts: 2, lastEnd: makeEnd(1) });

  test.each<readonly [string, DataCluster, object]>([
    ['of the chief', training(tfjob.all), { pod: 'mnist-chief-0', isRunning: true }],
    [
      'of worker 0 where there is no chief',
      training(tfjob.workers, { tfReplicaSpecs: { Worker: { replicas: 4 } } }),
      { pod: 'mnist-worker-0' },
    ],
    [
      'of the replica that failed',
      training(tfjob.withWorker1(tfjob.ended(1))),
      { pod: 'mnist-worker-1', previous: false, isRunning: false },
    ],
    [
      'of the chief although a worker was restarted',
      training(tfjob.withWorker1({ states: [again] })),
      { pod: 'mnist-chief-0' },
    ],
    [
      'of a job without pods',
      training([]),
      { kind: 'none', why: 'mnist-chief-0 has no pod now, and a log goes with its pod' },
    ],
  ])('%s', (_, cluster, expected) => {
    expect(decidingLog(cluster)).toMatchObject(expected);
  });

  test('a failed driver comes before an executor that failed after it', () => {
    expect(decidingFailure(sparkJob(spark.endedDriver(1), spark.failedExecutor(1)))?.pod).toBe('daily-report-driver');
    expect(decidingFailure(sparkJob(spark.driver(), spark.failedExecutor(1)))?.pod).toBe('spark-pi-aad5-exec-1');
    expect(decidingFailure(sparkJob(spark.driver()))).toBeUndefined();
  });
});

describe('where the pages of Spark are', () => {
  const plain = spark.driver({ containers: [makeContainer('spark-kubernetes-driver')] });
  const running = { ...spark.failing, applicationState: { state: 'RUNNING' } };

  test('on the port that its settings name, unless the container names one', () => {
    const conf = { sparkConf: { 'spark.ui.port': '4141' } };
    expect(sparkUiTarget(gatherOne(sparkLive, [spark.application(running, conf)], [plain]))?.port).toBe(4141);
    expect(sparkUiTarget(gatherOne(sparkLive, [spark.application(running, conf)], [spark.driver()]))?.port).toBe(4040);
  });

  test('nowhere where its settings turn them off', () => {
    const off = { sparkConf: { 'spark.ui.enabled': 'false' } };
    expect(sparkUiTarget(gatherOne(sparkLive, [spark.application(running, off)], [plain]))).toBeUndefined();
  });
});

describe('the lines that matter of a failed run', () => {
  const pick = (...lines: readonly string[]): readonly string[] =>
    tellingLines(lines.map(readTimedLine)).lines.map(({ text }) => text);

  test('of the JVM are errors, exceptions and the top of their stacks', () => {
    expect(
      pick(
        '26/08/24 11:58:01 INFO SparkContext: Running Spark version 4.0.1',
        '26/08/24 11:58:40 ERROR ApplicationMaster: User class threw exception',
        'org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table cannot be found.',
        '\tat org.example.Scores$.main(Scores.scala:41)',
        '\tat a.b(C.scala:1)',
        '\tat a.b(C.scala:2)',
        '\tat a.b(C.scala:3)',
        'Caused by: java.io.IOException: No space left on device',
        '26/08/24 11:58:41 INFO ShutdownHookManager: Shutdown hook called',
      ),
    ).toEqual([
      '26/08/24 11:58:40 ERROR ApplicationMaster: User class threw exception',
      'org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table cannot be found.',
      'at org.example.Scores$.main(Scores.scala:41)',
      'at a.b(C.scala:1)',
      'at a.b(C.scala:2)',
      'Caused by: java.io.IOException: No space left on device',
    ]);
  });

  test('of Python are the traceback and what was raised', () => {
    expect(
      pick(
        'step 12 loss 0.3',
        'Traceback (most recent call last):',
        '  File "/opt/train.py", line 7, in <module>',
        '    main()',
        'tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor',
        'bye',
      ),
    ).toEqual([
      'Traceback (most recent call last):',
      'File "/opt/train.py", line 7, in <module>',
      'tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor',
    ]);
  });

  test('are the last ones where none tells anything, and never many, never long, never more than text', () => {
    expect(pick('a', 'b', '\u001b[2Jc')).toEqual(['a', 'b', '[2Jc']);
    const many = tellingLines(
      Array.from({ length: 500 }, (_, index) => readTimedLine(`ERROR ${index} ${'x'.repeat(5_000)}`)),
    );
    expect([many.lines.length, many.isWhole, Math.max(...many.lines.map(({ text }) => text.length))]).toEqual([
      40,
      false,
      400,
    ]);
    expect(tellingLines([])).toEqual({ lines: [], isWhole: false });
  });
});
