import { describe, expect, test } from 'vitest';
import type { RebalanceInput, RebalanceMode, RebalanceRequest } from '#core/systems/kafka/rebalance/model.ts';
import { planDemotion } from '#core/systems/kafka/rebalance/planDemotion.ts';
import { planRebalance } from '#core/systems/kafka/rebalance/planRebalance.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { applied, broker, GIB, randomCluster, shuffled, type Sketch } from './clusters.ts';
import { added, broken, copies } from './hardRules.ts';
import { mostLed } from './leaderMatching.ts';

const SEEDS = 40;
const modes: readonly RebalanceMode[] = ['full', 'leaders only', 'new brokers only', 'off brokers', 'racks only'];

interface Case {
  readonly seed: number;
  readonly input: RebalanceInput;
  readonly request: RebalanceRequest;
}

const sketchOf = (random: Random): Sketch => {
  const brokers = 3 + random.below(9);
  return {
    brokers,
    racks: [0, 2, 3, 4][random.below(4)] ?? 0,
    topics: 1 + random.below(5),
    partitions: 10 + random.below(90),
    replicas: 1 + random.below(Math.min(4, brokers)),
    mostBytes: [0, GIB, 40 * GIB][random.below(3)] ?? 0,
    room: [undefined, 1.3, 2, 4][random.below(4)],
  };
};

const requestOf = (random: Random, mode: RebalanceMode, input: RebalanceInput): RebalanceRequest => {
  const ids = shuffled(random, input.brokers).map(({ id }) => id);
  const brokers = mode === 'off brokers' || mode === 'new brokers only' ? ids.slice(0, 1 + random.below(2)) : [];
  return { mode, brokers, exclude: random.below(4) === 0 ? ['*-0'] : [] };
};

const casesOf = (mode: RebalanceMode): readonly Case[] =>
  Array.from({ length: SEEDS }, (_, seed) => {
    const random = makeRandom(seed * 7919 + 17);
    const input = randomCluster(random, sketchOf(random));
    return { seed, input, request: requestOf(random, mode, input) };
  });

const healthy = ({ brokers, partitions }: RebalanceInput): RebalanceInput => ({
  brokers: brokers.map((one) => broker(one.id, { rack: one.rack })),
  partitions: partitions.map((one) => ({ ...one, isr: one.replicas, leader: one.replicas[0] ?? -1 })),
});

/** Seeds for which something was found, with what. */
const failures = (cases: readonly Case[], check: (one: Case) => readonly string[]): readonly string[] =>
  cases.flatMap((one) => check(one).map((what) => `seed ${one.seed}: ${what}`));

describe.each(modes)('any plan, %s', (mode) => {
  const cases = casesOf(mode);

  test('keeps every hard rule', () => {
    expect(failures(cases, ({ input, request }) => broken(input, request, planRebalance(input, request)))).toEqual([]);
  });

  test('does something in most clusters', () => {
    const busy = cases.filter(({ input, request }) => planRebalance(input, request).moves.length > 0);
    expect(busy.length).toBeGreaterThan(SEEDS / 4);
  });

  test('is the same whatever the order of the input', () => {
    const check = ({ seed, input, request }: Case): readonly string[] => {
      const random = makeRandom(seed);
      const other = { brokers: shuffled(random, input.brokers), partitions: shuffled(random, input.partitions) };
      const plans = [planRebalance(input, request), planRebalance(other, request)].map((plan) => JSON.stringify(plan));
      return plans[0] === plans[1] ? [] : ['another plan'];
    };
    expect(failures(cases, check)).toEqual([]);
  });

  test('leaves nothing to do when it is made again, where disks and ISRs held nothing up', () => {
    const check = ({ input, request }: Case): readonly string[] => {
      const start = healthy(input);
      const plan = planRebalance(start, request);
      const again = planRebalance(applied(start, plan.moves), request);
      return again.moves.map(({ topic, index }) => `${topic}-${index} moves again`);
    };
    expect(failures(cases, check)).toEqual([]);
  });

  test('leaves nothing to do after a few times where they did', () => {
    const check = ({ input, request }: Case): readonly string[] => {
      let state = input;
      for (let round = 0; round < 10; round += 1) {
        const { moves } = planRebalance(state, request);
        if (moves.length === 0) return [];
        state = applied(state, moves);
      }
      return ['still moves'];
    };
    expect(failures(cases, check)).toEqual([]);
  });

  test('leaves excluded topics as they are', () => {
    const check = ({ input, request }: Case): readonly string[] =>
      planRebalance(input, { ...request, exclude: ['topic-1*', '*-0'] })
        .moves.map(({ topic }) => topic)
        .filter((topic) => topic === 'topic-1' || topic === 'topic-0');
    expect(failures(cases, check)).toEqual([]);
  });
});

describe('leaving brokers', () => {
  const cases = casesOf('off brokers');
  const held = (input: RebalanceInput, ids: readonly number[]): number =>
    input.partitions.reduce((sum, { replicas }) => sum + replicas.filter((id) => ids.includes(id)).length, 0);

  test('empties them, or names every partition that stays', () => {
    const check = ({ input, request }: Case): readonly string[] => {
      const plan = planRebalance(input, request);
      const named = new Set(plan.unsolved.map(({ topic, index }) => `${topic}-${index}`));
      return applied(input, plan.moves)
        .partitions.filter(({ replicas }) => replicas.some((id) => request.brokers.includes(id)))
        .map(({ topic, index }) => `${topic}-${index}`)
        .filter((name) => !named.has(name));
    };
    expect(failures(cases, check)).toEqual([]);
  });

  test('empties them where there are brokers enough and nothing is in the way', () => {
    const check = ({ input, request }: Case): readonly string[] => {
      const start = healthy(input);
      const left = start.brokers.length - request.brokers.length;
      if (start.partitions.some(({ replicas }) => replicas.length > left)) return [];
      const { moves, unsolved } = planRebalance(start, { ...request, exclude: [] });
      const rest = held(applied(start, moves), request.brokers);
      return rest === 0 && unsolved.length === 0 ? [] : [`${rest} stay`];
    };
    expect(failures(cases, check)).toEqual([]);
  });

  test('copies one replica for each that leaves, and no other', () => {
    const check = ({ input, request }: Case): readonly string[] => {
      const { moves } = planRebalance(input, request);
      const gone = held(input, request.brokers) - held(applied(input, moves), request.brokers);
      return copies(moves) === gone ? [] : [`${copies(moves)} copies for ${gone}`];
    };
    expect(failures(cases, check)).toEqual([]);
  });
});

describe('a full rebalance of a healthy cluster', () => {
  const cases = casesOf('full').map((one) => ({
    ...one,
    input: healthy(one.input),
    request: { ...one.request, exclude: [] },
  }));

  test('spreads every partition over as many racks as there are', () => {
    const check = ({ input, request }: Case): readonly string[] => {
      const racks = new Map(input.brokers.map(({ id, rack }) => [id, rack]));
      const count = (ids: readonly number[]): number => new Set(ids.map((id) => racks.get(id))).size;
      const all = count([...racks.keys()]);
      return applied(input, planRebalance(input, request).moves)
        .partitions.filter(({ replicas }) => count(replicas) < Math.min(all, replicas.length))
        .map(({ topic, index }) => `${topic}-${index}`);
    };
    expect(failures(cases, check)).toEqual([]);
  });

  test('brings preferred leaders within a tenth of the mean, wherever any order of replicas can', () => {
    const check = ({ input, request }: Case): readonly string[] => {
      const after = applied(input, planRebalance(input, request).moves);
      const mean = after.partitions.length / after.brokers.length;
      const least = Math.min(Math.floor(mean), Math.ceil(mean * 0.9 - 1e-9));
      const most = Math.max(Math.ceil(mean), Math.floor(mean * 1.1 + 1e-9));
      const leads = after.brokers.map(({ id }) => after.partitions.filter(({ replicas }) => replicas[0] === id).length);
      const kept = leads.reduce((sum, count) => sum + Math.min(count, most), 0);
      const filled = leads.reduce((sum, count) => sum + Math.min(count, least), 0);
      const isBest = kept === mostLed(after, () => most) && filled === mostLed(after, () => least);
      return isBest ? [] : [`${leads.join(', ')} for ${least} to ${most}`];
    };
    expect(failures(cases, check)).toEqual([]);
  });
});

describe('a demotion', () => {
  const cases = casesOf('off brokers');

  test('moves no data, and nothing prefers a demoted broker but what is named', () => {
    const check = ({ input, request }: Case): readonly string[] => {
      const { moves, unsolved } = planDemotion(input, request.brokers);
      const named = new Set(unsolved.map(({ topic, index }) => `${topic}-${index}`));
      const left = applied(input, moves)
        .partitions.filter(({ replicas }) => request.brokers.includes(replicas[0] ?? -1))
        .map(({ topic, index }) => `${topic}-${index}`)
        .filter((name) => !named.has(name));
      const moved = moves.filter((move) => added(move).length > 0).map(({ topic }) => `${topic} moves data`);
      return [...left, ...moved];
    };
    expect(failures(cases, check)).toEqual([]);
  });
});
