import { describe, expect, test } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { scaleRefusal } from '#core/systems/kafka/operations/scale/planScale.ts';
import { readRoom, type Room } from '#core/operations/podRoom.ts';
import {
  checksDown,
  checksUp,
  examineScale,
  type ScaleExamination,
} from '#core/systems/kafka/operations/scale/scaleChecks.ts';
import { placesBetween, scaleGroupOf } from '#core/systems/kafka/operations/scale/scaleGroup.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { container, namespace, NOW, podsOf, statefulSet } from '#test/support/liveObjects.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** StatefulSets of one cluster, each with the variables of its container. */
function clusterOf(sets: Readonly<Record<string, Variables>>): DataCluster {
  const workloads = Object.entries(sets).map(([name, variables]) =>
    statefulSet(name, {
      containers: [container('apache/kafka:4.1.0', { variables: { KAFKA_NODE_ID: undefined, ...variables } })],
    }),
  );
  const [found] = kafkaLive.gather(namespace({ workloads, pods: workloads.flatMap((one) => podsOf(one)) }));
  if (!found) throw new Error('no cluster');
  return found;
}

const brokers = clusterOf({ kafka: { KAFKA_PROCESS_ROLES: 'broker' } });

const roomy: Room = {
  autoscalers: [],
  quotas: [],
  nodes: ['node-1', 'node-2'],
  most: undefined,
  storage: [],
  claims: [],
};

function examination(more: Partial<ScaleExamination> = {}): ScaleExamination {
  const data = more.data ?? brokers;
  const group = scaleGroupOf(data, undefined);
  const [from, to] = [more.from ?? 3, more.to ?? 4];
  return {
    data,
    group,
    from,
    to,
    places: to > from ? placesBetween(group, from, to) : placesBetween(group, to, from),
    strangers: [],
    state: stateOf(),
    racks: new Map(),
    settings: new Map(),
    room: roomy,
    keepers: [],
    isSettled: true,
    hasPendingTemplate: false,
    losesClaims: false,
    refusal: undefined,
    missingRights: [],
    now: NOW,
    ...more,
  };
}

function stateOf(more: Partial<ScaleExamination['state']> = {}): ScaleExamination['state'] {
  const voters = [100, 101, 102].map((id) => ({ id, logEndOffset: 1, lastCaughtUpAt: 1 }));
  const partition = { topic: 'orders', index: 0, leader: 0, replicas: [0, 1], isr: [0, 1], minIsr: 1 };
  const quorum = { leaderId: 100, leaderEpoch: 1, highWatermark: 1, voters, observers: [] };
  return { clusterId: 'c', brokers: [0, 1, 2], partitions: [partition], quorum, reassignments: 0, ...more };
}

describe('which brokers', () => {
  test('are those of the next and of the highest ordinals', () => {
    const group = scaleGroupOf(brokers, undefined);
    expect(placesBetween(group, 3, 5)).toEqual([
      { pod: 'kafka-3', nodeId: 3 },
      { pod: 'kafka-4', nodeId: 4 },
    ]);
    expect(placesBetween(group, 1, 3).map(({ pod }) => pod)).toEqual(['kafka-1', 'kafka-2']);
  });

  test('have numbers that follow the ordinals, or nobody knows theirs', () => {
    const shifted = { ...brokers, members: brokers.members.map((one) => ({ ...one, index: (one.index ?? 0) + 100 })) };
    expect(placesBetween(scaleGroupOf(shifted, 'kafka'), 3, 4)).toEqual([{ pod: 'kafka-3', nodeId: 103 }]);
    const mixed = {
      ...brokers,
      members: brokers.members.map((one, at) => ({ ...one, index: at === 1 ? 7 : one.index })),
    };
    expect(placesBetween(scaleGroupOf(mixed, 'kafka'), 3, 4)).toEqual([{ pod: 'kafka-3', nodeId: -1 }]);
    const unknown = { ...brokers, members: brokers.members.map((one) => ({ ...one, index: undefined })) };
    expect(placesBetween(scaleGroupOf(unknown, 'kafka'), 3, 4)[0]?.nodeId).toBe(-1);
  });

  test('a StatefulSet that begins at another ordinal', () => {
    const workloads = brokers.workloads.map((one) => ({ ...one, firstOrdinal: 1 }));
    const members = brokers.members.map((one, at) => ({ ...one, name: `kafka-${at + 1}`, index: at + 1 }));
    expect(placesBetween(scaleGroupOf({ ...brokers, workloads, members }, undefined), 3, 4)).toEqual([
      { pod: 'kafka-4', nodeId: 4 },
    ]);
  });

  test('of several StatefulSets one has to be named', () => {
    const links = { KAFKA_CONTROLLER_QUORUM_VOTERS: '100@c-0.c:9093' };
    const several = clusterOf({
      'shop-a': { ...links, KAFKA_PROCESS_ROLES: 'broker' },
      'shop-b': { ...links, KAFKA_PROCESS_ROLES: 'broker' },
    });
    expect(several.workloads.length).toBe(2);
    expect(() => scaleGroupOf(several, undefined)).toThrow('name one of them: shop-a, shop-b');
    expect(() => scaleGroupOf(several, 'shop-c')).toThrow('has no shop-c of brokers: shop-a, shop-b');
    expect(scaleGroupOf(several, 'shop-b').workload.meta.name).toBe('shop-b');
  });
});

describe('before brokers are added', () => {
  const combined = clusterOf({ kafka: { KAFKA_PROCESS_ROLES: 'broker,controller' } });
  const verdicts = (more: Partial<ScaleExamination> = {}): Readonly<Record<string, string>> =>
    Object.fromEntries(examineScale(checksUp, examination(more)).map(({ id, state }) => [id, state]));

  test('everything holds where all is well', () => {
    expect(new Set(Object.values(verdicts()))).toEqual(new Set(['holds']));
  });

  const voters = new Map([['controller.quorum.voters', '0@kafka-0:9093']]);
  const dynamic = new Map([['controller.quorum.bootstrap.servers', 'kafka-0:9093']]);

  test.each([
    ['journal', { missingRights: ['No right to create leases'] }, 'consent'],
    ['size', { refusal: 'forbidden' }, 'fails'],
    ['size-owner', { room: { ...roomy, autoscalers: ['kafka'] } }, 'fails'],
    ['size-owner', { room: { ...roomy, autoscalers: undefined } }, 'unknown'],
    ['size-owner', { keepers: [{ who: 'Argo CD', when: 'at once' }] }, 'consent'],
    ['size-owner', { keepers: [{ who: 'Helm', when: 'next time' }] }, 'warns'],
    ['rollout', { isSettled: false }, 'fails'],
    ['registered', { state: stateOf({ brokers: [0, 1] }) }, 'fails'],
    ['role', { data: combined, settings: voters }, 'fails'],
    ['role', { data: combined }, 'fails'],
    ['role', { data: combined, settings: dynamic }, 'consent'],
    ['storage', { room: { ...roomy, storage: ['There is no StorageClass fast'] } }, 'fails'],
    ['storage', { room: { ...roomy, storage: undefined } }, 'unknown'],
    ['old-volumes', { room: { ...roomy, claims: ['data-kafka-3'] } }, 'warns'],
    ['quota', { room: { ...roomy, quotas: ['full'] } }, 'fails'],
    ['quota', { room: { ...roomy, quotas: undefined } }, 'unknown'],
    ['nodes', { room: { ...roomy, nodes: undefined } }, 'unknown'],
    ['nodes', { room: { ...roomy, nodes: [] } }, 'fails'],
    ['nodes', { room: { ...roomy, most: { pods: 3, because: 'two' } } }, 'fails'],
    ['nodes', { room: { ...roomy, most: { pods: 4, because: 'two' } } }, 'holds'],
    [
      'racks',
      {
        racks: new Map([
          [0, 'a'],
          [1, 'b'],
          [2, 'c'],
        ]),
      },
      'warns',
    ],
    [
      'racks',
      {
        racks: new Map([
          [0, 'a'],
          [1, 'b'],
          [2, 'a'],
        ]),
      },
      undefined,
    ],
    ['template', { hasPendingTemplate: true }, 'warns'],
  ] satisfies readonly (readonly [string, Partial<ScaleExamination>, string | undefined])[])(
    '%s %#',
    (id, more, verdict) => {
      expect(verdicts(more)[id]).toBe(verdict);
    },
  );
});

describe('before brokers are taken away', () => {
  const verdicts = (more: Partial<ScaleExamination> = {}): Readonly<Record<string, string>> =>
    Object.fromEntries(examineScale(checksDown, examination({ to: 2, ...more })).map(({ id, state }) => [id, state]));
  const racks = new Map([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ]);
  const minIsr = (value: number) =>
    stateOf({ partitions: [{ topic: 't', index: 0, leader: 0, replicas: [0, 1, 2], isr: [0, 1, 2], minIsr: value }] });

  test('everything holds where all is well', () => {
    expect(new Set(Object.values(verdicts()))).toEqual(new Set(['holds']));
  });

  test.each([
    [
      'voters',
      {
        state: stateOf({
          quorum: {
            leaderId: 2,
            leaderEpoch: 1,
            highWatermark: 1,
            voters: [{ id: 2, logEndOffset: 1, lastCaughtUpAt: 1 }],
            observers: [],
          },
        }),
      },
      'fails',
    ],
    ['voters', { state: stateOf({ quorum: undefined }) }, 'holds'],
    ['registered', { state: stateOf({ brokers: [0, 1] }) }, 'holds'],
    ['registered', { state: stateOf({ brokers: [0, 2] }) }, 'fails'],
    ['racks', { racks, state: minIsr(2) }, 'fails'],
    ['racks', { racks, state: minIsr(1) }, 'holds'],
    [
      'racks',
      {
        racks: new Map([
          [0, 'a'],
          [1, 'b'],
          [2, 'b'],
        ]),
        state: minIsr(2),
      },
      'holds',
    ],
    ['factors', { settings: new Map([['default.replication.factor', '3']]) }, 'fails'],
    ['factors', { settings: new Map([['default.replication.factor', '2']]) }, undefined],
    ['volumes', { losesClaims: true }, 'consent'],
    ['numbers', { places: [{ pod: 'kafka-2', nodeId: -1 }] }, 'fails'],
  ] satisfies readonly (readonly [string, Partial<ScaleExamination>, string | undefined])[])(
    '%s %#',
    (id, more, verdict) => {
      expect(verdicts(more)[id]).toBe(verdict);
    },
  );
});

describe('what Kubernetes has room for', () => {
  const claim = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '10Gi' } } } };
  const set = (pod: object = {}, storageClassName?: string): JsonObject =>
    manifest(
      'apps/v1',
      'StatefulSet',
      'kafka',
      { namespace: 'prod' },
      {
        spec: {
          replicas: 3,
          template: {
            metadata: { labels: { app: 'kafka' } },
            spec: { containers: [{ name: 'kafka', resources: { requests: { cpu: '500m', memory: '4Gi' } } }], ...pod },
          },
          volumeClaimTemplates: [
            { ...claim, spec: { ...claim.spec, ...(storageClassName === undefined ? {} : { storageClassName }) } },
          ],
        },
      },
    );
  const node = (name: string, more: object = {}, labels: object = {}): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
    ...more,
  });

  /** Kinds that the fake server does not list by itself are answered here. */
  async function room(
    lists: Readonly<Record<string, readonly JsonObject[]>>,
    of: JsonObject,
    added = 2,
  ): Promise<Room> {
    const cluster = new FakeCluster();
    cluster.put(manifest('v1', 'PersistentVolumeClaim', 'data-kafka-3', { namespace: 'prod' }));
    cluster.list = async ({ plural }) => lists[plural] ?? [];
    return readRoom(cluster, of, added, ['data-kafka-3', 'data-kafka-4']);
  }

  test('is unknown where it may not be read', async () => {
    const cluster = new FakeCluster();
    cluster.isForbidden = ({ verb }) => verb === 'list';
    expect(await readRoom(cluster, set(), 1, [])).toEqual({
      autoscalers: undefined,
      quotas: undefined,
      nodes: undefined,
      most: undefined,
      storage: undefined,
      claims: [],
    });
  });

  test('is less by quotas, for all new pods together', async () => {
    const quota = (hard: object, used: object, spec: object = {}): JsonObject =>
      manifest('v1', 'ResourceQuota', 'team', { namespace: 'prod' }, { spec, status: { hard, used } });
    const found = async (...quotas: readonly JsonObject[]): Promise<readonly string[] | undefined> =>
      (await room({ resourcequotas: quotas }, set())).quotas;
    expect(
      await found(quota({ pods: '5', 'requests.storage': '100Gi' }, { pods: '3', 'requests.storage': '80Gi' })),
    ).toEqual([]);
    expect(await found(quota({ pods: '4' }, { pods: '3' }))).toEqual([
      'team has 3 of 4 pods used, which leaves no room for 2 more',
    ]);
    expect(await found(quota({ 'requests.memory': '10Gi', cpu: '1' }, { 'requests.memory': '4Gi' }))).toEqual([
      'team has 4Gi of 10Gi requests.memory used, which leaves no room for 2 more',
    ]);
    expect(await found(quota({ pods: '1' }, { pods: '1' }, { scopes: ['BestEffort'] }))).toEqual([]);
  });

  test('is on nodes that are ready, fit the selector, and whose taints are tolerated', async () => {
    const tainted = { spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } };
    const nodes = [
      node('plain', {}, { disk: 'fast' }),
      node('cordoned', { spec: { unschedulable: true } }, { disk: 'fast' }),
      node('away', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }, { disk: 'fast' }),
      node('tainted', tainted, { disk: 'fast' }),
      node('slow'),
    ];
    const of = async (pod: object): Promise<readonly string[] | undefined> => (await room({ nodes }, set(pod))).nodes;
    expect(await of({})).toEqual(['plain', 'slow']);
    expect(await of({ nodeSelector: { disk: 'fast' } })).toEqual(['plain']);
    expect(await of({ tolerations: [{ key: 'gpu', operator: 'Exists' }] })).toEqual(['plain', 'tainted', 'slow']);
    expect(await of({ tolerations: [{ key: 'gpu', value: 'no', effect: 'NoSchedule' }] })).toEqual(['plain', 'slow']);
    expect(await of({ tolerations: [{ operator: 'Exists' }] })).toEqual(['plain', 'tainted', 'slow']);
  });

  test('is as many places as pods that may not be together want', async () => {
    const rule = (topologyKey: string, matchLabels: object): object => ({
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: { matchLabels } }],
        },
      },
    });
    const nodes = [node('a', {}, { zone: '1' }), node('b', {}, { zone: '1' }), node('c', {}, { zone: '2' })];
    const most = async (pod: object): Promise<number | undefined> => (await room({ nodes }, set(pod))).most?.pods;
    expect(await most(rule('kubernetes.io/hostname', { app: 'kafka' }))).toBe(3);
    expect(await most(rule('zone', { app: 'kafka' }))).toBe(2);
    expect(await most(rule('kubernetes.io/hostname', { app: 'other' }))).toBeUndefined();
    expect(await most({})).toBeUndefined();
  });

  test('is less without the storage class of the claims, and old claims are found', async () => {
    const storageclasses = [manifest('storage.k8s.io/v1', 'StorageClass', 'slow')];
    expect((await room({ storageclasses }, set({}, 'fast'))).storage).toEqual(['There is no StorageClass fast']);
    expect((await room({ storageclasses }, set({}, 'slow'))).storage).toEqual([]);
    expect((await room({ storageclasses }, set())).storage).toEqual([
      'No StorageClass is the default one, and the claims name none',
    ]);
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    const usual = [manifest('storage.k8s.io/v1', 'StorageClass', 'usual', { annotations })];
    const found = await room({ storageclasses: usual }, set());
    expect([found.storage, found.claims]).toEqual([[], ['data-kafka-3']]);
  });

  test('is nothing to decide where an autoscaler sets the size', async () => {
    const about = (kind: string, name: string): JsonObject =>
      manifest(
        'autoscaling/v2',
        'HorizontalPodAutoscaler',
        `of-${kind}-${name}`,
        { namespace: 'prod' },
        { spec: { scaleTargetRef: { kind, name } } },
      );
    const horizontalpodautoscalers = [
      about('StatefulSet', 'kafka'),
      about('Deployment', 'kafka'),
      about('StatefulSet', 'zoo'),
    ];
    expect((await room({ horizontalpodautoscalers }, set())).autoscalers).toEqual(['of-StatefulSet-kafka']);
  });
});

test('clusters of operators are scaled their own way', () => {
  expect(scaleRefusal(brokers)).toBeUndefined();
  expect(scaleRefusal({ ...brokers, flavour: 'strimzi' })).toContain('KafkaNodePool');
  expect(scaleRefusal({ ...brokers, workloads: [] })).toContain('is no StatefulSet');
});
