import { describe, expect, test } from 'vitest';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { OperationWish, RebalanceMode } from '#core/operations/wishes.ts';
import type { KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { movesOfPlan } from '#core/systems/kafka/operations/moves/movesOf.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { alive, MovesGame, type Attempt } from './playMoves.ts';

/** How often everything is played with other clusters, wishes, speeds and accidents. */
const SCHEDULES = Number(process.env['SCHEDULES'] ?? 8);
const MB = 1_000_000;

function topicsOf(size: number, random: Random): readonly KafkaTopicPlan[] {
  return ['alpha', 'beta', 'gamma'].map((name) => ({
    name,
    assignment: Array.from({ length: 3 + random.below(8) }, () => {
      const ids = Array.from({ length: size }, (_, id) => id);
      return Array.from({ length: 3 }, () => ids.splice(random.below(ids.length), 1)[0] ?? 0);
    }),
    config: { 'min.insync.replicas': '2' },
    partitionBytes: (20 + random.below(400)) * MB,
  }));
}

function wishOf(size: number, random: Random): OperationWish {
  const modes: readonly RebalanceMode[] = ['full', 'leaders only', 'off brokers'];
  const members = [`orders-${random.below(size)}`];
  const kind = random.below(4);
  if (kind === 0) return { operation: 'drain', how: 'demote', members };
  if (kind <= 2) return { operation: 'drain', how: 'evacuate', members, throttle: (20 + random.below(80)) * MB };
  return { operation: 'rebalance', mode: modes[random.below(modes.length)] ?? 'full', members };
}

/** Values of others that must be as they were. */
function throttleByOthers(game: MovesGame, random: Random): void {
  const { nodes, topics } = game.kafka.kafka;
  if (random.below(2) === 0) nodes.get(random.below(4))?.config.set('leader.replication.throttled.rate', '9000000');
  if (random.below(2) === 0) topics.get('alpha')?.config.set('leader.replication.throttled.replicas', '0:0,1:1');
  if (random.below(3) === 0) topics.get('beta')?.config.set('follower.replication.throttled.replicas', '*');
}

/** Something that may happen while it runs; the broker of the first comes back by itself. */
async function accident(game: MovesGame, random: Random): Promise<void> {
  const kind = random.below(4);
  if (kind === 0) {
    game.takeAway(random.below(game.kafka.size));
    await game.clock.pass(20_000 + random.below(60_000));
    game.letBack();
  }
  if (kind === 1) game.kafka.kafka.topics.delete('gamma');
  if (kind === 2 && !game.kafka.kafka.topics.has('delta')) {
    const [first] = topicsOf(game.kafka.size, random);
    if (first) game.kafka.kafka.addTopic({ ...first, name: 'delta' });
  }
}

/** Runs it until it is over, dies, is cancelled or met by an accident. */
async function disturb(game: MovesGame, run: Attempt, random: Random): Promise<RunRecord | undefined> {
  const isOver = { is: false };
  void run.result.then(() => (isOver.is = true));
  const after = random.below(40);
  for (let seconds = 0; seconds < after && !isOver.is && !run.fate.isDead; seconds += 1) await game.clock.pass(1000);
  if (random.below(5) < 2) run.control.wish = random.below(2) === 0 ? 'cancel' : 'pause';
  else if (random.below(3) === 0) await accident(game, random);
  return game.toTheEnd(run);
}

async function toItsEnd(game: MovesGame, plan: Plan, random: Random): Promise<{ record: RunRecord; killed: number }> {
  let killed = 0;
  for (let times = 0; ; times += 1) {
    const isLast = times >= 6;
    const fate = {
      ...alive(),
      diesAt: isLast || random.below(3) === 0 ? -1 : 1 + random.below(400),
      arrives: random.below(2) === 0,
    };
    const earlier = times === 0 ? undefined : await game.journalled(plan);
    const run = game.attempt(plan, fate, `runner-${times}`, earlier);
    const record = isLast ? await game.toTheEnd(run) : await disturb(game, run, random);
    if (record === undefined) killed += 1;
    else if (record.state.kind !== 'paused' && !isLocked(record)) return { record, killed };
    game.letBack();
    await game.until(() => game.kafka.kafka.aliveBrokers.length === game.kafka.size);
    await game.clock.pass(70_000);
    if (times > 8) throw new Error(`It does not come to its end: ${JSON.stringify(record?.state)}`);
  }
}

/** The lock of a runner that died is over after a minute, and who is told to cancel does not wait for it. */
const isLocked = ({ state }: RunRecord): boolean =>
  state.kind === 'stopped' && state.reason.endsWith('runs an operation here.');

const asSet = (ids: readonly number[]): string => ids.toSorted((a, b) => a - b).join(',');

function expectPlaced(game: MovesGame, plan: Plan, { state }: RunRecord, seed: number): void {
  for (const { topic, index, before, after } of movesOfPlan(plan)) {
    const partition = game.partitions.find((one) => one.topic === topic && one.index === index);
    if (!partition) continue;
    expect([seed, topic, index, partition.adding, partition.removing]).toEqual([seed, topic, index, [], []]);
    if (state.kind === 'done') expect([seed, topic, index, partition.replicas]).toEqual([seed, topic, index, after]);
    else expect([seed, asSet(before), asSet(after)]).toContain(asSet(partition.replicas));
  }
}

/** Without those of brokers of which the run said that they could not be asked. */
function untold(throttles: Readonly<Record<string, string>>, { steps }: RunRecord): Readonly<Record<string, string>> {
  const notes = steps.flatMap(({ notes: of }) => of).join(' ');
  return Object.fromEntries(
    Object.entries(throttles).filter(
      ([place]) => !notes.includes(`The throttle of broker ${place.split(' ')[0] ?? ''} could not be put back`),
    ),
  );
}

describe('moves of partitions', () => {
  test(`${SCHEDULES} schedules: killed, cancelled, paused, and gone on with anywhere`, async () => {
    const ends: Record<string, number> = {};
    let kills = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const size = 4 + random.below(2);
      const game = await new MovesGame(
        size,
        topicsOf(size, random),
        { moveRate: (20 + random.below(60)) * MB },
        seed,
      ).start();
      throttleByOthers(game, random);
      if (random.below(3) === 0) game.delay(400 + random.below(1500));
      const throttles = game.throttles();
      const plan = await game.plan(wishOf(size, random)).catch(() => undefined);
      if (!plan) {
        ends['nothing to do'] = (ends['nothing to do'] ?? 0) + 1;
        game.stop();
        continue;
      }
      expect([seed, plan.preconditions.filter(({ state }) => state === 'fails')]).toEqual([seed, []]);
      const { record, killed } = await toItsEnd(game, plan, random);
      kills += killed;
      ends[record.state.kind] = (ends[record.state.kind] ?? 0) + 1;
      expectPlaced(game, plan, record, seed);
      expect([seed, untold(game.throttles(), record)]).toEqual([seed, untold(throttles, record)]);
      expect([seed, game.kafka.kafka.measures.underMinIsrMs, game.kafka.kafka.measures.offlineMs]).toEqual([
        seed,
        0,
        0,
      ]);
      if (record.state.kind === 'stopped') expect(record.state.reason).not.toBe('');
      game.stop();
    }
    expect(kills).toBeGreaterThan(SCHEDULES / 4);
    expect(ends['done'] ?? 0).toBeGreaterThan(SCHEDULES / 4);
  }, 120_000);
});
