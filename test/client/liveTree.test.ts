import { describe, expect, it } from 'vitest';
import { operations } from '#core/systems/operations.ts';
import { LiveContexts } from '#client/live/liveContexts.ts';
import { inNotification, inPick } from '#client/ui/untrusted.ts';
import { ClusterTree } from '#client/views/clusters/clusterTree.ts';
import { definingObjects, wantedObject } from '#client/views/clusters/identities.ts';
import { welcomeReason } from '#client/views/clusters/welcome.ts';
import type { InsideMode } from '#core/live/liveSettings.ts';
import { readLiveSettings } from '#core/live/liveSettings.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import type { TreeElement } from '#core/live/tree/row.ts';
import type { ContextView, JudgedCluster } from '#core/live/view.ts';
import { NO_OPERATIONS } from '#core/operations/shownRun.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { fakeDirectory, FakeWatch } from '#test/support/fakeWatches.ts';
import {
  clusterOf,
  contextOf,
  healthOf,
  judged,
  memberOf,
  summaryOf,
  viewOf,
  workloadOf,
} from '#test/support/liveViews.ts';
import { storedReleases, storeRevision } from '#test/support/storedReleases.ts';

const settings = readLiveSettings({}, { protectedContexts: [], readOnlyContexts: [] }).settings;
const orders = judged(clusterOf('orders', { members: [memberOf('orders-0')] }));
const key = orders.cluster.key;
const path = [rowIds.context('shop'), rowIds.namespace('shop', 'prod'), rowIds.cluster('shop', key)];

/** A tree with one context that has one data cluster. */
class Stage {
  readonly clock = new FakeClock();
  readonly watches: FakeWatch[] = [];
  readonly directory = fakeDirectory([summaryOf('shop')]);
  readonly stored: string[] = [];
  inside: InsideMode = 'onDemand';
  readonly contexts = new LiveContexts({
    load: () => ({
      createClusterDirectory: () => this.directory,
      createDemoDirectory: () => fakeDirectory([]),
      watchContext: (cluster) => {
        const watch = new FakeWatch(cluster.context.name, viewOf([orders]));
        this.watches.push(watch);
        return watch;
      },
      operations,
      askableSystems: ['kafka'],
    }),
    settings: () => settings,
    isTrusted: () => true,
    environment: {},
    clock: this.clock,
    log: { error: ignore, warn: ignore, info: ignore, debug: ignore },
    isInUse: () => false,
    operations: () => NO_OPERATIONS,
    onLoginMessage: ignore,
  });
  readonly tree = new ClusterTree({
    contexts: this.contexts,
    clock: this.clock,
    favourites: { read: () => this.stored, write: (ids) => this.stored.splice(0, this.stored.length, ...ids) },
    inside: () => this.inside,
  });

  /** Opened as a user would: the view, the context, and everything that starts open. */
  static async opened(): Promise<Stage> {
    const stage = new Stage();
    await stage.contexts.open();
    const [shop] = stage.tree.children(undefined);
    if (!shop) throw new Error('There is a context.');
    stage.tree.expanded(shop);
    await stage.clock.pass(100);
    stage.tree.refresh();
    return stage;
  }

  at(...below: readonly string[]): TreeElement {
    const element = this.tree.elementAt({ path: [...path, ...below] });
    if (!element) throw new Error('There is no such row.');
    return element;
  }

  show(view: ContextView): readonly (TreeElement | undefined)[] {
    this.watches[0]?.change(view, []);
    this.clock.advance(100);
    return this.tree.refresh();
  }
}

function ignore(): void {
  // Nobody listens.
}

describe('the view of clusters', () => {
  it('connects a context when its row is opened, not when its rows are asked for', async () => {
    const stage = new Stage();
    await stage.contexts.open();
    const [shop] = stage.tree.children(undefined);
    stage.tree.children(shop);
    await stage.clock.pass(1000);
    expect(stage.directory.opened).toEqual([]);
    if (shop) stage.tree.expanded(shop);
    await stage.clock.pass(1000);
    expect(stage.directory.opened).toEqual(['shop']);
  });

  it('draws the row again that changed, as the same element, and no other', async () => {
    const stage = await Stage.opened();
    const element = stage.at();
    const other: JudgedCluster = { ...orders, health: healthOf('healthy', '3 of 3 brokers') };
    expect(stage.show(viewOf([other]))).toEqual([element]);
    const worse: JudgedCluster = { ...orders, health: healthOf('unhealthy', 'no leader') };
    // The context counts what needs attention, and what is below it is drawn with it.
    expect(stage.show(viewOf([worse])).map((changed) => changed?.id)).toEqual([rowIds.context('shop')]);
    expect(stage.at()).toBe(element);
    expect(element.row.description).toContain('no leader');
    expect(stage.tree.badge).toEqual({ value: 1, tooltip: '1 data cluster is unhealthy' });
    expect(stage.show(viewOf([worse]))).toEqual([]);
  });

  it('knows what is above each row', async () => {
    const stage = await Stage.opened();
    const member = stage.at(rowIds.member('shop', key, 'orders-0'));
    expect(stage.tree.parent(member)).toBe(stage.at());
    const [shop] = stage.tree.children(undefined);
    expect(shop && stage.tree.parent(shop)).toBeUndefined();
  });

  it('says what the filter hides, and finds rows again without it', async () => {
    const stage = await Stage.opened();
    const place = stage.tree.find({ group: 'kafka.strimzi.io', kind: 'Kafka', namespace: 'prod', name: 'orders' })[0];
    stage.tree.setFilter({ text: 'nothing', onlyUnhealthy: false });
    expect(stage.tree.refresh()).toEqual([undefined]);
    expect(stage.tree.message).toBe('Filter: “nothing”. 0 of 1 data clusters are shown.');
    expect(place && stage.tree.elementAt(place)).toBeUndefined();
    stage.tree.setFilter({ text: '', onlyUnhealthy: false });
    stage.tree.refresh();
    expect(place && stage.tree.elementAt(place)?.row.label).toBe('orders');
    expect(stage.tree.message).toBeUndefined();
  });

  it('keeps favourites', async () => {
    const stage = await Stage.opened();
    stage.tree.setFavourite(stage.at().id, true);
    expect(stage.stored).toEqual([stage.at().id]);
    stage.tree.refresh();
    expect(stage.at().row.flags).toContain('favourite');
    stage.tree.setFavourite(stage.at().id, false);
    expect(stage.stored).toEqual([]);
  });
});

describe('an open row', () => {
  const eventRow = (stage: Stage): TreeElement => stage.at(rowIds.group(rowIds.cluster('shop', key), 'events'));

  it('of events listens to them until it is closed', async () => {
    const stage = await Stage.opened();
    stage.tree.expanded(eventRow(stage));
    expect(stage.watches[0]?.listening).toEqual([key]);
    stage.tree.collapsed(eventRow(stage));
    expect(stage.watches[0]?.listening).toEqual([]);
  });

  it('stops what it began when it is gone', async () => {
    const stage = await Stage.opened();
    stage.inside = 'whenExpanded';
    stage.tree.expanded(eventRow(stage));
    stage.tree.expanded(stage.at());
    expect(stage.watches[0]?.asking).toEqual([key]);
    stage.show(viewOf([]));
    expect([stage.watches[0]?.asking, stage.watches[0]?.listening]).toEqual([[], []]);
  });

  it('of a data cluster asks it only when the setting says so', async () => {
    const stage = await Stage.opened();
    stage.tree.expanded(stage.at());
    expect(stage.watches[0]?.asking).toEqual([]);
    stage.inside = 'whenExpanded';
    stage.tree.expanded(stage.at());
    expect(stage.watches[0]?.asking).toEqual([key]);
    stage.tree.collapsed(stage.at());
    expect(stage.watches[0]?.asking).toEqual([]);
  });

  it('of a Helm release has the charts of its revisions read, also of those that come, until it is closed', async () => {
    const stage = await Stage.opened();
    const cluster = await stage.directory.open('shop');
    if (!(cluster instanceof FakeCluster)) throw new Error('The cluster of the context is a fake.');
    const shop = rowIds.context('shop');
    const row = rowIds.release('shop', 'prod', 'orders');
    const above = [shop, rowIds.group(shop, 'helmGroup'), row];
    const told = async (): Promise<readonly string[]> => {
      stage.show(viewOf([], { releases: storedReleases(cluster) }));
      await stage.clock.pass(100);
      stage.tree.refresh();
      const release = stage.tree.elementAt({ path: above });
      return stage.tree.children(release).map((one) => one.row.description.split(' — ')[1] ?? '');
    };
    storeRevision(cluster, 1, { status: 'deployed', description: 'Install complete' });
    expect(await told()).toEqual(['']);
    const release = stage.tree.elementAt({ path: above });
    if (!release) throw new Error('There is a row of the release.');
    stage.tree.expanded(release);
    expect(await told()).toEqual(['Install complete']);
    storeRevision(cluster, 1, { status: 'superseded', description: 'Install complete' });
    storeRevision(cluster, 2, { status: 'deployed', description: 'Upgrade complete' });
    expect(await told()).toEqual(['Upgrade complete', 'Install complete']);
    stage.tree.collapsed(release);
    storeRevision(cluster, 3, { status: 'deployed', description: 'Rollback to 1' });
    expect(await told()).toEqual(['', 'Upgrade complete', 'Install complete']);
  });
});

describe('an empty view', () => {
  it.each([
    ['unread', 0, 0, ''],
    ['reading', 0, 0, ''],
    ['read', 0, 0, 'noKubeconfig'],
    ['read', 0, 2, 'nothingFound'],
    ['read', 1, 0, ''],
  ] as const)('%s with %i contexts and %i chosen files says "%s"', (state, contexts, chosenFiles, reason) => {
    expect(welcomeReason({ state, contexts, chosenFiles })).toBe(reason);
  });
});

describe('what a manifest defines', () => {
  const ring = clusterOf('ring', {
    system: 'cassandra',
    resource: undefined,
    workloads: [workloadOf('ring')],
    members: [memberOf('ring-0')],
  });
  const contexts = [contextOf('shop', viewOf([orders, judged(ring)]))];
  const kafka = { apiVersion: 'kafka.strimzi.io/v1', kind: 'Kafka', namespace: 'prod', name: 'orders' };

  it('of a data cluster is its resource, else its workloads', () => {
    expect(definingObjects({ kind: 'dataCluster', context: 'shop', key }, contexts)).toEqual([kafka]);
    expect(definingObjects({ kind: 'dataCluster', context: 'shop', key: ring.key }, contexts)).toEqual([
      { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'prod', name: 'ring' },
    ]);
  });

  it('of a pod is the pod, else what its data cluster comes from', () => {
    const pod = { kind: 'pod', context: 'shop', namespace: 'prod', name: 'orders-0' } as const;
    expect(definingObjects(pod, contexts)).toEqual([
      { apiVersion: 'v1', kind: 'Pod', namespace: 'prod', name: 'orders-0' },
      kafka,
    ]);
  });

  it('of a context is nothing', () => {
    expect(definingObjects({ kind: 'context', context: 'shop' }, contexts)).toEqual([]);
  });

  it('is looked for by its group, whatever the version', () => {
    expect(wantedObject({ ...kafka, apiVersion: 'kafka.strimzi.io/v1beta2' })).toMatchObject({
      group: 'kafka.strimzi.io',
    });
    expect(wantedObject({ apiVersion: 'v1', kind: 'Secret', name: 'a' })).toMatchObject({ group: '' });
  });
});

describe('texts of a cluster in the editor', () => {
  it('are no links of notifications and no icons of picks', () => {
    expect(inNotification('[log in](command:workbench.action.quit)\u0000')).toBe(
      '[log in] (command:workbench.action.quit)',
    );
    expect(inPick('prod $(check)\n')).toBe('prod $ (check)');
  });
});
