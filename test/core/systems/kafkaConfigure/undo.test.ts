import { describe, expect, test } from 'vitest';
import type { Plan, RunRecord, RunState, StepRecord } from '#core/operations/model.ts';
import { readRunRecord } from '#core/operations/readRecord.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { Scene } from './scene.ts';

const { undoing } = operations;

/** As it comes back from its journal. */
function journalled(record: unknown): RunRecord {
  const read = readRunRecord(JSON.parse(JSON.stringify(record)));
  if (!read) throw new Error('It cannot be read.');
  return read;
}

const mixed = { 'log.retention.ms': '1000', 'num.io.threads': '32', 'num.partitions': '6' };
const undoMixed: readonly ConfigureWish[] = [
  { operation: 'configure', settings: { 'log.retention.ms': null, 'num.io.threads': null, 'num.partitions': '1' } },
  { operation: 'configure', settings: { 'log.retention.ms': '5' }, member: 'kafka-1' },
];

/** All ways at once: for all brokers in steps, where one had a value of its own, and by a restart. */
async function runMixed(): Promise<{ readonly scene: Scene; readonly record: RunRecord }> {
  const scene = new Scene();
  scene.brokers.own.get(1)?.set('log.retention.ms', '5');
  const record = await scene.run(await scene.plan(mixed));
  expect(record.state).toEqual({ kind: 'done' });
  return { scene, record: journalled(record) };
}

describe('what undoes a change of settings', () => {
  test('is a wish for all brokers and one for each that had a value of its own', async () => {
    const { scene, record } = await runMixed();
    const wishes = undoing(record);
    expect(wishes).toEqual(undoMixed);
    for (const wish of wishes) {
      const undone = await scene.run(await scene.plan(wish.settings, wish.member));
      expect(undone.state).toEqual({ kind: 'done' });
    }
    expect([...scene.brokers.all]).toEqual([]);
    expect(scene.brokers.own.get(1)?.get('log.retention.ms')).toBe('5');
    expect(scene.properties()).toContain('num.partitions=1\n');
  });

  test('is there for a run that was stopped by a broker that came back without them', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'num.partitions': '6' });
    const usual = scene.cluster.evict.bind(scene.cluster);
    scene.cluster.evict = async (pod, options) => {
      await usual(pod, options);
      scene.brokers.files.get(Number(pod.name.at(-1)))?.set('num.partitions', '1');
    };
    const record = await scene.run(plan);
    expect(record.state.kind).toBe('stopped');
    expect(undoing(record)).toEqual([{ operation: 'configure', settings: { 'num.partitions': '1' } }]);
  });

  test('leaves out what the run itself has put back when it was cancelled', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'num.io.threads': '32' });
    const control: { wish: 'run' | 'cancel' } = { wish: 'run' };
    const usual = scene.brokers.request.bind(scene.brokers);
    scene.brokers.request = async (nodeId, api, body) => {
      const answer = await usual(nodeId, api, body);
      // The second half of the way is not heard of by broker 2.
      if (scene.brokers.changes.length === 2) {
        scene.brokers.late.set(2, new Map([['num.io.threads', '16']]));
        control.wish = 'cancel';
      }
      return answer;
    };
    const record = await scene.run(plan, undefined, control);
    expect(record.state).toEqual({ kind: 'cancelled' });
    expect(record.steps.map(({ phase }) => phase)).toEqual(['done', 'awaiting']);
    expect(undoing(record)).toEqual([{ operation: 'configure', settings: { 'num.io.threads': null } }]);
    const first = { ...plan, steps: plan.steps.slice(1) };
    expect(undoing({ ...record, plan: first })).toEqual([]);
  });

  test('is nothing when nothing was done', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    scene.brokers.all.set('log.retention.ms', '7');
    expect(undoing(await scene.run(plan))).toEqual([]);
  });

  test('is nothing when the brokers have refused it', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    scene.brokers.other = (_, api) =>
      api === 'IncrementalAlterConfigs' ? { resources: [{ errorCode: 44, message: 'not on fridays' }] } : undefined;
    const record = await scene.run(plan);
    expect(record.steps.map(({ phase }) => phase)).toEqual(['acting']);
    expect(undoing(record)).toEqual([]);
  });
});

describe('a record', () => {
  const states: readonly RunState[] = [{ kind: 'running' }, { kind: 'paused', reason: 'r', fix: 'f' }];

  test('of a run that is not over, of another operation, or of another subject undoes nothing', async () => {
    const { record } = await runMixed();
    for (const state of states) expect(undoing({ ...record, state })).toEqual([]);
    const { plan } = record;
    expect(undoing({ ...record, plan: { ...plan, operation: 'restart' } })).toEqual([]);
    for (const system of ['cassandra', 'spark', 'tfjob', 'kubernetes', 'helm'] as const)
      expect(undoing({ ...record, plan: { ...plan, target: { ...plan.target, system } } })).toEqual([]);
  });

  test('that knows members without a number names none of them for all brokers', async () => {
    const { record } = await runMixed();
    const parameters = {
      ...record.plan.parameters,
      nodes: ['controller-0', 'kafka-0', 'kafka-1', 'kafka-2'],
      nodeIds: [-1, 0, 1, 2],
    };
    expect(undoing({ ...record, plan: { ...record.plan, parameters } })).toEqual(undoMixed);
  });

  const memory = (record: RunRecord, change: Record<string, unknown>): unknown => ({
    ...record,
    steps: record.steps.map((step, index) => (index === 0 ? { ...step, memory: { ...step.memory, ...change } } : step)),
  });

  test.each([
    ['without its values', { beforeValues: null }],
    ['with fewer operations than names', { beforeOperations: ['set'] }],
    ['with operations that nobody knows', { beforeOperations: ['drop', 'set'] }],
    ['with a text for its names', { beforeNames: 'log.retention.ms' }],
  ])('%s undoes nothing at all', async (_, change) => {
    const { record } = await runMixed();
    expect(record.steps[0]?.memory['beforeNames']).toEqual(['log.retention.ms', 'num.io.threads']);
    expect(undoing(journalled(memory(record, change)))).toEqual([]);
  });

  test('that does not say which pod a broker is undoes nothing at all', async () => {
    const { record } = await runMixed();
    expect(undoing({ ...record, plan: { ...record.plan, parameters: {} } })).toEqual([]);
  });

  test('that anybody has edited in any way is read without a failure', async () => {
    const { record } = await runMixed();
    const evil: readonly unknown[] = [null, 0, -7, 1.5, '', '__proto__', [], ['a', 1], {}, true];
    for (const value of evil) {
      const plan: Record<keyof Plan, unknown> | Plan = record.plan;
      const target = { ...record.plan.target, anchor: { apiVersion: value, kind: value, name: value, uid: 'u' } };
      const steps = record.plan.steps.map((step) => ({ ...step, parameters: { kind: 'set', broker: value } }));
      const own = record.steps.map((step: StepRecord) => ({
        ...step,
        memory: { beforeNames: value, beforeOperations: value, beforeValues: value },
      }));
      for (const edited of [
        { ...record, plan: { ...plan, target } },
        { ...record, plan: { ...plan, steps } },
        { ...record, plan: { ...plan, parameters: { nodes: value, nodeIds: value } } },
        { ...record, steps: own },
        { ...record, steps: value },
      ])
        expect(() => undoing(journalled(edited))).not.toThrow();
    }
  });
});
