import { describe, expect, it } from 'vitest';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import type { KafkaOperation } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { koperatorRestart } from '#core/systems/kafka/operations/koperator/restart.ts';
import { strimziRestart } from '#core/systems/kafka/operations/strimzi/restart.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { Koperator } from './koperatorOperator.ts';
import type { SimulatedKafka } from './simulatedKafka.ts';
import { Strimzi } from './strimziOperator.ts';

const wish: RestartWish = { operation: 'restart', level: 'fully replicated' };

interface Lived {
  readonly last: RunRecord | undefined;
  readonly kills: number;
}

/** Runners that are killed at any call, told to pause or to leave; the last one is left in peace. */
async function live(
  kafka: SimulatedKafka,
  operation: KafkaOperation<'restart'>,
  plan: Plan,
  random: Random,
): Promise<Lived> {
  let kills = 0;
  let last: RunRecord | undefined;
  for (let round = 0; round < 6 && last?.state.kind !== 'done'; round += 1) {
    const journal = await readJournalOf(kafka.cluster, plan.target);
    const earlier = journal?.current ? { earlier: journal.current } : {};
    const fate = round < 5 ? random.below(3) : 3;
    const control = { wish: 'run' as 'run' | 'pause' | 'detach' };
    let seconds = 5 + random.below(90);
    const during = (): void => {
      seconds -= 1;
      if (seconds === 0 && (fate === 1 || fate === 2)) control.wish = fate === 1 ? 'pause' : 'detach';
    };
    const life = fate === 0 ? { life: { calls: 20 + random.below(600) } } : {};
    last = await kafka.runUntilKilled(operation, plan, {
      ...earlier,
      ...life,
      control,
      during,
      runner: `run-${round}`,
    });
    if (last === undefined) kills += 1;
  }
  return { last, kills };
}

describe('whenever a runner dies or leaves', () => {
  it('Strimzi is never asked for two pods, and no second node is out', async () => {
    let kills = 0;
    for (let seed = 1; seed <= 4; seed += 1) {
      const random = makeRandom(seed);
      const strimzi = new Strimzi();
      strimzi.kafka.syncMs = 5000 + random.below(60_000);
      strimzi.erases = random.below(3);
      strimzi.sleeps = random.below(4);
      strimzi.complains = random.below(4);
      const plan = await strimzi.kafka.plan(strimziRestart, wish);
      const lived = await live(strimzi.kafka, strimziRestart, plan, random);
      kills += lived.kills;
      expect(lived.last?.state, `seed ${seed}`).toEqual({ kind: 'done' });
      expect(strimzi.kafka.breaches, `seed ${seed}`).toEqual([]);
      expect(strimzi.mostAsked, `seed ${seed}`).toBe(1);
      expect(
        strimzi.kafka.taken.toSorted((a, b) => a.localeCompare(b)),
        `seed ${seed}`,
      ).toEqual(strimzi.kafka.nodes.map(({ name }) => name));
    }
    expect(kills).toBeGreaterThan(2);
  }, 60_000);

  it('Koperator takes one broker after the other, each once', async () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const random = makeRandom(seed);
      const koperator = new Koperator();
      koperator.isCareless = true;
      koperator.kafka.syncMs = 5000 + random.below(60_000);
      const plan = await koperator.kafka.plan(koperatorRestart, wish);
      const { last } = await live(koperator.kafka, koperatorRestart, plan, random);
      expect(last?.state, `seed ${seed}`).toEqual({ kind: 'done' });
      expect(koperator.kafka.breaches, `seed ${seed}`).toEqual([]);
      expect(koperator.kafka.taken, `seed ${seed}`).toHaveLength(3);
    }
  }, 60_000);
});
