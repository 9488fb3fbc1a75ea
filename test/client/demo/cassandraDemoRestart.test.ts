import { expect, test } from 'vitest';
import { listAt, textAt } from '#core/json.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { isRestarted } from '#client/cluster/demo/simulation/operators/cassandraRestarts.ts';
import { CassandraGame } from './cassandraGame.ts';
import { cassOperatorSets } from './ringSets.ts';

const namespace = 'shop';

test('the operator of the demo restarts the rack that a task names, and says so when it is over', async () => {
  const game = await CassandraGame.begin({ size: 3, racks: 3, sets: cassOperatorSets });
  const { world } = game.ring.simulation;
  const before = game.ring.uids();
  const task = {
    apiVersion: 'control.k8ssandra.io/v1alpha1',
    kind: 'CassandraTask',
    metadata: { namespace, name: 'restart-r2', labels: {} },
    spec: { datacenter: { namespace, name: 'dc1' }, jobs: [{ name: 'r', command: 'restart', args: { rack: 'r2' } }] },
  };
  world.add(task);
  const now = (): unknown => world.get('CassandraTask', namespace, 'restart-r2');
  await game.until(() => textAt(now(), 'status', 'completionTime') !== '');
  expect(listAt(now(), 'status', 'conditions').map((one) => textAt(one, 'type'))).not.toContain('Failed');
  expect(game.ring.uids().map((uid, index) => uid === before[index])).toEqual([true, false, true]);
  // Nothing was added, so that nothing is cleaned up.
  await game.clock.pass(30_000);
  expect(world.store.list(kindNamed('CassandraTask'), namespace)).toHaveLength(1);
  game.end();
});

test('a rack that it does not find makes it begin with all of them', async () => {
  const game = await CassandraGame.begin({ size: 3, racks: 3, sets: cassOperatorSets });
  const wanted = { namespace, datacenter: 'dc1', rack: 'nowhere', startTime: 'now' };
  const { world } = game.ring.simulation;
  const before = game.ring.uids();
  await game.until(() => isRestarted(world, wanted));
  expect(game.ring.uids().every((uid, index) => uid !== before[index])).toBe(true);
  game.end();
});
