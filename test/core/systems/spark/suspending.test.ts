import { describe, expect, test } from 'vitest';
import { objectAt, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { addressIn, endOf, NAMESPACE, notesOf, ScriptedGame, sparkPod, type ScriptedCluster } from './scriptedSpark.ts';

/** One kind that its operator can suspend, and how its status says so. */
interface SuspendedKind {
  readonly title: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly image: string;
  readonly label: string;
  readonly running: JsonObject;
  readonly suspended: JsonObject;
  /** Of a run that was begun anew. */
  readonly again: JsonObject;
}

const ofKubeflow = (state: string, submissionID = 'first'): JsonObject => ({
  applicationState: { state },
  submissionID,
  driverInfo: { podName: 'etl-driver' },
});

const ofApache = (currentStateSummary: string, id = 0): JsonObject => ({
  currentState: { currentStateSummary },
  currentAttemptSummary: { attemptInfo: { id } },
});

const apache = {
  apiVersion: 'spark.apache.org/v1',
  image: 'apache/spark-kubernetes-operator:1.1.0',
  running: ofApache('RunningHealthy'),
  suspended: ofApache('Suspended'),
  again: ofApache('RunningHealthy', 1),
} as const;

const table: readonly SuspendedKind[] = [
  {
    title: 'an application of the Kubeflow operator',
    apiVersion: 'sparkoperator.k8s.io/v1beta2',
    kind: 'SparkApplication',
    image: 'ghcr.io/kubeflow/spark-operator/controller:2.5.2',
    label: 'sparkoperator.k8s.io/app-name',
    running: ofKubeflow('RUNNING'),
    suspended: ofKubeflow('SUSPENDED'),
    again: ofKubeflow('RUNNING', 'second'),
  },
  {
    ...apache,
    title: 'an application of the Apache operator',
    kind: 'SparkApplication',
    label: 'spark.operator/spark-app-name',
  },
  {
    ...apache,
    title: 'a SparkCluster',
    kind: 'SparkCluster',
    label: 'spark.operator/spark-cluster-name',
  },
];

const GRACE_MS = 30_000;

/** The operator says that it is suspended at once, and the pods take their grace. */
function begin(one: SuspendedKind): { readonly game: ScriptedGame; pods: () => readonly string[] } {
  const [group = '', version = ''] = one.apiVersion.split('/');
  const at = addressIn(group, version, `${one.kind.toLowerCase()}s`, 'etl');
  let asked: number | undefined;
  const operator = (cluster: ScriptedCluster, now: number): void => {
    const object = cluster.read(at);
    if (!object) return;
    if (textAt(object, 'metadata', 'deletionTimestamp') !== '') return cluster.letGo(at);
    if (valueAt(object, 'spec', 'suspend') === true) {
      asked ??= now;
      cluster.setStatus(at, one.suspended);
      for (const pod of ['etl-driver', 'etl-exec-1'])
        if (now - asked >= GRACE_MS) cluster.remove('Pod', pod, NAMESPACE);
        else if (cluster.read(addressIn('', 'v1', 'pods', pod)))
          cluster.put(podOf(pod, { deletionTimestamp: '2026-01-01T12:00:00Z' }));
    } else if (asked !== undefined) cluster.setStatus(at, one.again);
  };
  const podOf = (name: string, metadata: JsonObject = {}, phase = 'Running'): JsonObject => {
    const owner = { apiVersion: one.apiVersion, kind: one.kind, name: 'etl', uid: 'uid-etl', controller: true };
    const pod = sparkPod(name, { [one.label]: 'etl', 'spark-role': 'driver' }, owner, { status: { phase } });
    return { ...pod, metadata: { ...objectAt(pod, 'metadata'), ...metadata } };
  };
  const game = new ScriptedGame(operator);
  game.setOperator(one.image);
  game.cluster.put(
    {
      apiVersion: one.apiVersion,
      kind: one.kind,
      metadata: { name: 'etl', namespace: NAMESPACE, uid: 'uid-etl', generation: 1 },
      spec: { sparkVersion: '4.0.1' },
      status: one.running,
    },
    podOf('etl-driver'),
    podOf('etl-exec-1'),
    // It has ended of itself and is kept to be looked at: nobody waits for it.
    podOf('etl-exec-0', {}, 'Succeeded'),
  );
  const pods = (): readonly string[] =>
    game.cluster.objectsOf({ group: '', plural: 'pods' }).map((pod) => textAt(pod, 'metadata', 'name'));
  return { game, pods };
}

describe.each(table)('$title', (one) => {
  test('is suspended once its pods are gone, however early its operator says so', async () => {
    const { game, pods } = begin(one);
    await game.clock.pass(3000);
    const plan = await game.plan('etl', { operation: 'suspend' });
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    expect(plan.needsTypedName).toBe(true);
    const waited = new Set<string>();
    const began = game.clock.now();
    const record = await game.run(plan, {
      onProgress: (progress) => {
        if (progress.kind === 'waiting') waited.add(progress.waitingFor);
      },
    });
    expect(endOf(record)).toBe('done');
    expect(pods()).toEqual(['etl-exec-0']);
    expect(game.clock.now() - began).toBeGreaterThanOrEqual(GRACE_MS);
    expect([...waited]).toContain('its pods to be gone: etl-driver, etl-exec-1');
    expect(notesOf(record)).toMatch(/The operator says suspended/i);
  });

  test('goes on, and refuses what makes no sense while it is suspended', async () => {
    const { game } = begin(one);
    await game.clock.pass(3000);
    await game.run(await game.plan('etl', { operation: 'suspend' }));
    await expect(game.plan('etl', { operation: 'suspend' }, 'plan-2')).rejects.toThrow(/is suspended already/);
    const plan = await game.plan('etl', { operation: 'unsuspend' }, 'plan-3');
    expect(plan.needsTypedName).toBe(false);
    expect(endOf(await game.run(plan))).toBe('done');
    await expect(game.plan('etl', { operation: 'unsuspend' }, 'plan-4')).rejects.toThrow(/not suspended/);
  });

  test('can be stopped while it is suspended', async () => {
    const { game, pods } = begin(one);
    await game.clock.pass(3000);
    await game.run(await game.plan('etl', { operation: 'suspend' }));
    expect(endOf(await game.run(await game.plan('etl', { operation: 'stop' }, 'plan-2')))).toBe('done');
    expect(pods()).toEqual([]);
  });
});
