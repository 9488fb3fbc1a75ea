import { describe, expect, test } from 'vitest';
import type { RestartWish } from '#core/operations/wishes.ts';
import { cassandraOperations } from '#core/systems/cassandra/operations/index.ts';
import { decodeTask, describeTask, taskManifest, taskNameOf } from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { casskopUnrest, datacentersAsking } from '#core/systems/cassandra/operations/operated/casskopNow.ts';
import { datacenterUnrest } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import { ringOperatorOf, type OperatedRack } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import { routeOf } from '#core/systems/cassandra/operations/operated/routeOf.ts';
import type { RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { customOf, metaOf, podsOf, setOf } from '#test/core/systems/cassandra/objects.ts';
import { drained, readingOf, shop, whole } from '#test/core/systems/cassandra/restartScenes.ts';
import { clusterOf } from '#test/core/systems/cassandra/told.ts';

const wish: RestartWish = { operation: 'restart', level: 'fully replicated' };

const rack = (index: number): OperatedRack => ({
  name: `r${index + 1}`,
  datacenter: '',
  workload: `set-${index}`,
  uid: '',
  pods: [`cassandra-${index}`],
});
const racks = [rack(0), rack(1), rack(2)];

const reading = (more: Partial<RingReading> = {}): RingReading => ({
  ...readingOf(whole),
  keyspaces: [shop(3)],
  ...more,
});

const reasons = (found: RingReading, of: readonly OperatedRack[] = racks, more: Partial<RestartWish> = {}): string => {
  const route = routeOf({ ...wish, ...more }, found, of);
  return route.kind === 'racks' ? 'racks' : route.reasons.join('; ');
};

describe('whether racks may be left to an operator', () => {
  test('with as many racks as replicas, in the order of the ring', () => {
    const route = routeOf(wish, reading(), racks.toReversed());
    expect(route).toMatchObject({ kind: 'racks', racks });
  });

  test.each<[string, string, string]>([
    ['a strict wish', reasons(reading(), racks, { strict: true }), 'That was asked for'],
    ['some nodes', reasons(reading(), racks, { only: ['cassandra-0'] }), 'Some nodes are to be restarted, and an operator restarts whole racks'],
    ['more replicas', reasons(reading({ keyspaces: [shop(5)] })), 'racks'],
    [
      'two racks of the ring',
      reasons({ ...readingOf(whole, { racks: ['r1', 'r2', 'r2'] }), keyspaces: [shop(3)] }),
      'dc1 has 2 racks for up to 3 replicas of a range',
    ],
    [
      'a rack of the operator that is two of the ring',
      reasons(reading(), [{ ...rack(0), pods: ['cassandra-0', 'cassandra-1'] }, rack(2)]),
      'cassandra-0, cassandra-1 are one rack for the operator and 2 for the ring',
    ],
    [
      'nodes that are not known',
      reasons(reading(), [{ ...rack(0), pods: ['cassandra-0', 'cassandra-9'] }]),
      'Which nodes of the ring run in cassandra-0, cassandra-9 is not known',
    ],
    [
      'SimpleStrategy',
      reasons(reading({ keyspaces: [{ keyspace: 'old', strategy: 'SimpleStrategy', factors: { replication_factor: 3 } }] })),
      'old (SimpleStrategy) takes no notice of racks',
    ],
    ['SimpleStrategy of the system', reasons(reading({ keyspaces: [shop(3), { ...shop(2, 'system_traces'), strategy: 'SimpleStrategy' }] })), 'racks'],
    ['keyspaces that are not told', reasons(reading({ keyspaces: undefined })), 'Versions before 4.0 do not tell how keyspaces are replicated'],
    ['a node that is drained', reasons({ ...readingOf(drained), keyspaces: [shop(3)] }), 'Not every node is up for all: cassandra-2'],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });
});

describe('a CassandraTask', () => {
  const wanted = {
    target: { namespace: 'data', datacenter: 'dc1', clusterName: 'shop' },
    planId: 'c0ffee00-1111-2222-3333-444455556666',
    stepId: 'rack-R_1',
    command: 'restart',
    args: { rack: 'R_1' },
    scope: 'R_1',
  } as const;

  test('has the same name for everybody who goes on with a plan, and another for the part of another plan', () => {
    expect(taskNameOf(wanted)).toBe('data-clusters-restart-c0ffee00-r-1');
    expect(taskNameOf({ ...wanted, planId: `${wanted.planId}.2` })).toBe('data-clusters-restart-c0ffee00-2-r-1');
    expect(taskNameOf({ ...wanted, scope: 'x'.repeat(300) })).toHaveLength(63);
  });

  test('names the rack, one job, and never a pod', () => {
    expect(taskManifest(wanted)).toMatchObject({
      metadata: { namespace: 'data', labels: { 'data-clusters.io/run': wanted.planId } },
      spec: {
        datacenter: { namespace: 'data', name: 'dc1' },
        concurrencyPolicy: 'Forbid',
        jobs: [{ command: 'restart', args: { rack: 'R_1' } }],
      },
    });
    expect(decodeTask(taskManifest(wanted))).toMatchObject({ planId: wanted.planId, stepId: 'rack-R_1', rack: 'R_1', state: 'waiting' });
  });

  const condition = (type: string, message = '') => ({ type, status: 'True', message });
  const over = { completionTime: '2026-11-26T08:00:00Z' };

  test.each<[string, object, object]>([
    ['waits', {}, { state: 'waiting' }],
    ['has begun', { startTime: '2026-11-26T08:00:00Z', active: 1 }, { state: 'running' }],
    ['goes on although a pod failed', { active: 1, failed: 1 }, { state: 'running', failed: 1 }],
    ['is complete', { ...over, succeeded: 3, conditions: [condition('Complete')] }, { state: 'completed', succeeded: 3 }],
    ['is complete and failed', { ...over, conditions: [condition('Complete'), condition('Failed', '2 pods failed')] }, { state: 'failed', error: '2 pods failed' }],
    ['is complete with failed pods', { ...over, failed: 1, conditions: [condition('Complete')] }, { state: 'failed', failed: 1 }],
    [
      'is complete with a pod in error',
      { ...over, conditions: [condition('Complete')], podStatuses: { a: { status: 'ERROR', error: 'no space left\u0007' }, b: { status: 'NEW' } } },
      { state: 'failed', failed: 1, error: 'no space left', pods: [{ pod: 'a', state: 'error' }, { pod: 'b', state: 'unknown' }] },
    ],
  ])('%s', (_, status, expected) => {
    expect(decodeTask({ ...taskManifest(wanted), status })).toMatchObject(expected);
  });

  test('is told of in a sentence, and nothing that a server sends makes it throw', () => {
    expect(describeTask(decodeTask(taskManifest(wanted)))).toBe(
      'CassandraTask data-clusters-restart-c0ffee00-r-1 (restart of rack R_1) waits for its turn',
    );
    expect(decodeTask({ metadata: 3, spec: { jobs: 'x' }, status: [] })).toMatchObject({ name: '', state: 'waiting' });
  });
});

describe('operators at rest', () => {
  const datacenter = (status: object, spec: object = {}) =>
    customOf('cassandra.datastax.com/v1beta1', 'CassandraDatacenter', 'dc1', { spec: { ...spec }, status: { observedGeneration: 1, ...status } });
  const ready = { cassandraOperatorProgress: 'Ready' };
  const isTrue = (type: string, status = 'True') => ({ ...ready, conditions: [{ type, status, message: '' }] });

  test.each<[string, object, string | undefined]>([
    ['is ready', ready, undefined],
    ['is not healthy by a keyspace that it imagines', isTrue('Healthy', 'False'), undefined],
    ['is not valid', isTrue('Valid', 'False'), 'off'],
    ['is stopped', isTrue('Stopped'), 'off'],
    ...['Updating', 'ScalingUp', 'ScalingDown', 'ReplacingNodes', 'RollingRestart', 'Resuming', 'Decommission', 'ResizingVolumes'].map(
      (type): [string, object, string] => [`has the condition ${type}`, isTrue(type), 'at work'],
    ),
    ['is behind', { ...ready, observedGeneration: 0 }, 'at work'],
    ['is in progress', { cassandraOperatorProgress: 'Updating' }, 'not ready'],
    ['does not call it ready', isTrue('Ready', 'False'), 'not ready'],
  ])('a CassandraDatacenter that %s', (_, status, kind) => {
    expect(datacenterUnrest(datacenter(status))?.kind).toBe(kind);
  });

  test('a datacenter that is told to be stopped', () => {
    expect(datacenterUnrest(datacenter(ready, { stopped: true }))?.kind).toBe('off');
  });

  const casskop = (status: object) => customOf('db.orange.com/v2', 'CassandraCluster', 'orders', { status: { phase: 'Running', ...status } });

  test.each<[string, object, object | undefined]>([
    ['runs', {}, undefined],
    ['is pending', { phase: 'Pending' }, { isStuck: false, text: 'orders is in phase Pending' }],
    ['acts', { lastClusterAction: 'ScaleUp', lastClusterActionStatus: 'Ongoing' }, { isStuck: false, text: 'CassKop is at ScaleUp of orders (Ongoing)' }],
    ['has failed', { lastClusterAction: 'ScaleUp', lastClusterActionStatus: 'Error' }, { isStuck: true, text: 'CassKop has failed at ScaleUp of orders' }],
    [
      'is at an operation of pods',
      { cassandraRackStatus: { 'dc1-r1': { podLastOperation: { name: 'cleanup', status: 'Ongoing' } } } },
      { isStuck: false, text: 'CassKop is at cleanup of rack dc1-r1 (Ongoing)' },
    ],
  ])('a CassandraCluster of CassKop that %s', (_, status, expected) => {
    expect(casskopUnrest(casskop(status))).toEqual(expected);
  });

  test('a rack of CassKop is asked for beside everything that stands there', () => {
    const dc = [
      { name: 'dc1', nodesPerRacks: 2, rack: [{ name: 'r1', labels: { zone: 'a' } }, { name: 'r2', rollingPartition: 1 }] },
      { name: 'dc2', rack: [{ name: 'r1' }] },
    ];
    const object = { spec: { topology: { dc } } };
    expect(datacentersAsking(object, { datacenter: 'dc1', rack: 'r1' }, true)).toEqual([
      { name: 'dc1', nodesPerRacks: 2, rack: [{ name: 'r1', labels: { zone: 'a' }, rollingRestart: true }, { name: 'r2', rollingPartition: 1 }] },
      { name: 'dc2', rack: [{ name: 'r1' }] },
    ]);
    expect(datacentersAsking(object, { datacenter: 'dc3', rack: 'r1' }, true)).toBeUndefined();
  });
});

describe('who runs a ring', () => {
  const labels = (name: string, rackName: string) =>
    ({
      labels: {
        'cassandra.datastax.com/cluster': 'shop',
        'cassandra.datastax.com/datacenter': 'dc1',
        'cassandra.datastax.com/rack': rackName,
      },
      name,
    }).labels;
  const racksOf = ['r1', 'r2'].map((name) =>
    setOf(`shop-dc1-${name}-sts`, { replicas: 2, meta: metaOf(`shop-dc1-${name}-sts`, { labels: labels(name, name) }), templateLabels: labels(name, name) }),
  );
  const datacenter = customOf('cassandra.datastax.com/v1beta1', 'CassandraDatacenter', 'dc1', {
    spec: { clusterName: 'shop', size: 4 },
    labels: { 'k8ssandra.io/cluster-name': 'all' },
  });
  const ring = clusterOf({ customs: [datacenter], workloads: racksOf, pods: racksOf.flatMap((set) => podsOf(set)) });

  test('its racks are its StatefulSets, and a K8ssandraCluster is above', () => {
    expect(ringOperatorOf(ring)).toMatchObject({
      title: 'cass-operator',
      above: 'all',
      resource: { kind: 'CassandraDatacenter', name: 'dc1' },
      racks: [
        { name: 'r1', workload: 'shop-dc1-r1-sts', pods: ['shop-dc1-r1-sts-0', 'shop-dc1-r1-sts-1'] },
        { name: 'r2', workload: 'shop-dc1-r2-sts', pods: ['shop-dc1-r2-sts-0', 'shop-dc1-r2-sts-1'] },
      ],
    });
    expect(ringOperatorOf({ ...ring, flavour: 'kubernetes' })).toBeUndefined();
  });

  const refusal = (data: typeof ring): string | undefined =>
    cassandraOperations.offers(data).find(({ operation }) => operation === 'restart')?.refusal;

  test('restarts are refused only where nobody could be asked, and then by the reason', () => {
    expect(refusal(ring)).toBeUndefined();
    expect(refusal({ ...ring, resource: undefined })).toContain('The CassandraDatacenter of dc1 may not be read');
    expect(refusal({ ...ring, flavour: 'vgkowski', workloads: ring.workloads.map((one) => ({ ...one, kind: 'Deployment' as const })) })).toContain('run by a Deployment');
    expect(refusal({ ...ring, flavour: 'instaclustr' })).toBeUndefined();
    const above = customOf('k8ssandra.io/v1alpha1', 'K8ssandraCluster', 'all', {
      spec: { cassandra: { datacenters: [{ metadata: { name: 'east' }, k8sContext: 'east-1' }, { metadata: { name: 'west' } }] } },
    });
    expect(refusal(clusterOf({ customs: [above] }))).toContain('not in sight here: east in the context east-1, west.');
  });
});
