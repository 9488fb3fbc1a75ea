import { describe, expect, test } from 'vitest';
import { linesOf, previewOf } from '#test/core/preview/told.ts';

describe('a schedule', () => {
  const schedule = (fields: string): string => `apiVersion: sparkoperator.k8s.io/v1beta2
kind: ScheduledSparkApplication
metadata: { name: nightly }
spec:
  ${fields}
  template: { type: Java, sparkVersion: 3.5.0, mainApplicationFile: local:///a.jar, driver: {}, executor: { instances: 2 } }
`;

  test.each([
    ['schedule: "0 3 * * *"', 'When runs start: At the times of 0 3 * * *, in the time zone of the operator.'],
    [
      'schedule: "CRON_TZ=Asia/Tokyo 0 3 * * *"',
      'When runs start: At the times of 0 3 * * *, in the time zone Asia/Tokyo.',
    ],
    [
      'schedule: "0 3 * *"',
      'When runs start: Never: the schedule has 4 fields; a schedule has 5: minute, hour, day, month, day of the week.',
    ],
    [
      'schedule: "@daily"\n  suspend: true',
      'When runs start: At the times of @daily, in the time zone of the operator. It is suspended now.',
    ],
    [
      'schedule: "@daily"',
      'When the run before still goes on: The first run starts and no other ever does: concurrencyPolicy is none of Allow, Forbid and Replace.',
    ],
    [
      'schedule: "@daily"\n  concurrencyPolicy: Replace',
      'When the run before still goes on: It is deleted, with what it has done so far, and the next one starts.',
    ],
  ])('%s', async (fields, line) => {
    expect(await linesOf(schedule(fields))).toContain(line);
  });

  test('previews one of its runs', async () => {
    const { pods } = await previewOf(schedule('schedule: "@daily"'));
    expect(pods.map(({ names, count }) => [names, count.text])).toEqual([
      [['nightly-<time>-driver'], '1'],
      [['nightly-<time>-<random>-exec-<number>'], '2'],
    ]);
  });
});

describe('the Apache operator', () => {
  const apache = (fields: string, kind = 'SparkApplication'): string => `apiVersion: spark.apache.org/v1
kind: ${kind}
metadata: { name: pi }
spec:
  runtimeVersions: { sparkVersion: 4.0.1 }
  ${fields}
`;

  test('takes everything from settings and templates', async () => {
    const text = apache(`pyFiles: local:///pi.py
  sparkConf:
    spark.kubernetes.container.image: "apache/spark:{{SPARK_VERSION}}"
    spark.driver.memory: 3g
    spark.executor.instances: "4"
  driverSpec: { podTemplateSpec: { spec: { containers: [{ name: log, image: fluent, volumeMounts: [{ name: gone, mountPath: /x }] }] } } }
  applicationTolerations: { restartConfig: { restartPolicy: OnFailure, maxRestartAttempts: 2 } }`);
    expect(await linesOf(text)).toEqual(
      expect.arrayContaining([
        'pi-0-driver',
        'pi-0-<random>-exec-<number>',
        'container spark-kubernetes-driver, image apache/spark:4.0.1: processors 1, limit none, memory 4300 MiB',
        'container log, image fluent: processors none, memory none',
        'Pods: executor, 4',
        'Service pi-0-driver-svc: Headless, for the executors: driver 7078, block manager 7079, UI 4040. Made by spark-submit.',
        'driver: volume gone at /x: fails. The pod template has no such volume, so the API server refuses the pod.',
        'When it ends or fails: It is run again when it fails, at most 2 times, 30 seconds after the end of the attempt before.',
      ]),
    );
  });

  test('begins with two executors, and creates nothing in client mode', async () => {
    expect((await previewOf(apache('jars: local:///x.jar'))).pods[1]?.count.text).toBe('2');
    const refused = await previewOf(apache('deploymentMode: ClientMode'));
    expect(refused).toMatchObject({ pods: [], objects: [] });
    expect(refused.summary).toContain('Nothing is created');
  });

  test('makes an autoscaler and a budget of a cluster where its numbers say so', async () => {
    const cluster = (numbers: string): string =>
      apache(`clusterTolerations: { instanceConfig: { ${numbers} } }`, 'SparkCluster');
    const scaled = await previewOf(cluster('initWorkers: 2, minWorkers: 1, maxWorkers: 5'));
    expect(scaled.pods.map(({ count }) => count.text)).toEqual(['1', '1 to 5, 2 at the start']);
    expect(scaled.objects.map(({ name }) => name)).toEqual(expect.arrayContaining(['pi-worker-hpa', 'pi-worker-pdb']));
    const fixed = await previewOf(cluster('initWorkers: 3, minWorkers: 0, maxWorkers: 0'));
    expect(fixed.pods[1]?.count).toEqual({ text: '3', least: 3, most: 3 });
    expect(fixed.objects.map(({ name }) => name)).not.toContain('pi-worker-hpa');
  });
});

describe('a SparkConnect', () => {
  const connect = (server: string): string => `apiVersion: sparkoperator.k8s.io/v1alpha1
kind: SparkConnect
metadata: { name: desk }
spec:
  sparkVersion: 4.0.0
  image: spark:4.0.0
  server: ${server}
  executor: { instances: 2, cores: 2, memory: 2g }
`;

  test('reserves nothing for its server by memory and cores alone', async () => {
    const { pods, unknowns } = await previewOf(connect('{ cores: 4, memory: 8g }'));
    expect(pods[0]?.containers[0]).toMatchObject({ image: 'spark:4.0.0', memoryRequest: { state: 'none' } });
    expect(pods[1]?.containers[0]?.memoryRequest.text).toBe('2432 MiB');
    expect(unknowns.join(' ')).toContain('asks for no memory');
  });

  test('takes what the template of the server asks for', async () => {
    const { pods, unknowns } = await previewOf(
      connect(
        '{ template: { spec: { containers: [{ name: spark-kubernetes-driver, resources: { requests: { memory: 9Gi } } }] } } }',
      ),
    );
    expect(pods[0]?.containers[0]?.memoryRequest.text).toBe('9Gi');
    expect(unknowns).toEqual([]);
  });
});
