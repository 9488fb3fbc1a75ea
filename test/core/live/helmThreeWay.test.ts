import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#core/json.ts';
import { fieldChanges } from '#core/live/helm/fieldChanges.ts';
import { patchedByHelm } from '#core/live/helm/threeWay.ts';
import { chooseHold, HOLDING_PARTITION } from '#core/operations/helmRollback/holds.ts';

const deployment = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
  spec,
});
const custom = (spec: JsonObject): JsonObject => ({
  ...deployment(spec),
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'Kafka',
});
const specOf = (object: JsonObject): unknown => object['spec'];

describe('what Helm makes of an object', () => {
  test('sets what the new manifest says, takes away what only the old one said, and leaves the rest', () => {
    const old = deployment({ replicas: 3, paused: true });
    const live = deployment({ replicas: 5, paused: true, minReadySeconds: 4 }, { uid: 'u' });
    const after = patchedByHelm(old, deployment({ replicas: 3 }), live);
    expect(after).toEqual(deployment({ replicas: 3, minReadySeconds: 4 }, { uid: 'u' }));
  });

  test('finds items of lists by their names, and keeps those that others added', () => {
    const of = (...names: readonly string[]): JsonObject => ({
      containers: names.map((name) => ({ name, image: name })),
    });
    const live = {
      containers: [{ name: 'a', image: 'patched', stdin: true }, { name: 'b', image: 'b' }, { name: 'sidecar' }],
    };
    const after = patchedByHelm(deployment(of('a', 'b')), deployment(of('a')), deployment(live));
    expect(specOf(after)).toEqual({ containers: [{ name: 'a', image: 'a', stdin: true }, { name: 'sidecar' }] });
  });

  test('a list without names is one value, and null takes a field away', () => {
    const after = patchedByHelm(
      deployment({ args: ['a'] }),
      deployment({ args: ['b'], paused: null }),
      deployment({ args: ['a', 'x'], paused: true }),
    );
    expect(specOf(after)).toEqual({ args: ['b'] });
  });

  test('of a custom resource, only what differs between the manifests is written', () => {
    const live = custom({ replicas: 9, storage: { size: '5Gi', added: 1 }, gone: 1 });
    const after = patchedByHelm(
      custom({ replicas: 3, storage: { size: '1Gi' }, gone: 1 }),
      custom({ replicas: 3, storage: { size: '2Gi' } }),
      live,
    );
    expect(specOf(after)).toEqual({ replicas: 9, storage: { size: '2Gi', added: 1 } });
  });

  test('an object that the old manifest did not have is patched from what it is', () => {
    expect(specOf(patchedByHelm(undefined, custom({ a: 2 }), custom({ a: 1, b: 1 })))).toEqual({ a: 2 });
    expect(specOf(patchedByHelm(undefined, deployment({ a: 2 }), deployment({ a: 1, b: 1 })))).toEqual({ a: 2, b: 1 });
  });
});

describe('fields that change', () => {
  test('are told with what they are and will be; other spellings are no change', () => {
    const before = deployment({ replicas: 3, resources: { limits: { cpu: '1' } }, paused: true, text: 'a\nb' });
    const after = deployment({ replicas: 2, resources: { limits: { cpu: '1000m' } }, text: 'a\nc\nd', list: [1, 2] });
    expect(fieldChanges(before, after)).toEqual([
      'spec.replicas: 3 -> 2',
      'spec.text: a text of 2 lines -> a text of 3 lines',
      'spec.list: set to 2 items',
      'spec.paused: true is taken away',
    ]);
  });

  test('never show a secret', () => {
    const secret = (value: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { harmless: value },
    });
    const env = (value: string): JsonObject =>
      deployment({ env: [{ name: 'DB_PASSWORD', value }], rootPassword: value });
    const texts = [...fieldChanges(secret('b25l'), secret('dHdv')), ...fieldChanges(env('hunter2'), env('correct'))];
    expect(texts.length).toBe(3);
    expect(texts.join()).not.toMatch(/b25l|dHdv|hunter2|correct/);
  });
});

describe('what holds a StatefulSet while Helm writes', () => {
  const set = (updateStrategy: JsonObject | undefined): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'orders' },
    spec: { replicas: 3, ...(updateStrategy ? { updateStrategy } : {}) },
  });
  const rendered = (object: JsonObject) => ({
    key: '',
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    namespace: 'shop',
    name: 'orders',
    object,
    address: undefined,
  });
  const rolling = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
  const partition = { type: 'RollingUpdate', rollingUpdate: { partition: HOLDING_PARTITION } };
  const type = { type: 'RollingUpdate' };
  const onDelete = { type: 'OnDelete' };

  test.each<readonly [JsonObject | undefined, JsonObject | undefined, JsonObject, JsonObject | undefined | 'none']>([
    // The old manifest, the new one, the cluster, and what holds.
    [undefined, undefined, rolling, onDelete],
    [type, type, rolling, partition],
    [undefined, type, rolling, partition],
    [rolling, rolling, rolling, 'none'],
    // What the old manifest set is taken away with everything in it.
    [type, undefined, rolling, 'none'],
    [undefined, undefined, onDelete, undefined],
    [undefined, onDelete, rolling, onDelete],
    [onDelete, type, onDelete, partition],
  ])('from %j to %j at %j: %j', (old, target, live, held) => {
    const parts = {
      old: rendered(set(old)),
      target: rendered(set(target)),
      live: { ...set(undefined), spec: { replicas: 3, updateStrategy: live } },
    };
    const hold = chooseHold(parts, { keepsStrategy: false });
    expect(hold ? hold.strategy : 'none').toEqual(held);
    expect(chooseHold(parts, { keepsStrategy: true })).toBeDefined();
    expect(chooseHold({ ...parts, old: undefined }, { keepsStrategy: false })).toBeUndefined();
  });
});
