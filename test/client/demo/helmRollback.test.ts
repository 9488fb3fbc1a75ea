import { afterEach, describe, expect, test } from 'vitest';
import type { Plan } from '#core/operations/model.ts';
import { readRunRecord } from '#core/operations/readRecord.ts';
import { alive, NAMESPACE, ReleaseGame, RELEASE, ScriptedHelm, type GameOptions } from './simulatedReleases.ts';

const textContaining = (text: string): unknown => expect.stringContaining(text);

const games: ReleaseGame[] = [];

async function begin(options?: GameOptions): Promise<ReleaseGame> {
  const game = await new ReleaseGame(options).begin();
  games.push(game);
  return game;
}

afterEach(() => {
  for (const game of games.splice(0)) game.stop();
});

const states = ({ preconditions }: Plan): Readonly<Record<string, string>> =>
  Object.fromEntries(preconditions.map(({ id, state }) => [id, state]));

const notHolding = (plan: Plan): readonly string[] =>
  Object.entries(states(plan)).flatMap(([id, state]) => (state === 'holds' ? [] : [`${id} ${state}`]));

const ids = ({ steps }: Plan): readonly string[] => steps.map(({ id }) => id);

/** Members were away one at a time, and each by us. */
function expectNobodyNoticed({ kafka }: ReleaseGame): void {
  const { underMinIsrMs, offlineMs, mostBrokersOutOfSync, uncleanShutdowns } = kafka.kafka.measures;
  expect({ underMinIsrMs, offlineMs, uncleanShutdowns }).toEqual({
    underMinIsrMs: 0,
    offlineMs: 0,
    uncleanShutdowns: 0,
  });
  expect(mostBrokersOutOfSync).toBeLessThanOrEqual(1);
}

const rolling = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };

describe('the rollback of a release with simulated brokers, written from here', () => {
  test('shows what becomes of each object, holds the StatefulSet and restarts its members one at a time', async () => {
    const game = await begin();
    const plan = await game.plan();
    expect(notHolding(plan)).toEqual(['way warns']);
    expect(plan.target).toMatchObject({ system: 'helm', key: 'helm/shop/orders', anchor: { kind: 'Secret' } });
    expect(plan.needsTypedName).toBe(true);
    expect(plan.changes?.map(({ title, how }) => `${how} ${title}`)).toEqual([
      'changed StatefulSet shop/orders',
      'changed ConfigMap shop/orders-config',
      'deleted ConfigMap shop/orders-extra',
    ]);
    expect(plan.changes?.[1]?.fields).toContain('data[log.retention.hours]: 168 -> 72');
    const members = ids(plan).filter((id) => id.startsWith('kafka/'));
    expect(ids(plan)).toEqual(['hold-orders', 'record', 'objects', 'complete', ...members, 'restore-orders']);
    expect(members.length).toBe(3);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.history()).toEqual([
      '1 superseded Upgrade complete',
      '2 superseded Upgrade complete',
      '3 deployed Rollback to 1',
    ]);
    expect(game.kafka.evicted.toSorted()).toEqual(['orders-0', 'orders-1', 'orders-2']);
    expect(game.checksums()).toEqual(['one', 'one', 'one']);
    expect(game.strategy).toMatchObject({ type: 'RollingUpdate' });
    expect(readRunRecord(JSON.parse(JSON.stringify(record)))?.plan.changes).toEqual(plan.changes);
    expectNobodyNoticed(game);
  });

  test('a revision that changes no template restarts nobody', async () => {
    const game = await begin({ isSameTemplate: true });
    const plan = await game.plan();
    expect(ids(plan)).toEqual(['record', 'objects', 'complete']);
    const before = game.kafka.uids();
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.kafka.uids()).toEqual(before);
    expect(
      game.kept
        .objectsOf({ group: '', plural: 'configmaps' })
        .some((one) => JSON.stringify(one).includes('orders-extra"')),
    ).toBe(false);
  });

  test('is done once, whenever its runner dies', async () => {
    for (const arrives of [true, false]) {
      for (let diesAt = 6; diesAt < 130; diesAt += 41) {
        const game = await begin({ updateStrategy: rolling });
        const plan = await game.plan();
        await game.toTheEnd(game.attempt(plan, 'first', { ...alive(), diesAt, arrives }));
        const earlier = await game.journalled(plan);
        const record = await game.toTheEnd(game.attempt(plan, 'second', alive(), earlier));
        expect([diesAt, record?.state]).toEqual([diesAt, { kind: 'done' }]);
        expect(game.history().at(-1)).toBe('3 deployed Rollback to 1');
        expect(game.history().length).toBe(3);
        expect(game.checksums()).toEqual(['one', 'one', 'one']);
        expect(new Set(game.kafka.evicted).size).toBe(game.kafka.evicted.length);
        expectNobodyNoticed(game);
      }
    }
  });
});

describe('the rollback by the program helm', () => {
  test('a partition holds where the chart sets the type of the strategy, which Helm sets again', async () => {
    const game = await begin({ updateStrategy: { type: 'RollingUpdate' } });
    const helm = ScriptedHelm.installed(game);
    const plan = await game.plan({ to: 1 });
    expect(notHolding(plan)).toEqual([]);
    expect(ids(plan).filter((id) => !id.startsWith('kafka/'))).toEqual([
      'hold-orders',
      'helm',
      'hand-over-orders',
      'restore-orders',
    ]);
    expect(plan.steps[0]?.effect).toContain('partition 1000000');
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(helm.calls).toEqual([['rollback', RELEASE, '1', `--namespace=${NAMESPACE}`, '--timeout=300s']]);
    expect(game.kafka.evicted.length).toBe(3);
    expect(game.checksums()).toEqual(['one', 'one', 'one']);
    expect(game.strategy).toEqual({ type: 'RollingUpdate' });
    expectNobodyNoticed(game);
  });

  test('OnDelete holds where the manifests say nothing of it', async () => {
    const game = await begin();
    ScriptedHelm.installed(game, 'v4.0.1');
    const plan = await game.plan();
    expect(plan.steps[0]?.effect).toContain('OnDelete');
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.checksums()).toEqual(['one', 'one', 'one']);
    expectNobodyNoticed(game);
  });

  test('is refused where the chart sets the partition itself, because nothing would hold', async () => {
    const game = await begin({ updateStrategy: rolling });
    ScriptedHelm.installed(game);
    expect(notHolding(await game.plan())).toEqual(['hold fails']);
  });

  test('is begun once, whenever the runner dies', async () => {
    for (let diesAt = 8; diesAt < 100; diesAt += 31) {
      const game = await begin({ updateStrategy: { type: 'RollingUpdate' } });
      const helm = ScriptedHelm.installed(game);
      const plan = await game.plan();
      await game.toTheEnd(game.attempt(plan, 'first', { ...alive(), diesAt, arrives: true }));
      const record = await game.toTheEnd(game.attempt(plan, 'second', alive(), await game.journalled(plan)));
      expect([diesAt, record?.state, helm.calls.length]).toEqual([diesAt, { kind: 'done' }, 1]);
      expect(game.checksums()).toEqual(['one', 'one', 'one']);
      expectNobodyNoticed(game);
    }
  });

  test('what it cannot do ends the run, and what Helm has not changed is put back', async () => {
    const game = await begin({ updateStrategy: { type: 'RollingUpdate' } });
    const helm = ScriptedHelm.installed(game);
    helm.end = 'before anything';
    const plan = await game.plan();
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toMatchObject({ kind: 'stopped', reason: textContaining('cluster unreachable') });
    expect(game.strategy).toEqual({ type: 'RollingUpdate' });
    expect(game.kafka.evicted).toEqual([]);
  });

  test('a hook that fails leaves the revision pending, which is told and can be rolled back again', async () => {
    const game = await begin();
    const helm = ScriptedHelm.installed(game);
    helm.end = 'left pending';
    const record = await game.toTheEnd(game.attempt(await game.plan(), 'first'));
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: textContaining('pre-rollback hooks failed'),
    });
    expect(game.strategy).toMatchObject({ type: 'RollingUpdate' });
    expect(states(await game.plan({ to: 1 }))['pending']).toBe('fails');
    await game.clock.pass(700_000);
    const plan = await game.plan({ to: 1 });
    expect(states(plan)['pending']).toBe('consent');
    helm.end = 'deployed';
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.history().at(-1)).toBe('4 deployed Rollback to 1');
  });

  test('a failed rollback leaves pods alone, and the StatefulSet held with what it was', async () => {
    const game = await begin({ updateStrategy: { type: 'RollingUpdate' } });
    ScriptedHelm.installed(game).end = 'failed';
    const record = await game.toTheEnd(game.attempt(await game.plan(), 'first'));
    expect(record?.state).toMatchObject({ kind: 'stopped', reason: textContaining('cannot patch') });
    expect(game.kafka.evicted).toEqual([]);
    expect(game.checksums()).toEqual(['two', 'two', 'two']);
    expect(game.strategy).toMatchObject({ type: 'OnDelete' });
  });
});

describe('a rollback is not planned, or not begun', () => {
  test('to a revision that is not kept', async () => {
    const game = await begin();
    await expect(game.plan({ to: 7 })).rejects.toThrow('Revision 7 of orders is not kept');
    await expect(game.plan({ release: 'other' })).rejects.toThrow('There is no Helm release other');
  });

  test('with hooks and without the program', async () => {
    const hooks = [{ name: 'migrate', kind: 'Job', events: ['pre-rollback'], manifest: 'kind: Job' }];
    const game = await begin({ hooks });
    const plan = await game.plan();
    expect(states(plan)).toMatchObject({ way: 'fails', hooks: 'warns' });
    expect(plan.preconditions.find(({ id }) => id === 'hooks')?.evidence).toEqual(['Job migrate runs at pre-rollback']);
    ScriptedHelm.installed(game);
    expect(states(await game.plan())).toMatchObject({ way: 'holds', hooks: 'warns' });
  });

  test('when members would go', async () => {
    const game = await begin({ replicasThen: 2 });
    const plan = await game.plan();
    const members = plan.preconditions.find(({ id }) => id === 'members');
    expect(members).toMatchObject({
      state: 'fails',
      evidence: ['StatefulSet shop/orders of orders: spec.replicas: 3 -> 2'],
    });
  });

  test('when somebody was faster', async () => {
    const game = await begin();
    const plan = await game.plan();
    game.addRevision(3, 'deployed');
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toMatchObject({ kind: 'stopped', reason: textContaining('made revision 3') });
    expect(game.kafka.evicted).toEqual([]);
    expect(game.strategy).toMatchObject({ type: 'RollingUpdate' });
  });

  test('no value of a release is in a plan', async () => {
    const game = await begin();
    expect(JSON.stringify(await game.plan())).not.toContain('hunter2');
  });
});
