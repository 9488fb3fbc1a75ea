import { describe, expect, test } from 'vitest';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type JsonObject, type KafkaAccess } from '#core/live/ports.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { parseLogin } from '#core/systems/kafka/live/plainEntrance.ts';
import { decodeBase64 } from '#core/systems/kafka/live/reader.ts';
import { configMap, fakeAccess, rawPod, secret, type FakeAccess, type FakeInside } from '../../support/kafkaAccess.ts';
import { cluster } from '../../support/kafkaCluster.ts';
import { custom, namespace, ownedBy, pod, podsOf, statefulSet } from '../../support/liveObjects.ts';
import { kafka, shop } from '../../support/strimziObjects.ts';

const variables = (values: Readonly<Record<string, string>>): object[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));
const fromSecret = (name: string, of: string, key: string): object => ({
  name,
  valueFrom: { secretKeyRef: { name: of, key } },
});

interface Entered {
  readonly access: KafkaAccess | undefined;
  readonly problems: readonly string[];
  readonly fake: FakeAccess;
}

async function enter(of: DataCluster, objects: NonNullable<FakeInside['objects']>): Promise<Entered> {
  const fake = fakeAccess({ objects, kafka: () => new ClusterProblem('unauthenticated', 'far enough') });
  const { problems } = (await kafkaLive.inspect?.(of, fake.access)) ?? { problems: [] };
  return { access: fake.accesses[0], problems, fake };
}

const plain = (raw: JsonObject, more: NonNullable<FakeInside['objects']> = {}): Promise<Entered> =>
  enter(cluster(), { 'pods/kafka-0': raw, ...more });

const ports = ({ access }: Entered): number[] | undefined => access?.brokers.map(({ port }) => port);
const pem = (kind: string, text = 'abc'): string => `-----BEGIN ${kind}-----\n${text}\n-----END ${kind}-----\n`;

describe('a broker that no operator runs', () => {
  test('its plain listener, not that of the controllers', async () => {
    const entered = await plain(
      rawPod(
        variables({
          KAFKA_LISTENERS: 'CONTROLLER://:9093,TLS://:9094,CLIENT://:9092',
          KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:PLAINTEXT,TLS:SSL,CONTROLLER:PLAINTEXT',
          KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        }),
      ),
    );
    expect(entered.access).toEqual({
      brokers: [0, 1, 2].map((id) => ({ nodeId: id, namespace: 'prod', pod: `kafka-${id}`, port: 9092 })),
    });
    expect(entered.fake.openCount()).toBe(0);
  });

  test('a listener bound to the address of the pod comes last', async () => {
    const entered = await plain(
      rawPod(
        variables({
          KAFKA_LISTENERS: 'PLAINTEXT://${POD_IP}:9092,LOCAL://localhost:19092',
          KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,LOCAL:PLAINTEXT',
        }),
      ),
    );
    expect(ports(entered)?.[0]).toBe(19_092);
  });

  test('settings of scripts, options and files', async () => {
    const script = rawPod([], {
      command: ['sh', '-c', 'export KAFKA_LISTENERS="PLAINTEXT://:9192"; exec /etc/kafka/docker/run'],
    });
    expect(ports(await plain(script))?.[0]).toBe(9192);
    const option = rawPod([], {
      command: ['kafka-server-start.sh', 'server.properties', '--override', 'listeners=PLAINTEXT://:9292'],
    });
    expect(ports(await plain(option))?.[0]).toBe(9292);
    const file = rawPod([], { volumes: [{ name: 'config', configMap: { name: 'broker' } }] });
    const text = '# comment\nlisteners = PLAINTEXT://0.0.0.0:9392\n';
    expect(ports(await plain(file, { 'configmaps/broker': configMap({ 'server.properties': text }) }))?.[0]).toBe(9392);
    expect(ports(await plain(rawPod([])))?.[0]).toBe(9092);
  });

  test('TLS and a password, both from Secrets that the pod uses', async () => {
    const entered = await plain(
      rawPod(
        [
          ...variables({
            KAFKA_LISTENERS: 'CLIENT://:9092,INTERNAL://:9094',
            KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:SSL,CLIENT:SASL_SSL,INTERNAL:SSL',
            KAFKA_LISTENER_NAME_INTERNAL_SSL_CLIENT_AUTH: 'required',
            KAFKA_SSL_TRUSTSTORE_LOCATION: '/etc/kafka/tls/ca.crt',
            KAFKA_SASL_ENABLED_MECHANISMS: 'PLAIN',
          }),
          fromSecret('KAFKA_LISTENER_NAME_CLIENT_PLAIN_SASL_JAAS_CONFIG', 'kafka-users', 'jaas'),
        ],
        {
          mounts: [{ name: 'tls', mountPath: '/etc/kafka/tls' }],
          volumes: [{ name: 'tls', secret: { secretName: 'kafka-tls' } }],
        },
      ),
      {
        'secrets/kafka-users': secret({
          jaas: 'org.apache.kafka.common.security.plain.PlainLoginModule required user_shop="pa\\"ss";',
        }),
        'secrets/kafka-tls': secret({ 'ca.crt': pem('CERTIFICATE') }),
      },
    );
    expect(entered.access?.credentials).toEqual({ mechanism: 'PLAIN', username: 'shop', password: 'pa"ss' });
    expect(entered.access?.brokers[0]?.port).toBe(9092);
    expect(entered.access?.tls?.ca).toContain('BEGIN CERTIFICATE');
    expect(entered.access?.tls?.serverNameOf(1)).toBe('kafka-1.kafka.prod.svc');
    expect(entered.fake.gotten).toEqual([...new Set(entered.fake.gotten)]);
  });

  test('a certificate of the broker where one is asked for, from one file of PEM', async () => {
    const objects = {
      'secrets/kafka-tls': secret({
        'ca.crt': pem('CERTIFICATE', 'ca'),
        'all.pem': pem('CERTIFICATE', 'own') + pem('PRIVATE KEY'),
      }),
    };
    const raw = rawPod(
      variables({
        KAFKA_LISTENERS: 'INTERNAL://:9094',
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'INTERNAL:SSL',
        KAFKA_SSL_CLIENT_AUTH: 'required',
        KAFKA_SSL_KEYSTORE_LOCATION: '/tls/all.pem',
        KAFKA_SSL_TRUSTSTORE_LOCATION: '/tls/ca.crt',
      }),
      {
        mounts: [{ name: 'tls', mountPath: '/tls/' }],
        volumes: [{ name: 'tls', secret: { secretName: 'kafka-tls' } }],
      },
    );
    const { access } = await plain(raw, objects);
    expect([access?.tls?.cert, access?.tls?.key]).toEqual([
      pem('CERTIFICATE', 'own').trim(),
      pem('PRIVATE KEY').trim(),
    ]);
  });

  test('users of the chart of Bitnami, whose broker account comes first', async () => {
    const raw = rawPod([
      ...variables({
        KAFKA_CFG_LISTENERS: 'CLIENT://:9092',
        KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:SASL_PLAINTEXT',
        KAFKA_CFG_SASL_ENABLED_MECHANISMS: 'SCRAM-SHA-256',
        KAFKA_CLIENT_USERS: 'user1,user2',
        KAFKA_INTER_BROKER_USER: 'inter',
      }),
      fromSecret('KAFKA_CLIENT_PASSWORDS', 'passwords', 'client-passwords'),
      fromSecret('KAFKA_INTER_BROKER_PASSWORD', 'passwords', 'inter-broker-password'),
    ]);
    const passwords = { 'client-passwords': 'p1,p2', 'inter-broker-password': 'p3' };
    const both = await plain(raw, { 'secrets/passwords': secret(passwords) });
    expect(both.access?.credentials).toEqual({ mechanism: 'SCRAM-SHA-256', username: 'inter', password: 'p3' });
    const clients = await plain(raw, { 'secrets/passwords': secret({ 'client-passwords': 'p1,p2' }) });
    expect(clients.access?.credentials).toEqual({ mechanism: 'SCRAM-SHA-256', username: 'user1', password: 'p1' });
  });

  test.each<[what: string, raw: JsonObject, objects: NonNullable<FakeInside['objects']>, problem: string]>([
    [
      'a Secret that may not be read',
      rawPod([
        ...variables({
          KAFKA_LISTENERS: 'CLIENT://:9092',
          KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:SASL_PLAINTEXT',
        }),
        fromSecret('KAFKA_SASL_JAAS_CONFIG', 'users', 'jaas'),
      ]),
      { 'secrets/users': new ClusterProblem('forbidden', 'no') },
      'The Secret users, which has what is needed to log in to Kafka, cannot be read: you may not get it',
    ],
    [
      'a login that is nowhere',
      rawPod(
        variables({
          KAFKA_LISTENERS: 'CLIENT://:9092',
          KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:SASL_PLAINTEXT',
          KAFKA_SASL_ENABLED_MECHANISMS: 'OAUTHBEARER',
        }),
      ),
      {},
      'Listener CLIENT asks for a login (OAUTHBEARER), and none is at hand',
    ],
    [
      'a Java keystore',
      rawPod(
        variables({
          KAFKA_LISTENERS: 'CLIENT://:9092',
          KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:SSL',
          KAFKA_SSL_TRUSTSTORE_LOCATION: '/x/kafka.jks',
        }),
      ),
      {},
      'The authority of listener CLIENT is not at hand as PEM',
    ],
  ])('%s is said', async (_, raw, objects, problem) => {
    const entered = await plain(raw, objects);
    expect(entered.access).toBeUndefined();
    expect(entered.problems).toEqual([problem]);
  });
});

describe('operators', () => {
  const gather = (...args: Parameters<typeof namespace>): DataCluster => {
    const [found] = kafkaLive.gather(namespace(...args));
    if (!found) throw new Error('no cluster');
    return found;
  };
  const strimzi = (spec: object): DataCluster => {
    const { customs, pods } = shop();
    return gather({ customs: [kafka('shop', undefined, spec), ...customs.slice(1)], pods });
  };
  const certificates = {
    'secrets/shop-cluster-ca-cert': secret({ 'ca.crt': 'CA' }),
    'secrets/shop-cluster-operator-certs': secret({ 'cluster-operator.crt': 'CERT', 'cluster-operator.key': 'KEY' }),
  };
  const plainListener = { name: 'plain', port: 9092, type: 'internal', tls: false };

  test('Strimzi: a plain listener where nobody is authorised, else as the operator; controllers are not asked', async () => {
    const open = await enter(strimzi({ listeners: [plainListener] }), {});
    expect([ports(open), open.fake.gotten]).toEqual([[9092, 9092, 9092], []]);
    const closed = await enter(
      strimzi({ listeners: [plainListener], authorization: { type: 'simple' } }),
      certificates,
    );
    expect(closed.access).toMatchObject({ tls: { ca: 'CA', cert: 'CERT', key: 'KEY' } });
    expect(ports(closed)).toEqual([9091, 9091, 9091]);
    expect(closed.access?.tls?.serverNameOf(2)).toBe('shop-brokers-2.shop-kafka-brokers.prod.svc');
  });

  test('Strimzi: without the right to the Secrets the plain listener is better than nothing', async () => {
    const forbidden = { 'secrets/shop-cluster-operator-certs': new ClusterProblem('forbidden', 'no') };
    const left = await enter(strimzi({ listeners: [plainListener], authorization: { type: 'simple' } }), {
      ...certificates,
      ...forbidden,
    });
    expect(ports(left)).toEqual([9092, 9092, 9092]);
    const none = await enter(strimzi({ listeners: [{ ...plainListener, tls: true }] }), {
      ...certificates,
      ...forbidden,
    });
    expect(none.problems[0]).toContain('shop-cluster-operator-certs');
  });

  test('Confluent: the internal listener as its resource describes it', async () => {
    const make = (internal: object): DataCluster => {
      const set = statefulSet('kafka', { meta: { owners: ownedBy('Kafka', 'kafka', 'uid-Kafka-kafka') } });
      const resource = custom('Kafka', 'platform.confluent.io', 'kafka', {
        spec: { replicas: 3, listeners: { internal } },
      });
      return gather({ customs: [resource], workloads: [set], pods: podsOf(set) });
    };
    expect(ports(await enter(make({}), {}))?.[0]).toBe(9071);
    const secured = make({
      authentication: { type: 'plain', jaasConfig: { secretRef: 'credential' } },
      tls: { enabled: true, secretRef: 'tls' },
    });
    const { access } = await enter(secured, {
      'secrets/credential': secret({ 'plain-users.json': '{"client": "a", "kafka": "b"}' }),
      'secrets/tls': secret({ 'cacerts.pem': 'CA' }),
    });
    expect(access?.credentials).toEqual({ mechanism: 'PLAIN', username: 'kafka', password: 'b' });
    expect(access?.tls?.serverNameOf(0)).toBe('kafka-0.kafka.prod.svc.cluster.local');
    expect((await enter(make({ authentication: { type: 'mtls' } }), {})).problems[0]).toContain('mtls');
  });

  test('Koperator: a plaintext listener that is not that of the controllers', async () => {
    const make = (internalListeners: object[]): DataCluster => {
      const resource = custom('KafkaCluster', 'kafka.banzaicloud.io', 'kafka', {
        spec: { brokers: [{ id: 0 }], listenersConfig: { internalListeners } },
      });
      return gather({
        customs: [resource],
        pods: [pod('kafka-0-abc', { meta: { labels: { kafka_cr: 'kafka', brokerId: '0' } } })],
      });
    };
    const controller = { type: 'plaintext', containerPort: 29_093, usedForControllerCommunication: true };
    expect(ports(await enter(make([controller, { type: 'plaintext', containerPort: 29_092 }]), {}))).toEqual([29_092]);
    expect((await enter(make([controller, { type: 'ssl', containerPort: 29_092 }]), {})).problems[0]).toContain(
      'no plaintext listener',
    );
  });
});

test.each([
  [
    'PlainLoginModule required username="admin" password="a b" user_admin="a b" user_x="y";',
    { username: 'admin', password: 'a b' },
  ],
  ["ScramLoginModule required username='u' password='p';", { username: 'u', password: 'p' }],
  ['PlainLoginModule required user_shop="1" user_admin="2";', { username: 'admin', password: '2' }],
  ['Krb5LoginModule required useKeyTab=true;', undefined],
])('the login of %s', (text, user) => {
  expect(parseLogin(text)).toEqual(user);
});

test.each(['', 'a', 'ab', 'abc', 'Grüße 😀', 'x'.repeat(1000)])('base64 of %s', (text) => {
  expect(decodeBase64(Buffer.from(text).toString('base64'))).toBe(text);
});

test('what is no text decodes to nothing', () => {
  expect(decodeBase64(Buffer.from([0xfe, 0xed, 0xfe, 0xed]).toString('base64'))).toBe('');
});
