import { beforeEach, describe, expect, test } from 'vitest';
import { textAt, timeAt, valueAt, type JsonObject } from '#core/json.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import { operations } from '#core/systems/operations.ts';
import { START } from '#test/support/fakeClock.ts';
import { addressIn, endOf, NAMESPACE, ScriptedGame, type ScriptedCluster } from './scriptedSpark.ts';

const API = 'sparkoperator.k8s.io/v1beta2';
const at = addressIn('sparkoperator.k8s.io', 'v1beta2', 'scheduledsparkapplications', 'nightly');

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The reconciler: nothing for a suspended one, nothing for one that was refused, and a run as soon as one is due. */
function operator(cluster: ScriptedCluster, now: number): void {
  const schedule = cluster.read(at);
  if (!schedule || valueAt(schedule, 'spec', 'suspend') === true) return;
  const state = textAt(schedule, 'status', 'scheduleState');
  const isCron = textAt(schedule, 'spec', 'schedule').split(' ').length === 5;
  if (!isCron) return cluster.setStatus(at, { scheduleState: 'FailedValidation', reason: 'expected exactly 5 fields' });
  if (state === 'FailedValidation') return;
  const next = timeAt(schedule, 'status', 'nextRun') ?? now + 3_600_000;
  const isDue = next <= now;
  cluster.setStatus(at, {
    scheduleState: 'Scheduled',
    nextRun: iso(isDue ? now + 3_600_000 : next),
    ...(isDue ? { lastRun: iso(now), lastRunName: 'nightly-1' } : {}),
  });
}

let game: ScriptedGame;

function put(spec: JsonObject, status: JsonObject): void {
  game.cluster.put({
    apiVersion: API,
    kind: 'ScheduledSparkApplication',
    metadata: { name: 'nightly', namespace: NAMESPACE, generation: 1 },
    spec: {
      schedule: '0 2 * * *',
      concurrencyPolicy: 'Forbid',
      template: { type: 'Scala', executor: { instances: 2 } },
      ...spec,
    },
    status,
  });
}

beforeEach(() => {
  game = new ScriptedGame(operator);
  game.setOperator('ghcr.io/kubeflow/spark-operator/controller:2.5.2');
});

const check = ({ preconditions }: Plan, id: string): Precondition | undefined =>
  preconditions.find((one) => one.id === id);

const fails = ({ preconditions }: Plan): readonly string[] =>
  preconditions.filter(({ state }) => state === 'fails').map(({ id }) => id);

const manifest = (spec: string): string =>
  `apiVersion: ${API}\nkind: ScheduledSparkApplication\nmetadata:\n  name: nightly\nspec:\n${spec}`;

describe('Pause schedule', () => {
  test('is written, also while the operator is away, and says that runs go on', async () => {
    put({}, { scheduleState: 'Scheduled', nextRun: iso(START + 600_000) });
    game.setOperator('ghcr.io/kubeflow/spark-operator/controller:2.5.2', 0);
    const plan = await game.plan('nightly', { operation: 'schedule', to: 'paused' });
    expect([fails(plan), plan.needsTypedName]).toEqual([[], false]);
    expect(check(plan, 'consequence')?.evidence.join(' ')).toContain('those under way go on');
    expect(endOf(await game.run(plan))).toBe('done');
    expect(valueAt(game.cluster.read(at), 'spec', 'suspend')).toBe(true);
    await expect(game.plan('nightly', { operation: 'schedule', to: 'paused' })).rejects.toThrow('is paused already');
  });

  test('other verbs are told by their names here', () => {
    put({}, { scheduleState: 'Scheduled' });
    const offers = operations.offers(game.data('nightly'));
    const refusal = (name: string): string | undefined => offers.find(({ operation }) => operation === name)?.refusal;
    expect(offers.filter(({ isInMenu }) => isInMenu !== false).map(({ operation }) => operation)).toEqual([
      'resubmit',
      'schedule',
    ]);
    expect(refusal('stop')).toContain('Pause Schedule');
    expect(refusal('suspend')).toContain('Pause Schedule');
    expect(refusal('workers')).toContain('spec.template.executor.instances');
  });
});

describe('Resume schedule', () => {
  test('says that a run that was due starts at once, and waits for the time of the next', async () => {
    put({ suspend: true }, { scheduleState: 'Scheduled', nextRun: iso(START - 7_200_000) });
    const plan = await game.plan('nightly', { operation: 'schedule', to: 'running' });
    expect(check(plan, 'missed-run')).toMatchObject({
      state: 'warns',
      evidence: ['A run was due 2 h ago, so one starts as soon as the schedule is resumed'],
    });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(textAt(game.cluster.read(at), 'status', 'lastRunName')).toBe('nightly-1');
  });

  test('a concurrencyPolicy that the operator does not know is told: it would start one run only', async () => {
    put({ suspend: true, concurrencyPolicy: 'forbid' }, { scheduleState: 'Scheduled', nextRun: iso(START + 600_000) });
    const plan = await game.plan('nightly', { operation: 'schedule', to: 'running' });
    expect(check(plan, 'concurrency-policy')).toMatchObject({
      state: 'warns',
      evidence: ['It is "forbid", and the operator then starts the first run and never another (issue 2964)'],
    });
  });

  test('one that was refused and is corrected is looked at again, because its state is cleared', async () => {
    put({ suspend: true }, { scheduleState: 'FailedValidation', reason: 'expected exactly 5 fields' });
    const plan = await game.plan('nightly', { operation: 'schedule', to: 'running' });
    expect(plan.steps.map(({ id }) => id)).toEqual(['revalidate', 'ask']);
    expect(check(plan, 'validation')).toMatchObject({ state: 'warns' });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(textAt(game.cluster.read(at), 'status', 'scheduleState')).toBe('Scheduled');
  });

  test('one that is still wrong is not resumed', async () => {
    put(
      { suspend: true, schedule: 'every day' },
      { scheduleState: 'FailedValidation', reason: 'expected exactly 5 fields' },
    );
    const plan = await game.plan('nightly', { operation: 'schedule', to: 'running' });
    expect(fails(plan)).toEqual(['validation']);
  });

  test('an operator that is away is named in the plan and by the run', async () => {
    put({ suspend: true }, { scheduleState: 'Scheduled', nextRun: iso(START - 60_000) });
    const plan = await game.plan('nightly', { operation: 'schedule', to: 'running' });
    game.setOperator('ghcr.io/kubeflow/spark-operator/controller:2.5.2', 0);
    expect(fails(await game.plan('nightly', { operation: 'schedule', to: 'running' }))).toEqual(['operator']);
    expect(endOf(await game.run(plan))).toMatch(
      /^paused: .*Kubeflow Spark Operator to run again: operators\/operator has 0 of 1 ready/,
    );
  });
});

describe('Edit and resubmit of a schedule', () => {
  test('says when each field counts, and kills nothing', async () => {
    put({}, { scheduleState: 'Scheduled', nextRun: iso(START + 600_000) });
    const text = '  schedule: "0 3 * * *"\n  template:\n    executor:\n      instances: 4\n';
    const plan = await game.plan('nightly', { operation: 'resubmit', manifest: manifest(text) });
    expect([fails(plan), plan.needsTypedName]).toEqual([[], false]);
    expect(check(plan, 'effects')).toMatchObject({
      state: 'holds',
      evidence: [
        'spec.schedule (0 2 * * * → 0 3 * * *) counts after the next run, which still comes when the status says',
        'spec.template.executor.instances (2 → 4) goes to the runs that are made from now on; one that is under way stays as it is',
      ],
    });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(valueAt(game.cluster.read(at), 'spec', 'template', 'type')).toBe('Scala');
  });

  test('a concurrencyPolicy that stops the schedule is refused', async () => {
    put({}, { scheduleState: 'Scheduled', nextRun: iso(START + 600_000) });
    const plan = await game.plan('nightly', {
      operation: 'resubmit',
      manifest: manifest('  concurrencyPolicy: never\n'),
    });
    expect(fails(plan)).toEqual(['effects']);
  });

  test('correcting a refused schedule lets the operator look again', async () => {
    put({ schedule: 'every day' }, { scheduleState: 'FailedValidation', reason: 'expected exactly 5 fields' });
    const plan = await game.plan('nightly', { operation: 'resubmit', manifest: manifest('  schedule: "0 3 * * *"\n') });
    expect(endOf(await game.run(plan))).toBe('done');
    expect(textAt(game.cluster.read(at), 'status', 'scheduleState')).toBe('Scheduled');
  });
});
