import { describe, expect, test } from 'vitest';
import type { ObjectAddress } from '#core/live/ports.ts';
import { failure, json, status } from '../../support/fakeApiServer/answers.ts';
import { openTest, startServer } from '../../support/fakeApiServer/setup.ts';
import { FakeClock } from '#test/support/fakeClock.ts';

const address: ObjectAddress = {
  group: 'apps',
  version: 'v1',
  plural: 'statefulsets',
  namespaced: true,
  namespace: 'data',
  name: 'kafka',
};
const path = '/apis/apps/v1/namespaces/data/statefulsets/kafka';

describe('objects', () => {
  test('are written as the options say', async () => {
    const server = await startServer();
    for (const one of [path, '/apis/apps/v1/namespaces/data/statefulsets'])
      server.rule(one, json({ kind: 'StatefulSet' }));
    const { cluster } = await openTest(server);
    const object = { metadata: { name: 'kafka', namespace: 'data' } };
    await cluster.get(address);
    await cluster.create(address, object, { dryRun: true });
    await cluster.apply(address, object, { dryRun: true, force: true });
    await cluster.mergePatch(address, { spec: { replicas: 3 } });
    await cluster.replace(address, object);
    await cluster.delete(address, { uid: 'u-1', dryRun: true });
    const calls = server.requests.map(({ method, query, headers }) => [
      method,
      headers['content-type'],
      query.toString(),
    ]);
    const manager = 'fieldManager=data-clusters';
    expect(calls).toEqual([
      ['GET', undefined, ''],
      ['POST', 'application/json', `${manager}&dryRun=All`],
      ['PATCH', 'application/apply-patch+yaml', `${manager}&dryRun=All&force=true`],
      ['PATCH', 'application/merge-patch+json', manager],
      ['PUT', 'application/json', manager],
      ['DELETE', 'application/json', ''],
    ]);
    expect(server.requests.at(-1)?.body).toMatchObject({
      kind: 'DeleteOptions',
      preconditions: { uid: 'u-1' },
      dryRun: ['All'],
    });
  });

  test('a status is patched by itself', async () => {
    const server = await startServer();
    server.rule(`${path}/status`, json({ kind: 'StatefulSet' }));
    const { cluster } = await openTest(server);
    await cluster.mergePatch(address, { status: { replicas: 1 } }, { subresource: 'status' });
    expect(server.requests.map(({ method, path: asked }) => [method, asked])).toEqual([['PATCH', `${path}/status`]]);
  });

  test('names are never a part of the path that they look like', async () => {
    const server = await startServer();
    const { cluster } = await openTest(server);
    await expect(cluster.get({ ...address, name: '../../secrets/x?y' })).rejects.toMatchObject({ kind: 'absent' });
    expect(server.requests[0]?.path).toBe('/apis/apps/v1/namespaces/data/statefulsets/..%2F..%2Fsecrets%2Fx%3Fy');
  });

  test('pods are evicted by their uid, and a budget that refuses is busy', async () => {
    const server = await startServer();
    const eviction = '/api/v1/namespaces/data/pods/kafka-0/eviction';
    server.rule(
      eviction,
      json(
        status(429, 'would violate the budget', {
          details: { causes: [{ reason: 'DisruptionBudget', message: 'needs 2' }] },
        }),
        429,
      ),
    );
    const { cluster } = await openTest(server);
    await expect(
      cluster.evict({ namespace: 'data', name: 'kafka-0', uid: 'u-1' }, { dryRun: true }),
    ).rejects.toMatchObject({
      kind: 'busy',
      causes: [{ reason: 'DisruptionBudget', message: 'needs 2', field: '' }],
    });
    expect(server.requests.map(({ body }) => body)).toEqual([
      {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { namespace: 'data', name: 'kafka-0' },
        deleteOptions: { preconditions: { uid: 'u-1' }, dryRun: ['All'] },
      },
    ]);
  });
});

describe('rights', () => {
  test('are asked once a minute for each question', async () => {
    const server = await startServer();
    const clock = new FakeClock();
    server.rule(
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      json({ status: { allowed: false, reason: 'no rule' } }, 201),
    );
    const { cluster } = await openTest(server, {}, { clock });
    const question = { verb: 'create', group: '', resource: 'pods/exec', namespace: 'data' };
    for (const _ of [1, 2]) expect(await cluster.can(question)).toEqual({ isAllowed: false, reason: 'no rule' });
    await cluster.can({ ...question, namespace: 'other' });
    expect(server.requests.length).toBe(2);
    expect(server.requests[0]?.body).toMatchObject({
      spec: { resourceAttributes: { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'data' } },
    });
    clock.skip(60_000);
    await cluster.can(question);
    expect(server.requests.length).toBe(3);
  });
});

describe('the identity of a cluster', () => {
  test('is the uid of kube-system, when it may be read', async () => {
    const server = await startServer();
    const { cluster } = await openTest(server);
    const namespace = '/api/v1/namespaces/kube-system';
    server.next(namespace, json({ metadata: { uid: 'u-9' } }), failure(403, 'no'), failure(500, 'broken'));
    expect(await cluster.identity()).toBe('u-9');
    expect(await cluster.identity()).toBeUndefined();
    await expect(cluster.identity()).rejects.toMatchObject({ kind: 'server' });
  });
});

const served = { verbs: ['list'], shortNames: [] };

describe('discovery', () => {
  test('takes the aggregated form, and names groups that are stale', async () => {
    const server = await startServer();
    const resource = (plural: string, kind: string, scope: string): object => ({
      resource: plural,
      responseKind: { kind },
      scope,
      ...served,
    });
    const list = (...items: object[]): object => ({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      items,
    });
    server.rule(
      '/api',
      json(list({ metadata: {}, versions: [{ version: 'v1', resources: [resource('pods', 'Pod', 'Namespaced')] }] })),
    );
    server.rule(
      '/apis',
      json(
        list(
          {
            metadata: { name: 'kafka.strimzi.io' },
            versions: [
              { version: 'v1', resources: [resource('kafkas', 'Kafka', 'Namespaced')] },
              {
                version: 'v1beta2',
                resources: [resource('kafkas', 'Kafka', 'Namespaced'), resource('olds', 'Old', 'Cluster')],
              },
            ],
          },
          {
            metadata: { name: 'metrics.k8s.io' },
            versions: [{ version: 'v1beta1', freshness: 'Stale', resources: [] }],
          },
        ),
      ),
    );
    const { cluster } = await openTest(server);
    expect(await cluster.resources()).toEqual({
      resources: [
        { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: ['list'], versions: ['v1'] },
        {
          group: 'kafka.strimzi.io',
          version: 'v1',
          kind: 'Kafka',
          plural: 'kafkas',
          namespaced: true,
          verbs: ['list'],
          versions: ['v1', 'v1beta2'],
        },
        {
          group: 'kafka.strimzi.io',
          version: 'v1beta2',
          kind: 'Old',
          plural: 'olds',
          namespaced: false,
          verbs: ['list'],
          versions: ['v1beta2'],
        },
      ],
      failed: ['metrics.k8s.io/v1beta1'],
    });
    expect(server.requests.length).toBe(2);
  });

  test('follows the groups of older servers, and leaves out those that fail', async () => {
    const server = await startServer();
    server.rule('/api', json({ kind: 'APIVersions', versions: ['v1'] }));
    server.rule(
      '/api/v1',
      json({
        resources: [
          { name: 'pods', kind: 'Pod', namespaced: true, ...served },
          { name: 'pods/log', kind: 'Pod' },
        ],
      }),
    );
    const versions = ['apps/v1beta1', 'apps/v1'].map((groupVersion) => ({ groupVersion }));
    server.rule(
      '/apis',
      json({
        kind: 'APIGroupList',
        groups: [
          { name: 'apps', versions, preferredVersion: { groupVersion: 'apps/v1' } },
          { name: 'metrics.k8s.io', versions: [{ groupVersion: 'metrics.k8s.io/v1beta1' }] },
        ],
      }),
    );
    for (const version of ['v1', 'v1beta1'])
      server.rule(
        `/apis/apps/${version}`,
        json({ resources: [{ name: 'statefulsets', kind: 'StatefulSet', namespaced: true, ...served }] }),
      );
    server.rule('/apis/metrics.k8s.io/v1beta1', failure(503, 'the server is currently unable to handle the request'));
    const { cluster } = await openTest(server);
    const { resources, failed } = await cluster.resources();
    expect(resources.map(({ plural, version, versions }) => [plural, version, versions])).toEqual([
      ['pods', 'v1', ['v1']],
      ['statefulsets', 'v1', ['v1', 'v1beta1']],
    ]);
    expect(failed).toEqual(['metrics.k8s.io/v1beta1']);
  });
});
