import { describe, expect, test } from 'vitest';
import { createIsrClock, type PartitionState } from './isrSeconds.ts';
import { mergeViews } from './sampler.ts';

const state = (partition: number, leader: number, isr: readonly number[], leaderEpoch = 1): PartitionState => ({
  topic: 'orders',
  partition,
  leader,
  leaderEpoch,
  replicas: [0, 1, 2],
  isr,
});

describe('time in which partitions were not as they should be', () => {
  test('is added up by partition and as a whole, each state until the next sample', () => {
    const clock = createIsrClock(2);
    const answered = [0, 1, 2];
    clock.add({ at: 10, partitions: [state(0, 0, [0, 1, 2]), state(1, 1, [0, 1, 2])], answered });
    clock.add({ at: 11, partitions: [state(0, 0, [0]), state(1, 1, [1, 2])], answered });
    clock.add({ at: 13, partitions: [state(0, -1, [0]), state(1, 2, [2])], answered });
    clock.add({ at: 14, partitions: [state(0, 0, [0, 1, 2]), state(1, 2, [0, 1, 2])], answered });
    expect(clock.summarize()).toMatchObject({
      seconds: 4,
      underReplicatedPartitionSeconds: 6,
      underMinIsrPartitionSeconds: 4,
      underMinIsrSeconds: 3,
      offlinePartitionSeconds: 1,
      offlineSeconds: 1,
      maxBrokersOutOfSync: 3,
      leaderChanges: 2,
      preferredLeadersAtEnd: 50,
      underReplicatedAtEnd: 0,
    });
  });

  test('in which nobody answered is unknown', () => {
    const clock = createIsrClock(2);
    clock.add({ at: 0, partitions: [], answered: [] });
    clock.add({ at: 3, partitions: [], answered: [0] });
    expect(clock.summarize()).toMatchObject({ unknownSeconds: 3, seconds: 3 });
  });

  test('leaves out topics that are under min ISR whenever one broker is away', () => {
    const clock = createIsrClock(2);
    const single = { ...state(0, -1, []), replicas: [0] };
    clock.add({ at: 0, partitions: [single], answered: [1] });
    clock.add({ at: 5, partitions: [single], answered: [1] });
    expect(clock.summarize()).toMatchObject({ underMinIsrSeconds: 0, offlineSeconds: 5 });
  });

  test('a broker that leads twice its share shows as skew', () => {
    const clock = createIsrClock(2);
    const partitions = [state(0, 0, [0]), state(1, 0, [0]), state(2, 1, [1])];
    clock.add({ at: 0, partitions, answered: [0], controller: 2 });
    clock.add({ at: 1, partitions, answered: [0], controller: 2 });
    clock.add({ at: 2, partitions, answered: [0], controller: 1 });
    expect(clock.summarize()).toMatchObject({ maxLeaderSkew: 2, leaderSkewAtEnd: 2, controllers: [2, 1] });
  });
});

describe('answers of several brokers', () => {
  const one = (views: Parameters<typeof mergeViews>[1], known: readonly PartitionState[] = []): PartitionState[] => [
    ...mergeViews(new Map(known.map((entry) => [`orders-${entry.partition}`, entry])), views).values(),
  ];

  test('the higher epoch counts, because a broker that was away answers what it last knew', () => {
    const newer = state(0, 1, [1, 2], 5);
    const older = state(0, 0, [0, 1, 2], 4);
    expect(
      one([
        { broker: 0, partitions: [older] },
        { broker: 1, partitions: [newer] },
      ]),
    ).toEqual([newer]);
    expect(one([{ broker: 0, partitions: [older] }], [newer])).toEqual([newer]);
  });

  test("within an epoch the leader's own answer counts, whoever answers later", () => {
    const own = state(0, 1, [1]);
    const other = state(0, 1, [1, 2]);
    expect(
      one([
        { broker: 1, partitions: [own] },
        { broker: 2, partitions: [other] },
      ]),
    ).toEqual([own]);
    expect(
      one([
        { broker: 2, partitions: [other] },
        { broker: 1, partitions: [own] },
      ]),
    ).toEqual([own]);
  });

  test('a topic that is gone is forgotten, but not when nobody answers', () => {
    expect(one([{ broker: 1, partitions: [] }], [state(0, 1, [1])])).toEqual([]);
    expect(one([], [state(0, 1, [1])])).toHaveLength(1);
  });
});
