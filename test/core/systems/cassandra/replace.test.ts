import { describe, expect, test } from 'vitest';
import type { LiveContainer } from '#core/live/objects.ts';
import { firstBootOf, isTold } from '#core/systems/cassandra/operations/replace/firstBoot.ts';
import { replacePartsOf, writeChanges } from '#core/systems/cassandra/operations/replace/replaceParts.ts';

const OPTION = '-Dcassandra.replace_address_first_boot=10.0.0.7';

function container(variables: Readonly<Record<string, string>>, image = 'cassandra:5.0.5'): LiveContainer {
  return {
    name: 'cassandra',
    image,
    command: '',
    variables,
    ports: [],
    mounts: [],
    hasReadinessProbe: true,
    preStop: '',
  };
}

function bootOf(
  variables: Readonly<Record<string, string>>,
  more: { readonly image?: string; readonly raw?: object } = {},
) {
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const wish = { pod: 'catalog-0', address: '10.0.0.7', services: ['catalog'], others: ['catalog-1.catalog'] };
  return firstBootOf({ env, ...more.raw }, container(variables, more.image), wish);
}

describe('what a template says while a node is replaced', () => {
  test.each<[Readonly<Record<string, string>>, string, string | null]>([
    [{}, OPTION, null],
    [{ JVM_EXTRA_OPTS: '-Xlog:gc' }, `-Xlog:gc ${OPTION}`, '-Xlog:gc'],
    [{ JVM_EXTRA_OPTS: '' }, OPTION, ''],
    // Left of a run that was never gone on with.
    [{ JVM_EXTRA_OPTS: OPTION }, OPTION, null],
    [{ JVM_EXTRA_OPTS: '-Xlog:gc -Dcassandra.replace_address_first_boot=10.0.0.1' }, `-Xlog:gc ${OPTION}`, '-Xlog:gc'],
  ])('%j becomes %s, and again %j', (variables, wanted, before) => {
    const boot = bootOf({ CASSANDRA_SEEDS: 'catalog-1.catalog', ...variables });
    expect(boot.wanted).toEqual([{ variable: 'JVM_EXTRA_OPTS', value: wanted }]);
    expect(boot.before).toEqual([{ variable: 'JVM_EXTRA_OPTS', value: before }]);
  });

  test.each([
    ['catalog-0.catalog', 'catalog-1.catalog'],
    ['catalog-0.catalog,seed.example', 'seed.example'],
    ['catalog', 'catalog-1.catalog'],
    ['catalog-1.catalog', ''],
  ])('seeds %s become %j', (seeds, instead) => {
    const boot = bootOf({ CASSANDRA_SEEDS: seeds });
    expect([boot.seeds, boot.bootstrap]).toEqual([instead, []]);
  });

  test('seeds that are found otherwise are doubted, and not changed', () => {
    const provider = bootOf({ CASSANDRA_SEEDS: 'catalog', CASSANDRA_SEED_PROVIDER: 'org.example.KubernetesSeeds' });
    expect(provider.seeds).toBe('');
    expect(provider.bootstrap.length).toBeGreaterThan(0);
    expect(bootOf({}).bootstrap.map(({ isSure }) => isSure)).toEqual([false]);
  });

  test.each([
    ['cassandra:5.0.5', 0],
    ['docker.io/bitnami/cassandra@sha256:0', 0],
    ['gcr.io/google-samples/cassandra:v14', 0],
    ['registry.example/team/storage:1', 1],
  ])('the image %s leaves %i doubts', (image, doubts) => {
    expect(bootOf({ CASSANDRA_SEEDS: 'a' }, { image }).doubts).toHaveLength(doubts);
  });

  test('variables from elsewhere, and options of others, are in the way', () => {
    expect(bootOf({}, { raw: { envFrom: [{ configMapRef: { name: 'x' } }] } }).doubts).toHaveLength(1);
    expect(bootOf({ CASSANDRA_REPLACE_NODE: '10.0.0.3' }).refusals).toEqual([
      'CASSANDRA_REPLACE_NODE is 10.0.0.3 already',
    ]);
    expect(bootOf({ JVM_OPTS: '-Dcassandra.replace_address=10.0.0.3' }).refusals).toHaveLength(1);
  });

  test('a pod tells whether it was made so', () => {
    const told = [container({ JVM_EXTRA_OPTS: `-Xlog:gc ${OPTION}` })];
    expect(isTold(told, 'cassandra', '10.0.0.7')).toBe(true);
    expect(isTold(told, 'cassandra', '10.0.0.70')).toBe(false);
    expect(isTold([container({})], 'cassandra', '10.0.0.7')).toBe(false);
  });

  test('changes are read back from a journal', () => {
    const wanted = [
      { variable: 'A', value: 'x=y' },
      { variable: 'B', value: '' },
      { variable: 'C', value: null },
    ];
    const step = { id: 's', title: '', gate: '', effect: '', done: '', expectedMs: 0 };
    expect(replacePartsOf({ ...step, parameters: { wanted: writeChanges(wanted) } }).wanted).toEqual(wanted);
  });
});
