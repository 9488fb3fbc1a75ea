import { describe, expect, test } from 'vitest';
import type { LivePod, LiveWorkload } from '#core/live/objects.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { CqlWord } from '#core/systems/cassandra/operations/cqlDoor.ts';
import type { Examination } from '#core/systems/cassandra/operations/examination.ts';
import { preconditionsOf, refusalOf } from '#core/systems/cassandra/operations/planRestart.ts';
import { restartOrder } from '#core/systems/cassandra/operations/restartOrder.ts';
import { containerOf, MINUTE, NOW, podOf, podsOf, setOf } from '#test/core/systems/cassandra/objects.ts';
import { drained, readingOf, shop, up, whole } from '#test/core/systems/cassandra/restartScenes.ts';
import { hostId, type RingSketch } from '#test/core/systems/cassandra/sketches.ts';
import { clusterOf } from '#test/core/systems/cassandra/told.ts';

describe('preconditions', () => {
  interface Scene {
    readonly views?: RingSketch['views'];
    readonly set?: Partial<LiveWorkload>;
    readonly pod?: Partial<LivePod>;
    readonly more?: Partial<Examination>;
    readonly only?: readonly string[];
  }

  const GIB = 1024 ** 3;
  const disksWith = (free: number): Examination['disks'] =>
    new Map([0, 1, 2].map((index) => [`cassandra-${index}`, { free, size: 100 * GIB, largest: undefined }]));

  /** Views of nodes whose heaps are that large. */
  const heaps = (bytes: number): RingSketch['views'] =>
    Object.fromEntries(
      [0, 1, 2].map((index) => {
        const info = readingOf(whole).answers[index]?.info;
        return [index, { ...up, answer: info ? { info: { ...info, heapMaxBytes: bytes } } : {} }];
      }),
    );

  /** Members as they are found, the last of them a pod by itself. */
  function uncontrolled(): Examination['members'] {
    const set = setOf('cassandra');
    const { members } = clusterOf({ workloads: [set], pods: podsOf(set) });
    return members.map((member) => {
      const { pod } = member;
      if (!pod || member.name !== 'cassandra-2') return member;
      return { ...member, pod: { ...pod, meta: { ...pod.meta, owners: [] } } };
    });
  }

  function examined({ views = whole, set: changes = {}, pod = {}, more = {}, only }: Scene): readonly Precondition[] {
    const set = setOf('cassandra', changes);
    const data = clusterOf({ workloads: [set], pods: [podOf(set, 0), podOf(set, 1), podOf(set, 2, pod)] });
    const reading = readingOf(views);
    return preconditionsOf({
      data,
      members: restartOrder(data.members, reading.ring).filter(({ name }) => only?.includes(name) ?? true),
      level: 'fully replicated',
      reading: { ...reading, keyspaces: [shop(3), shop(3, 'system_auth')] },
      problems: [],
      ranges: new Map(),
      handoffs: [0, 1, 2].map((index) => ({ member: `cassandra-${index}`, isOn: true, windowMs: 180 * MINUTE })),
      disks: disksWith(GIB),
      placements: [],
      refusals: [],
      missingRights: [],
      missingJournalRights: [],
      now: NOW,
      ...more,
    });
  }

  test('all hold in a ring that is well', () => {
    expect(examined({}).filter(({ state }) => state !== 'holds')).toEqual([]);
  });

  const ports = (...words: readonly CqlWord[]): Scene => ({
    more: { ports: words.map((word, index) => ({ member: `cassandra-${index}`, word })) },
  });
  const answered: CqlWord = { kind: 'open', evidence: 'port 9042 of cassandra-0 answered OPTIONS' };

  test.each<[string, Scene, Partial<Precondition> | undefined]>([
    ['are not told of where they were not asked', {}, undefined],
    ['answer', ports(answered), { state: 'holds', evidence: ['port 9042 of cassandra-0 answered OPTIONS'] }],
    [
      'do not answer, which a gate waits for',
      ports(answered, { kind: 'closed', why: 'refused' }, { kind: 'unknown', why: 'forbidden' }),
      { state: 'warns', evidence: ['cassandra-1: refused'] },
    ],
    [
      'cannot be asked, which keeps nothing from starting',
      ports({ kind: 'unknown', why: 'You may not forward ports' }),
      { state: 'unknown', evidence: ['cassandra-0: You may not forward ports'] },
    ],
  ])('CQL ports %s', (_, scene, expected) => {
    const found = examined(scene).find(({ id }) => id === 'cql');
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
  });

  const hints = (minutes: number): RingSketch['views'] => ({
    ...whole,
    0: { ...up, answer: { hints: [{ hostId: hostId(2), files: 3, newestAt: NOW, oldestAt: NOW - minutes * MINUTE }] } },
  });
  const preStop = (text: string): Scene => ({
    set: { containers: [containerOf('cassandra:5.0.5', { preStop: text })] },
  });
  const revisionOf = (revision: string): Partial<LivePod> => {
    const { meta } = podOf(setOf('cassandra'), 2);
    return { meta: { ...meta, labels: { 'controller-revision-hash': revision } } };
  };
  const keyspaces = (...found: readonly KeyspaceReplication[]): Scene => ({
    more: { reading: { ...readingOf(whole), keyspaces: found } },
  });
  const cleanup = {
    id: 'i',
    type: 'Cleanup',
    keyspace: 'shop',
    table: 'a',
    completed: 1,
    total: 2,
    unit: 'bytes',
    percent: 1,
  };
  const placed = (kind: 'nowhere' | 'full'): Scene => ({
    more: {
      placements: [
        {
          pod: 'cassandra-2',
          trouble: 'worker-1 is cordoned',
          elsewhere: { kind, reasons: ['2 out of reach of its volume'] },
        },
      ],
    },
  });

  test.each<[string, Scene, string, Precondition['state'], string]>([
    ['a drained node that goes first', { views: drained }, 'ring', 'warns', 'cassandra-2 is drained'],
    [
      'a drained node that is not among them',
      { views: drained, only: ['cassandra-0'] },
      'ring',
      'fails',
      'cassandra-2 is in mode DRAINED',
    ],
    [
      'a node nobody sees',
      { views: { ...whole, 1: { sees: ['UN', 'UN', 'DN'] } } },
      'ring',
      'fails',
      'cassandra-1 sees cassandra-2 down',
    ],
    ['a pod that is not ready', { pod: { isReady: false } }, 'pods', 'fails', 'cassandra-2'],
    ['a drained pod that is not ready', { views: drained, pod: { isReady: false } }, 'pods', 'warns', 'cassandra-2'],
    ['one replica', keyspaces(shop(1)), 'quorum', 'consent', 'Requests to shop at QUORUM fail'],
    [
      'keyspaces that nobody tells',
      { more: { reading: { ...readingOf(whole), keyspaces: undefined } } },
      'quorum',
      'consent',
      'before 4.0',
    ],
    ['logins with one replica', keyspaces(shop(3), shop(1, 'system_auth')), 'logins', 'warns', '1 replica'],
    ['hints of a moment ago', { views: hints(5) }, 'hints', 'warns', '3 files for cassandra-2'],
    ['hints older than they are kept', { views: hints(200) }, 'hints', 'consent', '3 h old'],
    [
      'handoff that is off',
      { more: { handoffs: [{ member: 'cassandra-1', isOn: false, windowMs: undefined }] } },
      'handoff',
      'warns',
      'off on cassandra-1',
    ],
    [
      'a cleanup',
      { views: { ...whole, 0: { ...up, answer: { compactions: { pending: 1, running: [cleanup] } } } } },
      'compactions',
      'warns',
      'Cleanup of shop.a',
    ],
    [
      'a hook that decommissions',
      preStop('bash -c nodetool decommission'),
      'pre-stop',
      'fails',
      'nodetool decommission',
    ],
    ['a hook that drains', preStop('nodetool drain'), 'pre-stop', 'holds', ''],
    [
      'a disk without the room for a flush',
      { views: heaps(4 * GIB) },
      'flush-room',
      'consent',
      'cassandra-2 has 1.0 GiB free, and may write 2.0 GiB',
    ],
    ['a disk that has just the room', { views: heaps(2 * GIB) }, 'flush-room', 'holds', 'may write 1.0 GiB'],
    [
      'a drained node, whose memory is on disk',
      { views: drained, only: ['cassandra-2'], more: { disks: new Map() } },
      'flush-room',
      'holds',
      'Nothing is in memory',
    ],
    ['a full disk', { more: { disks: disksWith(1024 ** 2) } }, 'flush-room', 'fails', 'cassandra-2 has 1.0 MiB free'],
    ['disks that do not tell', { more: { disks: new Map() } }, 'flush-room', 'unknown', 'did not tell'],
    ['a short grace', { pod: { graceSeconds: 10 } }, 'grace', 'warns', 'terminationGracePeriodSeconds is 10'],
    [
      'a pod that no controller makes again',
      { more: { members: uncontrolled() } },
      'controlled',
      'fails',
      'cassandra-2',
    ],
    ['data that goes with the pod', { pod: { volumes: [] } }, 'volumes', 'fails', 'cassandra-2'],
    [
      'a rollout',
      { set: { updateRevision: 'cassandra-2', updatedReplicas: 0 }, pod: revisionOf('cassandra-1') },
      'template',
      'fails',
      '0 of 3 pods',
    ],
    [
      'a template that waits',
      { set: { updateStrategy: 'OnDelete', updateRevision: 'cassandra-2' }, pod: revisionOf('cassandra-1') },
      'template',
      'consent',
      'cassandra-2 may come back',
    ],
    [
      'a volume on a cordoned node',
      placed('nowhere'),
      'placement',
      'fails',
      'worker-1 is cordoned; others: 2 out of reach',
    ],
    ['no room elsewhere', placed('full'), 'placement', 'consent', 'worker-1'],
    [
      'nodes that may not be read',
      {
        more: { placements: [{ pod: 'cassandra-2', trouble: undefined, elsewhere: { kind: 'unknown', reasons: [] } }] },
      },
      'placement',
      'unknown',
      'may not be read',
    ],
    [
      'a full budget',
      { more: { refusals: [{ pod: 'data/cassandra-2', reason: 'no', isForNow: true }] } },
      'eviction',
      'warns',
      'data/cassandra-2: no',
    ],
    [
      'an eviction that is forbidden',
      { more: { refusals: [{ pod: 'data/cassandra-2', reason: 'no', isForNow: false }] } },
      'eviction',
      'fails',
      'no',
    ],
    [
      'no right to run commands',
      { more: { missingRights: ['No right to create pods/exec in data'] } },
      'rights',
      'fails',
      'pods/exec',
    ],
  ])('%s', (_, scene, id, state, evidence) => {
    const found = examined(scene).find((one) => one.id === id);
    expect([found?.state, found?.evidence.join('; ')]).toEqual([state, expect.stringContaining(evidence)]);
  });
});

describe('who is not restarted from here', () => {
  const set = setOf('cassandra');
  const plain = clusterOf({ workloads: [set], pods: podsOf(set) });
  test('an operator owns its pods, and a Deployment gives them no volumes again', () => {
    expect(refusalOf(plain)).toBeUndefined();
    expect(refusalOf({ ...plain, flavour: 'cass-operator' })).toContain('run by an operator (cass-operator)');
    const deployed = { ...plain, workloads: [{ ...set, kind: 'Deployment' as const }] };
    expect(refusalOf(deployed)).toContain('run by a Deployment');
  });
});
