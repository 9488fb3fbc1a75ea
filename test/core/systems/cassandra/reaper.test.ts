import { describe, expect, it } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { reapersOf } from '#core/systems/cassandra/operations/tending/reaper.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { customOf } from './objects.ts';

const namespace = 'data';

function clusterWith(): FakeCluster {
  const cluster = new FakeCluster();
  cluster.serve(
    apiResource('reaper.k8ssandra.io', 'v1alpha1', 'Reaper'),
    apiResource('k8ssandra.io', 'v1alpha1', 'K8ssandraCluster'),
  );
  return cluster;
}

const reaper = (name: string, datacenter: string) => ({
  apiVersion: 'reaper.k8ssandra.io/v1alpha1',
  kind: 'Reaper',
  metadata: { namespace, name },
  spec: { datacenterRef: { name: datacenter } },
});

const pod = (name: string, image: string, labels: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels },
  spec: { containers: [{ name: 'reaper', image }] },
});

const ring = (labels: Readonly<Record<string, string>> = {}): DataCluster => {
  const resource: LiveCustom = customOf('cassandra.datastax.com/v1beta1', 'CassandraDatacenter', 'dc1', { labels });
  return {
    key: 'cassandra/data/dc1',
    system: 'cassandra',
    flavour: 'cass-operator',
    namespace,
    name: 'dc1',
    resource,
    owner: undefined,
    members: [],
    wanted: 3,
    version: '',
    workloads: [],
    services: [],
    claims: [],
    budgets: [],
    customs: [],
    configMaps: [],
    secrets: [],
  };
};

describe('who repairs a ring on a schedule', () => {
  it('a Reaper of its datacenter, and pods that run one', async () => {
    const cluster = clusterWith();
    cluster.put(reaper('dc1-reaper', 'dc1'), pod('mine', 'docker.io/thelastpickle/cassandra-reaper:3.6.1'));
    cluster.put(pod('other', 'cassandra:5.0.5'));
    expect(await reapersOf(ring(), cluster)).toEqual(['Reaper dc1-reaper is there', 'pod mine is there']);
  });

  it('not the one of another datacenter, nor its pods', async () => {
    const cluster = clusterWith();
    const labels = { 'k8ssandra.io/reaper': 'dc2-reaper' };
    cluster.put(reaper('dc2-reaper', 'dc2'), pod('dc2-reaper-0', 'thelastpickle/cassandra-reaper:3.6.1', labels));
    expect(await reapersOf(ring(), cluster)).toEqual([]);
  });

  it('the one that the K8ssandraCluster asks for, wherever it runs', async () => {
    const cluster = clusterWith();
    const labels = { 'k8ssandra.io/cluster-name': 'demo', 'k8ssandra.io/cluster-namespace': namespace };
    expect(await reapersOf(ring(labels), cluster)).toEqual([]);
    const umbrella = {
      apiVersion: 'k8ssandra.io/v1alpha1',
      kind: 'K8ssandraCluster',
      metadata: { namespace, name: 'demo' },
    };
    cluster.put({ ...umbrella, spec: { reaper: { deploymentMode: 'SINGLE' } } });
    expect(await reapersOf(ring(labels), cluster)).toEqual([
      'K8ssandraCluster demo has a Reaper (spec.reaper), which may run in another namespace',
    ]);
  });

  it('nobody that may be seen, where nothing may be listed', async () => {
    const cluster = clusterWith();
    cluster.put(reaper('dc1-reaper', 'dc1'));
    cluster.isForbidden = () => true;
    expect(await reapersOf(ring(), cluster)).toEqual([]);
  });
});
