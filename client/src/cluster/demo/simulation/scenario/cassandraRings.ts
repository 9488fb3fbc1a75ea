import { RingSimulation } from '../cassandra/ring.ts';
import { kindNamed } from '../kinds.ts';
import type { Simulation } from '../simulation.ts';
import { addServices, claim } from './parts.ts';

/**
 * Two rings: `profiles`, a datacenter of cass-operator in three racks, which is well and has one node that was never cleaned up, and `catalog`, a StatefulSet whose second node has
 * been drained for maintenance and forgotten. Its readiness probe asks the node itself, so it has stayed green.
 */
export function addCassandraRings(simulation: Simulation): void {
  addProfiles(simulation);
  addCatalog(simulation);
}

export const drainedMember = { cluster: 'shop/catalog', pod: 'shop/catalog-1' };

const systemKeyspaces = [
  { name: 'system_auth', replication: 3 },
  { name: 'system_distributed', replication: 3 },
  { name: 'system_traces', replication: 2 },
];

function addProfiles({ world, members }: Simulation): void {
  const namespace = 'profiles';
  const racks = ['r1', 'r2', 'r3'];
  members.rings.set(
    `${namespace}/profiles`,
    new RingSimulation(
      {
        clusterName: 'profiles',
        datacenter: 'dc1',
        version: '5.0.5',
        nodes: racks.flatMap((rack) =>
          [0, 1].map((ordinal) => {
            // Nobody has cleaned up since the second node of the first rack joined.
            const unowned = rack === 'r1' && ordinal === 0 ? 0.6 : 0;
            return { pod: `${namespace}/profiles-dc1-${rack}-sts-${ordinal}`, rack, unowned };
          }),
        ),
        keyspaces: [...systemKeyspaces, { name: 'profiles', replication: 3 }],
        loadBytes: 84 * 1024 ** 3,
      },
      world.random,
    ),
  );
  world.writes.create(
    { kind: kindNamed('CassandraDatacenter'), namespace, manager: 'kubectl-client-side-apply', isDryRun: false },
    {
      apiVersion: 'cassandra.datastax.com/v1beta1',
      kind: 'CassandraDatacenter',
      metadata: { namespace, name: 'dc1' },
      spec: {
        clusterName: 'profiles',
        serverType: 'cassandra',
        serverVersion: '5.0.5',
        size: 6,
        racks: racks.map((name) => ({ name })),
        storageConfig: {
          cassandraDataVolumeClaimSpec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '200Gi' } },
          },
        },
        resources: { requests: { cpu: '2', memory: '8Gi' }, limits: { memory: '8Gi' } },
        config: { 'cassandra-yaml': { num_tokens: 16 } },
      },
    },
  );
  const labels = { 'cassandra.datastax.com/cluster': 'profiles', 'cassandra.datastax.com/datacenter': 'dc1' };
  world.add({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace, name: 'dc1-pdb', labels },
    spec: { minAvailable: 5, selector: { matchLabels: labels } },
  });
  world.add({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name: 'profiles-dc1-service', labels },
    spec: { clusterIP: 'None', selector: labels, ports: [{ name: 'native', port: 9042 }] },
  });
}

function addCatalog({ world, members }: Simulation): void {
  const namespace = 'shop';
  const name = 'catalog';
  const labels = { app: name };
  members.rings.set(
    `${namespace}/${name}`,
    new RingSimulation(
      {
        clusterName: 'catalog',
        datacenter: 'dc1',
        version: '5.0.5',
        nodes: [0, 1, 2].map((ordinal) => ({ pod: `${namespace}/${name}-${ordinal}`, rack: 'rack1' })),
        keyspaces: [...systemKeyspaces, { name: 'catalog', replication: 3 }],
        loadBytes: 12 * 1024 ** 3,
      },
      world.random,
    ),
  );
  addServices(world, namespace, name, labels, [
    { name: 'cql', port: 9042 },
    { name: 'intra-node', port: 7000 },
  ]);
  world.writes.create(
    { kind: kindNamed('StatefulSet'), namespace, manager: 'kubectl-client-side-apply', isDryRun: false },
    catalogSet(namespace, name, labels),
  );
}

function catalogSet(namespace: string, name: string, labels: Readonly<Record<string, string>>): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace, name, labels },
    spec: {
      replicas: 3,
      serviceName: name,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 180,
          containers: [
            {
              name: 'cassandra',
              image: 'cassandra:5.0.5',
              env: [
                { name: 'CASSANDRA_CLUSTER_NAME', value: 'catalog' },
                { name: 'CASSANDRA_SEEDS', value: `${name}-0.${name}` },
                { name: 'MAX_HEAP_SIZE', value: '2G' },
              ],
              ports: [
                { name: 'intra-node', containerPort: 7000 },
                { name: 'jmx', containerPort: 7199 },
                { name: 'cql', containerPort: 9042 },
              ],
              readinessProbe: {
                exec: { command: ['/bin/bash', '-c', 'nodetool status | grep -E "^UN\\s+${POD_IP}"'] },
                initialDelaySeconds: 15,
                periodSeconds: 10,
              },
              lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'nodetool drain'] } } },
              resources: { requests: { cpu: '1', memory: '4Gi' }, limits: { memory: '4Gi' } },
              volumeMounts: [{ name: 'data', mountPath: '/var/lib/cassandra' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [claim('data', '100Gi')],
    },
  };
}
