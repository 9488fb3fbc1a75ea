import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createDemoDirectory } from '#client/cluster/kubernetes.ts';
import { DetailFeed } from '#client/views/detail/detailFeed.ts';
import { editorClock } from '#client/live/editorClock.ts';
import { textOf } from '#core/live/detail/html.ts';
import { renderOperator } from '#core/live/detail/operatorView.ts';
import { examineOperator, partsOf, unreadAnatomy } from '#core/live/operators/anatomy/examine.ts';
import type { OperatorAnatomy } from '#core/live/operators/anatomy/model.ts';
import { subjectOf } from '#core/live/operators/anatomy/subject.ts';
import { operatorTroubles } from '#core/live/operators/anatomy/troubles.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import type { Cluster, ClusterDirectory } from '#core/live/ports.ts';
import { watchContext } from '#core/live/session.ts';
import type { ContextWatch } from '#core/live/view.ts';

function ignore(): void {
  // Nobody listens.
}

const log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
let directory: ClusterDirectory;
let cluster: Cluster;
let watch: ContextWatch;

beforeAll(async () => {
  directory = createDemoDirectory({ clock: editorClock, log });
  const [context] = await directory.contexts();
  cluster = await directory.open(context?.name ?? '');
  watch = watchContext(cluster, { clock: editorClock, log });
  await watch.ready;
});

afterAll(() => {
  watch.stop();
  directory.stop();
});

async function examine(
  name: string,
): Promise<{ readonly page: string; readonly troubles: readonly string[]; readonly anatomy: OperatorAnatomy }> {
  const { view } = watch;
  const operator = view.operators.find((candidate) => candidate.name === name);
  if (operator === undefined) throw new Error(`no operator ${name}`);
  let anatomy = unreadAnatomy(editorClock.now());
  await examineOperator(
    cluster,
    subjectOf(view, operator),
    view.operators,
    editorClock.now(),
    (more) => (anatomy = more),
  );
  const page = textOf(
    renderOperator({ view, operator, anatomy, context: 'demo', isDemo: true, now: editorClock.now() }),
  );
  const troubles = operatorTroubles(view, operator, anatomy, editorClock.now()).flatMap(({ level, text }) =>
    level === 'healthy' ? [] : [text],
  );
  return { page: page.replaceAll(/ {2,}/g, ' '), troubles, anatomy };
}

const operators = [
  'strimzi-cluster-operator',
  'cass-operator-controller-manager',
  'spark-operator-controller',
  'spark-operator-webhook',
  'training-operator',
];

test.each(operators)('%s of the demo can be read whole', async (name) => {
  const { anatomy } = await examine(name);
  expect(partsOf(anatomy).map(({ kind }) => kind)).toEqual(Array.from({ length: 7 }, () => 'read'));
});

test('the demo shows versions that are stored and no longer served, with who leads and what is there', async () => {
  const { page, troubles } = await examine('strimzi-cluster-operator');
  expect(troubles.filter((text) => text.includes('v1beta2')).map((text) => text.split(':')[0])).toEqual([
    'kafkas.kafka.strimzi.io',
    'kafkatopics.kafka.strimzi.io',
  ]);
  expect(troubles).toHaveLength(2);
  expect(page).toMatch(/strimzi-cluster-operator-\w+-\w+ by the lease strimzi-cluster-operator, renewed/);
  expect(page).toContain('Kafka (kafka.strimzi.io) v1 v1 v1beta2 (not served), v1 None 1');
  expect(page).toContain('hands out rights');
  expect(page).toContain('payments/ledger');
});

test('the demo shows errors of a log, and webhooks with what stands behind them', async () => {
  const { page, troubles } = await examine('cass-operator-controller-manager');
  expect(page).toContain('Reconciler error: calculating reconciliation actions');
  expect(page).toContain(
    'vcassandradatacenter.kb.io (validating) create, update, delete cassandradatacenters.cassandra.datastax.com cass-operator-webhook-service 1',
  );
  expect(troubles.some((text) => text.startsWith('its log tells errors'))).toBe(true);
  const spark = await examine('spark-operator-controller');
  expect(spark.troubles).toEqual([]);
  expect(spark.page).toContain(
    'mutate--v1-pod.sparkoperator.k8s.io (mutating) create pods, some of them only spark-operator-webhook-svc 1',
  );
});

test('the demo shows the story of a driver that fails again and again, and the lines of its log that matter', async () => {
  const key = 'spark/analytics/fraud-scores';
  let events: readonly LiveEvent[] = [];
  const listening = watch.watchEvents(key, (more) => (events = more));
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(0), { timeout: 5_000 });
  const story = watch.story(key, events).map(({ text, isAhead }) => (isAhead === true ? `ahead: ${text}` : text));
  expect(story[0]).toBe('created');
  expect(story.join()).toContain('SparkApplicationSubmitted: SparkApplication fraud-scores was submitted successfully');
  expect(story).toContain('driver ended with exit code 1');
  expect(story.at(-1)).toBe('ahead: to be run again');
  const feed = new DetailFeed({
    context: 'demo',
    isDemo: true,
    key,
    watch,
    cluster,
    now: () => editorClock.now(),
    inspectEveryMs: 60_000,
    changed: ignore,
  });
  await feed.readFailure();
  const page = textOf(feed.render());
  feed.stop();
  listening.stop();
  expect(page).toContain('The table or view `features`.`fraud_v3` cannot be found.');
  expect(page).not.toContain('Shutdown hook called');
});
