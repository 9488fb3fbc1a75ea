import { expect, test } from 'vitest';
import { textOf, valueAt } from '#core/live/json.ts';
import { ClusterProblem, type WatchEvent, type WatchQuery } from '#core/live/ports.ts';
import { FakeClock, settle } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';

const services: WatchQuery = { group: '', version: 'v1', plural: 'services', namespaced: true };
const service = (name: string, labels = {}) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, labels } });

function watch(cluster: FakeCluster, query: WatchQuery): WatchEvent[] {
  const events: WatchEvent[] = [];
  cluster.watch(query, (event) => void events.push(event));
  return events;
}

const told = (events: readonly WatchEvent[]) =>
  events.map((event) => {
    if (!('object' in event)) return event.type;
    return `${event.type} ${textOf(valueAt(event.object, 'metadata', 'name'))}`;
  });

test('a watch tells what is there, then what changes', async () => {
  const cluster = new FakeCluster();
  cluster.put(service('b'), service('a'));
  const events = watch(cluster, services);
  expect(events).toEqual([]);
  await settle();
  cluster.put(service('c'));
  cluster.remove('Service', 'a');
  expect(told(events)).toEqual(['reset', 'put a', 'put b', 'synced', 'put c', 'remove a']);
});

test('a selector is followed when labels change', async () => {
  const cluster = new FakeCluster();
  const events = watch(cluster, { ...services, labelSelector: 'app in (x, y),!gone', metadataOnly: true });
  await settle();
  cluster.put(service('a', { app: 'x' }), service('b', { app: 'z' }));
  cluster.put(service('a', { app: 'x', gone: '' }));
  expect(told(events)).toEqual(['reset', 'synced', 'put a', 'remove a']);
});

test('connections break and come back, rights are taken away', async () => {
  const cluster = new FakeCluster();
  cluster.put(service('a'));
  const events = watch(cluster, services);
  await settle();
  cluster.interrupt();
  cluster.put(service('b'));
  await expect(cluster.list(services)).rejects.toThrow('reset');
  cluster.recover();
  cluster.isForbidden = ({ resource, namespace }) => resource === 'services' && namespace === undefined;
  cluster.enforce();
  expect(told(events).slice(3)).toEqual(['interrupted', 'reset', 'put a', 'put b', 'synced', 'ended']);
  await expect(cluster.list(services)).rejects.toThrow('services is forbidden');
  expect(await cluster.list({ ...services, namespace: 'default' })).toHaveLength(2);
});

test('writes are kept and can be refused', async () => {
  const cluster = new FakeCluster();
  cluster.put(service('a'));
  const address = { ...services, namespace: 'default', name: 'a' };
  await cluster.mergePatch(address, { metadata: { labels: { x: '1' } } }, { dryRun: true });
  expect((await cluster.get(address))['metadata']).toMatchObject({ labels: {} });
  await cluster.mergePatch(address, { metadata: { labels: { x: '1' } } });
  expect((await cluster.get(address))['metadata']).toMatchObject({ labels: { x: '1' } });
  await expect(cluster.mergePatch(address, { metadata: { resourceVersion: '1' } })).rejects.toThrow(ClusterProblem);
  await expect(cluster.create(services, service('a'))).rejects.toMatchObject({ kind: 'conflict' });
  await cluster.delete(address);
  await expect(cluster.get(address)).rejects.toMatchObject({ kind: 'absent', status: 404 });
  expect(cluster.writes.map(({ verb }) => verb)).toEqual(['patch', 'patch', 'delete']);
});

test('time passes in order, and what stops is not called', () => {
  const clock = new FakeClock(0);
  const calls: string[] = [];
  clock.after(20, () => calls.push(`b at ${clock.now()}`));
  clock.after(10, () => {
    calls.push(`a at ${clock.now()}`);
    clock.after(5, () => calls.push(`c at ${clock.now()}`));
  });
  clock.after(12, () => calls.push('never')).stop();
  clock.advance(30);
  expect(calls).toEqual(['a at 10', 'c at 15', 'b at 20']);
  expect([clock.now(), clock.waiting]).toEqual([30, 0]);
});
