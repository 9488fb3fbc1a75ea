import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoKafka, startDemo, type Demo } from '#client/cluster/demo/index.ts';
import { isRecord, recordOf } from '#client/cluster/demo/simulation/objects.ts';
import { demoClient, type DemoClient } from './demoClient.ts';

let demo: Demo;
let client: DemoClient;

beforeAll(async () => {
  demo = await startDemo({ seed: 5 });
  client = demoClient(demo);
});

afterAll(() => demo.stop());

const shop = '/api/v1/namespaces/shop';
const podsOf = (body: Readonly<Record<string, unknown>>): string[] =>
  (Array.isArray(body['items']) ? body['items'] : []).map((item: unknown) =>
    String(recordOf(recordOf(item)['metadata'])['name']),
  );
const metadataOf = (value: unknown): Readonly<Record<string, unknown>> => recordOf(recordOf(value)['metadata']);
const eventsOf = (lines: readonly string[]): Readonly<Record<string, unknown>>[] =>
  lines.map((line) => recordOf(JSON.parse(line)));

describe('who may come', () => {
  test.each([
    ['nobody', {}],
    ['another token', { authorization: `Bearer ${'x'.repeat(32)}` }],
  ])('not %s', async (_who, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${client.url}/api/v1/pods`, { headers });
    expect(response.status).toBe(401);
  });

  test('the address is that of the loopback interface, and the name says what it is', () => {
    expect(client.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.kubeconfig).toContain('current-context: demo (simulation)');
  });
});

describe('discovery', () => {
  test('all kinds in one answer, for who asks for it', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const { body } = await client.ask('GET', '/apis', undefined, { accept });
    const groups = (Array.isArray(body['items']) ? body['items'] : []).map((item) => metadataOf(item)['name']);
    expect(groups).toEqual(
      expect.arrayContaining(['apps', 'policy', 'kafka.strimzi.io', 'cassandra.datastax.com', 'kubeflow.org']),
    );
  });

  test('or group by group', async () => {
    const { body } = await client.ask('GET', '/apis/kafka.strimzi.io/v1');
    const names = (Array.isArray(body['resources']) ? body['resources'] : []).map((item) => recordOf(item)['name']);
    expect(names).toEqual(expect.arrayContaining(['kafkas', 'kafkas/status', 'kafkanodepools']));
    expect((await client.ask('GET', '/apis/nobody.example.com/v1')).status).toBe(404);
  });
});

describe('lists', () => {
  test('come in pages that follow each other', async () => {
    const all = podsOf((await client.ask('GET', `${shop}/pods`)).body);
    const first = await client.ask('GET', `${shop}/pods?limit=4`);
    const token = String(metadataOf(first.body)['continue']);
    const second = await client.ask('GET', `${shop}/pods?limit=4&continue=${token}`);
    expect([...podsOf(first.body), ...podsOf(second.body)]).toEqual(all);
    expect(metadataOf(second.body)['resourceVersion']).toBe(metadataOf(first.body)['resourceVersion']);
  });

  test('a page after what is remembered is refused with 410', async () => {
    const first = await client.ask('GET', `${shop}/pods?limit=1`);
    await client.ask('POST', `${shop}/configmaps`, configMap('page'));
    demo.simulation.world.store.compact();
    const reply = await client.ask(
      'GET',
      `${shop}/pods?limit=1&continue=${String(metadataOf(first.body)['continue'])}`,
    );
    expect(reply.body).toMatchObject({ code: 410, reason: 'Expired' });
  });

  test.each([
    ['labelSelector=app%3Dorders', ['orders-0', 'orders-1', 'orders-2']],
    ['labelSelector=app+notin+(orders)', ['catalog-0', 'catalog-1', 'catalog-2']],
    ['labelSelector=app,!nothing,app!%3Dcatalog', ['orders-0', 'orders-1', 'orders-2']],
    ['fieldSelector=metadata.name%3Dorders-2', ['orders-2']],
  ])('%s', async (query, names) => {
    expect(podsOf((await client.ask('GET', `${shop}/pods?${query}`)).body)).toEqual(names);
  });

  test('metadata only, for who asks for it', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
    const { body, text } = await client.ask('GET', '/api/v1/secrets', undefined, { accept });
    expect(body['kind']).toBe('PartialObjectMetadataList');
    expect(podsOf(body)).toContain('sh.helm.release.v1.strimzi.v2');
    expect(text).not.toContain('"data"');
  });
});

describe('watches', () => {
  test('tell what happens after the version of a list', async () => {
    const { body } = await client.ask('GET', `${shop}/configmaps`);
    const version = String(metadataOf(body)['resourceVersion']);
    const lines = client.lines(`${shop}/configmaps?watch=1&resourceVersion=${version}`, 3);
    await client.ask('POST', `${shop}/configmaps`, configMap('watched'));
    await client.ask('PATCH', `${shop}/configmaps/watched`, { data: { more: 'yes' } }, mergePatch);
    await client.ask('DELETE', `${shop}/configmaps/watched`);
    expect(eventsOf(await lines).map(({ type, object }) => [type, metadataOf(object)['name']])).toEqual([
      ['ADDED', 'watched'],
      ['MODIFIED', 'watched'],
      ['DELETED', 'watched'],
    ]);
  });

  test('an object that ceases to fit the selector is gone', async () => {
    await client.ask('POST', `${shop}/configmaps`, configMap('leaving', { keep: 'yes' }));
    const lines = client.lines(`${shop}/configmaps?watch=1&labelSelector=keep%3Dyes`, 2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await client.ask('PATCH', `${shop}/configmaps/leaving`, { metadata: { labels: { keep: 'no' } } }, mergePatch);
    expect(eventsOf(await lines).map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
  });

  test('the initial events end with a bookmark that says so', async () => {
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = eventsOf(await client.lines(`/api/v1/nodes?${query}`, 7));
    expect(events.map(({ type }) => type)).toEqual([...Array.from({ length: 6 }, () => 'ADDED'), 'BOOKMARK']);
    expect(metadataOf(events[6]?.['object'])['annotations']).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  test('from a version that is too old ends with 410', async () => {
    demo.simulation.world.store.compact();
    const [event] = eventsOf(await client.lines(`${shop}/pods?watch=1&resourceVersion=1`, 1));
    expect(event).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });

  test('end when their time is over', async () => {
    const started = performance.now();
    await client.lines(`${shop}/secrets?watch=1&timeoutSeconds=1`, 1);
    expect(performance.now() - started).toBeGreaterThan(900);
  });
});

describe('commands in pods', () => {
  const exec = (pod: string, container: string, ...command: string[]): string =>
    `${shop}/pods/${pod}/exec?container=${container}&stdout=true&stderr=true&${command.map((word) => `command=${encodeURIComponent(word)}`).join('&')}`;

  test('nodetool says what the node says', async () => {
    const channels = await client.exec(exec('catalog-0', 'cassandra', 'nodetool', 'status'));
    expect(channels.get(1)).toMatch(/^DN .* rack1 *$/m);
    expect(JSON.parse(channels.get(3) ?? '')).toMatchObject({ status: 'Success' });
  });

  test('an exit code arrives with version 4 of the protocol too', async () => {
    const channels = await client.exec(
      exec('catalog-0', 'cassandra', 'sh', '-c', 'echo one && exit 3'),
      'v4.channel.k8s.io',
    );
    expect(channels.get(1)).toBe('one\n');
    expect(JSON.parse(channels.get(3) ?? '')).toMatchObject({
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
  });

  test('several commands of nodetool in one script', async () => {
    const script = ['call() { printf \'\\n@@begin %s@@\\n\' "$1"; }', "ask info 'info'", "ask stats 'netstats'"].join(
      '\n',
    );
    const out = (await client.exec(exec('catalog-1', 'cassandra', 'sh', '-c', script))).get(1) ?? '';
    expect(out).toMatch(/@@begin info@@\nID {21}: [0-9a-f-]{36}\n/);
    expect(out).toMatch(/@@begin stats@@\nMode: DRAINED\n/);
    expect(out).toMatch(/@@error stats@@\n\n@@end stats 0@@\n/);
  });

  test('the tools of Kafka', async () => {
    const command = [
      '/opt/kafka/bin/kafka-topics.sh',
      '--bootstrap-server',
      'localhost:9092',
      '--describe',
      '--under-min-isr-partitions',
    ];
    const out = (await client.exec(exec('orders-0', 'kafka', ...command))).get(1) ?? '';
    expect(out.match(/Topic: audit/g)).toHaveLength(3);
  });

  test('nothing runs where no container runs', async () => {
    await expect(client.exec(exec('orders-9', 'kafka', 'true'))).rejects.toThrow('HTTP 404');
    await expect(client.exec(`${shop}/pods/orders-0/portforward?ports=9092`)).rejects.toThrow('HTTP 400');
  });
});

describe('logs', () => {
  test('of this run and of the one before', async () => {
    const previous = await client.ask('GET', `${shop}/pods/orders-1/log?previous=true&timestamps=true`);
    expect(previous.text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \[KafkaRaftServer nodeId=1\] /);
    const none = await client.ask('GET', `${shop}/pods/orders-0/log?previous=true`);
    expect(none.body).toMatchObject({ code: 400 });
  });

  test('are followed', async () => {
    const lines = client.lines(`${shop}/pods/orders-0/log?follow=true&tailLines=0`, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const pod = demo.simulation.world.pod('shop', 'orders-0');
    demo.simulation.world.logs.write(pod?.metadata.uid ?? '', 'kafka', { at: 0, text: 'something new' });
    expect(await lines).toEqual(['something new']);
  });
});

describe('rights and evictions', () => {
  test('everything is allowed', async () => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'list', resource: 'pods' } },
    };
    const { body } = await client.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review);
    expect(body['status']).toMatchObject({ allowed: true });
  });

  test('an eviction is refused where the budget is used up, and allowed where it is not', async () => {
    const refused = await client.ask('POST', `${shop}/pods/orders-0/eviction`, {});
    expect(refused.body).toMatchObject({ code: 429, reason: 'TooManyRequests' });
    const path = '/api/v1/namespaces/payments/pods/ledger-brokers-2/eviction';
    expect((await client.ask('POST', `${path}?dryRun=All`, {})).status).toBe(201);
    expect(demo.simulation.world.pod('payments', 'ledger-brokers-2')?.metadata.deletionTimestamp).toBeUndefined();
    const other = await client.ask('POST', path, { deleteOptions: { preconditions: { uid: 'another' } } });
    expect(other.body).toMatchObject({ code: 409 });
    expect((await client.ask('POST', path, {})).status).toBe(201);
    expect(demo.simulation.world.pod('payments', 'ledger-brokers-2')?.metadata.deletionTimestamp).toBeDefined();
  });
});

describe("Kafka's admin API", () => {
  test('is answered by the members that are up, and by no others', async () => {
    const brokers = [0, 1, 2].map((nodeId) => ({ nodeId, namespace: 'shop', pod: `orders-${nodeId}`, port: 9092 }));
    const connection = await demoKafka(demo.simulation)({ brokers });
    const { topics } = await connection.request(0, 'Metadata', {});
    const audit: unknown = (Array.isArray(topics) ? topics : []).find(
      (topic: unknown) => isRecord(topic) && topic['name'] === 'audit',
    );
    expect(recordOf(audit)['partitions']).toContainEqual(expect.objectContaining({ replicas: [2, 0], isr: [2, 0] }));
    const unnumbered = await demoKafka(demo.simulation)({
      brokers: [{ nodeId: -2, namespace: 'shop', pod: 'orders-2', port: 9092 }],
    });
    expect(await unnumbered.request(-2, 'DescribeQuorum', {})).toMatchObject({
      voters: [{ id: 0 }, { id: 1 }, { id: 2 }],
    });
    await expect(connection.request(7, 'Metadata', {})).rejects.toMatchObject({ kind: 'unreachable' });
    const configs = await connection.request(2, 'DescribeConfigs', {
      resources: [{ type: 2, name: 'audit', keys: ['min.insync.replicas'] }],
    });
    expect(configs).toMatchObject({ resources: [{ configs: [{ value: '2', source: 1 }] }] });
    connection.stop();
    await expect(connection.request(0, 'Metadata', {})).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

const mergePatch = { 'content-type': 'application/merge-patch+json' };

function configMap(name: string, labels: Readonly<Record<string, string>> = {}): unknown {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: {} };
}
