import { describe, expect, it } from 'vitest';
import type { LiveCustom } from '#core/live/objects.ts';
import { fieldAt, patchFor, pathText } from '#core/systems/cassandra/operations/operated/fieldPath.ts';
import { roundsOfNodes, roundsOfRacks, spread } from '#core/systems/cassandra/operations/operated/rackRounds.ts';
import { unrestOf } from '#core/systems/cassandra/operations/operated/unrest.ts';
import { customOf } from './objects.ts';

const racks = (...replicas: readonly number[]) =>
  replicas.map((count, place) => ({
    name: `r${place + 1}`,
    set: `s${place + 1}`,
    replicas: count,
    firstOrdinal: 0,
    claimTemplates: ['data'],
  }));

const told = (rounds: ReturnType<typeof roundsOfNodes>): readonly string[] =>
  rounds.map(({ from, to, pods }) => `${from}>${to} ${pods.join(' ')}`);

describe('rounds in which an operator changes racks', () => {
  it('spread nodes so that the first racks have more', () => {
    expect(spread(7, 3)).toEqual([3, 2, 2]);
    expect(spread(2, 3)).toEqual([1, 1, 0]);
  });

  it('add at most one node in each rack at a time', () => {
    expect(told(roundsOfNodes(racks(1, 1, 1), 7))).toEqual(['3>6 s1-1 s2-1 s3-1', '6>7 s1-2']);
    expect(told(roundsOfNodes(racks(2, 1, 1), 6))).toEqual(['4>6 s2-1 s3-1']);
  });

  it('take one node away at a time, from the first rack that has more than its share', () => {
    expect(told(roundsOfNodes(racks(2, 2, 2), 3))).toEqual(['6>5 s3-1', '5>4 s2-1', '4>3 s1-1']);
    expect(told(roundsOfNodes(racks(3, 1, 1), 4))).toEqual(['5>4 s1-2']);
  });

  it('change all racks at once where the field counts the nodes of each', () => {
    expect(told(roundsOfRacks(racks(1, 1), 3))).toEqual(['1>2 s1-1 s2-1', '2>3 s1-2 s2-2']);
    expect(told(roundsOfRacks(racks(2, 2), 1))).toEqual(['2>1 s1-1 s2-1']);
  });
});

describe('a field of a resource', () => {
  const object = { spec: { size: 3, dc: [{ name: 'a' }, { name: 'b', nodes: 2, racks: ['x'] }] } };

  it('is found by keys, and in lists by the element that has a key', () => {
    expect(fieldAt(object, ['spec', 'size'])).toBe(3);
    expect(fieldAt(object, ['spec', 'dc', 'name=b', 'nodes'])).toBe(2);
    expect(fieldAt(object, ['spec', 'dc', 'name=c', 'nodes'])).toBeUndefined();
    expect(pathText(['spec', 'dc', 'name=b', 'nodes'])).toBe('spec.dc[b].nodes');
  });

  it('is patched alone, and with its whole list where it is in one', () => {
    expect(patchFor(object, ['spec', 'size'], 4)).toEqual({ spec: { size: 4 } });
    expect(patchFor(object, ['spec', 'dc', 'name=b', 'nodes'], 3)).toEqual({
      spec: { dc: [{ name: 'a' }, { name: 'b', nodes: 3, racks: ['x'] }] },
    });
  });
});

describe('what an operator says against another size', () => {
  const kop = (status: LiveCustom['status'], spec: LiveCustom['spec'] = {}) =>
    unrestOf([customOf('db.orange.com/v2', 'CassandraCluster', 'demo', { status, spec })]);

  it('of CassKop: an action that is not done, a rack that is at work, an error', () => {
    const done = { phase: 'Running', lastClusterAction: 'ScaleUp', lastClusterActionStatus: 'Done' };
    expect(kop(done)).toBeUndefined();
    expect(kop({ ...done, lastClusterActionStatus: 'Ongoing' })).toEqual({
      kind: 'busy',
      text: 'CassKop is at ScaleUp of demo (Ongoing)',
    });
    const rack = { 'dc1-r1': { cassandraLastAction: { name: 'ScaleDown', status: 'Continue' } } };
    expect(kop({ ...done, cassandraRackStatus: rack })?.text).toBe('CassKop is at ScaleDown of rack dc1-r1 (Continue)');
    expect(kop({ ...done, lastClusterActionStatus: 'Error' })?.kind).toBe('refuses');
  });

  it('of CassKop that is stuck with a pod: what unlocks it', () => {
    const stuck = { phase: 'Pending', lastClusterAction: 'ScaleUp', lastClusterActionStatus: 'Ongoing' };
    expect(kop(stuck)?.text).toContain('spec.unlockNextOperation is true');
    expect(kop(stuck, { unlockNextOperation: true })?.text).not.toContain('unlock');
  });

  it('of a K8ssandraCluster: only an error, which is told before what is at work', () => {
    const umbrella = (error: string) =>
      customOf('k8ssandra.io/v1alpha1', 'K8ssandraCluster', 'demo', { status: { error } });
    const busy = customOf('cassandra.datastax.com/v1beta1', 'CassandraDatacenter', 'dc1', {
      status: { conditions: [{ type: 'ScalingUp', status: 'True' }] },
    });
    expect(unrestOf([umbrella('None')])).toBeUndefined();
    expect(unrestOf([busy, umbrella('None')])).toEqual({ kind: 'busy', text: 'cass-operator adds nodes' });
    expect(unrestOf([busy, umbrella('write rejected')])).toMatchObject({ kind: 'refuses' });
  });

  it('of operators without a status: nothing', () => {
    expect(
      unrestOf([customOf('cassandraoperator.instaclustr.com/v1alpha1', 'CassandraDataCenter', 'dc1')]),
    ).toBeUndefined();
  });
});
