import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LiveTarget } from '#core/live/target.ts';
import { countUnhealthy, describeFilter } from '#core/live/tree/filter.ts';
import { findObject } from '#core/live/tree/find.ts';
import { placeOfTarget } from '#core/live/tree/findTarget.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { NO_FILTER, type TreeInput } from '#core/live/tree/input.ts';
import { TreeModel } from '#core/live/tree/model.ts';
import { pluralOf } from '#core/live/tree/references.ts';
import { systemTitles } from '#core/live/tree/titles.ts';
import { systems } from '#core/systems/registry.ts';
import {
  clusterOf,
  contextOf,
  customOf,
  healthOf,
  inputOf,
  judged,
  memberOf,
  viewOf,
  workloadOf,
} from '#test/support/liveViews.ts';

/** A model that shows whatever it was last given, all of it opened. */
class Stage {
  readonly model = new TreeModel(() => this.input);
  input: TreeInput;

  constructor(input: TreeInput) {
    this.input = input;
    this.openAll(undefined);
  }

  openAll(id: string | undefined): void {
    for (const row of this.model.childrenOf(id)) this.openAll(row.id);
  }

  change(input: TreeInput): readonly (string | undefined)[] {
    this.input = input;
    return this.model.refresh();
  }
}

const orders = judged(clusterOf('orders', { members: [memberOf('orders-0'), memberOf('orders-1')] }));
const billing = judged(clusterOf('billing', { namespace: 'finance' }), healthOf('unhealthy', 'no leader'));
const shop = (...clusters: readonly (typeof orders)[]): TreeInput => inputOf([contextOf('shop', viewOf(clusters))]);
const ordersId = rowIds.cluster('shop', 'kafka/prod/orders');

describe('a refresh', () => {
  it('names no row when nothing changed, and keeps every row object', () => {
    const stage = new Stage(shop(orders, billing));
    const before = stage.model.childrenOf(rowIds.namespace('shop', 'prod'))[0];
    expect(stage.change(shop({ ...orders }, billing))).toEqual([]);
    expect(stage.model.row(ordersId)).toBe(before);
  });

  it('names the data cluster whose sentence changed, and not what is above or below it', () => {
    const stage = new Stage(shop(orders, billing));
    expect(stage.change(shop({ ...orders, health: healthOf('healthy', 'other') }, billing))).toEqual([ordersId]);
    expect(stage.model.row(ordersId)?.description).toContain('other');
  });

  it('names a member alone when only that changed', () => {
    const stage = new Stage(shop(orders));
    const [first, second] = orders.members;
    if (!first || !second) throw new Error('There are two members.');
    const changed = { ...orders, members: [first, { ...second, health: healthOf('working', 'starting') }] };
    expect(stage.change(shop(changed))).toEqual([rowIds.member('shop', orders.cluster.key, 'orders-1')]);
  });

  it('names the parent once when its rows came, went or moved', () => {
    const stage = new Stage(shop(orders));
    const more = { ...orders, members: orders.members.slice(1) };
    expect(stage.change(shop(more))).toEqual([ordersId]);
    expect(stage.model.childrenOf(ordersId)[0]?.label).toBe('orders-1');
    expect(stage.model.row(rowIds.member('shop', orders.cluster.key, 'orders-0'))).toBeUndefined();
  });

  it('names the whole tree when a context came', () => {
    const stage = new Stage(shop(orders));
    const { contexts } = shop(orders);
    expect(stage.change(inputOf([...contexts, contextOf('other', undefined)]))).toEqual([undefined]);
  });

  it('does not make rows that nobody has looked at', () => {
    const input = shop(orders);
    const model = new TreeModel(() => input);
    expect(model.refresh()).toEqual([]);
    model.childrenOf(undefined);
    expect(model.refresh()).toEqual([]);
    expect(model.row(ordersId)).toBeUndefined();
  });

  it('survives that a cluster names a thing twice', () => {
    const twice = judged(clusterOf('orders', { members: [memberOf('orders-0'), memberOf('orders-0')] }));
    const ids = new Stage(shop(twice)).model.childrenOf(ordersId).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('among ten thousand pods of a thousand data clusters names the one row that changed', () => {
    const clusters = Array.from({ length: 1000 }, (_, index) =>
      judged(
        clusterOf(`c${index}`, {
          namespace: `n${index % 20}`,
          members: Array.from({ length: 10 }, (_, pod) => memberOf(`c${index}-${pod}`)),
        }),
      ),
    );
    const stage = new Stage(shop(...clusters));
    const [first, ...others] = clusters;
    if (!first) throw new Error('There are clusters.');
    const changed = stage.change(shop({ ...first, health: healthOf('working') }, ...others));
    expect(changed).toEqual([rowIds.cluster('shop', first.cluster.key)]);
  });
});

describe('the filter', () => {
  const labels = (input: TreeInput): readonly string[] => {
    const model = new TreeModel(() => input);
    return model
      .childrenOf(undefined)
      .flatMap(({ id }) => model.childrenOf(id))
      .flatMap(({ id }) => model.childrenOf(id))
      .map(({ label }) => label);
  };
  const filtered = (text: string, onlyUnhealthy = false): TreeInput =>
    inputOf([contextOf('shop', viewOf([billing, orders])), contextOf('other', undefined)], {
      filter: { text, onlyUnhealthy },
    });

  it.each([
    ['ORD', ['orders']],
    ['finance', ['billing']],
    ['kafka', ['billing', 'orders']],
    ['strimzi no leader', ['billing']],
    ['shop', ['billing', 'orders']],
    ['orders finance', []],
  ])('%s finds %j', (text, found) => {
    expect(labels(filtered(text))).toEqual(found);
  });

  it('hides contexts in which nothing is found, and keeps them when only what is unhealthy is wanted', () => {
    const roots = (input: TreeInput): readonly string[] =>
      new TreeModel(() => input).childrenOf(undefined).map(({ label }) => label);
    expect(roots(filtered('orders'))).toEqual(['shop']);
    expect(roots(filtered('oth'))).toEqual(['other']);
    expect(roots(filtered('', true))).toEqual(['other', 'shop']);
  });

  it('lets warnings through when only what is unhealthy is wanted', () => {
    const warned = judged(clusterOf('warned'), healthOf('warning'));
    const unknown = judged(clusterOf('unknown'), healthOf('unknown'));
    const filter = { text: '', onlyUnhealthy: true };
    expect(labels(inputOf([contextOf('shop', viewOf([billing, orders, unknown, warned]))], { filter }))).toEqual([
      'billing',
      'warned',
    ]);
  });

  it('is told above the tree with what it lets through', () => {
    expect(describeFilter(filtered('orders', true))).toBe(
      'Filter: “orders”, only what needs attention. 0 of 2 data clusters are shown.',
    );
    expect(describeFilter({ ...filtered(''), filter: NO_FILTER })).toBeUndefined();
  });

  it('does not change how many are unhealthy', () => {
    expect(countUnhealthy(filtered('orders').contexts)).toBe(1);
  });
});

describe('favourites', () => {
  it('come first among their like, with the namespace they are in', () => {
    const clusters = ['a', 'b', 'c'].map((name) => judged(clusterOf(name)));
    const late = judged(clusterOf('z', { namespace: 'z' }));
    const favourites = new Set([rowIds.cluster('shop', 'kafka/prod/c'), rowIds.cluster('shop', 'kafka/z/z')]);
    const input = inputOf(
      [contextOf('shop', viewOf([judged(clusterOf('x', { namespace: 'a' })), ...clusters, late]))],
      {
        favourites,
      },
    );
    const model = new TreeModel(() => input);
    expect(model.childrenOf(rowIds.context('shop'))).toEqual([]);
    model.childrenOf(undefined);
    expect(model.childrenOf(rowIds.context('shop')).map(({ label }) => label)).toEqual(['prod', 'z', 'a']);
    const rows = model.childrenOf(rowIds.namespace('shop', 'prod'));
    expect(rows.map(({ label }) => label)).toEqual(['c', 'a', 'b']);
    expect(rows[0]?.flags).toContain('favourite');
    expect(rows[1]?.flags).toContain('ordinary');
  });
});

describe('ids', () => {
  it('of contexts whose names look like paths do not meet', () => {
    expect(rowIds.namespace('a', 'b')).not.toBe(rowIds.context('a/namespace/b'));
    expect(rowIds.context('a%2Fb')).not.toBe(rowIds.context('a/b'));
  });
});

describe('an object of a manifest', () => {
  const cluster = clusterOf('orders', {
    members: [memberOf('orders-0')],
    customs: [customOf('KafkaTopic', 'payments')],
    configMaps: ['settings'],
    workloads: [workloadOf('entity-operator', { kind: 'Deployment' }), workloadOf('bridge', { kind: 'Deployment' })],
  });
  const plain = clusterOf('ring', {
    system: 'cassandra',
    resource: undefined,
    workloads: [workloadOf('ring')],
  });
  const contexts = [contextOf('shop', viewOf([judged(cluster), judged(plain)]))];
  const input = inputOf(contexts);

  it.each([
    ['the data cluster', 'kafka.strimzi.io', 'Kafka', 'orders', 'orders'],
    ['the only workload of one', 'apps', 'StatefulSet', 'ring', 'ring'],
    ['a workload among others', 'apps', 'Deployment', 'bridge', 'bridge'],
    ['a topic', 'kafka.strimzi.io', 'KafkaTopic', 'payments', 'payments'],
    ['a pod', '', 'Pod', 'orders-0', 'orders-0'],
    ['a ConfigMap', '', 'ConfigMap', 'settings', 'settings'],
  ])('that is %s has a row', (_, group, kind, name, label) => {
    const places = findObject(contexts, { group, kind, namespace: 'prod', name });
    expect(places).toHaveLength(1);
    expect(new TreeModel(() => input).find(places[0]?.path ?? [])?.label).toBe(label);
  });

  it('of another namespace, kind or name has none', () => {
    const wanted = { group: 'kafka.strimzi.io', kind: 'Kafka', namespace: 'prod', name: 'orders' };
    expect(findObject(contexts, { ...wanted, namespace: 'dev' })).toEqual([]);
    expect(findObject(contexts, { ...wanted, group: 'platform.confluent.io' })).toEqual([]);
    expect(findObject(contexts, { ...wanted, name: 'order' })).toEqual([]);
    expect(findObject(contexts, { ...wanted, namespace: undefined })).toHaveLength(1);
  });
});

describe('what an action was about', () => {
  const contexts = shop(orders).contexts;
  const labelOf = (target: LiveTarget): string | undefined => {
    const place = placeOfTarget(contexts, target);
    return place && new TreeModel(() => inputOf(contexts)).find(place.path)?.label;
  };
  const pod = { kind: 'pod', context: 'shop', namespace: 'prod', name: 'orders-1' } as const;

  it.each([
    [{ kind: 'context', context: 'shop' }, 'shop'],
    [{ kind: 'namespace', context: 'shop', namespace: 'prod' }, 'prod'],
    [{ kind: 'dataCluster', context: 'shop', key: 'kafka/prod/orders' }, 'orders'],
    [pod, 'orders-1'],
    [{ ...pod, context: 'other' }, undefined],
    [{ ...pod, name: 'gone' }, undefined],
    [{ kind: 'dataCluster', context: 'shop', key: 'kafka/prod/gone' }, undefined],
    [{ kind: 'context', context: 'other' }, undefined],
  ] as const)('%j has the row %s', (target, label) => {
    expect(labelOf(target)).toBe(label);
  });
});

describe('names that are written down twice', () => {
  it('of systems are those of the table of systems', () => {
    expect(Object.entries(systemTitles)).toEqual(systems.map(({ id, title }) => [id, title]));
  });

  it('in the plural follow the rule for every kind of the schema store', () => {
    const kinds: unknown = JSON.parse(readFileSync('schemas/kinds.json', 'utf8'));
    if (!Array.isArray(kinds)) throw new Error('The store lists kinds.');
    const rows = kinds as readonly { readonly group: string; readonly kind: string; readonly plural: string }[];
    expect(rows.length).toBeGreaterThan(30);
    const wrong = rows.filter(({ group, kind, plural }) => pluralOf(group, kind, []) !== plural);
    expect(wrong.map(({ kind, plural }) => `${kind} ${plural}`)).toEqual([]);
  });
});
