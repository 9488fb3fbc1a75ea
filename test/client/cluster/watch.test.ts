import { describe, expect, test } from 'vitest';
import { silenceMs } from '#client/cluster/watch/listAndWatch.ts';
import type { WatchQuery } from '#core/live/ports.ts';
import { cutAfter, failure, hangUp, json } from '../../support/fakeApiServer/answers.ts';
import type { FakeCollection } from '../../support/fakeApiServer/collection.ts';
import type { FakeApiServer } from '../../support/fakeApiServer/fakeApiServer.ts';
import { containing, openTest, recorder, startServer, until } from '../../support/fakeApiServer/setup.ts';
import { ManualClock } from '../../support/manualClock.ts';

const path = '/api/v1/namespaces/data/configmaps';
const query: WatchQuery = { group: '', version: 'v1', plural: 'configmaps', namespaced: true, namespace: 'data' };

interface Watching {
  readonly server: FakeApiServer;
  readonly maps: FakeCollection;
  readonly clock: ManualClock;
  readonly told: string[];
  readonly events: ReturnType<typeof recorder>['events'];
}

/** A watch of a collection that has `a`, with a clock that the test moves. */
async function watching(
  prepare: (server: FakeApiServer) => void = () => undefined,
  over: Partial<WatchQuery> = {},
): Promise<Watching> {
  const server = await startServer();
  const maps = server.collection(path, 'v1', 'ConfigMap');
  maps.put({ metadata: { name: 'a', managedFields: [{ manager: 'somebody' }] } });
  prepare(server);
  const clock = new ManualClock();
  const { cluster } = await openTest(server, {}, { clock });
  const { told, events, listen } = recorder();
  cluster.watch({ ...query, ...over }, listen);
  return { server, maps, clock, told, events };
}

const inSync = ['reset', '+a', 'synced'];

describe('a list and watch', () => {
  test('tells what is there, then every change', async () => {
    const { maps, told } = await watching();
    await until(() => maps.watchers === 1);
    maps.put({ metadata: { name: 'b' } });
    maps.remove('a');
    await until(() => told.length === 5);
    expect(told).toEqual([...inSync, '+b', '-a']);
  });

  test('gives objects their type and leaves out who set which field', async () => {
    const { events, maps } = await watching();
    await until(() => maps.watchers === 1);
    maps.put({ metadata: { name: 'b', managedFields: [] } });
    await until(() => events.length === 4);
    const objects = events.flatMap((event) => (event.type === 'put' ? [event.object] : []));
    for (const object of objects) {
      expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
      expect(object['metadata']).not.toHaveProperty('managedFields');
    }
  });

  test('lists in pages of 500', async () => {
    const { server, told } = await watching((server) => {
      for (let index = 0; index < 1200; index++)
        server.collections.get(path)?.put({ metadata: { name: `map-${index}` } });
    });
    await until(() => told.includes('synced'));
    expect(told.length).toBe(1203);
    const pages = server.requestsTo(path).filter(({ query }) => query.get('watch') !== 'true');
    expect(pages.map(({ query }) => query.get('limit'))).toEqual(['500', '500', '500']);
  });

  test('asks for metadata alone when that is all that is wanted', async () => {
    const { server, maps } = await watching(undefined, { metadataOnly: true });
    await until(() => maps.watchers === 1);
    expect(server.requestsTo(path).map(({ headers }) => headers['accept'])).toEqual([
      containing('as=PartialObjectMetadataList;'),
      containing('as=PartialObjectMetadata;'),
    ]);
  });

  test('goes on from the last bookmark when the server ends the watch', async () => {
    const { server, maps, told, clock } = await watching();
    await until(() => maps.watchers === 1);
    maps.bookmark();
    clock.skip(2000);
    maps.endWatches('end');
    await until(() => maps.watchers === 1);
    maps.put({ metadata: { name: 'b' } });
    await until(() => told.includes('+b'));
    expect(told).toEqual([...inSync, '+b']);
    expect(server.requests.at(-1)?.query.get('resourceVersion')).toBe('102');
  });

  test('recovers from a connection that breaks in the middle of a line without losing or repeating anything', async () => {
    const { maps, told, clock } = await watching();
    await until(() => maps.watchers === 1);
    maps.send('{"type":"ADDED","object":{"metadata":{"name":"half');
    maps.endWatches('cut');
    await until(() => told.at(-1) === 'interrupted');
    maps.put({ metadata: { name: 'missed' } });
    await clock.advance(500);
    await until(() => told.includes('+missed'));
    expect(told).toEqual([...inSync, 'interrupted', 'synced', '+missed']);
  });

  test.each(['when the watch begins', 'while it goes on'])(
    'lists again when its version is too old %s (410)',
    async (when) => {
      const { maps, told, clock } = await watching();
      await until(() => maps.watchers === 1);
      maps.forgetHistory();
      maps.put({ metadata: { name: 'b' } });
      await until(() => told.includes('+b'));
      if (when === 'while it goes on') {
        maps.send('{"type":"ERROR","object":{"kind":"Status","status":"Failure","code":410,"reason":"Expired"}}\n');
      } else {
        maps.forgetHistory();
        clock.skip(2000);
        maps.endWatches('end');
      }
      await until(() => told.length === 8);
      expect(told.slice(4)).toEqual(['reset', '+a', '+b', 'synced']);
    },
  );

  test('begins the list again when it becomes too old between two pages', async () => {
    const page = {
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '1', continue: '1:1' },
      items: [],
    };
    const { told } = await watching((server) =>
      server.next(path, json(page), failure(410, 'The continue token is too old.')),
    );
    await until(() => told.includes('synced'));
    expect(told).toEqual(['reset', ...inSync]);
  });

  test('waits longer with every failure, tells why, and takes nothing away meanwhile', async () => {
    const { server, told, events, clock } = await watching((server) =>
      server.next(path, failure(500, 'etcd has no leader'), failure(500, 'etcd has no leader'), hangUp, hangUp),
    );
    for (const milliseconds of [250, 500, 1000]) {
      await until(() => told.length > 0 && told.at(-1) === 'interrupted' && clock.isWaiting(milliseconds));
      await clock.advance(milliseconds);
    }
    await until(() => told.includes('synced'));
    expect(told).toEqual(['interrupted', 'interrupted', 'interrupted', ...inSync]);
    expect(events[0]).toMatchObject({
      retryInMs: 250,
      problem: { kind: 'server', message: containing('etcd has no leader') },
    });
    expect(events[2]).toMatchObject({ retryInMs: 1000, problem: { kind: 'unreachable' } });
    expect(server.requestsTo(path).length).toBeGreaterThanOrEqual(5);
  });

  test('waits as long as the server asks (429)', async () => {
    const { events, clock } = await watching((server) => {
      server.next(path, ...Array.from({ length: 1 }, () => failure(429, 'slow down', { 'retry-after': '20' })));
    });
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({ type: 'interrupted', retryInMs: 20_000, problem: { kind: 'busy' } });
    await clock.advance(20_000);
    await until(() => events.length === 4);
  });

  test.each([
    [403, 'forbidden'],
    [404, 'absent'],
    [401, 'unauthenticated'],
  ] as const)('ends for good at %i', async (code, kind) => {
    const { server, events } = await watching((server) => server.rule(path, failure(code, 'no')));
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({ type: 'ended', problem: { kind, status: code } });
    expect(server.requestsTo(path).length).toBeLessThanOrEqual(2);
  });

  test('connects again at once after the computer was asleep', async () => {
    const { server, maps, told, clock } = await watching();
    await until(() => maps.watchers === 1);
    const before = server.connections;
    maps.put({ metadata: { name: 'b' } });
    await until(() => told.includes('+b'));
    await clock.sleep(3_600_000);
    await until(() => server.connections > before && maps.watchers === 1);
    maps.put({ metadata: { name: 'c' } });
    await until(() => told.includes('+c'));
    expect(told).toEqual([...inSync, '+b', '+c']);
  });

  test('takes long silence for a dead connection', async () => {
    const { server, maps, told, clock } = await watching();
    await until(() => maps.watchers === 1);
    for (let passed = 0; passed <= silenceMs; passed += 10_000) await clock.advance(10_000);
    await until(() => server.requestsTo(path).length === 3 && maps.watchers === 1);
    expect(told).toEqual(inSync);
  });

  test('is silent after it was stopped', async () => {
    const server = await startServer();
    const maps = server.collection(path, 'v1', 'ConfigMap');
    const { cluster } = await openTest(server);
    const { told, listen } = recorder();
    const watch = cluster.watch(query, listen);
    await until(() => maps.watchers === 1);
    watch.stop();
    await until(() => maps.watchers === 0);
    maps.put({ metadata: { name: 'late' } });
    expect(told).toEqual(['reset', 'synced']);
  });

  test('survives a listener that throws', async () => {
    const server = await startServer();
    const maps = server.collection(path, 'v1', 'ConfigMap');
    const { cluster, log } = await openTest(server);
    const { told, listen } = recorder();
    cluster.watch(query, (event) => {
      listen(event);
      if (event.type === 'put') throw new Error('a mistake of ours');
    });
    await until(() => maps.watchers === 1);
    maps.put({ metadata: { name: 'a' } });
    maps.put({ metadata: { name: 'b' } });
    await until(() => told.length === 4);
    expect(log.lines.join('\n')).toContain('a mistake of ours');
  });

  test('reads a page that is cut short again', async () => {
    const { told } = await watching((server) => server.next(path, cutAfter('{"kind":"ConfigMapList","items":[')));
    await until(() => told.includes('synced'));
    expect(told).toEqual(inSync);
  });
});
