import { describe, expect, it } from 'vitest';
import { mainObjectOf, memberPod } from '#core/live/clusterObject.ts';
import { connectionsOf } from '#core/live/connections.ts';
import { isReadyPod, portsOfPod, portsOfService, selectorOfService } from '#core/live/forwardPorts.ts';
import { lensesFor } from '#core/live/manifestLens.ts';
import { readManifest } from '#core/live/manifestObjects.ts';
import { plainLogLine, TerminalLines } from '#core/live/logs/logText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { findMissing, rightsFor } from '#core/live/rights.ts';
import {
  clusterOf,
  customWith,
  judgedWith,
  memberWith,
  serviceWith,
  viewWith,
  workloadWith,
} from '#test/core/live/liveObjects.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';

const text = `apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: orders, namespace: prod}
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: {name: events}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: orders}
`;
const { objects } = readManifest(text);
const members = ['orders-0', 'orders-1', 'orders-2'].map((name) => memberWith(name));
const strimzi = customWith('kafka.strimzi.io', 'Kafka', 'orders');
const topic = customWith('kafka.strimzi.io', 'KafkaTopic', 'events');
const orders = clusterOf({ resource: strimzi, customs: [topic], members, wanted: 3 });

describe('lenses of a manifest', () => {
  it('say how its data cluster is, where, and lead to its row', () => {
    const lenses = lensesFor(objects, [{ name: 'prod-eu', view: viewWith(judgedWith(orders, [], 'healthy')) }]);
    expect(lenses).toMatchObject([
      { start: 0, title: '3/3 healthy in prod-eu', row: { kind: 'dataCluster', context: 'prod-eu', key: orders.key } },
      {
        start: text.indexOf('apiVersion', 10),
        title: 'part of orders in prod-eu',
        row: { kind: 'object', apiKind: 'KafkaTopic' },
      },
    ]);
    expect(lenses[0]?.object.address).toMatchObject({ plural: 'kafkas', namespace: 'prod', name: 'orders' });
  });

  it('say why when something is wrong, and count members that are not there', () => {
    const judged = judgedWith(
      { ...orders, wanted: 4 },
      ['healthy', 'unhealthy'],
      'unhealthy',
      'a broker\u0007 is down',
    );
    const [lens] = lensesFor(objects, [{ name: 'prod-eu', view: viewWith(judged) }]);
    expect(lens?.title).toBe('2/4 healthy in prod-eu: a broker is down');
  });

  it('are there for each context, and for workloads without an operator', () => {
    const plain = clusterOf({ workloads: [workloadWith('orders')], members });
    const view = viewWith(judgedWith(plain, [], 'working'));
    const titles = lensesFor(objects, [
      { name: 'a', view },
      { name: 'b', view },
    ]).map(({ title }) => title);
    expect(titles).toEqual(['3/3 healthy in a', '3/3 healthy in b']);
  });

  it('are left out where a manifest without a namespace may mean several objects, and in other namespaces', () => {
    const plain = clusterOf({ workloads: [workloadWith('orders')], members });
    const twice = viewWith(
      judgedWith(plain, [], 'healthy'),
      judgedWith({ ...plain, namespace: 'test', key: 'k' }, [], 'healthy'),
    );
    expect(lensesFor(objects, [{ name: 'a', view: twice }])).toEqual([]);
    const elsewhere = viewWith(judgedWith({ ...orders, namespace: 'test', customs: [] }, [], 'healthy'));
    expect(lensesFor(objects, [{ name: 'a', view: elsewhere }])).toEqual([]);
  });
});

describe('readManifest', () => {
  it('takes the items of a List one by one, each at its place', () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- kind: Other\n';
    const [item, ...others] = readManifest(list).objects;
    expect(others).toEqual([]);
    expect(item).toMatchObject({ kind: 'Pod', name: 'a', start: list.indexOf('apiVersion', 10) });
  });
});

describe('the object behind a data cluster', () => {
  it('is its custom resource by the plural its definition has, else its workload, else none', () => {
    const definition = {
      name: '',
      group: 'kafka.strimzi.io',
      kind: 'Kafka',
      plural: 'kafkaz',
      versions: [],
      flavour: '',
    };
    expect(mainObjectOf('a', orders, [definition])?.address.plural).toBe('kafkaz');
    const plain = clusterOf({ workloads: [workloadWith('x', 'Deployment')] });
    expect(mainObjectOf('a', plain, [])).toMatchObject({
      apiKind: 'Deployment',
      address: { group: 'apps', plural: 'deployments' },
    });
    expect(mainObjectOf('a', clusterOf(), [])).toBeUndefined();
  });

  it('a member without a pod has none', () => {
    expect(memberPod('a', memberWith('x', { pod: undefined }))).toBeUndefined();
    expect(memberPod('a', memberWith('x'))).toMatchObject({ name: 'x', uid: 'uid-of-x', container: 'kafka' });
  });
});

describe('connections', () => {
  it('of Strimzi are the listeners it reports, then its services without those of single brokers', () => {
    const listeners = [
      { name: 'tls', bootstrapServers: 'orders-kafka-bootstrap.prod.svc:9093' },
      { name: 'external', bootstrapServers: 'kafka.example.org:9094' },
    ];
    const ports = [
      { name: 'tcp-tls', port: 9093 },
      { name: 'tcp-replication', port: 9091 },
    ];
    const cluster = clusterOf({
      resource: customWith('kafka.strimzi.io', 'Kafka', 'orders', { listeners }),
      members,
      services: [
        serviceWith('orders-0', { ports }),
        serviceWith('orders-kafka-brokers', { ports, clusterIp: 'None', publishesNotReady: true }),
        serviceWith('orders-kafka-bootstrap', { ports }),
      ],
    });
    expect(connectionsOf(cluster).map(({ text, isInternal }) => [text, isInternal])).toEqual([
      ['orders-kafka-bootstrap.prod.svc:9093', true],
      ['kafka.example.org:9094', false],
      ['orders-kafka-brokers.prod.svc:9093', true],
    ]);
  });

  it('of Cassandra are its contact points', () => {
    const services = [
      serviceWith('ring', {
        ports: [
          { name: 'cql', port: 9042 },
          { name: 'jmx', port: 7199 },
        ],
      }),
    ];
    expect(connectionsOf(clusterOf({ system: 'cassandra', services })).map(({ text }) => text)).toEqual([
      'ring.prod.svc:9042',
    ]);
  });

  it('of Spark is the page of its driver, once', () => {
    const status = { driverInfo: { webUIServiceName: 'pi-ui-svc', webUIPort: 4040 } };
    const cluster = clusterOf({
      system: 'spark',
      resource: customWith('sparkoperator.k8s.io', 'SparkApplication', 'pi', status),
      services: [serviceWith('pi-ui-svc', { ports: [{ name: 'spark-driver-ui-port', port: 4040 }] })],
    });
    expect(connectionsOf(cluster).map(({ text }) => text)).toEqual(['http://pi-ui-svc.prod.svc:4040']);
    expect(connectionsOf(clusterOf({ system: 'tfjob' }))).toEqual([]);
  });
});

describe('ports to forward', () => {
  const pod = {
    spec: {
      containers: [
        {
          name: 'kafka',
          ports: [
            { name: 'plain', containerPort: 9092 },
            { containerPort: 53, protocol: 'UDP' },
          ],
        },
        { name: 'proxy', ports: [{ containerPort: 9092 }] },
      ],
    },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };

  it('of a pod are those its containers declare for TCP, each once', () => {
    expect(portsOfPod(pod)).toEqual([{ port: 9092, title: 'plain, container kafka' }]);
    expect(isReadyPod(pod)).toBe(true);
    expect(isReadyPod({})).toBe(false);
  });

  it('of a service are ports of the pod behind it', () => {
    const service = {
      metadata: { name: 'front' },
      spec: {
        selector: { app: 'kafka', tier: 'x' },
        ports: [{ name: 'a', port: 80, targetPort: 'plain' }, { port: 81, targetPort: 8081 }, { port: 82 }],
      },
    };
    expect(portsOfService(service, pod).map(({ port, title }) => [port, title])).toEqual([
      [9092, 'a, port 80 of service front'],
      [8081, 'port 81 of service front'],
      [82, 'port 82 of service front'],
    ]);
    expect(selectorOfService(service)).toBe('app=kafka,tier=x');
    expect(selectorOfService({})).toBeUndefined();
  });
});

describe('lines of a log', () => {
  const line = (text: string) => ({ at: 0, source: 'orders-0', text });

  it('keep their colours in a terminal, and lose everything else that it would obey', () => {
    const written = new TerminalLines().write(
      line('\u001b[31mred\u001b[0m \u001b]52;c;AAAA\u0007 \u001b[2J\r\n\u009b5n'),
    );
    expect(written).toContain('\u001b[31mred\u001b[0m');
    expect(written.replaceAll(/\u001b\[[\d;]*m/g, '').replace(/\r\n$/, '')).not.toMatch(/[\u0000-\u001f\u0080-\u009f]/);
  });

  it('have members in one column, each in a colour of its own', () => {
    const lines = new TerminalLines();
    const colourOf = (text: string): string => text.slice(0, 5);
    const [a, b, again] = ['orders-0', 'orders-10', 'orders-0'].map((source) =>
      lines.write({ at: 0, source, text: 'x' }),
    );
    expect(colourOf(a ?? '')).toBe(colourOf(again ?? ''));
    expect(colourOf(a ?? '')).not.toBe(colourOf(b ?? ''));
    expect(again).toContain('orders-0  │');
  });

  it('are plain text in a file', () => {
    expect(plainLogLine(line('\u001b[31mred\u001b[0m\u0007'), () => 'T')).toBe('T orders-0 red\uFFFD');
    expect(plainLogLine({ at: undefined, source: undefined, text: 'gone' }, () => 'T')).toBe('# gone');
  });
});

describe('findMissing', () => {
  const address = { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace: 'prod', name: 'a' };

  it('takes any of several ways to have a right', async () => {
    const cluster = new FakeCluster();
    cluster.isForbidden = ({ verb }) => verb === 'create';
    expect(await findMissing(cluster, rightsFor('shell', address))).toEqual([]);
    cluster.isForbidden = () => true;
    expect(await findMissing(cluster, rightsFor('shell', address))).toMatchObject([{ reason: 'no role allows it' }]);
  });

  it('finds nothing missing where it cannot ask', async () => {
    const can = (): Promise<never> => Promise.reject(new ClusterProblem('forbidden', 'no reviews'));
    expect(await findMissing({ can }, rightsFor('logs', address))).toEqual([]);
  });
});
