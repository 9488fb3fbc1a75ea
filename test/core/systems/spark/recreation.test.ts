import { beforeEach, describe, expect, test } from 'vitest';
import { objectAt, textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { Plan } from '#core/operations/model.ts';
import { addressIn, endOf, NAMESPACE, notesOf, ScriptedGame, sparkPod, type ScriptedCluster } from './scriptedSpark.ts';

const API = 'spark.apache.org/v1';
const KEPT = 'data-clusters-kept-sparkapplication-etl';
const at = addressIn('spark.apache.org', 'v1', 'sparkapplications', 'etl');
const finalizers = ['sparkapplications.spark.apache.org/finalizer'];

/** Says a state of what is new while it heeds anything, and lets go what is deleted. */
let isHeeding = true;
function operator(cluster: ScriptedCluster): void {
  const app = cluster.read(at);
  if (!app) return;
  if (textAt(app, 'metadata', 'deletionTimestamp') !== '') cluster.letGo(at);
  else if (isHeeding && valueAt(app, 'status', 'currentState') === undefined) {
    cluster.setStatus(at, { currentState: { currentStateSummary: 'RunningHealthy' } });
  }
}

const application = (metadata: JsonObject = {}): JsonObject => ({
  apiVersion: API,
  kind: 'SparkApplication',
  metadata: { name: 'etl', namespace: NAMESPACE, generation: 1, ...metadata },
  spec: { runtimeVersions: { sparkVersion: '4.0.1' }, mainClass: 'Etl' },
});

const driverOf = (uid: string, name = 'etl-0-driver'): JsonObject =>
  sparkPod(
    name,
    { 'spark.operator/spark-app-name': 'etl', 'spark-role': 'driver' },
    { apiVersion: API, kind: 'SparkApplication', name: 'etl', uid, controller: true },
  );

let game: ScriptedGame;
const uidOf = (): string => textAt(game.cluster.read(at), 'metadata', 'uid');
const secrets = (): readonly string[] =>
  game.cluster.objectsOf({ group: '', plural: 'secrets' }).map((one) => textAt(one, 'metadata', 'name'));
const rerun = (): Promise<Plan> => game.plan('etl', { operation: 'rerun' });

beforeEach(async () => {
  isHeeding = true;
  game = new ScriptedGame(operator);
  game.setOperator('apache/spark-kubernetes-operator:1.0.0');
  game.cluster.put(application({ uid: 'first' }));
  await game.clock.pass(3000);
});

describe('an application that is deleted and made anew', () => {
  test('names an operator that takes no notice within a minute, and goes on once it does', async () => {
    const plan = await rerun();
    const began = game.clock.now();
    const record = await game.run(plan, {
      onProgress: (progress) => {
        if (progress.kind === 'step' && progress.step.id === 'create') isHeeding = false;
      },
    });
    expect(endOf(record)).toMatch(
      /^paused: SparkApplication etl is there anew, and still waits for the Apache Spark K8s Operator \(operators\/operator\) to pick it up/,
    );
    expect(game.clock.now() - began).toBeLessThan(180_000);
    expect(secrets()).toEqual([KEPT]);
    isHeeding = true;
    const made = uidOf();
    expect(endOf(await game.run(plan, { earlier: record }))).toBe('done');
    expect([uidOf() === made, secrets()]).toEqual([true, []]);
  });

  test('is told where its manifest is when nothing may be made anew for whoever cancels', async () => {
    const plan = await rerun();
    const record = await game.run(plan, {
      onProgress: (progress, control) => {
        if (progress.kind !== 'step' || progress.step.id !== 'create' || progress.phase !== 'gate') return;
        game.cluster.isForbidden = ({ verb, resource }) => verb === 'create' && resource === 'sparkapplications';
        control.wish = 'cancel';
      },
    });
    expect(endOf(record)).toBe('cancelled');
    expect(notesOf(record)).toMatch(new RegExp(`is deleted, and could not be made anew: .*Secret ${KEPT}`));
    expect(secrets()).toEqual([KEPT]);
  });

  test('keeps the manifest of what somebody else deletes while it is held', async () => {
    game.cluster.put({
      ...application({ uid: 'first', finalizers }),
      status: objectAt(game.cluster.read(at), 'status'),
    });
    const plan = await rerun();
    const record = await game.run(plan, {
      onProgress: (progress, control) => {
        if (progress.kind !== 'step' || progress.step.id !== 'delete' || progress.phase !== 'gate') return;
        game.isOperatorUp = false;
        const metadata = { uid: 'first', finalizers, deletionTimestamp: '2026-01-01T12:00:00Z' };
        game.cluster.put(application(metadata));
        control.wish = 'cancel';
      },
    });
    expect(endOf(record)).toBe('cancelled');
    expect(notesOf(record)).toContain('SparkApplication etl is being deleted. Its manifest is kept in Secret');
    expect(secrets()).toEqual([KEPT]);
  });

  test('waits for the pods of before, and for no others', async () => {
    game.cluster.put(driverOf('first'));
    const plan = await game.plan('etl', { operation: 'stop' });
    const waited: string[] = [];
    // Its pod outlives it, and somebody makes another one meanwhile.
    game.cluster.beforeDelete = () => {
      game.cluster.beforeDelete = () => undefined;
      game.cluster.remove('SparkApplication', 'etl', NAMESPACE);
      game.cluster.put(application({ uid: 'theirs' }), driverOf('theirs', 'theirs-driver'));
      game.clock.after(20_000, () => game.cluster.remove('Pod', 'etl-0-driver', NAMESPACE));
    };
    const record = await game.run(plan, {
      onProgress: (progress) => {
        if (progress.kind === 'waiting') waited.push(progress.waitingFor);
      },
    });
    expect(endOf(record)).toBe('done');
    expect(waited).toContain('its pods to be gone: etl-0-driver');
    expect(waited.join(' ')).not.toContain('theirs-driver');
    expect([uidOf(), game.cluster.objectsOf({ group: '', plural: 'pods' }).length]).toEqual(['theirs', 1]);
  });
});
