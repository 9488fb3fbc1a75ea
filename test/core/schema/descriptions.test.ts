import { describe, expect, test } from 'vitest';
import { DescriptionBook } from '#core/schema/descriptions.ts';

const BOOK = new DescriptionBook({
  '*': { fields: { kind: 'the kind', spec: 'any spec' } },
  'core/v1.Container': {
    documentation: 'https://example.org/container',
    fields: { image: 'an image', name: 'a container name' },
  },
  'example.org/v1/Cluster': {
    description: 'a cluster',
    documentation: 'https://example.org/cluster',
    fields: { spec: 'a cluster spec' },
  },
  'example.org/v1/Cluster#spec': { fields: { size: 'how many' } },
  'example.org/v1/Cluster#spec.racks[]': { fields: { name: 'rack name' } },
  'example.org/v1/Cluster#spec.roles': { fields: { Chief: 'the chief' } },
  'example.org/v1/Cluster#spec.roles{}': { fields: { replicas: 'members of the role' } },
  'example.org/v1/Cluster#spec.roles.Chief': { fields: { replicas: 'always one' } },
  'example.org/v1/Cluster#spec.sidecars[]': { fields: { name: 'sidecar name' } },
  'example.org/v1beta1/Cluster': { sameAs: 'example.org/v1/Cluster' },
  'example.org/v1beta1/Cluster#spec': { fields: { size: 'how many, at most ten' } },
  'example.org/v1/Schedule#spec.template': { sameAs: 'example.org/v1/Cluster#spec' },
  'example.org/v1/Schedule#spec.first[]': { sameAs: 'example.org/v1/Cluster#spec.racks[]' },
  'circle/a': { sameAs: 'circle/b' },
  'circle/b': { sameAs: 'circle/a', fields: { here: 'found' } },
  broken: 'not an entry',
  'half-broken': { sameAs: 7, fields: { good: 'kept', bad: 12 } },
});

const CLUSTER = 'example.org/v1/Cluster';

function textOf(kind: string, place: (string | number)[], field: string, type?: string): string | undefined {
  return BOOK.describe(kind, place, field, type)?.text;
}

describe('DescriptionBook', () => {
  test('Should find a field by its place in the kind', () => {
    expect(textOf(CLUSTER, ['spec'], 'size')).toBe('how many');
    expect(textOf(CLUSTER, ['spec', 'racks', 3], 'name')).toBe('rack name');
  });

  test('Should say nothing for a field, place or kind that nobody described', () => {
    expect(textOf(CLUSTER, ['spec'], 'colour')).toBeUndefined();
    expect(textOf(CLUSTER, ['spec', 'racks'], 'name')).toBeUndefined();
    expect(textOf('example.org/v1/Unknown', ['spec'], 'size')).toBeUndefined();
    expect(textOf(CLUSTER, ['spec', 'constructor'], 'toString')).toBeUndefined();
  });

  test('Should take any key of a map, the named one first', () => {
    expect(textOf(CLUSTER, ['spec', 'roles', 'Worker'], 'replicas')).toBe('members of the role');
    expect(textOf(CLUSTER, ['spec', 'roles', 'Chief'], 'replicas')).toBe('always one');
    expect(textOf(CLUSTER, ['spec', 'roles'], 'Chief')).toBe('the chief');
  });

  test('Should ask the place before the type', () => {
    expect(textOf(CLUSTER, ['spec', 'sidecars', 0], 'name', 'core/v1.Container')).toBe('sidecar name');
    expect(textOf(CLUSTER, ['spec', 'sidecars', 0], 'image', 'core/v1.Container')).toBe('an image');
  });

  test('Should fall back along sameAs, also below it', () => {
    const old = 'example.org/v1beta1/Cluster';
    expect(textOf(old, ['spec'], 'size')).toBe('how many, at most ten');
    expect(textOf(old, ['spec', 'racks', 0], 'name')).toBe('rack name');
    expect(textOf('example.org/v1/Schedule', ['spec', 'template', 'racks', 0], 'name')).toBe('rack name');
    expect(textOf('example.org/v1/Schedule', ['spec', 'template', 'roles', 'PS'], 'replicas')).toBe(
      'members of the role',
    );
    expect(textOf('example.org/v1/Schedule', ['spec', 'first', 1], 'name')).toBe('rack name');
  });

  test('Should end a circle of sameAs', () => {
    expect(textOf('circle/a', [], 'here')).toBe('found');
    expect(textOf('circle/a', [], 'missing')).toBeUndefined();
  });

  test('Should know the fields that every object has, unless the kind says more', () => {
    expect(textOf('v1/Anything', [], 'kind')).toBe('the kind');
    expect(textOf(CLUSTER, [], 'spec')).toBe('a cluster spec');
    expect(textOf(CLUSTER, ['spec'], 'kind')).toBeUndefined();
  });

  test('Should name the page of the entry, else that of the kind', () => {
    expect(BOOK.describe(CLUSTER, ['spec'], 'size', undefined)).toEqual({
      text: 'how many',
      documentation: 'https://example.org/cluster',
    });
    expect(BOOK.describe(CLUSTER, ['spec', 'sidecars', 0], 'image', 'core/v1.Container')?.documentation).toBe(
      'https://example.org/container',
    );
    expect(BOOK.describe('v1/Anything', [], 'kind', undefined)).toEqual({ text: 'the kind' });
  });

  test('Should describe the kind itself, in every version', () => {
    expect(BOOK.describeObject(CLUSTER, [], undefined)?.text).toBe('a cluster');
    expect(BOOK.describeObject('example.org/v1beta1/Cluster', [], undefined)?.text).toBe('a cluster');
    expect(BOOK.describeObject('v1/Anything', [], undefined)).toBeUndefined();
  });

  test('Should leave out what is malformed', () => {
    expect(textOf('half-broken', [], 'good')).toBe('kept');
    expect(textOf('half-broken', [], 'bad')).toBeUndefined();
    for (const json of [undefined, null, 'text', [], 3]) {
      expect(new DescriptionBook(json).describe(CLUSTER, [], 'kind', undefined)).toBeUndefined();
    }
  });
});
