import { describe, expect, test } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { customOf, metaOf, podsOf, setOf } from '#test/core/systems/cassandra/objects.ts';
import { clusterOf, told } from '#test/core/systems/cassandra/told.ts';

describe('what operators say', () => {
  const condition = (type: string, status: string, message = ''): object => ({ type, status, message });
  const datacenter = (status: object, more: object = {}): LiveCustom =>
    customOf('cassandra.datastax.com/v1beta1', 'CassandraDatacenter', 'dc1', {
      spec: { clusterName: 'shop', size: 1 },
      status: { ...status },
      ...more,
    });
  const set = setOf('shop-dc1-r1-sts', {
    replicas: 1,
    meta: metaOf('shop-dc1-r1-sts', { labels: { 'cassandra.datastax.com/datacenter': 'dc1' } }),
  });
  const under = (custom: LiveCustom, ...others: LiveCustom[]): DataCluster =>
    clusterOf({ customs: [custom, ...others], workloads: [set], pods: podsOf(set) });
  const ready = { cassandraOperatorProgress: 'Ready', conditions: [condition('Ready', 'True')] };
  const good = 'healthy: 1 of 1 node ready; ring not asked';
  const working = (what: string): string => `working: 1 of 1 node ready; cass-operator ${what}; ring not asked`;

  test.each<[string, object, string]>([
    ['ready', ready, good],
    ['nothing yet', {}, 'unknown: 1 of 1 node ready; cass-operator has not said anything about it yet; ring not asked'],
    ['updating', { cassandraOperatorProgress: 'Updating' }, working('is at work (Updating)')],
    ['scaling up', { conditions: [condition('ScalingUp', 'True')] }, working('is adding nodes')],
    [
      'replacing a node',
      { nodeReplacements: ['shop-dc1-r1-sts-0'], conditions: [condition('ReplacingNodes', 'True')] },
      working('is replacing shop-dc1-r1-sts-0'),
    ],
    [
      'a resource that is not valid',
      { conditions: [condition('Valid', 'False', 'size must be at least the number of racks.')] },
      'unhealthy: 1 of 1 node ready; cass-operator refuses the resource: size must be at least the number of racks; ring not asked',
    ],
    [
      'a change that waits',
      { conditions: [condition('RequiresUpdate', 'True')] },
      'warning: 1 of 1 node ready; cass-operator holds a change of the pods back until it is allowed to apply it; ring not asked',
    ],
    [
      'starts that failed',
      { failedStarts: ['shop-dc1-r1-sts-0'] },
      'unhealthy: 1 of 1 node ready; cass-operator could not start shop-dc1-r1-sts-0; ring not asked',
    ],
    [
      'a datacenter that is not ready',
      { conditions: [condition('Ready', 'False', 'waiting')] },
      'warning: 1 of 1 node ready; cass-operator does not call the datacenter ready: waiting; ring not asked',
    ],
  ])('cass-operator: %s', (_, status, expected) => {
    expect(told(under(datacenter(status)))).toBe(expected);
  });

  test('cass-operator has not looked at the latest change', () => {
    const custom = datacenter({ ...ready, observedGeneration: 3 }, { generation: 4 });
    expect(told(under(custom))).toBe(working('has not acted on the latest change yet'));
  });

  test('a stopped datacenter is done', () => {
    const custom = datacenter(
      { conditions: [condition('Stopped', 'True')] },
      { spec: { clusterName: 'shop', size: 3, stopped: true } },
    );
    expect(told(clusterOf({ customs: [custom] }))).toBe(
      'done: stopped, no nodes are wanted; cass-operator has stopped the datacenter',
    );
  });

  test('a K8ssandraCluster above has an error', () => {
    const custom = datacenter(ready, { labels: { 'k8ssandra.io/cluster-name': 'all' } });
    const above = customOf('k8ssandra.io/v1alpha1', 'K8ssandraCluster', 'all', {
      status: { error: 'no such context' },
    });
    expect(told(under(custom, above))).toBe(
      'unhealthy: 1 of 1 node ready; K8ssandraCluster all has an error: no such context; ring not asked',
    );
    const quiet = { ...above, status: { error: 'None' } };
    expect(told(under(custom, quiet))).toBe(good);
  });

  test.each<[string, object, string]>([
    [
      'runs',
      {
        active: 1,
        conditions: [condition('Running', 'True')],
        podStatuses: { a: { status: 'COMPLETED' }, b: { status: 'RUNNING' } },
      },
      'working: 1 of 1 node ready; task clean runs (cleanup): 1 of 2 nodes done; ring not asked'.replace(
        'clean (cleanup) runs',
        'clean runs',
      ),
    ],
    [
      'has failed though it is complete',
      {
        failed: 1,
        conditions: [condition('Complete', 'True')],
        completionTime: '2026-11-24T11:50:00Z',
        podStatuses: { a: { status: 'ERROR', error: 'no space left' } },
      },
      'warning: 1 of 1 node ready; task clean has failed on 1 node (cleanup): no space left; ring not asked',
    ],
    ['failed long ago', { failed: 1, completionTime: '2026-11-20T00:00:00Z' }, good],
    ['is over', { succeeded: 1, conditions: [condition('Complete', 'True')] }, good],
  ])('a task that %s', (_, status, expected) => {
    const spec = { datacenter: { name: 'dc1' }, jobs: [{ name: 'clean', command: 'cleanup' }] };
    const task = customOf('control.k8ssandra.io/v1alpha1', 'CassandraTask', 'clean', { spec, status: { ...status } });
    expect(told(under(datacenter(ready), task))).toBe(expected);
  });

  test.each<[string, object, string]>([
    [
      'making the ring',
      { phase: 'Initializing' },
      'working: 1 of 1 node ready; CassKop is making the ring; ring not asked',
    ],
    [
      'pods that do not start',
      { phase: 'Pending' },
      'warning: 1 of 1 node ready; CassKop waits for pods that do not start (phase Pending); ring not asked',
    ],
    [
      'an action',
      { phase: 'Running', lastClusterAction: 'ScaleUp', lastClusterActionStatus: 'Ongoing' },
      'working: 1 of 1 node ready; CassKop is at work: ScaleUp (Ongoing); ring not asked',
    ],
    [
      'pods on which an operation failed',
      {
        phase: 'Running',
        cassandraRackStatus: {
          'dc1-r1': { podLastOperation: { name: 'cleanup', status: 'Done', podsKO: ['orders-0'] } },
        },
      },
      'warning: 1 of 1 node ready; CassKop could not finish cleanup on orders-0; ring not asked',
    ],
    ['nothing of note', { phase: 'Running', lastClusterAction: 'Initializing', lastClusterActionStatus: 'Done' }, good],
  ])('CassKop: %s', (_, status, expected) => {
    const custom = customOf('db.orange.com/v2', 'CassandraCluster', 'orders', {
      spec: { nodesPerRacks: 1 },
      status: { ...status },
    });
    const labels = { app: 'cassandracluster', cassandracluster: 'orders' };
    const own = setOf('orders', { replicas: 1, meta: metaOf('orders', { labels }) });
    expect(told(clusterOf({ customs: [custom], workloads: [own], pods: podsOf(own) }))).toBe(expected);
  });
});
