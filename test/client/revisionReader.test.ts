import { beforeEach, describe, expect, test } from 'vitest';
import { OpenContext } from '#client/live/openContext.ts';
import { RevisionReader } from '#client/live/revisionReader.ts';
import { TreeModel } from '#core/live/tree/model.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import type { ObjectAddress } from '#core/live/ports.ts';
import type { HelmRelease } from '#core/live/view.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { contextOf, inputOf, viewOf } from '#test/support/liveViews.ts';
import { secretOf, storedReleases, storeRevision } from '#test/support/storedReleases.ts';
import { start } from '#test/support/watchedSession.ts';

/** Notes what is read, and is slow where a test says so. */
class AskedCluster extends FakeCluster {
  readonly asked: string[] = [];
  /** What the next answer waits for. */
  slow: Promise<void> | undefined;

  override async get(address: ObjectAddress) {
    this.asked.push(address.name);
    const { slow } = this;
    this.slow = undefined;
    await slow;
    return super.get(address);
  }
}

let cluster = new AskedCluster();
let reader = makeReader();

/** What the watch shows is what is there. */
function makeReader(): RevisionReader {
  const asked = cluster;
  const watch = {
    get view() {
      return viewOf([], { releases: storedReleases(asked) });
    },
    isGone: () => true,
  };
  return new RevisionReader(asked, watch, () => undefined);
}

const KAFKA = 'kafka-32.4.3 · app 4.0.0';
const FACTS = ['appVersion', 'chart', 'description', 'namespace', 'resourceVersion', 'uid'];
const WHEN = 'under 2 min ago';

beforeEach(() => {
  cluster = new AskedCluster();
  reader = makeReader();
  storeRevision(cluster, 1, { status: 'superseded', description: 'Install complete', chart: '31.0.0' });
  storeRevision(cluster, 2, { status: 'deployed', description: 'Upgrade complete' });
});

function release(): HelmRelease {
  const [found] = storedReleases(cluster);
  if (!found) throw new Error('There is a release.');
  return found;
}

function rows(): readonly string[] {
  const view = viewOf([], { releases: storedReleases(cluster) });
  const model = new TreeModel(() => inputOf([contextOf('shop', view, { revisions: reader.facts })]));
  const group = rowIds.group(rowIds.context('shop'), 'helmGroup');
  model.childrenOf(undefined);
  model.childrenOf(rowIds.context('shop'));
  model.childrenOf(group);
  return model.childrenOf(rowIds.release('shop', 'prod', 'orders')).map((row) => row.description);
}

/** As Helm does it: the new revision is begun, the objects are written, the old one is superseded, the new one is deployed. */
const rollback = [
  () => storeRevision(cluster, 3, { status: 'pending-rollback', description: 'Rollback to 1', chart: '31.0.0' }),
  () => storeRevision(cluster, 2, { status: 'superseded', description: 'Upgrade complete' }),
  () => storeRevision(cluster, 3, { status: 'deployed', description: 'Rollback to 1', chart: '31.0.0' }),
] as const;

describe('rows of revisions', () => {
  test('tell their labels, and once their release was opened what they hold', async () => {
    expect(rows()).toEqual([`deployed · ${WHEN}`, `superseded · ${WHEN}`]);
    await reader.open(release());
    expect(rows()).toEqual([
      `deployed · ${WHEN} · ${KAFKA} — Upgrade complete`,
      `superseded · ${WHEN} · kafka-31.0.0 · app 4.0.0 — Install complete`,
    ]);
  });

  test('keep what they hold through a rollback, and the new one tells it too', async () => {
    await reader.open(release());
    for (const step of rollback) {
      step();
      await reader.follow();
    }
    expect(rows()).toEqual([
      `deployed · ${WHEN} · kafka-31.0.0 · app 4.0.0 — Rollback to 1`,
      `superseded · ${WHEN} · ${KAFKA} — Upgrade complete`,
      `superseded · ${WHEN} · kafka-31.0.0 · app 4.0.0 — Install complete`,
    ]);
    expect(cluster.asked).toEqual([2, 1, 3, 2, 3].map(secretOf));
  });

  test('keep their chart, without the description of an earlier status, while their release is closed', async () => {
    await reader.open(release());
    reader.close({ namespace: 'prod', name: 'orders' });
    for (const step of rollback) {
      step();
      await reader.follow();
    }
    expect(rows()).toEqual([
      `deployed · ${WHEN}`,
      `superseded · ${WHEN} · ${KAFKA}`,
      `superseded · ${WHEN} · kafka-31.0.0 · app 4.0.0 — Install complete`,
    ]);
    expect(cluster.asked).toEqual([2, 1].map(secretOf));
    await reader.open(release());
    expect(rows()[0]).toContain('Rollback to 1');
    expect(rows()[1]).toContain('Upgrade complete');
  });

  test('say nothing of a release that had their name before', async () => {
    await reader.open(release());
    reader.close(release());
    for (const revision of [1, 2]) cluster.remove('Secret', secretOf(revision), 'prod');
    storeRevision(cluster, 1, { status: 'superseded', description: 'Install complete', chart: '9.0.0' });
    expect(rows()).toEqual([`superseded · ${WHEN}`]);
    await reader.open(release());
    expect(rows()).toEqual([`superseded · ${WHEN} · kafka-9.0.0 · app 4.0.0 — Install complete`]);
  });
});

describe('reading revisions', () => {
  test('asks for nothing that was read, and nobody is told', async () => {
    await reader.open(release());
    const { facts } = reader;
    await reader.follow();
    await reader.open(release());
    expect(reader.facts).toBe(facts);
    expect(cluster.asked).toEqual([2, 1].map(secretOf));
  });

  test('leaves releases alone that nobody has opened', async () => {
    await reader.follow();
    expect(cluster.asked).toEqual([]);
  });

  test('ends at the first one that may not be read, and begins again with the next opening, not with every change', async () => {
    cluster.isForbidden = ({ resource }) => resource === 'secrets';
    await reader.open(release());
    await reader.follow();
    expect(rows()).toEqual([`deployed · ${WHEN}`, `superseded · ${WHEN}`]);
    expect(cluster.asked).toEqual([secretOf(2)]);
    cluster.isForbidden = () => false;
    await reader.open(release());
    expect(rows()[1]).toContain('Install complete');
  });

  test('passes over one that is gone or broken', async () => {
    storeRevision(cluster, 3, { status: 'deployed', description: 'Upgrade complete' });
    const before = release();
    cluster.remove('Secret', secretOf(3), 'prod');
    cluster.put(manifest('v1', 'Secret', secretOf(2), { namespace: 'prod' }, { data: { release: 'broken' } }));
    await reader.open(before);
    expect([...reader.facts.values()].map(({ description }) => description)).toEqual(['Install complete']);
  });

  test('keeps the newest of what came while it was reading', async () => {
    cluster.slow = new Promise((done) => setImmediate(done));
    const readings = [reader.open(release())];
    for (const step of rollback) {
      step();
      readings.push(reader.follow());
    }
    await Promise.all(readings);
    expect(rows().map((row) => row.split(' — ')[1])).toEqual(['Rollback to 1', 'Upgrade complete', 'Install complete']);
  });

  test('keeps chart, version and description, and nothing else of what is stored', async () => {
    storeRevision(cluster, 3, { status: 'failed', description: 'cannot patch "a"\npassword: hunter2' });
    await reader.open(release());
    const kept = JSON.stringify([...reader.facts]);
    expect(kept).toContain('cannot patch');
    expect(kept).not.toMatch(/hunter2|注文|StatefulSet|replicas/);
    for (const facts of reader.facts.values()) {
      expect(Object.keys(facts).toSorted()).toEqual(FACTS);
    }
  });
});

describe('what was read is forgotten', () => {
  /** Revisions that are remembered, oldest first, after each change of the context. */
  async function opened() {
    const { watch, clock } = start(cluster, { namespaces: ['prod'] });
    await clock.pass(0);
    const seen: string[] = [];
    const context = new OpenContext(cluster, watch, { changed: () => void seen.push(kept()), told: () => undefined });
    const kept = (): string => [...context.revisions.facts.values()].map(({ chart }) => chart.slice(6)).join(' ');
    const [found] = watch.view.releases;
    if (found) await context.revisions.open(found);
    seen.length = 0;
    return { context, watch, seen, kept, settle: () => clock.pass(100) };
  }

  test('when what keeps a revision is deleted, whether its release is open or not', async () => {
    const { context, settle, kept } = await opened();
    expect(kept()).toBe('32.4.3 31.0.0');
    cluster.remove('Secret', secretOf(1), 'prod');
    await settle();
    expect(kept()).toBe('32.4.3');
    context.revisions.close(release());
    cluster.remove('Secret', secretOf(2), 'prod');
    await settle();
    expect(context.revisions.facts).toEqual(new Map());
    expect(cluster.asked).toEqual([2, 1].map(secretOf));
  });

  test('not while a connection is broken, and when it is back only what was deleted meanwhile', async () => {
    const { context, settle, seen, kept } = await opened();
    const { facts } = context.revisions;
    cluster.interrupt();
    await settle();
    cluster.remove('Secret', secretOf(1), 'prod');
    await settle();
    expect(context.revisions.facts).toBe(facts);
    cluster.recover();
    await settle();
    expect(kept()).toBe('32.4.3');
    cluster.interrupt();
    await settle();
    seen.length = 0;
    cluster.recover();
    await settle();
    expect([...new Set(seen)]).toEqual(['32.4.3']);
  });

  test('not while the right to list ends at a namespace and the list there is still coming', async () => {
    const { context, watch, settle, seen } = await opened();
    const { facts } = context.revisions;
    cluster.hold('secrets');
    cluster.isForbidden = ({ resource, namespace }) => resource === 'secrets' && namespace === undefined;
    cluster.enforce();
    await settle();
    expect(watch.view.releases).toEqual([]);
    expect(context.revisions.facts).toBe(facts);
    cluster.release('secrets');
    await settle();
    expect(watch.view.releases).toHaveLength(1);
    expect(context.revisions.facts).toBe(facts);
    expect([...new Set(seen)]).toEqual(['32.4.3 31.0.0']);
    expect(cluster.asked).toEqual([2, 1].map(secretOf));
  });

  test('not when the right to see it is taken away', async () => {
    const { context, watch, settle, kept } = await opened();
    cluster.isForbidden = ({ resource }) => resource === 'secrets';
    cluster.enforce();
    await settle();
    expect(watch.view.releases).toEqual([]);
    expect(kept()).toBe('32.4.3 31.0.0');
    context.stop();
    expect(watch.isGone({ namespace: 'prod', uid: 'none' })).toBe(false);
  });

  test('also when it is deleted while it is read', async () => {
    const { context, watch, settle, kept } = await opened();
    storeRevision(cluster, 3, { status: 'deployed', description: 'Upgrade complete', chart: '33.0.0' });
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    const get = cluster.get.bind(cluster);
    cluster.get = async (address) => {
      const answer = await get(address);
      await promise;
      return answer;
    };
    await settle();
    cluster.remove('Secret', secretOf(3), 'prod');
    await settle();
    expect(watch.view.releases[0]?.revisions).toHaveLength(2);
    resolve();
    await settle();
    expect(kept()).toBe('32.4.3 31.0.0');
    expect([...context.revisions.facts.values()].some(({ chart }) => chart.includes('33.0.0'))).toBe(false);
  });
});
