import { describe, expect, test } from 'vitest';
import type { LivePod } from '#core/live/objects.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { DescribeQuorumAnswer } from '#core/systems/kafka/admin.ts';
import { partitionName, type KafkaState, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import type { DiskFindings } from '#core/systems/kafka/operations/door.ts';
import { isInQuorum, quorumBlocker } from '#core/systems/kafka/operations/quorum.ts';
import { examine, type Examination } from '#core/systems/kafka/operations/restartChecks.ts';
import { restartOrder } from '#core/systems/kafka/operations/restartOrder.ts';
import {
  absenceOf,
  blockersOf,
  catchingUp,
  toElect,
  unavoidableTopics,
} from '#core/systems/kafka/operations/safety.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { cluster } from '../../support/kafkaCluster.ts';
import { NOW } from '../../support/liveObjects.ts';

const part = (replicas: readonly number[], isr: readonly number[], more: Partial<PartitionState> = {}) => ({
  topic: 'orders',
  index: 0,
  leader: isr[0] ?? -1,
  replicas,
  isr,
  minIsr: 2,
  ...more,
});

const stateOf = (partitions: readonly PartitionState[], more: Partial<KafkaState> = {}): KafkaState => ({
  clusterId: 'c1d2',
  brokers: [0, 1, 2],
  partitions,
  quorum: undefined,
  reassignments: 0,
  ...more,
});

/** Voters by how many milliseconds they are behind their leader. */
const quorumOf = (leaderId: number, behind: Readonly<Record<number, number>>): DescribeQuorumAnswer => ({
  leaderId,
  leaderEpoch: 3,
  highWatermark: 100,
  voters: Object.entries(behind).map(([id, by]) => ({ id: Number(id), logEndOffset: 100, lastCaughtUpAt: NOW - by })),
  observers: [],
});

describe('what the absence of a broker does to a partition', () => {
  test.each([
    ['it holds none of it', part([1, 2, 3], [1, 2, 3]), 'untouched'],
    ['one can be spared', part([0, 1, 2], [0, 1, 2]), 'safe'],
    ['another is away already', part([0, 1, 2], [0, 1]), 'blocked'],
    ['it is away itself, and the others suffice', part([0, 1, 2], [1, 2]), 'safe'],
    ['it is away itself, and so is another', part([0, 1, 2], [1]), 'blocked'],
    ['there is one copy', part([0], [0], { minIsr: 1 }), 'unavoidable'],
    ['all copies are wanted', part([0, 1], [0, 1]), 'unavoidable'],
    ['more copies are wanted than there are', part([0, 1], [0, 1], { minIsr: 3 }), 'unavoidable'],
    ['one copy suffices', part([0, 1], [0, 1], { minIsr: 1 }), 'safe'],
    ['it has the last one in sync', part([0, 1], [0], { minIsr: 1 }), 'blocked'],
    ['nobody leads', part([0, 1, 2], [1, 2], { leader: -1 }), 'blocked'],
    ['its settings may not be read', part([0, 1, 2], [0, 1, 2], { minIsr: undefined }), 'unknown'],
  ] as const)('%s', (_, partition, absence) => {
    expect(absenceOf(0, partition)).toBe(absence);
  });
});

describe('partitions that keep a broker from leaving', () => {
  const agreed = new Set(['orders']);
  test.each([
    ['all in sync', part([0, 1, 2], [0, 1, 2]), 'fully replicated', [], []],
    [
      'another replica is behind',
      part([0, 1, 2, 3], [0, 1, 2]),
      'fully replicated',
      [],
      ['orders-0 waits for broker 3'],
    ],
    ['the same, when writes are all that counts', part([0, 1, 2, 3], [0, 1, 2]), 'min-ISR safe', [], []],
    [
      'a partition elsewhere is behind',
      part([1, 2, 3], [1, 2]),
      'fully replicated',
      [],
      ['orders-0 waits for broker 3'],
    ],
    ['only it is behind', part([0, 1, 2], [1, 2]), 'fully replicated', [], []],
    [
      'too few in sync',
      part([0, 1, 2], [0, 1]),
      'min-ISR safe',
      [],
      ['orders-0 waits for broker 2: 2 in sync, 2 needed'],
    ],
    ['nobody leads', part([0, 1, 2], [1, 2], { leader: -1 }), 'min-ISR safe', [], ['orders-0 has no leader']],
    ['one copy', part([0], [0], { minIsr: 1 }), 'fully replicated', [], ['orders-0 has no copy to spare']],
    ['one copy that was agreed to', part([0], [0], { minIsr: 1 }), 'fully replicated', ['orders'], []],
    ['agreed, and the other copy is there', part([0, 1], [0, 1]), 'fully replicated', ['orders'], []],
    [
      'agreed, but nobody else has it',
      part([0, 1], [0]),
      'min-ISR safe',
      ['orders'],
      ['orders-0 is in sync on broker 0 only'],
    ],
    [
      'agreed, but another is behind',
      part([0, 1, 2], [0, 1], { minIsr: 3 }),
      'fully replicated',
      ['orders'],
      ['orders-0 waits for broker 2'],
    ],
  ] as const)('%s', (_, partition, level, consented, blockers) => {
    expect(blockersOf(0, stateOf([partition]), level, consented.length > 0 ? agreed : new Set())).toEqual(blockers);
  });

  test('whatever the state: after a yes no partition that has a copy to spare goes below min ISR or loses its leader', () => {
    const random = makeRandom(20_261_126);
    let yes = 0;
    for (let run = 0; run < 20_000; run += 1) {
      const state = anyState(random);
      const broker = random.below(5);
      const level = random.below(2) === 0 ? 'fully replicated' : 'min-ISR safe';
      const consented = new Set(random.below(2) === 0 ? [] : ['orders', 'audit']);
      if (blockersOf(broker, state, level, consented).length > 0) continue;
      yes += 1;
      for (const { replicas, isr, minIsr = 1, topic } of state.partitions) {
        if (!replicas.includes(broker)) continue;
        const left = isr.filter((id) => id !== broker);
        if (replicas.length > minIsr && replicas.length > 1) expect(left.length).toBeGreaterThanOrEqual(minIsr);
        else expect(consented).toContain(topic);
        if (replicas.length > 1) expect(left).not.toEqual([]);
        if (level === 'fully replicated') expect(new Set([...left, broker])).toEqual(new Set(replicas));
      }
    }
    expect(yes).toBeGreaterThan(500);
  });

  test('who is caught up with, whom topics depend on, and whom an election is for', () => {
    const state = stateOf([
      part([0, 1, 2], [1, 2], { leader: 1 }),
      part([0, 1, 2], [1, 2, 0], { index: 1, leader: 1 }),
      part([1, 0, 2], [1, 2, 0], { index: 2, leader: 2 }),
      part([0], [0], { topic: 'audit', minIsr: 1 }),
    ]);
    expect(catchingUp(0, state).map(partitionName)).toEqual(['orders-0']);
    expect(catchingUp(2, state)).toEqual([]);
    expect(unavoidableTopics([0], state)).toEqual(['audit']);
    expect(unavoidableTopics([1, 2], state)).toEqual([]);
    expect(toElect(0, state).map(({ index }) => index)).toEqual([1]);
    expect(toElect(1, state).map(({ index }) => index)).toEqual([2]);
  });
});

describe('the quorum of controllers', () => {
  test.each([
    ['there is none with ZooKeeper', 0, undefined, undefined],
    ['a node that does not vote', 7, quorumOf(0, { 0: 0, 1: 9000, 2: 9000 }), undefined],
    ['all follow', 0, quorumOf(1, { 0: 0, 1: 0, 2: 500 }), undefined],
    ['the leader itself', 1, quorumOf(1, { 0: 0, 1: 0, 2: 500 }), undefined],
    [
      'another is behind',
      0,
      quorumOf(1, { 0: 0, 1: 0, 2: 2000 }),
      'the controller quorum has 1 of the 2 voters it needs without node 0',
    ],
    ['the one that is behind', 2, quorumOf(1, { 0: 0, 1: 0, 2: 60_000 }), undefined],
    ['a single one', 0, quorumOf(0, { 0: 0 }), undefined],
    ['two, both well', 0, quorumOf(0, { 0: 0, 1: 10 }), undefined],
    [
      'two, the other behind',
      0,
      quorumOf(0, { 0: 0, 1: 5000 }),
      'the controller quorum has 0 of the 1 voters it needs without node 0',
    ],
    ['five, one behind', 0, quorumOf(1, { 0: 0, 1: 0, 2: 0, 3: 0, 4: 9000 }), undefined],
    [
      'five, two behind',
      0,
      quorumOf(1, { 0: 0, 1: 0, 2: 0, 3: 9000, 4: 9000 }),
      'the controller quorum has 2 of the 3 voters it needs without node 0',
    ],
    ['nobody leads', 0, quorumOf(-1, { 0: 0, 1: 0, 2: 0 }), 'the controller quorum has no leader'],
  ] as const)('%s', (_, node, quorum, blocker) => {
    expect(quorumBlocker(node, quorum)).toBe(blocker);
  });

  test('never leaves fewer than a majority', () => {
    const random = makeRandom(5);
    for (let run = 0; run < 5000; run += 1) {
      const count = 3 + random.below(3);
      const behind = Object.fromEntries(Array.from({ length: count }, (_, id) => [id, random.below(4) * 1000]));
      const leader = random.below(count);
      behind[leader] = 0;
      const node = random.below(count);
      if (quorumBlocker(node, quorumOf(leader, behind)) !== undefined) continue;
      const left = Object.entries(behind).filter(([id, by]) => Number(id) !== node && by < 2000);
      expect(left.length).toBeGreaterThan(count / 2);
    }
  });

  test('a voter is back once it follows the leader', () => {
    expect(isInQuorum(2, quorumOf(1, { 0: 0, 1: 0, 2: 2000 }))).toBe(false);
    expect(isInQuorum(2, quorumOf(1, { 0: 0, 1: 0, 2: 100 }))).toBe(true);
    expect(isInQuorum(9, quorumOf(1, { 1: 0 }))).toBe(true);
    expect(isInQuorum(1, quorumOf(-1, { 1: 0 }))).toBe(false);
  });
});

describe('the order', () => {
  const names = (state: KafkaState, data = cluster()): readonly string[] =>
    restartOrder(
      data.members.map((member, id) => ({ ...member, index: id, role: 'broker and controller' })),
      state,
    ).map(({ name }) => name);
  const led = (...leaders: readonly number[]): KafkaState =>
    stateOf(leaders.map((leader, index) => part([0, 1, 2], [0, 1, 2], { index, leader })));

  test('fewest leaders first, then the higher number', () => {
    expect(names(led(0, 1, 2))).toEqual(['kafka-2', 'kafka-1', 'kafka-0']);
    expect(names(led(2, 2, 1))).toEqual(['kafka-0', 'kafka-1', 'kafka-2']);
  });

  test('the leader of the quorum last', () => {
    expect(names({ ...led(0, 1, 2), quorum: quorumOf(2, { 0: 0, 1: 0, 2: 0 }) })).toEqual([
      'kafka-1',
      'kafka-0',
      'kafka-2',
    ]);
  });

  test('what is not ready first, whatever else it is', () => {
    const state = { ...led(1, 1, 1), quorum: quorumOf(1, { 0: 0, 1: 0, 2: 0 }) };
    expect(names(state, cluster({ isReady: false }))[0]).toBe('kafka-1');
    expect(names(state, cluster(null))[0]).toBe('kafka-1');
  });

  test('controllers before brokers, and rack by rack', () => {
    const [a, b, c] = cluster().members;
    if (!a || !b || !c) throw new Error('no members');
    const order = restartOrder(
      [
        { ...a, index: 0, role: 'broker', rack: 'b' },
        { ...b, index: 1, role: 'broker', rack: 'a' },
        { ...c, index: 2, role: 'controller', rack: 'z' },
      ],
      led(0),
    );
    expect(order.map(({ name }) => name)).toEqual(['kafka-2', 'kafka-1', 'kafka-0']);
  });
});

const disks = (more: Partial<DiskFindings>): DiskFindings => ({ topics: new Set(), broken: [], silent: [], ...more });

describe('what is checked before', () => {
  const claimed = { volumes: [{ name: 'data', source: 'claim', target: 'data-kafka' }], graceSeconds: 120 } as const;

  function verdicts(more: Partial<Examination> = {}, pod: Partial<LivePod> = {}): Readonly<Record<string, string>> {
    return Object.fromEntries(found(more, pod).map(({ id, state }) => [id, state]));
  }

  function found(more: Partial<Examination> = {}, pod: Partial<LivePod> = {}): readonly Precondition[] {
    const data = more.cluster ?? cluster();
    const members = data.members.map((member, index) => ({
      ...member,
      index,
      role: 'broker and controller' as const,
      pod: member.pod && { ...member.pod, ...claimed, ...pod },
    }));
    return examine({
      members,
      state: stateOf([part([0, 1, 2], [0, 1, 2])], { quorum: quorumOf(0, { 0: 0, 1: 0, 2: 0 }) }),
      disks: { topics: new Set(['orders', '__cluster_metadata']), broken: [], silent: [] },
      refusals: [],
      missingRights: [],
      now: NOW,
      ...more,
      cluster: { ...data, members },
    });
  }

  test('everything holds in a cluster that is well', () => {
    expect(new Set(Object.values(verdicts()))).toEqual(new Set(['holds']));
  });

  test.each([
    ['journal', { missingRights: ['No right to create leases in prod'] }, {}, 'consent'],
    ['pods', { cluster: cluster({ isReady: false }) }, {}, 'warns'],
    ['pods', {}, { isReady: false }, 'fails'],
    ['registered', { state: stateOf([], { brokers: [0, 1] }) }, {}, 'warns'],
    ['registered', { state: stateOf([], { brokers: [0] }) }, {}, 'fails'],
    ['nothing-moves', { state: stateOf([], { reassignments: 1 }) }, {}, 'fails'],
    ['visible', { disks: disks({ topics: new Set(['orders', 'secret']) }) }, {}, 'fails'],
    ['visible', { disks: disks({ silent: [{ nodeId: 1, reason: 'refused', isForbidden: true }] }) }, {}, 'consent'],
    ['visible', { disks: disks({ silent: [{ nodeId: 1, reason: 'gone', isForbidden: false }] }) }, {}, 'warns'],
    ['disks', { disks: disks({ broken: ['broker 1: /data/0'] }) }, {}, 'fails'],
    ['leaders', { state: stateOf([part([0, 1, 2], [])]) }, {}, 'fails'],
    ['in-sync', { state: stateOf([part([0, 1, 2], [0, 1])]) }, {}, 'warns'],
    ['copies', { state: stateOf([part([0], [0], { minIsr: 1 })]) }, {}, 'consent'],
    ['copies', { state: stateOf([part([0, 1, 2], [0, 1, 2], { minIsr: undefined })]) }, {}, 'fails'],
    ['quorum', { state: stateOf([]) }, {}, 'unknown'],
    ['quorum', { state: stateOf([], { quorum: quorumOf(0, { 0: 0 }) }) }, {}, 'consent'],
    ['quorum', { state: stateOf([], { quorum: quorumOf(0, { 0: 0, 1: 0, 2: 9000 }) }) }, {}, 'warns'],
    ['eviction', { refusals: [{ pod: 'kafka-0', reason: 'forbidden', isForNow: false }] }, {}, 'fails'],
    ['eviction', { refusals: [{ pod: 'kafka-0', reason: 'budget', isForNow: true }] }, {}, 'warns'],
    ['volumes', {}, { volumes: [] }, 'fails'],
    ['grace', {}, { graceSeconds: 30 }, 'warns'],
  ] as const)('%s %#', (id, more, pod, verdict) => {
    expect(verdicts(more, pod)[id]).toBe(verdict);
  });

  test('what fails says what to do', () => {
    for (const { state, fix, evidence } of found({ state: stateOf([part([0], [0])], { reassignments: 2 }) })) {
      expect(evidence).not.toEqual([]);
      if (state === 'fails') expect(fix).toBeDefined();
    }
  });
});

/** Any partitions over five brokers, with every number of replicas, settings and members of the ISR. */
function anyState(random: Random): KafkaState {
  const partitions = Array.from({ length: 1 + random.below(3) }, (_, index) => {
    const first = random.below(5);
    const replicas = Array.from({ length: 1 + random.below(4) }, (_replica, offset) => (first + offset) % 5);
    const isr = replicas.filter(() => random.below(6) > 0);
    const leader = random.below(8) === 0 ? -1 : (isr[0] ?? -1);
    const minIsr = random.below(20) === 0 ? undefined : 1 + random.below(3);
    return { topic: random.below(3) === 0 ? 'audit' : 'orders', index, replicas, isr, leader, minIsr };
  });
  return stateOf(partitions, { brokers: [0, 1, 2, 3, 4] });
}
