import { describe, expect, test } from 'vitest';
import type { Asker } from '#client/operations/asker.ts';
import { askDrain } from '#client/operations/wishes/drain.ts';
import type { DataCluster } from '#core/live/model.ts';
import { podsOf, setOf } from '#test/core/systems/cassandra/objects.ts';
import { clusterOf } from '#test/core/systems/cassandra/told.ts';

const set = setOf('cassandra');
const ring: DataCluster = clusterOf({ workloads: [set], pods: podsOf(set) });

/** Picks by label, one after the other, and remembers what there was to choose from. */
function picking(...labels: readonly string[]): { readonly asker: Asker; readonly offered: string[][] } {
  const left = [...labels];
  const offered: string[][] = [];
  const asker: Asker = {
    pick: (_title, choices) => {
      offered.push(choices.map(({ label }) => label));
      const label = left.shift();
      return Promise.resolve(choices.find((choice) => choice.label === label)?.value);
    },
    pickMany: () => Promise.resolve(undefined),
    input: () => Promise.resolve(undefined),
  };
  return { asker, offered };
}

describe('the drain of a member, as it is asked for', () => {
  test('a node of Cassandra is drained for maintenance, one at a time, and leads nothing that it could give away', async () => {
    const { asker, offered } = picking('Drain for maintenance', 'cassandra-1');
    expect(await askDrain({ data: ring, member: undefined }, asker)).toEqual({
      kind: 'members',
      wish: { operation: 'drain', how: 'maintenance', members: ['cassandra-1'] },
    });
    expect(offered).toEqual([
      ['Drain for maintenance', 'Leave the Kubernetes node'],
      ['cassandra-0', 'cassandra-1', 'cassandra-2'],
    ]);
  });

  test('a broker is demoted or evacuated', async () => {
    const { asker, offered } = picking('Demote');
    const subject = { data: { ...ring, system: 'kafka' as const }, member: 'cassandra-2' };
    expect(await askDrain(subject, asker)).toMatchObject({ wish: { how: 'demote', members: ['cassandra-2'] } });
    expect(offered).toEqual([['Demote', 'Evacuate', 'Leave the Kubernetes node']]);
  });
});
