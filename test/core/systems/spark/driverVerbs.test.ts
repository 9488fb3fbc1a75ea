import { beforeEach, describe, expect, test } from 'vitest';
import { objectAt, textAt, type JsonObject } from '#core/json.ts';
import type { Offer } from '#core/operations/operations.ts';
import { operations } from '#core/systems/operations.ts';
import { addressIn, endOf, ScriptedGame, sparkPod } from './scriptedSpark.ts';

const driverAt = addressIn('', 'v1', 'pods', 'pi-driver');
const labels = { 'spark-role': 'driver', 'spark-app-selector': 'spark-1', 'spark-version': '4.0.1' };

let game: ScriptedGame;

beforeEach(() => {
  game = new ScriptedGame();
});

function put(owner?: JsonObject): void {
  game.cluster.put(sparkPod('pi-driver', labels, owner));
  const uid = textAt(game.cluster.read(driverAt), 'metadata', 'uid');
  const executor = { ...labels, 'spark-role': 'executor', 'spark-exec-id': '1' };
  game.cluster.put(
    sparkPod('pi-exec-1', executor, { apiVersion: 'v1', kind: 'Pod', name: 'pi-driver', uid, controller: true }),
  );
}

const offerOf = (name: string, operation: string): Offer | undefined =>
  operations.offers(game.data(name)).find((one) => one.operation === operation);

describe('an application of spark-submit', () => {
  test('is stopped by deleting its driver, whose executors go with it', async () => {
    put();
    const plan = await game.plan('pi', { operation: 'stop' });
    expect(plan.needsTypedName).toBe(true);
    expect(plan.target.anchor).toMatchObject({ apiVersion: 'v1', kind: 'Pod', name: 'pi-driver' });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(game.cluster.objectsOf({ group: '', plural: 'pods' })).toEqual([]);
  });

  test('whose driver is another one by now is not touched', async () => {
    put();
    const plan = await game.plan('pi', { operation: 'stop' });
    await game.cluster.delete(driverAt);
    game.cluster.put(sparkPod('pi-driver', labels));
    const uid = textAt(game.cluster.read(driverAt), 'metadata', 'uid');
    expect(endOf(await game.run(plan))).toBe('done');
    expect(textAt(game.cluster.read(driverAt), 'metadata', 'uid')).toBe(uid);
  });

  test('cannot be rerun, edited or given executors, and says what can be done', () => {
    put();
    expect(offerOf('pi', 'rerun')?.refusal).toMatch(/run spark-submit once more/);
    expect(offerOf('pi', 'resubmit')?.refusal).toMatch(/no manifest/);
    expect(offerOf('pi', 'workers')?.refusal).toMatch(/spark\.dynamicAllocation\.enabled=true/);
    expect(offerOf('pi', 'suspend')).toMatchObject({ isInMenu: false });
  });

  test('that a Job may start again asks for consent', async () => {
    put({ apiVersion: 'batch/v1', kind: 'Job', name: 'nightly', uid: 'uid-job', controller: true });
    const plan = await game.plan('pi', { operation: 'stop' });
    expect(plan.preconditions.find(({ id }) => id === 'owner')).toMatchObject({
      state: 'consent',
      evidence: ['It belongs to Job nightly, which may start another one'],
    });
  });

  test('inside a pod that Spark did not make is ended there', () => {
    game.cluster.put(sparkPod('notebook-0', { app: 'notebook' }));
    const uid = textAt(
      objectAt({ pod: game.cluster.read(addressIn('', 'v1', 'pods', 'notebook-0')) }, 'pod'),
      'metadata',
      'uid',
    );
    const executor = { 'spark-role': 'executor', 'spark-app-selector': 'spark-9', 'spark-exec-id': '1' };
    game.cluster.put(
      sparkPod('shell-exec-1', executor, { apiVersion: 'v1', kind: 'Pod', name: 'notebook-0', uid, controller: true }),
    );
    expect(offerOf('notebook-0', 'stop')?.refusal).toMatch(/runs inside the pod notebook-0.*end it there/);
  });

  test('of an operator whose resource is not to be seen is not stopped behind its back', () => {
    game.cluster.put(sparkPod('etl-driver', { ...labels, 'sparkoperator.k8s.io/app-name': 'etl' }));
    expect(offerOf('etl', 'stop')?.refusal).toMatch(/An operator runs it/);
  });
});
