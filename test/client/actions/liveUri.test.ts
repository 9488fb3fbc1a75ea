import { describe, expect, it } from 'vitest';
import { pathOfObject, readObjectPath } from '#client/actions/liveUri.ts';
import type { ObjectTarget } from '#core/live/target.ts';

const kafka: ObjectTarget = {
  kind: 'object',
  context: 'prod-eu',
  apiKind: 'Kafka',
  address: {
    group: 'kafka.strimzi.io',
    version: 'v1',
    plural: 'kafkas',
    namespaced: true,
    namespace: 'prod',
    name: 'orders',
  },
};

describe('paths of live objects', () => {
  it('are read by people', () => {
    expect(pathOfObject(kafka)).toBe('/prod-eu/prod/Kafka/kafkas.v1.kafka.strimzi.io/orders.yaml');
  });

  it.each<readonly [string, ObjectTarget]>([
    ['an object', kafka],
    ['an ARN', { ...kafka, context: 'arn:aws:eks:eu-1:12:cluster/prod' }],
    ['a context that looks like a way up', { ...kafka, context: '..' }],
    ['a context with percent signs and backslashes', { ...kafka, context: String.raw`100%2F a\b` }],
    [
      'an object of the core group',
      { ...kafka, apiKind: 'Pod', address: { ...kafka.address, group: '', plural: 'pods' } },
    ],
    ['an object without a namespace', { ...kafka, address: { ...kafka.address, namespaced: false, namespace: '' } }],
    ['a name with dots', { ...kafka, address: { ...kafka.address, name: 'kafkas.kafka.yaml' } }],
  ])('%s comes back as it was', (_what, target) => {
    expect(readObjectPath(pathOfObject(target))).toEqual(target);
    expect(pathOfObject(target).split('/')).toHaveLength(6);
  });

  it.each(['', '/', '/a/b/c', '/a/b/C/d.v1./x.yaml/y', '/a/b/C/d/x.yaml', '/a/b/C/d.v1.g/x', '/a/b/C/d.v1.g/.yaml'])(
    '%j is none',
    (path) => {
      expect(readObjectPath(path)).toBeUndefined();
    },
  );
});
