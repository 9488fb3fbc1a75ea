import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDemoDirectory, watchContext } from '#client/cluster/kubernetes.ts';
import { editorClock } from '#client/live/editorClock.ts';
import { chooseRevision } from '#core/live/helm/chooseRevisions.ts';
import { compareReleases, releaseDocuments } from '#core/live/helm/documents.ts';
import { fetchRelease } from '#core/live/helm/fetch.ts';
import { kafkaPicture } from '#core/live/detail/facts.ts';
import type { Cluster } from '#core/live/ports.ts';
import { isKafkaInside } from '#core/systems/kafka/live/insideFacts.ts';
import type { ContextWatch, JudgedCluster } from '#core/live/view.ts';
import { operations } from '#core/systems/operations.ts';
import { contentOf, inflate } from '#test/support/helmReleases.ts';

function ignore(): void {
  // Nobody listens.
}

const log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
const directory = createDemoDirectory({ clock: editorClock, log });
let cluster: Cluster;
let watch: ContextWatch;

beforeAll(async () => {
  const [context] = await directory.contexts();
  cluster = await directory.open(context?.name ?? '');
  watch = watchContext(cluster, { clock: editorClock, log });
  await watch.ready;
});

afterAll(() => {
  watch.stop();
  directory.stop();
});

async function inspected(key: string): Promise<JudgedCluster> {
  await watch.inspect(key);
  const judged = watch.view.clusters.find((one) => one.cluster.key === key);
  if (!judged) throw new Error(`There is no ${key}`);
  return judged;
}

test('the Kafka of the demo that Strimzi runs is well from inside', async () => {
  const { health, inside } = await inspected('kafka/payments/ledger');
  expect(inside?.problems).toEqual([]);
  expect(health).toMatchObject({
    level: 'healthy',
    sentence: '3 of 3 brokers and 3 of 3 controllers, 21 partitions in sync',
  });
});

test('the one to practise on is well, and its brokers have more and less', async () => {
  const { health, inside } = await inspected('kafka/analytics/clickstream');
  expect(inside?.problems).toEqual([]);
  expect(health).toMatchObject({
    level: 'healthy',
    sentence: '4 of 4 brokers and 3 of 3 controllers, 36 partitions in sync',
  });
  const facts = inside?.facts;
  if (!isKafkaInside(facts)) throw new Error('It was not asked');
  expect(facts.brokers?.map(({ id, isFenced }) => [id, isFenced])).toEqual([0, 1, 2, 3].map((id) => [id, false]));
  const bytes = facts.brokers?.map(({ logDirs }) => logDirs?.[0]?.replicaBytes ?? 0) ?? [];
  expect(bytes[0]).toBeGreaterThan((bytes[3] ?? 0) * 2);
});

test('the one to practise on can be restarted: nothing speaks against it', async () => {
  const { cluster: data } = await inspected('kafka/analytics/clickstream');
  const about = { data, cluster, clock: editorClock, id: 'plan' };
  const plan = await operations.plan({ operation: 'restart', level: 'fully replicated' }, about);
  expect(plan.preconditions.filter(({ state }) => state !== 'holds')).toEqual([]);
  expect(plan.steps.map(({ id }) => id).toSorted()).toEqual([
    ...[0, 1, 2, 3].map((id) => `clickstream-brokers-${id}`),
    ...[0, 1, 2].map((id) => `clickstream-controllers-${id}`),
  ]);
});

test('the one whose broker is killed again and again names the partitions that suffer', async () => {
  const { health, inside } = await inspected('kafka/shop/orders');
  expect(health.level).toBe('unhealthy');
  const texts = health.evidence.map(({ text }) => text);
  expect(texts).toContainEqual(expect.stringMatching(/^3 partitions under min ISR \(audit-0, audit-1, audit-2\)/));
  const picture = kafkaPicture(inside?.facts);
  expect(picture?.assignment).toHaveLength(picture?.total ?? 0);
  expect(picture?.assignment).toContainEqual({ name: 'audit-0', leader: 2, replicas: [1, 2], isr: [2] });
});

test('its Helm releases can be read and compared', async () => {
  const target = { kind: 'release', context: '', namespace: 'strimzi-system', name: 'strimzi' } as const;
  const chosen = chooseRevision(watch.view, target);
  const read = async (revision = chosen?.revision) => {
    if (!revision) throw new Error('There is no revision');
    return contentOf(await fetchRelease(cluster, 'strimzi-system', revision, inflate));
  };
  const [now, before] = [await read(), await read(chosen?.others[0])];
  expect(releaseDocuments(now, 'hidden').map(({ part }) => part)).toEqual([
    'values',
    'computed values',
    'manifest',
    'notes',
  ]);
  expect(compareReleases(before, now, 'hidden').map(({ part }) => part)).toEqual([
    'values',
    'computed values',
    'manifest',
  ]);
});
