import { describe, expect, test } from 'vitest';
import { firstMissing, type Returning } from '#core/systems/cassandra/operations/whole.ts';
import { answersOf, hostId, type RingSketch } from '#test/core/systems/cassandra/sketches.ts';

const all = ['UN', 'UN', 'UN'];

/** Node 2 of three comes back. */
function returning(views: RingSketch['views'], more: Partial<Returning> = {}): Returning {
  const answers = answersOf({ views });
  return {
    pod: 'cassandra-2',
    hostId: hostId(2),
    own: answers.find(({ member }) => member === 'cassandra-2'),
    peers: answers.filter(({ member }) => member !== 'cassandra-2'),
    silent: [],
    level: 'fully replicated',
    ...more,
  };
}

const whole = { 0: { sees: all }, 1: { sees: all }, 2: { sees: all } };

describe('what a node that comes back still lacks, the first of it', () => {
  test.each<[string, Returning, string | undefined]>([
    ['nothing', returning(whole), undefined],
    ['an answer', returning({ 0: { sees: all }, 1: { sees: all } }), 'nodetool of cassandra-2 to answer'],
    [
      'its Mode, whatever it calls itself',
      returning({ ...whole, 2: { sees: all, mode: 'STARTING', isServing: false } }),
      'cassandra-2 to be NORMAL; it is STARTING',
    ],
    [
      'one peer that does not see it yet, and CQL',
      returning({ ...whole, 1: { sees: ['UN', 'UN', 'DN'] }, 2: { sees: all, isServing: false } }),
      'cassandra-1 to see cassandra-2 up and normal',
    ],
    ['an answer of a peer', returning(whole, { silent: ['cassandra-1'] }), 'cassandra-1 to answer'],
    [
      'its own view of the others',
      returning({ ...whole, 2: { sees: ['UN', 'DN', 'UN'] } }),
      'cassandra-2 to see 10.1.0.11 up',
    ],
    ['CQL', returning({ ...whole, 2: { sees: all, isServing: false } }), 'cassandra-2 to open CQL'],
    [
      'CQL, whatever it says itself, where its port does not answer',
      returning(whole, { cql: { kind: 'closed', why: 'refused' } }),
      'cassandra-2 to open CQL',
    ],
    ['nothing, where its port answers', returning(whole, { cql: { kind: 'open', evidence: 'OPTIONS' } }), undefined],
    [
      'CQL by its own word, where its port cannot be asked',
      returning({ ...whole, 2: { sees: all, isServing: false } }, { cql: { kind: 'unknown', why: 'forbidden' } }),
      'cassandra-2 to open CQL',
    ],
    [
      'nothing, where one is down for all and put up with',
      returning({ 0: { sees: ['UN', 'DN', 'UN'] }, 2: { sees: ['UN', 'DN', 'UN'] } }, { level: 'min-ISR safe' }),
      undefined,
    ],
    [
      'what is down for all, where everything is wanted',
      returning({ 0: { sees: ['UN', 'DN', 'UN'] }, 2: { sees: ['UN', 'DN', 'UN'] } }),
      'cassandra-2 to see 10.1.0.11 up',
    ],
  ])('%s', (_, found, expected) => {
    const missing = firstMissing(found);
    expect(missing?.kind === 'wait' ? missing.text : missing).toBe(expected);
  });

  test('the schema of the others', () => {
    const found = returning(whole);
    const cluster = found.own?.cluster;
    const split = cluster && {
      ...cluster,
      schemas: [...cluster.schemas, { version: hostId(901), addresses: ['10.1.0.10'] }],
    };
    const own = found.own && { ...found.own, cluster: split };
    expect(firstMissing({ ...found, own })).toMatchObject({ text: 'cassandra-2 to have the schema of the others' });
  });

  test('an address that is left over in gossip is no node', () => {
    const found = returning(whole);
    const unreachable = ['10.9.9.9'];
    const own = found.own && { ...found.own, cluster: found.own.cluster && { ...found.own.cluster, unreachable } };
    expect(firstMissing({ ...found, own })).toBeUndefined();
  });

  test('its identity, before anything else', () => {
    expect(firstMissing(returning(whole, { hostId: hostId(7) }))).toEqual({ kind: 'stranger', hostId: hostId(2) });
  });
});
