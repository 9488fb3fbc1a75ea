import { describe, expect, test } from 'vitest';
import type { Clock } from '#core/live/ports.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { RunControl } from '#core/operations/run.ts';
import { operations } from '#core/systems/operations.ts';
import type { KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { SimulatedCluster, SimulatedKafka, type Fate } from './simulatedKafka.ts';

/** How often everything is played with other clusters, speeds and accidents. */
const SCHEDULES = 15;

interface Play {
  readonly clock: FakeClock;
  readonly kafka: SimulatedKafka;
  readonly kept: FakeCluster;
}

async function play(size: number, topics: readonly KafkaTopicPlan[], random: Random): Promise<Play> {
  const clock = new FakeClock();
  const pace = {
    portOpenMs: 500 + random.below(3000),
    registeredMs: 1000 + random.below(6000),
    shutdownMs: 500 + random.below(4000),
    catchUpRate: 1_200_000 + random.below(4_000_000),
  };
  const kafka = new SimulatedKafka(clock, size, topics, pace, random.below(1000));
  await kafka.settle();
  return { clock, kafka, kept: new FakeCluster() };
}

interface Attempt {
  readonly result: Promise<RunRecord>;
  readonly fate: Fate;
  readonly heard: readonly Progress[];
  readonly control: { wish: RunControl['wish'] };
}

const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

function planned({ clock, kafka, kept }: Play, wish: Partial<RestartWish> = {}): Promise<Plan> {
  const cluster = new SimulatedCluster(kafka, kept, alive());
  return operations.plan(
    { operation: 'restart', level: 'fully replicated', ...wish },
    { data: kafka.data(), cluster, clock, id: 'plan' },
  );
}

function attempt(
  { clock, kafka, kept }: Play,
  plan: Plan,
  runner: string,
  fate = alive(),
  earlier?: RunRecord,
): Attempt {
  const heard: Progress[] = [];
  const control: Attempt['control'] = { wish: 'run' };
  const mortal: Clock = {
    now: () => clock.now(),
    after: (milliseconds, call) => clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
  };
  const result = operations.run(
    { plan, clusters: [kafka.data()], ...(earlier ? { earlier } : {}) },
    {
      cluster: new SimulatedCluster(kafka, kept, fate),
      clock: mortal,
      runner,
      control,
      listener: (progress) => void heard.push(progress),
    },
  );
  return { result, fate, heard, control };
}

/** Lets time pass until it is over or dead. */
async function toTheEnd({ clock }: Play, { result, fate, heard }: Attempt): Promise<RunRecord | undefined> {
  const end: { record?: RunRecord } = {};
  void result.then((record) => (end.record = record));
  for (let seconds = 0; end.record === undefined && !fate.isDead; seconds += 1) {
    if (seconds > 3600) throw new Error(`It never ends: ${JSON.stringify(heard.slice(-3))}`);
    await clock.pass(1000);
  }
  return end.record;
}

/** Every partition three times, with leaders and copies spread by chance. */
function topicsOf(size: number, random: Random): readonly KafkaTopicPlan[] {
  return ['orders', 'events'].map((name) => ({
    name,
    assignment: Array.from({ length: 4 + random.below(8) }, () => {
      const first = random.below(size);
      const step = 1 + random.below(size - 1);
      const second = (first + step) % size;
      const third = Array.from({ length: size }, (_, id) => id).find((id) => id !== first && id !== second) ?? 0;
      return [first, second, third];
    }),
    config: { 'min.insync.replicas': '2' },
  }));
}

function expectNobodyNoticed({ kafka }: Play): void {
  const { underMinIsrMs, offlineMs, mostBrokersOutOfSync, uncleanShutdowns } = kafka.kafka.measures;
  expect({ underMinIsrMs, offlineMs, uncleanShutdowns }).toEqual({
    underMinIsrMs: 0,
    offlineMs: 0,
    uncleanShutdowns: 0,
  });
  expect(mostBrokersOutOfSync).toBeLessThanOrEqual(1);
}

describe('the safe restart of a simulated cluster', () => {
  test('every broker is restarted once, the leader of the quorum last, and leads its partitions again', async () => {
    const random = makeRandom(1);
    const game = await play(3, topicsOf(3, random), random);
    const leader = game.kafka.kafka.quorumLeader;
    const before = game.kafka.uids();
    const plan = await planned(game);
    expect(plan.preconditions.filter(({ state }) => state !== 'holds')).toEqual([]);
    const run = attempt(game, plan, 'first');
    const record = await toTheEnd(game, run);
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.kafka.evicted.toSorted()).toEqual(['orders-0', 'orders-1', 'orders-2']);
    expect(game.kafka.evicted.at(-1)).toBe(`orders-${leader}`);
    expect(game.kafka.uids().every((uid, index) => uid !== before[index])).toBe(true);
    expect(game.kafka.kafka.partitions.every(({ leader: led, replicas }) => led === replicas[0])).toBe(true);
    expectNobodyNoticed(game);
    const waits = run.heard.map((progress) => (progress.kind === 'waiting' ? progress.waitingFor : ''));
    expect(waits).toContainEqual(
      expect.stringMatching(/^orders-\d to catch up: .*, [\d.]+ (?:bytes|KiB|MiB|GiB) behind$/),
    );
    const told = game.kept.writes
      .filter(({ address }) => address.plural === 'events')
      .map(({ body }) => body?.['reason']);
    const each = ['RestartMemberOut', 'RestartMemberBack'];
    expect(told).toEqual(['RestartStarted', ...each, ...each, ...each, 'RestartDone']);
    const journal = await readJournalOf(game.kept, plan.target);
    expect(journal?.current?.state).toEqual({ kind: 'done' });
    game.kafka.simulation.stop();
  });

  test('only what was named is restarted', async () => {
    const random = makeRandom(2);
    const game = await play(3, topicsOf(3, random), random);
    const record = await toTheEnd(game, attempt(game, await planned(game, { only: ['orders-1'] }), 'first'));
    expect(record?.state.kind).toBe('done');
    expect(game.kafka.evicted).toEqual(['orders-1']);
    await expect(planned(game, { only: ['orders-9'] })).rejects.toThrow('There is no node orders-9');
    await expect(planned(game, { pendingOnly: true })).rejects.toThrow('No node of orders is to be restarted');
    game.kafka.simulation.stop();
  });

  test('a cancelled run ends once the broker that is out is back', async () => {
    const random = makeRandom(3);
    const game = await play(3, topicsOf(3, random), random);
    const run = attempt(game, await planned(game), 'first');
    while (game.kafka.evicted.length === 0) await game.clock.pass(250);
    run.control.wish = 'cancel';
    expect((await toTheEnd(game, run))?.state).toEqual({ kind: 'cancelled' });
    expect(game.kafka.evicted.length).toBe(1);
    expect(game.kafka.isWhole()).toBe(true);
    game.kafka.simulation.stop();
  });

  test('who resumes a run that somebody else is at is told so, and disturbs nothing', async () => {
    const random = makeRandom(4);
    const game = await play(3, topicsOf(3, random), random);
    const plan = await planned(game);
    const first = attempt(game, plan, 'first');
    while (game.kafka.evicted.length === 0) await game.clock.pass(250);
    const written = game.kept.writes.length;
    const earlier = (await readJournalOf(game.kept, plan.target))?.current;
    const second = attempt(game, plan, 'second', alive(), earlier);
    second.control.wish = 'cancel';
    expect((await toTheEnd(game, second))?.state).toMatchObject({
      kind: 'stopped',
      reason: 'first runs an operation here.',
    });
    expect(game.kept.writes.slice(written).filter(({ body }) => JSON.stringify(body).includes('second'))).toEqual([]);
    expect((await toTheEnd(game, first))?.state).toEqual({ kind: 'done' });
    expect(new Set(game.kafka.evicted).size).toBe(3);
    game.kafka.simulation.stop();
  });

  test(`${SCHEDULES} schedules: killed anywhere and gone on with, nobody is evicted twice and no write is refused`, async () => {
    let killed = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const size = 3 + random.below(3);
      const game = await play(size, topicsOf(size, random), random);
      const plan = await planned(game, random.below(3) === 0 ? { level: 'min-ISR safe' } : {});
      const fate: Fate = { isDead: false, diesAt: 1 + random.below(700), arrives: random.below(2) === 0, calls: 0 };
      let record = await toTheEnd(game, attempt(game, plan, 'first', fate));
      for (let times = 1; record === undefined; times += 1) {
        killed += 1;
        await game.clock.pass(random.below(30_000));
        const next = { ...alive(), diesAt: times < 3 && random.below(2) === 0 ? 1 + random.below(500) : -1 };
        const earlier = (await readJournalOf(game.kept, plan.target))?.current;
        record = await toTheEnd(game, attempt(game, plan, `runner-${times}`, next, earlier));
      }
      expect([seed, record.state]).toEqual([seed, { kind: 'done' }]);
      expect([seed, game.kafka.evicted.toSorted()]).toEqual([seed, plan.steps.map(({ id }) => id).toSorted()]);
      expectNobodyNoticed(game);
      game.kafka.simulation.stop();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 2);
  });

  test('a broker that does not come back stops the run, and nobody else is touched', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = makeRandom(seed);
      const game = await play(3, topicsOf(3, random), random);
      const broken = random.below(3);
      const run = attempt(game, await planned(game), 'first');
      while (!game.kafka.evicted.includes(`orders-${broken}`)) await game.clock.pass(250);
      game.kafka.cordonAll();
      const record = await toTheEnd(game, run);
      expect(record?.state).toMatchObject({
        kind: 'stopped',
        fix: `Repair orders-${broken}; nothing else is touched until then.`,
      });
      expect(game.kafka.evicted.at(-1)).toBe(`orders-${broken}`);
      expectNobodyNoticed(game);
      game.kafka.simulation.stop();
    }
  });
});
