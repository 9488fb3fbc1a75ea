import type { CassandraKeyspace, CassandraPace } from '#client/cluster/demo/simulation/cassandra/ring.ts';
import { claim } from '#client/cluster/demo/simulation/scenario/parts.ts';

export const namespace = 'shop';
export const ringName = 'catalog';

export interface RingWanted {
  readonly size: number;
  /** Nodes take turns. */
  readonly racks: number;
  readonly keyspaces?: readonly CassandraKeyspace[];
  readonly pace?: Partial<CassandraPace>;
  readonly seed?: number;
  /** `tcp` asks for CQL, `status` the node itself, which goes on calling itself up after a drain. */
  readonly probe?: 'tcp' | 'status';
  readonly preStop?: string;
  /** Ports of pods may not be forwarded, or lead nowhere because nodes listen at the address of their pod only. */
  readonly tunnel?: 'forbidden' | 'leads nowhere';
}

/** The StatefulSet of a simulated ring. */
export function statefulSet(
  { size, probe = 'tcp', preStop = '' }: RingWanted,
  labels: Readonly<Record<string, string>>,
): unknown {
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
    metadata: { namespace, name: ringName, labels },
    spec: {
      replicas: size,
      serviceName: ringName,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 180, containers: [container] } },
      volumeClaimTemplates: [claim('data', '100Gi')],
    },
  };
}
