import { describe, expect, test } from 'vitest';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { makeRandom } from '#test/support/random.ts';
import { alive, CassandraGame, type Attempt } from './cassandraGame.ts';
import { knownNodes, lose, patchSet, templateOf } from './lostNodes.ts';
import type { Fate } from './simulatedKafka.ts';

const SCHEDULES = Number(process.env['REPLACE_SCHEDULES'] ?? 3);

const replace = (member: string) => ({ operation: 'replace', member, how: 'replace' }) as const;

/** A ring whose node is lost, and for long enough that everybody knows. */
async function withLost(ordinal: number, wanted: Parameters<typeof CassandraGame.begin>[0]): Promise<CassandraGame> {
  const game = await CassandraGame.begin(wanted);
  lose(game.ring, ordinal);
  await game.clock.pass(120_000);
  return game;
}

const failing = ({ preconditions }: Plan): readonly string[] =>
  preconditions.flatMap(({ id, state }) => (state === 'fails' ? [id] : []));

const asks = (record: RunRecord | undefined): string | undefined =>
  record?.state.kind === 'paused' ? record.state.asks?.typed : undefined;

const notes = (record: RunRecord | undefined): readonly string[] => record?.steps.flatMap((step) => step.notes) ?? [];

const names = ({ ring }: CassandraGame): readonly string[] => ring.deleted.map(({ name }) => name);

/** To the pause before the point of no return. */
async function toThePause(game: CassandraGame, plan: Plan): Promise<RunRecord | undefined> {
  const record = await game.toTheEnd(game.attempt(plan, 'first'));
  expect(asks(record)).toBe('catalog-2');
  expect(game.ring.deleted).toEqual([]);
  return record;
}

const goOn = (game: CassandraGame, plan: Plan, earlier: RunRecord | undefined, typed?: string): Attempt =>
  game.attempt(plan, 'second', alive(), earlier, typed);

describe('a node of a simulated ring that is lost for good', () => {
  test('is replaced by its pod, which takes its tokens, and nobody else is touched', async () => {
    const game = await withLost(2, { size: 3, racks: 3 });
    const before = templateOf(game.ring);
    const dead = game.ring.node(2);
    const plan = await game.plan(replace('catalog-2'));
    expect(failing(plan)).toEqual([]);
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'hold-catalog',
      'replace-catalog-2',
      'template-catalog',
      'restart-catalog-2',
      'restore-catalog',
    ]);
    const paused = await toThePause(game, plan);
    expect(paused?.state).toMatchObject({
      kind: 'paused',
      reason: expect.stringMatching(
        /^Next, PersistentVolumeClaim data-catalog-2 \(pvc-\S+, 100 GiB\) and the pod catalog-2 will be deleted, with all data of catalog-2\. This cannot be taken back\.$/,
      ) as unknown,
    });
    const others = game.ring.uids().slice(0, 2);
    const record = await game.toTheEnd(goOn(game, plan, paused, 'catalog-2'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(names(game)).toEqual(['data-catalog-2', 'catalog-2']);
    expect(game.ring.uids().slice(0, 2)).toEqual(others);
    expect(game.ring.evicted).toEqual(['catalog-2']);
    expect(game.ring.mostAway).toBe(1);
    expect(templateOf(game.ring)).toEqual(before);
    const known = knownNodes(game.ring);
    expect(known).toHaveLength(3);
    expect(known.map(({ hostId }) => hostId)).not.toContain(dead.hostId);
    expect(known.at(-1)).toMatchObject({ tokens: dead.tokens, plan: dead.plan });
    expect(game.ring.data().members[2]?.pod?.containers[0]?.variables).not.toHaveProperty('JVM_EXTRA_OPTS');
    expect(notes(record)).toContain(
      'Each range was sent by one replica, so catalog-2 may lack what that one lacked. Next is a repair of catalog-2: rebalance with the mode repair.',
    );
    game.end();
  });

  test('nothing is deleted before its name was typed, however often it is gone on with', async () => {
    const game = await withLost(2, { size: 3, racks: 3 });
    const plan = await game.plan(replace('catalog-2'));
    let record = await toThePause(game, plan);
    for (const typed of [undefined, 'catalog', 'catalog-1']) {
      record = await game.toTheEnd(goOn(game, plan, record, typed));
      expect(asks(record)).toBe('catalog-2');
    }
    expect(game.ring.deleted).toEqual([]);
    game.end();
  });

  test('what was typed once is remembered by whoever goes on', async () => {
    const game = await withLost(2, { size: 3, racks: 3 });
    const plan = await game.plan(replace('catalog-2'));
    const paused = await toThePause(game, plan);
    const second = goOn(game, plan, paused, 'catalog-2');
    await game.until(() => game.ring.deleted.length > 0);
    second.fate.isDead = true;
    await game.toTheEnd(second);
    const record = await game.toTheEnd(game.attempt(plan, 'third', alive(), await game.earlier(plan)));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(names(game)).toEqual(['data-catalog-2', 'catalog-2']);
    game.end();
  });

  test('one that is its own seed starts with others, because a seed is sent nothing', async () => {
    const game = await withLost(0, { size: 3, racks: 3 });
    const before = templateOf(game.ring);
    const plan = await game.plan(replace('catalog-0'));
    expect(plan.preconditions.find(({ id }) => id === 'bootstrap')).toMatchObject({
      state: 'holds',
      evidence: [
        'catalog-0 would find itself among its seeds; it starts with catalog-1.catalog,catalog-2.catalog instead',
      ],
    });
    const paused = await game.toTheEnd(game.attempt(plan, 'first'));
    const record = await game.toTheEnd(goOn(game, plan, paused, 'catalog-0'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(knownNodes(game.ring).at(-1)?.loadBytes).toBeGreaterThan(0);
    expect(templateOf(game.ring)).toEqual(before);
    game.end();
  });

  test('at OnDelete nobody would restart it, so that it keeps the option until somebody does', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    patchSet(game.ring, { spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } });
    lose(game.ring, 2);
    await game.clock.pass(120_000);
    const plan = await game.plan(replace('catalog-2'));
    expect(plan.steps.map(({ id }) => id)).toEqual(['replace-catalog-2', 'template-catalog']);
    const record = await game.toTheEnd(goOn(game, plan, await toThePause(game, plan), 'catalog-2'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual([]);
    expect(notes(record)).toContain(
      'catalog-2 has the option among its variables until it is restarted; a node that has joined ignores it, and says so in its log',
    );
    game.end();
  });

  test('one that comes back meanwhile is left alone, and everything is as it was', async () => {
    const game = await withLost(2, { size: 3, racks: 3 });
    const before = templateOf(game.ring);
    const plan = await game.plan(replace('catalog-2'));
    const paused = await toThePause(game, plan);
    const { world } = game.ring.simulation;
    const zones = new Set(world.nodes().map(({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone'] ?? ''));
    const [volume] = world.store
      .list(kindNamed('PersistentVolume'))
      .filter(({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone'] === 'nowhere');
    if (!volume) throw new Error('There is no lost volume.');
    const labels = { 'topology.kubernetes.io/zone': [...zones][0] ?? '' };
    world.store.put(kindNamed('PersistentVolume'), { ...volume, metadata: { ...volume.metadata, labels } });
    const record = await game.toTheEnd(goOn(game, plan, paused, 'catalog-2'));
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringMatching(/^catalog-2 is not dead: nodetool of catalog-2 answers, in mode/) as unknown,
    });
    expect(game.ring.deleted).toEqual([]);
    expect(templateOf(game.ring)).toEqual(before);
    game.end();
  });

  test('cancelled before the deletion, everything is as it was', async () => {
    const game = await withLost(2, { size: 3, racks: 3 });
    const before = templateOf(game.ring);
    const plan = await game.plan(replace('catalog-2'));
    const run = goOn(game, plan, await toThePause(game, plan));
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect(game.ring.deleted).toEqual([]);
    expect(templateOf(game.ring)).toEqual(before);
    game.end();
  });

  test('a new pod that finds no place ends the run, and is gone on with when there is one', async () => {
    const game = await withLost(2, { size: 3, racks: 3 });
    const before = templateOf(game.ring);
    const plan = await game.plan(replace('catalog-2'));
    const run = goOn(game, plan, await toThePause(game, plan), 'catalog-2');
    game.ring.cordonAll();
    const stopped = await game.toTheEnd(run);
    expect(stopped?.state).toMatchObject({ kind: 'stopped', reason: expect.stringContaining('scheduled') as unknown });
    expect(notes(stopped).join()).toContain('catalog stays as it is, with the option for catalog-2');
    expect(JSON.stringify(templateOf(game.ring).env)).toContain('replace_address_first_boot');
    game.ring.cordonAll(false);
    await game.clock.pass(10_000);
    const record = await game.toTheEnd(game.attempt(plan, 'third', alive(), await game.earlier(plan)));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(names(game)).toEqual(['data-catalog-2', 'catalog-2']);
    expect(templateOf(game.ring)).toEqual(before);
    game.end();
  });

  test('a process that dies while it is sent its data goes on with its new volume', async () => {
    const game = await withLost(2, { size: 3, racks: 3 });
    const plan = await game.plan(replace('catalog-2'));
    const run = goOn(game, plan, await toThePause(game, plan), 'catalog-2');
    await game.until(() => knownNodes(game.ring).some(({ replaces }) => replaces !== undefined));
    await game.clock.pass(15_000);
    game.ring.kill(2);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(knownNodes(game.ring)).toHaveLength(3);
    game.end();
  });

  test(`${SCHEDULES} schedules: killed anywhere and gone on with, it is deleted once, dead, and agreed to`, async () => {
    let killed = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const ordinal = random.below(3);
      const game = await withLost(ordinal, { size: 3, racks: 3, seed });
      const before = templateOf(game.ring);
      const plan = await game.plan(replace(`catalog-${ordinal}`));
      let record: RunRecord | undefined;
      let questions = 0;
      for (let times = 0; record?.state.kind !== 'done' && times < 12; times += 1) {
        const isAsked = asks(record) !== undefined;
        if (isAsked) questions += 1;
        if (questions === 0) expect([seed, game.ring.deleted]).toEqual([seed, []]);
        const dies = times < 6 ? 1 + random.below(250) : -1;
        const fate: Fate = { ...alive(), diesAt: dies, arrives: random.below(2) === 0 };
        const earlier = record ?? (await game.earlier(plan));
        const typed = isAsked ? `catalog-${ordinal}` : undefined;
        record = await game.toTheEnd(game.attempt(plan, `runner-${times}`, fate, earlier, typed));
        if (fate.isDead) killed += 1;
        if (fate.isDead) record = await game.earlier(plan);
        await game.clock.pass(random.below(40_000));
      }
      expect([seed, record?.state]).toEqual([seed, { kind: 'done' }]);
      expect([seed, names(game)]).toEqual([seed, [`data-catalog-${ordinal}`, `catalog-${ordinal}`]]);
      expect([seed, game.ring.deleted.filter(({ wasUp }) => wasUp)]).toEqual([seed, []]);
      expect([seed, game.ring.mostAway]).toEqual([seed, 1]);
      expect([seed, templateOf(game.ring)]).toEqual([seed, before]);
      expect([seed, knownNodes(game.ring).length]).toEqual([seed, 3]);
      game.end();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 2);
  });
});
