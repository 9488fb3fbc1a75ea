import type { NewObject } from '#client/cluster/demo/simulation/objects.ts';
import { claim } from '#client/cluster/demo/simulation/scenario/parts.ts';

const namespace = 'shop';
const ringName = 'catalog';

export interface SetsWanted {
  readonly size: number;
  readonly racks: number;
  readonly probe?: 'tcp' | 'status';
  readonly preStop?: string;
}

/** How the StatefulSets of a ring are laid out, by whoever runs it. Nodes take turns with the racks. */
export interface RingSets {
  /** Of the pods, so that a service and a budget find them. */
  readonly labels: Readonly<Record<string, string>>;
  podOf(this: void, ordinal: number, wanted: SetsWanted): string;
  objects(this: void, wanted: SetsWanted): readonly NewObject[];
}

/** One StatefulSet of nobody's. */
export const plainSets: RingSets = {
  labels: { app: ringName },
  podOf: (ordinal) => `${ringName}-${ordinal}`,
  objects: (wanted) => [statefulSet(wanted, ringName, wanted.size, { app: ringName })],
};

/** A CassandraDatacenter, of which the simulated operator makes a StatefulSet for each rack. */
export const cassOperatorSets: RingSets = {
  labels: { 'cassandra.datastax.com/cluster': ringName, 'cassandra.datastax.com/datacenter': 'dc1' },
  podOf: (ordinal, { racks }) => `${ringName}-dc1-r${(ordinal % racks) + 1}-sts-${Math.floor(ordinal / racks)}`,
  objects: ({ size, racks }) => [
    {
      apiVersion: 'cassandra.datastax.com/v1beta1',
      kind: 'CassandraDatacenter',
      metadata: { namespace, name: 'dc1' },
      spec: {
        clusterName: ringName,
        serverType: 'cassandra',
        serverVersion: '5.0.5',
        size,
        racks: Array.from({ length: racks }, (_, index) => ({ name: `r${index + 1}` })),
        storageConfig: { cassandraDataVolumeClaimSpec: { accessModes: ['ReadWriteOnce'] } },
      },
    },
  ],
};

/** A StatefulSet for each rack, with labels that tell of an operator. */
export function rackSets(
  labels: Readonly<Record<string, string>>,
  nameOf: (rack: string) => string,
  rackLabels: (rack: string) => Readonly<Record<string, string>>,
): RingSets {
  return {
    labels,
    podOf: (ordinal, { racks }) => `${nameOf(`r${(ordinal % racks) + 1}`)}-${Math.floor(ordinal / racks)}`,
    objects: (wanted) =>
      Array.from({ length: wanted.racks }, (_, index) => {
        const rack = `r${index + 1}`;
        const size = Math.floor(wanted.size / wanted.racks) + (index < wanted.size % wanted.racks ? 1 : 0);
        return statefulSet(wanted, nameOf(rack), size, { ...labels, ...rackLabels(rack) });
      }),
  };
}

function statefulSet(
  { probe = 'tcp', preStop = '' }: SetsWanted,
  name: string,
  replicas: number,
  labels: Readonly<Record<string, string>>,
): NewObject {
  const status = { exec: { command: ['/bin/bash', '-c', 'nodetool status | grep -E "^UN\\s+${POD_IP}"'] } };
  const container = {
    name: 'cassandra',
    image: 'cassandra:5.0.5',
    env: [
      { name: 'CASSANDRA_CLUSTER_NAME', value: ringName },
      { name: 'CASSANDRA_SEEDS', value: `${ringName}-0.${ringName}` },
    ],
    ports: [
      { name: 'intra-node', containerPort: 7000 },
      { name: 'cql', containerPort: 9042 },
    ],
    readinessProbe: probe === 'status' ? status : { tcpSocket: { port: 9042 } },
    ...(preStop === '' ? {} : { lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', preStop] } } } }),
    resources: { requests: { memory: '2Gi' }, limits: { memory: '2Gi' } },
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/cassandra' }],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace, name, labels },
    spec: {
      replicas,
      serviceName: ringName,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 180, containers: [container] } },
      volumeClaimTemplates: [claim('data', '100Gi')],
    },
  };
}
