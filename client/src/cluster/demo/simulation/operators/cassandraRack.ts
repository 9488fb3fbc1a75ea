import { recordOf, textOr, shapedAs, type KubeObject, type PodTemplate, type Resources } from '../objects.ts';

interface RackSet {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly template: PodTemplate; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** The StatefulSet of one rack of a CassandraDatacenter. */
export function rackSet(datacenter: KubeObject, rack: string, size: number): RackSet {
  const spec = recordOf(datacenter['spec']);
  const cluster = textOr(spec['clusterName'], datacenter.metadata.name);
  const { namespace = '', name: dc } = datacenter.metadata;
  const labels = {
    'app.kubernetes.io/managed-by': 'cass-operator',
    'app.kubernetes.io/name': 'cassandra',
    'app.kubernetes.io/instance': `cassandra-${cluster}`,
    'cassandra.datastax.com/cluster': cluster,
    'cassandra.datastax.com/datacenter': dc,
    'cassandra.datastax.com/rack': rack,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace, name: `${cluster}-${dc}-${rack}-sts`, labels },
    spec: {
      replicas: size,
      serviceName: `${cluster}-${dc}-all-pods-service`,
      podManagementPolicy: 'Parallel',
      revisionHistoryLimit: 10,
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      minReadySeconds: 5,
      template: {
        metadata: { labels: { ...labels, 'cassandra.datastax.com/node-state': 'Started' } },
        spec: podSpec(spec),
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'server-data' },
          spec: recordOf(recordOf(spec['storageConfig'])['cassandraDataVolumeClaimSpec']),
        },
      ],
    },
  };
}

function podSpec(spec: Readonly<Record<string, unknown>>): PodTemplate['spec'] {
  const version = textOr(spec['serverVersion'], '5.0.5');
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 120,
    containers: [
      {
        name: 'cassandra',
        image: `k8ssandra/cass-management-api:${version}-ubi`,
        ports: [
          { name: 'native', containerPort: 9042 },
          { name: 'internode', containerPort: 7000 },
          { name: 'mgmt-api-http', containerPort: 8080 },
          { name: 'jmx', containerPort: 7199 },
        ],
        readinessProbe: { httpGet: { path: '/api/v0/probes/readiness', port: 8080 }, periodSeconds: 10 },
        lifecycle: {
          preStop: { exec: { command: ['curl', '-X', 'POST', 'http://localhost:8080/api/v0/ops/node/drain'] } },
        },
        ...(spec['resources'] !== undefined && { resources: shapedAs<Resources>(spec['resources']) }),
        volumeMounts: [{ name: 'server-data', mountPath: '/var/lib/cassandra' }],
      },
      { name: 'server-system-logger', image: 'k8ssandra/system-logger:v1.32.0' },
    ],
  };
}
