import { expect, test } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveNode, LiveObject, LivePod, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import {
  claim,
  container,
  custom,
  meta,
  namespace,
  ownedBy,
  pod,
  podsOf,
  service,
  statefulSet,
} from '../../support/liveObjects.ts';
import { kafka, pool, poolPod, shop } from '../../support/strimziObjects.ts';

const gather = (more: Partial<NamespaceObjects>): readonly DataCluster[] => kafkaLive.gather(namespace(more));

/** One line a member: `kafka-0 broker 0`, with `away` for one without pod. */
const lines = ({ members }: DataCluster): string[] =>
  members.map(({ name, role, index, pod: own }) => `${name} ${role} ${index ?? '?'}${own ? '' : ' away'}`);

const one = (clusters: readonly DataCluster[]): DataCluster => {
  expect(clusters.map(({ key }) => key)).toHaveLength(1);
  const [cluster] = clusters;
  if (!cluster) throw new Error('no cluster');
  return cluster;
};

const combined = (name: string, voters: string, more: Parameters<typeof statefulSet>[1] = {}): LiveWorkload =>
  statefulSet(name, {
    containers: [
      container('apache/kafka:4.1.0', {
        command: 'sh -c export KAFKA_NODE_ID="${HOSTNAME##*-}"\nexec /etc/kafka/docker/run',
        variables: {
          CLUSTER_ID: 'MkU3OEVBNTcwNTJENDM2Qg',
          KAFKA_PROCESS_ROLES: 'broker,controller',
          KAFKA_CONTROLLER_QUORUM_VOTERS: voters,
        },
        ports: [
          { name: 'client', port: 9092 },
          { name: 'controller', port: 9093 },
        ],
      }),
    ],
    ...more,
  });

test('a StatefulSet of nodes with both roles is one cluster with all that belongs to its pods', () => {
  const set = combined('kafka', '0@kafka-0.kafka:9093,1@kafka-1.kafka:9093,2@kafka-2.kafka:9093');
  const cluster = one(
    gather({
      workloads: [set],
      pods: podsOf(set, [1]),
      services: [service('kafka', { app: 'kafka' }), service('other', { app: 'other' }), service('external', {})],
      claims: ['data-kafka-0', 'data-kafka-1', 'data-kafka-2', 'data-other-0'].map(claim),
    }),
  );
  expect(cluster).toMatchObject({ key: 'kafka/prod/kafka', flavour: 'kubernetes', wanted: 3, version: '4.1.0' });
  expect(lines(cluster)).toEqual([
    'kafka-0 broker and controller 0',
    'kafka-1 broker and controller 1 away',
    'kafka-2 broker and controller 2',
  ]);
  expect(cluster.services.map((one) => one.meta.name)).toEqual(['kafka']);
  expect(cluster.claims.map((one) => one.meta.name)).toEqual(['data-kafka-0', 'data-kafka-1', 'data-kafka-2']);
});

test('controllers of their own belong to the brokers that follow them', () => {
  const voters = '0@kafka-controllers-0.kafka-controllers.$(POD_NAMESPACE).svc:9093';
  const make = (name: string, roles: string, command: string): LiveWorkload =>
    statefulSet(name, {
      containers: [
        container('apache/kafka:4.1.0', {
          command,
          variables: { KAFKA_PROCESS_ROLES: roles, KAFKA_CONTROLLER_QUORUM_VOTERS: voters },
        }),
      ],
    });
  const controllers = make('kafka-controllers', 'controller', 'export KAFKA_NODE_ID="${HOSTNAME##*-}"');
  const brokers = make('kafka-brokers', 'broker', 'number="${HOSTNAME##*-}"\nexport KAFKA_NODE_ID="$((100 + number))"');
  const cluster = one(
    gather({ workloads: [brokers, controllers], pods: [...podsOf(brokers), ...podsOf(controllers)] }),
  );
  expect(cluster.name).toBe('kafka');
  expect(cluster.wanted).toBe(6);
  expect(lines(cluster).filter((line) => line.endsWith('0') || line.endsWith('100'))).toEqual([
    'kafka-controllers-0 controller 0',
    'kafka-brokers-0 broker 100',
  ]);
  expect(cluster.members.map(({ group }) => group)).toEqual([
    ...Array.from({ length: 3 }, () => 'kafka-controllers'),
    ...Array.from({ length: 3 }, () => 'kafka-brokers'),
  ]);
});

test.each<[what: string, variables: Record<string, string | undefined>, command: string, ids: (number | undefined)[]]>([
  ['a literal', { KAFKA_NODE_ID: '7' }, '', [7, 7]],
  ['the voters', { KAFKA_CONTROLLER_QUORUM_VOTERS: '5@k-0.k.$(NS).svc:9093,6@k-1.k:9093' }, '', [5, 6]],
  ['a label', { KAFKA_CFG_NODE_ID: undefined }, '', [0, 1]],
  ['a sum in a script', {}, 'export KAFKA_NODE_ID=$((number + 1000))', [1000, 1001]],
  ['an option', {}, 'kafka-server-start.sh x --override broker.id=${HOSTNAME##*-}', [0, 1]],
  [
    'a script nobody understands',
    { KAFKA_PROCESS_ROLES: 'broker,controller' },
    'export KAFKA_NODE_ID=$(magic)',
    [undefined, undefined],
  ],
  ['nothing, for controllers', { KAFKA_PROCESS_ROLES: 'broker,controller' }, '', [0, 1]],
  ['nothing, for brokers beside controllers', { KAFKA_PROCESS_ROLES: 'broker' }, '', [undefined, undefined]],
  ['ZooKeeper', { KAFKA_ZOOKEEPER_CONNECT: 'zk:2181' }, '', [undefined, undefined]],
])('nodes are numbered by %s', (_, variables, command, ids) => {
  const set = statefulSet('k', { replicas: 2, containers: [container('apache/kafka:4.1.0', { variables, command })] });
  expect(one(gather({ workloads: [set], pods: podsOf(set, [1]) })).members.map(({ index }) => index)).toEqual(ids);
});

test('a cluster id copied from an example does not make two clusters one', () => {
  const sets = ['orders', 'payments'].map((name) => combined(name, `0@${name}-0.${name}:9093`));
  expect(gather({ workloads: sets }).map(({ key }) => key)).toEqual(['kafka/prod/orders', 'kafka/prod/payments']);
});

test('a cluster id tells whose the controllers are where nothing else does', () => {
  const make = (name: string, roles: string): LiveWorkload =>
    statefulSet(name, {
      containers: [container('apache/kafka:4.1.0', { variables: { CLUSTER_ID: 'abc', KAFKA_PROCESS_ROLES: roles } })],
    });
  expect(gather({ workloads: [make('quorum', 'controller'), make('brokers', 'broker')] })).toHaveLength(1);
  const twice = [make('quorum', 'controller'), make('quorum2', 'controller'), make('brokers', 'broker')];
  expect(gather({ workloads: twice })).toHaveLength(3);
});

test('brokers of one ZooKeeper path are one cluster, those of two paths are two', () => {
  const make = (name: string, connect: string): LiveWorkload =>
    statefulSet(name, {
      containers: [container('confluentinc/cp-kafka:7.4.0', { variables: { KAFKA_ZOOKEEPER_CONNECT: connect } })],
    });
  const same = [make('kafka-a', 'zk-1:2181,zk-0:2181/orders'), make('kafka-b', 'zk-0:2181,zk-1:2181/orders')];
  expect(gather({ workloads: same }).map(({ name }) => name)).toEqual(['kafka']);
  expect(gather({ workloads: [...same.slice(0, 1), make('kafka-b', 'zk-0:2181,zk-1:2181/stock')] })).toHaveLength(2);
});

test('the two StatefulSets of the chart of Bitnami are one cluster of a release', () => {
  const labels = (component: string) => ({
    'app.kubernetes.io/instance': 'events',
    'app.kubernetes.io/name': 'kafka',
    'app.kubernetes.io/part-of': 'kafka',
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/component': component,
  });
  const make = (component: string, name: string, ports: string[]): LiveWorkload =>
    statefulSet(name, {
      templateLabels: labels(component),
      meta: { labels: labels(component), annotations: { 'meta.helm.sh/release-name': 'events' } },
      containers: [
        container('docker.io/bitnami/kafka:3.9.0-debian-12-r1', {
          variables: { KAFKA_KRAFT_CLUSTER_ID: undefined, KAFKA_HEAP_OPTS: '-Xmx1024m' },
          ports: ports.map((port, index) => ({ name: port, port: 9092 + index })),
        }),
      ],
    });
  const workloads = [
    make('controller-eligible', 'events-kafka-controller', ['controller']),
    make('broker', 'events-kafka-broker', ['client', 'interbroker']),
  ];
  const exporter: LiveWorkload = {
    ...statefulSet('events-kafka-exporter', { containers: [container('bitnami/kafka-exporter:1.8.0')] }),
    kind: 'Deployment',
  };
  const cluster = one(gather({ workloads: [...workloads, exporter], pods: workloads.flatMap((set) => podsOf(set)) }));
  expect(cluster).toMatchObject({
    name: 'events-kafka',
    owner: { helmRelease: 'events' },
    version: '3.9.0',
    wanted: 6,
  });
  expect(new Set(cluster.members.map(({ role }) => role))).toEqual(new Set(['controller', 'broker']));
  // The chart adds a number of its own to the ordinal, in a file that is not read.
  expect(cluster.members.every(({ index }) => index === undefined)).toBe(true);
  const eligible = make('controller-eligible', 'events-kafka-controller', ['client', 'controller']);
  expect(one(gather({ workloads: [eligible] })).members[0]?.role).toBe('broker and controller');
});

test('Strimzi: node pools are groups, racks come from the nodes, missing nodes have their names', () => {
  const { customs, pods } = shop();
  const node: LiveNode = {
    kind: 'Node',
    meta: meta('node-1', { labels: { 'topology.kubernetes.io/zone': 'zone-a' } }),
    isReady: true,
    isSchedulable: true,
    zone: 'zone-a',
    conditions: [],
  };
  const topic = (name: string, cluster: string): LiveObject & { kind: 'Custom' } =>
    custom('KafkaTopic', 'kafka.strimzi.io', name, { meta: { labels: { 'strimzi.io/cluster': cluster } } });
  const strangers = ['shop-zookeeper', 'shop-entity-operator', 'shop-cruise-control', 'shop-kafka-exporter'].map(
    (name) =>
      pod(`${name}-0`, {
        containers: [container('quay.io/strimzi/kafka:0.48.0-kafka-4.1.0')],
        meta: { labels: { 'strimzi.io/cluster': 'shop', 'strimzi.io/name': name, 'strimzi.io/kind': 'Kafka' } },
      }),
  );
  const connect = pod('web-connect-0', {
    containers: [container('quay.io/strimzi/kafka:0.48.0-kafka-4.1.0', { name: 'web-connect' })],
    meta: {
      labels: { 'strimzi.io/cluster': 'web', 'strimzi.io/name': 'web-connect', 'strimzi.io/kind': 'KafkaConnect' },
    },
  });
  const cluster = one(
    gather({
      customs: [...customs, topic('orders', 'shop'), topic('stock', 'elsewhere')],
      pods: [...pods.filter(({ meta: { name } }) => name !== 'shop-brokers-1'), ...strangers, connect],
      claims: ['data-0-shop-brokers-1', 'data-0-shop-zookeeper-0'].map(claim),
      nodes: new Map([['node-1', node]]),
    }),
  );
  expect(cluster).toMatchObject({ flavour: 'strimzi', version: '4.1.0', wanted: 6, owner: undefined });
  expect(cluster.resource?.meta.name).toBe('shop');
  expect(lines(cluster)).toEqual([
    'shop-controllers-3 controller 3',
    'shop-controllers-4 controller 4',
    'shop-controllers-5 controller 5',
    'shop-brokers-0 broker 0',
    'shop-brokers-1 broker 1 away',
    'shop-brokers-2 broker 2',
  ]);
  expect(cluster.members[3]).toMatchObject({ group: 'brokers', rack: 'zone-a', container: 'kafka', version: '4.1.0' });
  expect(cluster.customs.map(({ customKind, meta: { name } }) => `${customKind} ${name}`)).toEqual([
    'KafkaNodePool brokers',
    'KafkaNodePool controllers',
    'KafkaTopic orders',
  ]);
  expect(cluster.claims.map((one) => one.meta.name)).toEqual(['data-0-shop-brokers-1']);
});

test('Strimzi without node pools counts the replicas of the resource; without a resource it is known by its pods', () => {
  const old = kafka('old', {}, { replicas: 2, version: '3.7.0' });
  expect(lines(one(gather({ customs: [old] })))).toEqual(['old-kafka-0 broker 0 away', 'old-kafka-1 broker 1 away']);
  const dual = poolPod('edge', 'dual', ['broker', 'controller'], 0);
  const cluster = one(gather({ pods: [dual], hidden: new Set(['kafkas']) }));
  expect(cluster).toMatchObject({ name: 'edge', resource: undefined, wanted: undefined });
  expect(lines(cluster)).toEqual(['edge-dual-0 broker and controller 0']);
  expect(gather({ customs: [kafka('new'), pool('new', 'a', ['broker'], [0], 3)] })[0]?.wanted).toBe(3);
});

const confluent = (kind: string, name: string, spec: object, status: object = {}) =>
  custom(kind, 'platform.confluent.io', name, { spec, status });

test('Confluent for Kubernetes: a Kafka with its controllers, numbered from the offset of the operator', () => {
  const set = (kind: string, name: string): LiveWorkload =>
    statefulSet(name, {
      meta: { owners: ownedBy(kind, name, `uid-${kind}-${name}`) },
      templateLabels: { app: name, 'platform.confluent.io/type': kind.toLowerCase() },
      containers: [container('confluentinc/cp-server:7.9.0', { name })],
    });
  const sets = [set('Kafka', 'kafka'), set('KRaftController', 'kraft')];
  const customs = [
    confluent(
      'Kafka',
      'kafka',
      {
        replicas: 3,
        image: { application: 'confluentinc/cp-server:7.9.0' },
        dependencies: { kRaftController: { clusterRef: { name: 'kraft' } } },
      },
      { phase: 'RUNNING', brokerIdOffset: 100 },
    ),
    confluent('KRaftController', 'kraft', { replicas: 3 }, { phase: 'RUNNING' }),
    confluent('KRaftController', 'spare', { replicas: 1 }),
    confluent('KafkaTopic', 'clicks', { kafkaClusterRef: { name: 'kafka' } }),
    confluent('Connect', 'connect', { replicas: 1 }),
  ];
  const clusters = gather({ customs, workloads: sets, pods: sets.flatMap((one) => podsOf(one)) });
  expect(clusters.map(({ name }) => name)).toEqual(['kafka', 'spare']);
  const [cluster] = clusters;
  expect(cluster).toMatchObject({ flavour: 'confluent-for-kubernetes', wanted: 6, version: '7.9.0' });
  expect(cluster && lines(cluster).slice(2, 4)).toEqual(['kraft-2 controller ?', 'kafka-0 broker 100']);
  expect(cluster?.customs.map(({ customKind }) => customKind)).toEqual(['KRaftController', 'KafkaTopic']);
});

test('Koperator: plain pods by the number in their labels', () => {
  const broker = (id: number, ending: string): LivePod =>
    pod(`kafka-${id}-${ending}`, {
      containers: [container('ghcr.io/adobe/koperator/kafka:2.13-3.9.1')],
      meta: {
        labels: {
          app: 'kafka',
          kafka_cr: 'kafka',
          brokerId: String(id),
          isBrokerNode: 'true',
          isControllerNode: 'false',
        },
      },
    });
  const cluster = custom('KafkaCluster', 'kafka.banzaicloud.io', 'kafka', {
    spec: { brokers: [0, 1, 10].map((id) => ({ id, brokerConfigGroup: 'default' })) },
    status: {
      state: 'ClusterRunning',
      brokersState: {
        '0': { configurationState: 'ConfigInSync', version: '3.9.1', rackAwarenessState: 'broker.rack=eu-1' },
      },
    },
  });
  const found = one(gather({ customs: [cluster], pods: [broker(0, 'ab1cd'), broker(10, 'xy2zz')] }));
  expect(lines(found)).toEqual(['kafka-0-ab1cd broker 0', 'kafka-1 broker 1 away', 'kafka-10-xy2zz broker 10']);
  expect(found).toMatchObject({ wanted: 3, version: '3.9.1', flavour: 'koperator' });
  expect(found.members[0]).toMatchObject({ rack: 'eu-1', group: 'default' });
});

test('clusters of operators that have ended say what took their place', () => {
  const resource = custom('Kafkacluster', 'krallistic.github.com', 'test', {
    spec: { brokerCount: 3, image: 'krallistic/kafka-operator-kafka:0.1' },
  });
  const set = statefulSet('test', { containers: [container('krallistic/kafka-operator-kafka:0.1')] });
  const cluster = one(gather({ customs: [resource], workloads: [set], pods: podsOf(set) }));
  expect(cluster).toMatchObject({ flavour: 'krallistic', wanted: 3 });
  expect(cluster.successor).toContain('Strimzi');
  const old = custom('KafkaCluster', 'cluster.confluent.com', 'orders', { spec: { replicas: 3 } });
  expect(one(gather({ customs: [old] })).flavour).toBe('confluent-operator');
});

test('what only talks to Kafka, or is another broker, is no cluster', () => {
  const make = (name: string, image: string, command = ''): LiveWorkload => ({
    ...statefulSet(name, { containers: [container(image, { name, command })] }),
    kind: 'Deployment',
  });
  const workloads = [
    make('exporter', 'danielqsj/kafka-exporter:1.8'),
    make('ui', 'provectuslabs/kafka-ui:0.7'),
    make('connect', 'confluentinc/cp-kafka-connect:7.9.0'),
    make('mirror', 'apache/kafka:4.1.0', '/opt/kafka/bin/connect-mirror-maker.sh mm2.properties'),
    make('cruise', 'adobe/cruise-control:2.5'),
    make('registry', 'confluentinc/cp-schema-registry:7.9.0'),
    make('client', 'apache/kafka:4.1.0', 'sleep infinity'),
    statefulSet('redpanda', {
      containers: [container('docker.redpanda.com/redpandadata/redpanda:v24.1.1', { name: 'redpanda' })],
    }),
  ];
  expect(gather({ workloads }).map(({ name }) => name)).toEqual([]);
});

test('a Kafka of Strimzi and a StatefulSet of the same name have keys of their own', () => {
  const set = statefulSet('shop');
  const { customs, pods } = shop();
  const clusters = gather({ customs, pods: [...pods, ...podsOf(set)], workloads: [set] });
  expect(clusters.map(({ key }) => key)).toEqual(['kafka/prod/shop', 'kafka/prod/shop@kubernetes']);
});

test('pods whose StatefulSet may not be listed are gathered by its name, and lonely pods are clusters of one', () => {
  const set = combined('kafka', '0@kafka-0.kafka:9093');
  expect(lines(one(gather({ pods: podsOf(set), hidden: new Set(['statefulsets']) })))).toHaveLength(3);
  const single = pod('kafka', { containers: [container('apache/kafka:4.1.0', { ports: [{ name: '', port: 9092 }] })] });
  expect(one(gather({ pods: [single] })).name).toBe('kafka');
});

test('a thousand StatefulSets are a thousand clusters, each with its own Service and claims', () => {
  const sets = Array.from({ length: 1000 }, (_, index) =>
    combined(`kafka${index}`, `0@kafka${index}-0.kafka${index}:9093`),
  );
  const objects = namespace({
    workloads: sets,
    pods: sets.flatMap((set) => podsOf(set)),
    services: sets.map((set) => service(set.meta.name, set.selector)),
    claims: sets.flatMap((set) => [0, 1, 2].map((index) => claim(`data-${set.meta.name}-${index}`))),
  });
  const clusters = kafkaLive.gather(objects);
  expect(clusters).toHaveLength(1000);
  expect(
    clusters.every(
      ({ services, claims, members }) => services.length === 1 && claims.length === 3 && members.length === 3,
    ),
  ).toBe(true);
});
