import { beforeEach, describe, expect, test } from 'vitest';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { recordOf, type KubeObject } from '#client/cluster/demo/simulation/objects.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import type { World } from '#client/cluster/demo/simulation/world.ts';
import { steppedSimulation } from './steppedTime.ts';

let world: World;

beforeEach(() => {
  ({ world } = steppedSimulation().simulation);
  addBase(world);
});

const by = (manager: string, isDryRun = false): Parameters<World['writes']['create']>[0] => ({
  kind: kindNamed('ConfigMap'),
  namespace: 'default',
  manager,
  isDryRun,
});

const configMap = (
  data: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, unknown>> = {},
): unknown => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', ...metadata },
  data,
});

const current = (): KubeObject | undefined => world.get('ConfigMap', 'default', 'settings');

function problemOf(call: () => unknown): ApiError {
  try {
    call();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

describe('server-side apply', () => {
  test('makes what is not there, and changes only what is named', () => {
    world.writes.apply(by('one'), 'settings', configMap({ a: '1' }), false);
    world.writes.apply(by('two'), 'settings', configMap({ b: '2' }), false);
    expect(current()?.['data']).toEqual({ a: '1', b: '2' });
  });

  test("refuses to change another's field, and names it", () => {
    world.writes.apply(by('one'), 'settings', configMap({ a: '1' }), false);
    const problem = problemOf(() => world.writes.apply(by('two'), 'settings', configMap({ a: '2' }), false));
    expect(problem.message).toBe('Apply failed with 1 conflict: conflict with "one" using v1: .data.a');
    expect(problem.causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "one" using v1', field: '.data.a' },
    ]);
    expect(current()?.['data']).toEqual({ a: '1' });
  });

  test('by force it takes the field over', () => {
    world.writes.apply(by('one'), 'settings', configMap({ a: '1' }), false);
    world.writes.apply(by('two'), 'settings', configMap({ a: '2' }), true);
    expect(current()?.['data']).toEqual({ a: '2' });
    expect(current()?.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['two']);
  });

  test('the same value belongs to both, and is there until both have let go', () => {
    world.writes.apply(by('one'), 'settings', configMap({ a: '1', b: '1' }), false);
    world.writes.apply(by('two'), 'settings', configMap({ a: '1' }), false);
    world.writes.apply(by('one'), 'settings', configMap({ b: '1' }), false);
    expect(current()?.['data']).toEqual({ a: '1', b: '1' });
    world.writes.apply(by('two'), 'settings', configMap({}), false);
    expect(current()?.['data']).toEqual({ b: '1' });
  });

  test('a dry run answers as if, and keeps nothing', () => {
    world.writes.apply(by('one'), 'settings', configMap({ a: '1' }), false);
    const version = world.store.version;
    const answer = world.writes.apply(by('one', true), 'settings', configMap({ a: '2' }), false);
    expect(answer['data']).toEqual({ a: '2' });
    expect(current()?.['data']).toEqual({ a: '1' });
    expect(world.store.version).toBe(version);
  });

  test('containers are merged by their names', () => {
    const at = { ...by('one'), kind: kindNamed('Deployment') };
    const image = (text: string): unknown => deployment([{ name: 'a', image: text }]);
    world.writes.create(
      { ...at, manager: 'other' },
      deployment([
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1' },
      ]),
    );
    const problem = problemOf(() => world.writes.apply(at, 'web', image('a:2'), false));
    expect(problem.causes[0]?.field).toBe('.spec.template.spec.containers[name="a"].image');
    const applied = world.writes.apply(at, 'web', image('a:2'), true);
    const template = recordOf(recordOf(applied['spec'])['template']);
    expect(recordOf(template['spec'])['containers']).toEqual([
      { name: 'a', image: 'a:2' },
      { name: 'b', image: 'b:1' },
    ]);
    expect(applied.metadata.generation).toBe(2);
  });
});

describe('patches and replacements', () => {
  test('a merge patch drops what is null', () => {
    world.writes.create(by('one'), configMap({ a: '1', b: '2' }));
    world.writes.mergePatch(by('two'), 'settings', { data: { a: null, c: '3' } });
    expect(current()?.['data']).toEqual({ b: '2', c: '3' });
  });

  test('with a former version they are refused', () => {
    const { metadata } = world.writes.create(by('one'), configMap({ a: '1' }));
    world.writes.mergePatch(by('two'), 'settings', { data: { a: '2' } });
    const { resourceVersion } = metadata;
    const patch = { metadata: { resourceVersion }, data: { a: '3' } };
    expect(problemOf(() => world.writes.mergePatch(by('one'), 'settings', patch)).code).toBe(409);
    expect(
      problemOf(() => world.writes.replace(by('one'), 'settings', configMap({ a: '3' }, { resourceVersion }))).code,
    ).toBe(409);
    expect(problemOf(() => world.writes.mergePatch(by('one'), 'settings', { metadata: { uid: 'other' } })).code).toBe(
      409,
    );
  });

  test('what changes nothing makes no new version', () => {
    world.writes.create(by('one'), configMap({ a: '1' }));
    const version = world.store.version;
    world.writes.mergePatch(by('one'), 'settings', { data: { a: '1' } });
    expect(world.store.version).toBe(version);
  });

  test('status is written by its own door only', () => {
    const at = { ...by('one'), kind: kindNamed('KafkaTopic') };
    const topic = {
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaTopic',
      metadata: { name: 'settings' },
      spec: { partitions: 1 },
    };
    world.writes.create(at, topic);
    world.writes.mergePatch(at, 'settings', { status: { topicName: 'no' }, spec: { partitions: 2 } });
    world.writes.mergePatch(at, 'settings', { status: { topicName: 'yes' }, spec: { partitions: 3 } }, 'status');
    const { status, spec } = { ...world.get('KafkaTopic', 'default', 'settings') };
    expect({ status, spec }).toEqual({ status: { topicName: 'yes' }, spec: { partitions: 2 } });
  });
});

describe('refusals', () => {
  test('a namespace that is not there', () => {
    expect(problemOf(() => world.writes.create({ ...by('one'), namespace: 'nowhere' }, configMap({}))).code).toBe(404);
  });

  test('a name that is taken, and one that is none', () => {
    world.writes.create(by('one'), configMap({}));
    expect(problemOf(() => world.writes.create(by('one'), configMap({}))).reason).toBe('AlreadyExists');
    const problem = problemOf(() => world.writes.create(by('one'), configMap({}, { name: 'Not_A_Name' })));
    expect(problem.causes[0]?.field).toBe('metadata.name');
  });

  test('another service name for a StatefulSet', () => {
    const at = { ...by('one'), kind: kindNamed('StatefulSet') };
    world.writes.create(at, { ...recordOf(deployment([{ name: 'a', image: 'a:1' }])), kind: 'StatefulSet' });
    const problem = problemOf(() => world.writes.mergePatch(at, 'web', { spec: { serviceName: 'other' } }));
    expect(problem).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(problem.message).toContain('updates to statefulset spec for fields other than');
  });

  test('a container without an image', () => {
    const at = { ...by('one'), kind: kindNamed('Deployment') };
    const problem = problemOf(() => world.writes.create(at, deployment([{ name: 'a' }])));
    expect(problem.causes.map(({ field }) => field)).toEqual(['spec.template.spec.containers[0].image']);
  });
});

function deployment(containers: readonly unknown[]): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
    },
  };
}
