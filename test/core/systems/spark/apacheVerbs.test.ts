import { beforeEach, describe, expect, test } from 'vitest';
import { objectAt, textAt, textsAt, valueAt, type JsonObject } from '#core/json.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import { operations } from '#core/systems/operations.ts';
import { addressIn, endOf, NAMESPACE, notesOf, ScriptedGame, sparkPod, type ScriptedCluster } from './scriptedSpark.ts';

const API = 'spark.apache.org/v1';
const OPERATOR = 'apache/spark-kubernetes-operator:1.0.0';
const at = addressIn('spark.apache.org', 'v1', 'sparkapplications', 'etl');
const clusterAt = addressIn('spark.apache.org', 'v1', 'sparkclusters', 'pool');
const workersAt = addressIn('apps', 'v1', 'statefulsets', 'pool-worker');
const scalerAt = addressIn('autoscaling', 'v2', 'horizontalpodautoscalers', 'pool-worker-hpa');

const state = (summary: string, id = 0): JsonObject => ({
  currentState: { currentStateSummary: summary },
  currentAttemptSummary: { attemptInfo: { id } },
});

/** Requests a driver for what is new, takes no notice of edits, and lets go what is deleted once its driver is gone. */
function operator(cluster: ScriptedCluster): void {
  const app = cluster.read(at);
  if (!app) return;
  if (textAt(app, 'metadata', 'deletionTimestamp') !== '') return cluster.letGo(at);
  const summary = textAt(app, 'status', 'currentState', 'currentStateSummary');
  const isSuspended = valueAt(app, 'spec', 'suspend') === true;
  if (summary === '') {
    const uid = textAt(app, 'metadata', 'uid');
    const labels = { 'spark.operator/spark-app-name': 'etl', 'spark-role': 'driver', run: uid };
    const owner = { apiVersion: API, kind: 'SparkApplication', name: 'etl', uid, controller: true };
    cluster.put(sparkPod('etl-0-driver', labels, owner), {
      ...app,
      metadata: { ...objectAt(app, 'metadata'), finalizers: ['sparkapplications.spark.apache.org/finalizer'] },
    });
    cluster.setStatus(at, state('DriverRequested'));
  } else if (isSuspended && summary !== 'Suspended') {
    cluster.remove('Pod', 'etl-0-driver', NAMESPACE);
    cluster.setStatus(at, state('Suspended'));
  } else if (!isSuspended && summary === 'Suspended') cluster.setStatus(at, state('RunningHealthy', 1));
  else if (summary === 'DriverRequested') cluster.setStatus(at, state('RunningHealthy'));
}

let game: ScriptedGame;

const check = ({ preconditions }: Plan, id: string): Precondition | undefined =>
  preconditions.find((one) => one.id === id);

const uidOf = (): string => textAt(game.cluster.read(at), 'metadata', 'uid');
const secrets = (): readonly string[] =>
  game.cluster.objectsOf({ group: '', plural: 'secrets' }).map((one) => textAt(one, 'metadata', 'name'));

beforeEach(async () => {
  game = new ScriptedGame(operator);
  game.setOperator(OPERATOR);
  game.cluster.put({
    apiVersion: API,
    kind: 'SparkApplication',
    metadata: { name: 'etl', namespace: NAMESPACE, generation: 1, labels: { team: 'a' } },
    spec: {
      runtimeVersions: { sparkVersion: '4.0.1' },
      mainClass: 'Etl',
      sparkConf: { 'spark.executor.instances': '2' },
    },
  });
  await game.clock.pass(3000);
});

describe('Rerun of an application of the Apache operator', () => {
  test('deletes it and makes it anew, because edits are not heeded; its manifest waits in a Secret', async () => {
    const before = uidOf();
    const plan = await game.plan('etl', { operation: 'rerun' });
    expect([plan.needsTypedName, plan.steps.map(({ id }) => id)]).toEqual([true, ['keep', 'delete', 'create']]);
    expect(plan.preconditions.filter(({ state: found }) => found === 'fails')).toEqual([]);
    expect(check(plan, 'consequence')?.evidence.join(' ')).toContain('takes no notice of edits (issue 779)');
    const kept: (readonly string[])[] = [];
    game.cluster.beforeDelete = (plural) => {
      if (plural === 'sparkapplications') kept.push(secrets());
    };
    const record = await game.run(plan);
    expect(endOf(record)).toBe('done');
    expect(uidOf()).not.toBe(before);
    expect([kept, secrets()]).toEqual([[['data-clusters-kept-sparkapplication-etl']], []]);
    const anew = game.cluster.read(at);
    expect([valueAt(anew, 'spec', 'mainClass'), valueAt(anew, 'metadata', 'labels')]).toEqual(['Etl', { team: 'a' }]);
    expect(notesOf(record)).toContain('SparkApplication etl is there anew');
  });

  test('the journal has nothing of the manifest in it', async () => {
    game.cluster.edit(at, { sparkConf: { 'spark.hadoop.fs.s3a.secret.key': 'hunter2' } });
    const plan = await game.plan('etl', { operation: 'rerun' });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(JSON.stringify([plan, await readJournalOf(game.cluster, plan.target)])).not.toContain('hunter2');
    expect(valueAt(game.cluster.read(at), 'spec', 'sparkConf', 'spark.hadoop.fs.s3a.secret.key')).toBe('hunter2');
  });

  test('cancelled behind the deletion it is made anew all the same', async () => {
    const before = uidOf();
    const plan = await game.plan('etl', { operation: 'rerun' });
    const record = await game.run(plan, {
      onProgress: (progress, control) => {
        if (progress.kind === 'step' && progress.step.id === 'create' && progress.phase === 'gate')
          control.wish = 'cancel';
      },
    });
    expect(endOf(record)).toBe('cancelled');
    expect(notesOf(record)).toContain('had been deleted already: it is made anew');
    expect([uidOf() === before, uidOf() === '', secrets()]).toEqual([false, false, []]);
  });

  test('an operator that goes while it has to let the object go is named, and the run goes on when it is back', async () => {
    const plan = await game.plan('etl', { operation: 'rerun' });
    game.cluster.beforeDelete = () => {
      game.setOperator(OPERATOR, 0);
      game.cluster.beforeDelete = () => undefined;
    };
    const record = await game.run(plan);
    expect(endOf(record)).toMatch(
      /^paused: The Apache Spark K8s Operator has to release SparkApplication etl \(sparkapplications\.spark\.apache\.org\/finalizer\)/,
    );
    expect(secrets()).toHaveLength(1);
    game.setOperator(OPERATOR);
    expect(endOf(await game.run(plan, { earlier: record }))).toBe('done');
    expect(secrets()).toEqual([]);
  });

  test('an application that somebody else makes anew meanwhile is left as they wrote it', async () => {
    const plan = await game.plan('etl', { operation: 'rerun' });
    const record = await game.run(plan, {
      onProgress: (progress) => {
        if (progress.kind !== 'step' || progress.step.id !== 'create' || progress.phase !== 'gate') return;
        game.cluster.put({
          apiVersion: API,
          kind: 'SparkApplication',
          metadata: { name: 'etl', namespace: NAMESPACE },
          spec: { mainClass: 'Theirs' },
        });
      },
    });
    expect(endOf(record)).toMatch(/^stopped: .*(Somebody has made another|another one than when the plan was made)/);
    expect(valueAt(game.cluster.read(at), 'spec', 'mainClass')).toBe('Theirs');
    expect(secrets()).toEqual([]);
  });

  test('an edit between the plan and the run is shown before anything is deleted', async () => {
    const plan = await game.plan('etl', { operation: 'rerun' });
    const before = uidOf();
    game.cluster.edit(at, { mainClass: 'Other' });
    const first = await game.run(plan);
    expect(endOf(first)).toMatch(/^paused: Somebody has changed SparkApplication etl/);
    expect(uidOf()).toBe(before);
    expect(endOf(await game.run(plan, { earlier: first }))).toBe('done');
    expect(valueAt(game.cluster.read(at), 'spec', 'mainClass')).toBe('Other');
  });
});

describe('an edit behind the kept manifest', () => {
  test('ends the rerun before anything is deleted, and nothing is left of the manifest', async () => {
    const plan = await game.plan('etl', { operation: 'rerun' });
    const before = uidOf();
    const record = await game.run(plan, {
      onProgress: (progress) => {
        if (progress.kind === 'step' && progress.step.id === 'keep' && progress.phase === 'done') {
          game.cluster.edit(at, { mainClass: 'Late' });
        }
      },
    });
    const last = record.state.kind === 'paused' ? await game.run(plan, { earlier: record }) : record;
    expect(endOf(last)).toMatch(/^stopped: Somebody has changed SparkApplication etl since its manifest was kept/);
    expect([uidOf() === before, secrets(), valueAt(game.cluster.read(at), 'spec', 'mainClass')]).toEqual([
      true,
      [],
      'Late',
    ]);
  });
});

describe('a runner of such a rerun that dies at any of its calls', () => {
  test('is followed by another, and the application is made anew once', async () => {
    const calls = await game.runUntilDeath(await game.plan('etl', { operation: 'rerun' }), -1, false);
    expect(calls).toBeGreaterThan(30);
    for (let diesAt = 3; diesAt <= calls; diesAt += 2) {
      const plan = await game.plan('etl', { operation: 'rerun' }, `plan-${diesAt}`);
      const before = uidOf();
      await game.runUntilDeath(plan, diesAt, diesAt % 4 === 1);
      const afterDeath = uidOf();
      await game.clock.pass(120_000);
      const earlier = (await readJournalOf(game.cluster, plan.target))?.current;
      const isOurs = earlier?.plan.id === plan.id;
      const record = await game.run(plan, isOurs ? { earlier } : {});
      expect([diesAt, endOf(record), uidOf() === before, secrets()]).toEqual([diesAt, 'done', false, []]);
      // What the first has made anew is not deleted by the second.
      if (isOurs && afterDeath !== '' && afterDeath !== before) expect(uidOf()).toBe(afterDeath);
    }
  });
});

describe('other verbs of such an application', () => {
  test('an edit makes it anew as edited; labels alone are written', async () => {
    const manifest = (rest: string): string =>
      `apiVersion: ${API}\nkind: SparkApplication\nmetadata:\n  name: etl\n${rest}`;
    const labels = await game.plan('etl', { operation: 'resubmit', manifest: manifest('  labels:\n    team: b\n') });
    expect([labels.needsTypedName, labels.steps.map(({ id }) => id)]).toEqual([false, ['ask']]);
    const plan = await game.plan('etl', { operation: 'resubmit', manifest: manifest('spec:\n  mainClass: Etl2\n') });
    expect(check(plan, 'effects')?.evidence.join(' ')).toContain(
      'spec.mainClass (Etl → Etl2) is not heeded on an application that is there (issue 779)',
    );
    expect(endOf(await game.run(plan))).toBe('done');
    const anew = game.cluster.read(at);
    expect([valueAt(anew, 'spec', 'mainClass'), valueAt(anew, 'spec', 'sparkConf')]).toEqual([
      'Etl2',
      { 'spark.executor.instances': '2' },
    ]);
  });

  test('suspend works where the definition has it, and begins a new attempt when it is resumed', async () => {
    expect(endOf(await game.run(await game.plan('etl', { operation: 'suspend' })))).toBe('done');
    expect(textAt(game.cluster.read(at), 'status', 'currentState', 'currentStateSummary')).toBe('Suspended');
    expect(endOf(await game.run(await game.plan('etl', { operation: 'unsuspend' }, 'plan-2')))).toBe('done');
  });

  test('stop waits for the operator to let it go', async () => {
    const plan = await game.plan('etl', { operation: 'stop' });
    expect(check(plan, 'operator')).toMatchObject({ state: 'holds' });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(game.cluster.read(at)).toBeUndefined();
    expect(game.cluster.objectsOf({ group: '', plural: 'pods' })).toEqual([]);
  });

  test('without its operator a stop is not begun', async () => {
    game.setOperator(OPERATOR, 0);
    const plan = await game.plan('etl', { operation: 'stop' });
    expect(check(plan, 'operator')).toMatchObject({ state: 'fails' });
    expect(textsAt(game.cluster.read(at), 'metadata', 'finalizers')).toHaveLength(1);
  });
});

describe('a SparkCluster', () => {
  const workers = (replicas: number): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      name: 'pool-worker',
      namespace: NAMESPACE,
      ownerReferences: [{ apiVersion: API, kind: 'SparkCluster', name: 'pool', uid: 'uid-pool', controller: true }],
    },
    spec: {
      replicas,
      selector: { matchLabels: { 'spark-role': 'worker' } },
      template: {
        metadata: { labels: { 'spark-role': 'worker' } },
        spec: { containers: [{ name: 'worker', image: 'apache/spark:4.0.1' }] },
      },
    },
    status: { replicas, readyReplicas: replicas },
  });

  /** The controller of StatefulSets, and an autoscaler that keeps to its bounds. */
  const controllers = (cluster: ScriptedCluster): void => {
    const set = cluster.read(workersAt);
    if (!set) return;
    const scaler = cluster.read(scalerAt);
    const size = Number(valueAt(set, 'spec', 'replicas'));
    const kept = scaler
      ? Math.min(
          Number(valueAt(scaler, 'spec', 'maxReplicas')),
          Math.max(Number(valueAt(scaler, 'spec', 'minReplicas')), size),
        )
      : size;
    if (kept !== size) cluster.edit(workersAt, { replicas: kept });
    cluster.setStatus(workersAt, { replicas: kept, readyReplicas: kept });
    if (scaler) cluster.setStatus(scalerAt, { currentReplicas: kept });
  };

  beforeEach(() => {
    game = new ScriptedGame(controllers);
    game.setOperator(OPERATOR);
    game.cluster.put(
      {
        apiVersion: API,
        kind: 'SparkCluster',
        metadata: { name: 'pool', namespace: NAMESPACE, uid: 'uid-pool', generation: 1 },
        spec: {
          runtimeVersions: { sparkVersion: '4.0.1' },
          clusterTolerations: { instanceConfig: { initWorkers: 3, minWorkers: 3, maxWorkers: 3 } },
        },
        status: state('RunningHealthy'),
      },
      workers(3),
    );
  });

  const scaler = (min: number, max: number): JsonObject => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'pool-worker-hpa', namespace: NAMESPACE },
    spec: { minReplicas: min, maxReplicas: max, scaleTargetRef: { kind: 'StatefulSet', name: 'pool-worker' } },
    status: { currentReplicas: 3 },
  });

  test('gets more workers through their StatefulSet, and says what the SparkCluster goes on saying', async () => {
    const plan = await game.plan('pool', { operation: 'workers', to: 5 });
    expect(plan.needsTypedName).toBe(false);
    expect(plan.risks.join(' ')).toContain('initWorkers 3');
    expect(endOf(await game.run(plan))).toBe('done');
    expect(valueAt(game.cluster.read(workersAt), 'spec', 'replicas')).toBe(5);
  });

  const masterSays = (alive: () => number, apps: readonly string[]): void => {
    const master = sparkPod('pool-master-0', { 'spark.operator/spark-cluster-name': 'pool', 'spark-role': 'master' });
    const set = workers(1);
    const metadata = { ...objectAt(set, 'metadata'), name: 'pool-master' };
    const labels = { 'spark-role': 'master' };
    const template = { ...objectAt(set, 'spec', 'template'), metadata: { labels } };
    game.cluster.put(master, {
      ...set,
      metadata,
      spec: { ...objectAt(set, 'spec'), selector: { matchLabels: labels }, template },
    });
    game.cluster.onHttp = ({ pod }) => ({
      request: async () => ({
        status: pod === 'pool-master-0' ? 200 : 404,
        text: JSON.stringify({ status: 'ALIVE', aliveworkers: alive(), activeapps: apps.map((name) => ({ name })) }),
      }),
      stop: () => undefined,
    });
  };

  test('new workers count once the master counts them', async () => {
    let alive = 3;
    masterSays(() => alive, []);
    const plan = await game.plan('pool', { operation: 'workers', to: 5 });
    expect(check(plan, 'master')).toMatchObject({
      state: 'holds',
      evidence: ['pool-master-0 counts 3 workers that are alive', 'No application runs'],
    });
    const waited: string[] = [];
    const record = await game.run(plan, {
      onProgress: (progress) => {
        if (progress.kind !== 'waiting' || !progress.waitingFor.includes('counts')) return;
        waited.push(progress.waitingFor);
        alive = 5;
      },
    });
    expect(endOf(record)).toBe('done');
    expect(waited).toEqual(['the master pool-master-0 to count 5 workers: it counts 3']);
    expect(notesOf(record)).toContain('pool-master-0 counts 5 workers');
  });

  test('says which applications lose executors, by the word of the master', async () => {
    masterSays(() => 3, ['nightly etl', 'shell']);
    const plan = await game.plan('pool', { operation: 'workers', to: 1 });
    expect(check(plan, 'master')).toMatchObject({ state: 'warns' });
    expect(check(plan, 'master')?.evidence).toContain('Running: nightly etl, shell');
  });

  test('loses workers only once its name was typed', async () => {
    const plan = await game.plan('pool', { operation: 'workers', to: 1 });
    expect(plan.needsTypedName).toBe(true);
    expect(check(plan, 'consequence')?.evidence.join(' ')).toContain('2 of 3 workers go, with every executor on them');
  });

  test('a size that somebody else has changed is not overwritten', async () => {
    const plan = await game.plan('pool', { operation: 'workers', to: 5 });
    game.cluster.edit(workersAt, { replicas: 4 });
    expect(endOf(await game.run(plan))).toMatch(/^stopped: Somebody has scaled pool-worker to 4; it had 3/);
  });

  test('with an autoscaler it has bounds: a number would be undone', async () => {
    game.cluster.put(scaler(2, 4));
    await expect(game.plan('pool', { operation: 'workers', to: 5 })).rejects.toThrow(
      /chooses the number of workers between 2 and 4/,
    );
    const plan = await game.plan('pool', { operation: 'workers', min: 6, max: 9 });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(valueAt(game.cluster.read(workersAt), 'spec', 'replicas')).toBe(6);
    await expect(game.plan('pool', { operation: 'workers', min: 9, max: 6 })).rejects.toThrow(/cannot be/);
  });

  test('without one it has none', async () => {
    await expect(game.plan('pool', { operation: 'workers', min: 2, max: 9 })).rejects.toThrow(/has no autoscaler/);
  });

  test('an edit of its numbers is sent to the verb that does it, and it is not rerun', async () => {
    const manifest = `apiVersion: ${API}\nkind: SparkCluster\nmetadata:\n  name: pool\nspec:\n  clusterTolerations:\n    instanceConfig:\n      maxWorkers: 9\n`;
    const plan = await game.plan('pool', { operation: 'resubmit', manifest });
    expect(check(plan, 'effects')).toMatchObject({ state: 'fails' });
    expect(check(plan, 'effects')?.evidence.join(' ')).toContain('Change workers does it without a restart');
    const offers = operations.offers(game.data('pool'));
    expect(offers.find(({ operation }) => operation === 'rerun')).toMatchObject({ isInMenu: false });
    expect(game.cluster.read(clusterAt)).toBeDefined();
  });
});
