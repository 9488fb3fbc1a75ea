import { describe, expect, test } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { versionOfImage } from '#core/systems/cassandra/live/layouts.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import {
  budgetOf,
  claimOf,
  containerOf,
  customOf,
  metaOf,
  namespaceOf,
  ownedBy,
  podOf,
  podsOf,
  serviceOf,
  setOf,
} from '#test/core/systems/cassandra/objects.ts';

const gather = (objects: Partial<NamespaceObjects>): readonly DataCluster[] =>
  cassandraLive.gather(namespaceOf(objects));

function only(objects: Partial<NamespaceObjects>): DataCluster {
  const [cluster, ...others] = gather(objects);
  if (!cluster || others.length > 0) throw new Error(`${others.length + (cluster ? 1 : 0)} clusters instead of one.`);
  return cluster;
}

const sketch = ({ key, flavour, version, wanted, members }: DataCluster): string =>
  `${key} ${flavour} ${version || '-'} ${wanted ?? '?'}: ${members
    .map(({ name, rack, pod }) => `${name}${rack === '' ? '' : `@${rack}`}${pod ? '' : ' missing'}`)
    .join(', ')}`;

/** Three racks of cass-operator, one pod each, as it labels them. */
const dcLabels = (rack: string): Record<string, string> => ({
  'app.kubernetes.io/managed-by': 'cass-operator',
  'cassandra.datastax.com/cluster': 'shop',
  'cassandra.datastax.com/datacenter': 'dc1',
  'cassandra.datastax.com/rack': rack,
});
const managementApi = [
  containerOf('k8ssandra/cass-management-api:5.0.5-ubi8', { ports: [{ name: 'native', port: 9042 }] }),
  containerOf('k8ssandra/system-logger:v1.32.0', { name: 'server-system-logger', ports: [], mounts: [] }),
];
const rackSets = ['r1', 'r2', 'r3'].map((rack) =>
  setOf(`shop-dc1-${rack}-sts`, {
    meta: metaOf(`shop-dc1-${rack}-sts`, {
      labels: dcLabels(rack),
      owners: [ownedBy('CassandraDatacenter', 'dc1', 'cassandra.datastax.com/v1beta1')],
    }),
    replicas: 1,
    containers: managementApi,
    templateLabels: dcLabels(rack),
    claimTemplates: ['server-data'],
    podManagementPolicy: 'Parallel',
  }),
);
const datacenter = customOf('cassandra.datastax.com/v1beta1', 'CassandraDatacenter', 'dc1', {
  spec: { clusterName: 'shop', serverVersion: '5.0.5', size: 3 },
});
const labelled = (name: string, labels: Record<string, string>, more: Partial<LiveWorkload> = {}): LiveWorkload =>
  setOf(name, { meta: metaOf(name, { labels }), templateLabels: labels, ...more });

describe('a ring is found', () => {
  const plain = setOf('cassandra', { templateLabels: { app: 'cassandra' } });
  const casskopSets = ['dc1-rack1', 'dc1-rack2', 'dc2-rack1'].map((place) => {
    const [dc = '', rack = ''] = place.split('-');
    return labelled(
      `orders-${place}`,
      {
        app: 'cassandracluster',
        cassandracluster: 'orders',
        'dc-rack': place,
        'cassandraclusters.db.orange.com.dc': dc,
        'cassandraclusters.db.orange.com.rack': rack,
      },
      { replicas: 1, containers: [containerOf('cassandra:4.0.17')] },
    );
  });
  const skySet = labelled(
    'ring-a',
    { 'cassandra-operator/rack': 'a', 'app.kubernetes.io/instance': 'data.ring' },
    { replicas: 1, containers: [containerOf('cassandra:3.11.9')] },
  );
  const instaclustrSet = labelled(
    'cassandra-shop-dc1-rack1',
    {
      'cassandra-operator.instaclustr.com/cluster': 'shop',
      'cassandra-operator.instaclustr.com/datacenter': 'dc1',
      'cassandra-operator.instaclustr.com/rack': 'rack1',
    },
    { replicas: 2, containers: [containerOf('gcr.io/cassandra-operator/cassandra-3.11.9:latest')] },
  );
  const vgkowskiSet = labelled(
    'cassandra-mine',
    { cassandraCluster: 'mine', role: 'cassandraCluster' },
    { replicas: 1, containers: [containerOf('cassandra:3.11', { variables: { CASSANDRA_RACK: '512M' } })] },
  );
  const aslanSet = setOf('small', {
    meta: metaOf('small', { owners: [ownedBy('CassandraCluster', 'small', 'cassandra.database.com/v1alpha1')] }),
    templateLabels: { app: 'cassandra', role: 'cassandraCluster' },
    replicas: 1,
    containers: [containerOf('aslanbekirov/cassandra-v3:v2', { variables: { CASSANDRA_SEEDS: 'small-0' } })],
  });

  test.each<[string, Partial<NamespaceObjects>, string]>([
    [
      'a StatefulSet of the official image, one pod missing',
      { workloads: [plain], pods: [podOf(plain, 0), podOf(plain, 2)] },
      'cassandra/data/cassandra kubernetes 5.0.5 3: cassandra-0, cassandra-1 missing, cassandra-2',
    ],
    [
      'the StatefulSet of the tutorial, whose tag is no version',
      {
        workloads: [
          setOf('cassandra', {
            replicas: 1,
            containers: [
              containerOf('gcr.io/google-samples/cassandra:v13', {
                variables: { CASSANDRA_RACK: 'Rack1-chicago', CASSANDRA_SEEDS: 'cassandra-0.cassandra' },
                mounts: [{ volume: 'cassandra-data', path: '/cassandra_data' }],
              }),
            ],
          }),
        ],
      },
      'cassandra/data/cassandra kubernetes - 1: cassandra-0@Rack1-chicago missing',
    ],
    [
      'the chart of Bitnami',
      {
        workloads: [
          setOf('store-cassandra', {
            meta: metaOf('store-cassandra', { annotations: { 'meta.helm.sh/release-name': 'store' } }),
            replicas: 2,
            containers: [
              containerOf('docker.io/bitnami/cassandra:4.1.3-debian-11-r75', {
                mounts: [{ volume: 'data', path: '/bitnami/cassandra' }],
              }),
            ],
          }),
        ],
      },
      'cassandra/data/store-cassandra kubernetes 4.1.3 2: store-cassandra-0 missing, store-cassandra-1 missing',
    ],
    [
      'a datacenter of cass-operator, its racks together',
      { customs: [datacenter], workloads: rackSets, pods: rackSets.flatMap((set) => podsOf(set)) },
      'cassandra/data/dc1 cass-operator 5.0.5 3: shop-dc1-r1-sts-0@r1, shop-dc1-r2-sts-0@r2, shop-dc1-r3-sts-0@r3',
    ],
    [
      'a datacenter without its StatefulSets yet',
      { customs: [datacenter] },
      'cassandra/data/dc1 cass-operator 5.0.5 3: ',
    ],
    [
      'pods of a datacenter whose StatefulSets and resource may not be read',
      { pods: rackSets.flatMap((set) => podsOf(set)), hidden: new Set(['statefulsets']) },
      'cassandra/data/dc1 cass-operator 5.0.5 ?: shop-dc1-r1-sts-0@r1, shop-dc1-r2-sts-0@r2, shop-dc1-r3-sts-0@r3',
    ],
    [
      'a ring of CassKop in two datacenters',
      {
        customs: [
          customOf('db.orange.com/v2', 'CassandraCluster', 'orders', {
            spec: {
              serverVersion: '4.0.17',
              nodesPerRacks: 1,
              topology: {
                dc: [
                  { name: 'dc1', rack: [{ name: 'rack1' }, { name: 'rack2' }] },
                  { name: 'dc2', rack: [{ name: 'rack1' }] },
                ],
              },
            },
          }),
        ],
        workloads: casskopSets,
        pods: casskopSets.flatMap((set) => podsOf(set)),
      },
      'cassandra/data/orders casskop 4.0.17 3: orders-dc1-rack1-0@rack1, orders-dc1-rack2-0@rack2, orders-dc2-rack1-0@rack1',
    ],
    [
      'a datacenter of instaclustr, by its labels',
      {
        customs: [
          customOf('cassandraoperator.instaclustr.com/v1alpha1', 'CassandraDataCenter', 'shop-dc1', {
            spec: {
              cluster: 'shop',
              datacenter: 'dc1',
              nodes: 2,
              cassandraImage: 'gcr.io/cassandra-operator/cassandra-3.11.9:latest',
            },
          }),
        ],
        workloads: [instaclustrSet],
      },
      'cassandra/data/shop-dc1 instaclustr 3.11.9 2: cassandra-shop-dc1-rack1-0@rack1 missing, cassandra-shop-dc1-rack1-1@rack1 missing',
    ],
    [
      'a ring of sky',
      {
        customs: [
          customOf('core.sky.uk/v1alpha1', 'Cassandra', 'ring', {
            spec: { racks: [{ name: 'a', replicas: 1 }], pod: { image: 'cassandra:3.11.9' } },
          }),
        ],
        workloads: [skySet],
        pods: podsOf(skySet),
      },
      'cassandra/data/ring sky 3.11.9 1: ring-a-0@a',
    ],
    [
      'a ring of vgkowski, whose rack variable is the heap size',
      {
        customs: [
          customOf('cassandra/v1', 'CassandraCluster', 'mine', { spec: { nbNodes: 1, baseImage: 'cassandra:3.11' } }),
        ],
        workloads: [vgkowskiSet],
        pods: podsOf(vgkowskiSet),
      },
      'cassandra/data/mine vgkowski 3.11 1: cassandra-mine-0',
    ],
    [
      'a ring of aslanbakirov, by its owner',
      {
        customs: [customOf('cassandra.database.com/v1alpha1', 'CassandraCluster', 'small', { spec: { size: 1 } })],
        workloads: [aslanSet],
        pods: podsOf(aslanSet),
      },
      'cassandra/data/small aslanbakirov - 1: small-0',
    ],
    [
      'a lone pod',
      { pods: [{ ...podOf(plain, 0), meta: metaOf('try') }] },
      'cassandra/data/try kubernetes 5.0.5 1: try',
    ],
  ])('%s', (_, objects, expected) => {
    expect(sketch(only(objects))).toBe(expected);
  });

  test.each<[string, LiveWorkload]>([
    [
      'a reaper',
      setOf('reaper', {
        kind: 'Deployment',
        containers: [
          containerOf('thelastpickle/cassandra-reaper:3.6.1', { ports: [{ name: 'app', port: 8080 }], mounts: [] }),
        ],
      }),
    ],
    [
      'a client with its tools',
      setOf('shell', { containers: [containerOf('cassandra:5.0.5', { command: 'sleep infinity' })] }),
    ],
    ['Scylla', setOf('scylla', { containers: [containerOf('scylladb/scylla:6.2', { name: 'scylla' })] })],
  ])('and not in %s', (_, workload) => {
    expect(gather({ workloads: [workload] })).toEqual([]);
  });

  test('once for several StatefulSets with the same cluster name and seeds, and apart otherwise', () => {
    const told = (name: string, cluster: string): LiveWorkload =>
      setOf(name, {
        replicas: 1,
        containers: [
          containerOf('cassandra:5.0', { variables: { CASSANDRA_CLUSTER_NAME: cluster, CASSANDRA_SEEDS: 'a-0.a' } }),
        ],
      });
    const rings = gather({ workloads: [told('a', 'one'), told('b', 'one'), told('c', 'two')] });
    expect(rings.map(({ name, members }) => [name, members.map((member) => member.name)])).toEqual([
      ['a', ['a-0', 'b-0']],
      ['c', ['c-0']],
    ]);
  });

  test('with keys of their own where names meet', () => {
    const keys = gather({ customs: [datacenter], workloads: [setOf('dc1')] }).map(({ key }) => key);
    expect(keys).toEqual(['cassandra/data/dc1', 'cassandra/data/dc1 (kubernetes)']);
  });

  test('with numbers from where the StatefulSet begins', () => {
    const { members } = only({ workloads: [setOf('cassandra', { firstOrdinal: 5, replicas: 2 })] });
    expect(members.map(({ name, index }) => [name, index])).toEqual([
      ['cassandra-5', 5],
      ['cassandra-6', 6],
    ]);
  });

  test('with the pods of a scale down that are still there', () => {
    const set = setOf('cassandra', { replicas: 1 });
    const { members, wanted } = only({ workloads: [set], pods: [podOf(set, 0), podOf(set, 1)] });
    expect([members.length, wanted]).toEqual([2, 1]);
  });
});

describe('what stands above', () => {
  const managed = { ...datacenter, meta: { ...datacenter.meta, labels: { 'k8ssandra.io/cluster-name': 'all' } } };
  const above = customOf('k8ssandra.io/v1alpha1', 'K8ssandraCluster', 'all');

  test('is the K8ssandraCluster by its label, here or elsewhere', () => {
    expect(only({ customs: [managed, above] }).owner).toMatchObject({ kind: 'K8ssandraCluster', uid: above.meta.uid });
    expect(only({ customs: [managed] }).owner).toMatchObject({ kind: 'K8ssandraCluster', name: 'all', uid: '' });
  });

  test('is a ring by itself while none of its datacenters is here', () => {
    expect(sketch(only({ customs: [above] }))).toBe('cassandra/data/all k8ssandra-operator - ?: ');
  });

  test('is a release of Helm', () => {
    const annotations = { 'meta.helm.sh/release-name': 'store' };
    expect(only({ workloads: [setOf('c', { meta: metaOf('c', { annotations }) })] }).owner).toEqual({
      helmRelease: 'store',
    });
    const custom = { ...datacenter, meta: { ...datacenter.meta, annotations } };
    expect(only({ customs: [custom] }).owner).toEqual({ helmRelease: 'store' });
  });

  test('is nobody', () => expect(only({ workloads: [setOf('c')] }).owner).toBeUndefined());
});

describe('what belongs to a ring', () => {
  test('is named by its selectors, claims and pods', () => {
    const set = setOf('cassandra', {
      templateLabels: { app: 'cassandra' },
      replicas: 2,
      volumes: [{ name: 'conf', source: 'configMap', target: 'settings' }],
    });
    const pod = podOf(set, 0, {
      references: [{ kind: 'Secret', name: 'login' }],
      volumes: [
        { name: 'data', source: 'claim', target: 'data-cassandra-0' },
        { name: 'tls', source: 'secret', target: 'keys' },
        { name: 'ca', source: 'configMap', target: 'kube-root-ca.crt' },
      ],
    });
    const cluster = only({
      workloads: [set],
      pods: [pod],
      services: [
        serviceOf('cassandra', { role: 'nothing' }),
        serviceOf('clients', { app: 'cassandra' }),
        serviceOf('other', { app: 'other' }),
        serviceOf('empty', {}),
      ],
      budgets: [budgetOf('cassandra', { app: 'cassandra' }), budgetOf('other', { app: 'other' })],
      claims: ['data-cassandra-0', 'data-cassandra-7', 'data-cassandra-x', 'data-other-0'].map((name) => claimOf(name)),
    });
    const names = (objects: readonly { readonly meta: { readonly name: string } }[]): string[] =>
      objects.map(({ meta }) => meta.name);
    expect(names(cluster.services)).toEqual(['cassandra', 'clients']);
    expect(names(cluster.budgets)).toEqual(['cassandra']);
    expect(names(cluster.claims)).toEqual(['data-cassandra-0', 'data-cassandra-7']);
    expect([cluster.configMaps, cluster.secrets]).toEqual([['settings'], ['keys', 'login']]);
  });

  test('are the tasks, backups and schedules for it, and no others', () => {
    const task = (name: string, dc: string) =>
      customOf('control.k8ssandra.io/v1alpha1', 'CassandraTask', name, { spec: { datacenter: { name: dc } } });
    const customs = [
      { ...datacenter, meta: { ...datacenter.meta, labels: { 'k8ssandra.io/cluster-name': 'all' } } },
      customOf('k8ssandra.io/v1alpha1', 'K8ssandraCluster', 'all'),
      task('restart', 'dc1'),
      task('other', 'dc2'),
      customOf('control.k8ssandra.io/v1alpha1', 'K8ssandraTask', 'both', { spec: { cluster: { name: 'all' } } }),
      customOf('control.k8ssandra.io/v1alpha1', 'ScheduledTask', 'weekly', {
        spec: { taskDetails: { datacenter: { name: 'dc1' } } },
      }),
      customOf('medusa.k8ssandra.io/v1alpha1', 'MedusaBackupJob', 'nightly', { spec: { cassandraDatacenter: 'dc1' } }),
      customOf('reaper.k8ssandra.io/v1alpha1', 'Reaper', 'reaper', { spec: { datacenterRef: { name: 'dc1' } } }),
      customOf('db.orange.com/v2', 'CassandraBackup', 'theirs', { spec: { cassandraCluster: 'dc1' } }),
    ];
    expect(only({ customs }).customs.map(({ customKind, meta }) => `${customKind} ${meta.name}`)).toEqual([
      'CassandraTask restart',
      'K8ssandraCluster all',
      'K8ssandraTask both',
      'MedusaBackupJob nightly',
      'Reaper reaper',
      'ScheduledTask weekly',
    ]);
  });

  test('of an operator that has ended: what took its place', () => {
    const customs = [customOf('cassandra/v1', 'CassandraCluster', 'mine', { spec: { nbNodes: 1 } })];
    expect(only({ customs }).successor).toMatch(/cass-operator/);
    expect(only({ customs: [datacenter] }).successor).toBeUndefined();
  });

  test.each([
    ['cassandra:5.0.5', '5.0.5'],
    ['registry:5000/cassandra:4.1', '4.1'],
    ['cassandra:5.0-rc1@sha256:abc', '5.0-rc1'],
    ['k8ssandra/cass-management-api:4.1.5-ubi8-v0.1.79', '4.1.5'],
    ['gcr.io/cassandra-operator/cassandra-3.11.9:latest', '3.11.9'],
    ['gcr.io/google-samples/cassandra:v13', ''],
    ['cassandra', ''],
    ['cassandra:latest', ''],
  ])('the version of %s', (image, version) => expect(versionOfImage(image)).toBe(version));
});
