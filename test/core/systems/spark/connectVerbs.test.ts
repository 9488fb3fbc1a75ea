import { beforeEach, describe, expect, test } from 'vitest';
import { objectAt, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import { addressIn, endOf, NAMESPACE, ScriptedGame, sparkPod, type ScriptedCluster } from './scriptedSpark.ts';

const API = 'sparkoperator.k8s.io/v1alpha1';
const at = addressIn('sparkoperator.k8s.io', 'v1alpha1', 'sparkconnects', 'notebooks');
const OPERATOR = 'ghcr.io/kubeflow/spark-operator/controller:2.5.2';
const podAt = addressIn('', 'v1', 'pods', 'notebooks-server');
const labels = { 'sparkoperator.k8s.io/connect-name': 'notebooks', 'spark-role': 'connect-server' };

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Makes the server pod once from the spec; it is ready at the look after. */
function operator(cluster: ScriptedCluster, now: number): void {
  const connect = cluster.read(at);
  if (!connect) return;
  const pod = cluster.read(podAt);
  const owner = {
    apiVersion: API,
    kind: 'SparkConnect',
    name: 'notebooks',
    uid: textAt(connect, 'metadata', 'uid'),
    controller: true,
  };
  const condition = (status: string): JsonObject => ({
    state: status === 'True' ? 'Ready' : 'NotReady',
    server: { podName: 'notebooks-server' },
    conditions: [{ type: 'ServerPodReady', status, lastTransitionTime: iso(now) }],
  });
  if (!pod) {
    const args = [String(valueAt(connect, 'spec', 'executor', 'instances'))];
    const made = sparkPod('notebooks-server', labels, owner);
    const metadata = { ...objectAt(made, 'metadata'), creationTimestamp: iso(now) };
    cluster.put({ ...made, metadata, spec: { ...objectAt(made, 'spec'), args } });
    cluster.setStatus(at, condition('False'));
  } else if (textAt(connect, 'status', 'state') !== 'Ready') cluster.setStatus(at, condition('True'));
}

let game: ScriptedGame;

beforeEach(async () => {
  game = new ScriptedGame(operator);
  game.setOperator(OPERATOR);
});

async function put(spec: JsonObject = {}): Promise<void> {
  game.cluster.put({
    apiVersion: API,
    kind: 'SparkConnect',
    metadata: { name: 'notebooks', namespace: NAMESPACE, generation: 1 },
    spec: { sparkVersion: '4.0.1', image: 'apache/spark:4.0.1', server: {}, executor: { instances: 2 }, ...spec },
  });
  await game.clock.pass(3000);
}

const serverUid = (): string => textAt(game.cluster.read(podAt), 'metadata', 'uid');
const check = ({ preconditions }: Plan, id: string): Precondition | undefined =>
  preconditions.find((one) => one.id === id);

describe('a Connect server', () => {
  test('is made anew by its operator when it is rerun, and every session ends: the name is asked for', async () => {
    await put();
    const before = serverUid();
    const plan = await game.plan('notebooks', { operation: 'rerun' });
    expect(plan.needsTypedName).toBe(true);
    expect(plan.risks.join(' ')).toContain('Every session ends');
    expect(endOf(await game.run(plan))).toBe('done');
    expect(serverUid()).not.toBe(before);
  });

  test('takes another number of executors only with a new server pod', async () => {
    await put();
    const before = serverUid();
    const plan = await game.plan('notebooks', { operation: 'workers', to: 5 });
    expect(plan.steps.map(({ id }) => id)).toEqual(['ask', 'server']);
    expect(plan.needsTypedName).toBe(true);
    expect(check(plan, 'effects')?.evidence.join(' ')).toContain('heeded only by a new server');
    expect(endOf(await game.run(plan))).toBe('done');
    expect([serverUid() === before, valueAt(game.cluster.read(podAt), 'spec', 'args')]).toEqual([false, ['5']]);
  });

  test('with dynamic allocation has bounds, and no number', async () => {
    await put({ dynamicAllocation: { enabled: true, minExecutors: 1, maxExecutors: 4 } });
    await expect(game.plan('notebooks', { operation: 'workers', to: 5 })).rejects.toThrow(
      /Spark chooses the number.*Give its bounds/,
    );
    const plan = await game.plan('notebooks', { operation: 'workers', max: 8 });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(valueAt(game.cluster.read(at), 'spec', 'dynamicAllocation')).toEqual({
      enabled: true,
      minExecutors: 1,
      maxExecutors: 8,
    });
  });

  test('with a fixed number has no bounds', async () => {
    await put();
    await expect(game.plan('notebooks', { operation: 'workers', min: 1, max: 5 })).rejects.toThrow(
      /fixed number of executors/,
    );
  });

  test('whose operator goes once the pod is deleted: the operator is named, and the run goes on when it is back', async () => {
    await put();
    const plan = await game.plan('notebooks', { operation: 'rerun' });
    game.cluster.beforeDelete = () => game.setOperator(OPERATOR, 0);
    const record = await game.run(plan);
    expect(endOf(record)).toMatch(
      /^paused: The server pod is gone, and waiting for Kubeflow Spark Operator to run again: operators\/operator has 0 of 1 ready/,
    );
    game.setOperator(OPERATOR);
    expect(endOf(await game.run(plan, { earlier: record }))).toBe('done');
  });

  test('an edit of its labels alone restarts nothing', async () => {
    await put();
    const before = serverUid();
    const manifest = `apiVersion: ${API}\nkind: SparkConnect\nmetadata:\n  name: notebooks\n  labels:\n    team: a\n`;
    const plan = await game.plan('notebooks', { operation: 'resubmit', manifest });
    expect([plan.needsTypedName, plan.steps.map(({ id }) => id)]).toEqual([false, ['ask']]);
    expect(endOf(await game.run(plan))).toBe('done');
    expect(serverUid()).toBe(before);
  });

  test('is stopped with its pods', async () => {
    await put();
    const plan = await game.plan('notebooks', { operation: 'stop' });
    expect(plan.needsTypedName).toBe(true);
    expect(endOf(await game.run(plan))).toBe('done');
    expect([game.cluster.read(at), game.cluster.read(podAt)]).toEqual([undefined, undefined]);
  });

  test('whose runner dies at any of its calls is edited and made anew once', async () => {
    await put();
    const calls = await game.runUntilDeath(await game.plan('notebooks', { operation: 'workers', to: 3 }), -1, false);
    for (let diesAt = 3; diesAt <= calls; diesAt += 3) {
      const plan = await game.plan('notebooks', { operation: 'workers', to: 3 + diesAt }, `plan-${diesAt}`);
      const before = serverUid();
      await game.runUntilDeath(plan, diesAt, diesAt % 2 === 0);
      await game.clock.pass(120_000);
      const afterDeath = serverUid();
      const earlier = (await readJournalOf(game.cluster, plan.target))?.current;
      const isOurs = earlier?.plan.id === plan.id;
      const record = await game.run(plan, isOurs ? { earlier } : {});
      const args = valueAt(game.cluster.read(podAt), 'spec', 'args');
      expect([diesAt, endOf(record), args]).toEqual([diesAt, 'done', [String(3 + diesAt)]]);
      // A server that was made anew already is not deleted once more.
      if (afterDeath !== before) expect(serverUid()).toBe(afterDeath);
    }
  });
});
