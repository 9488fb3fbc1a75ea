import { describe, expect, test } from 'vitest';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { TendingMode } from '#core/operations/wishes.ts';
import { cassandraOperations } from '#core/systems/cassandra/operations/index.ts';
import { makeRandom } from '#test/support/random.ts';
import { alive, type Attempt } from './cassandraGame.ts';
import { ScriptedSizes } from './scriptedSizes.ts';

const scaleTo = (to: number) => ({ operation: 'scale', to }) as const;
const tend = (mode: TendingMode) => ({ operation: 'rebalance', mode }) as const;

const failing = ({ preconditions }: Plan): readonly string[] =>
  preconditions.filter(({ state }) => state === 'fails').map(({ id, evidence }) => `${id}: ${evidence.join()}`);

const reasonOf = (record: RunRecord | undefined): string =>
  record && 'reason' in record.state ? record.state.reason : '';

const waits = ({ heard }: Attempt): string =>
  heard.flatMap((one) => (one.kind === 'waiting' ? [one.waitingFor] : [])).join('; ');

const keyspaces = [{ name: 'shop', replication: 2 }];

describe('CassKop is asked for another size of a simulated ring', () => {
  test('all racks by one, up and down, in the list of the topology', async () => {
    const operator = await ScriptedSizes.begin('casskop', { size: 4, racks: 2 });
    const { game } = operator;
    await expect(game.plan(scaleTo(5))).rejects.toThrow('choose a multiple of 2');
    const up = await game.plan(scaleTo(6));
    expect(failing(up)).toEqual([]);
    expect(up.steps.map(({ parameters }) => parameters['pods'])).toEqual([['catalog-dc1-r1-2', 'catalog-dc1-r2-2']]);
    expect((await game.toTheEnd(game.attempt(up, 'first')))?.state).toEqual({ kind: 'done' });
    expect(operator.replicas()).toEqual({ 'catalog-dc1-r1': 3, 'catalog-dc1-r2': 3 });
    expect(operator.asked).toEqual([
      {
        nodesPerRacks: 2,
        topology: { dc: [{ name: 'dc1', nodesPerRacks: 3, rack: [{ name: 'r1' }, { name: 'r2' }] }] },
      },
    ]);
    const down = await game.plan(scaleTo(4), 'second');
    expect(failing(down)).toEqual([]);
    expect(down.needsTypedName).toBe(true);
    expect((await game.toTheEnd(game.attempt(down, 'first')))?.state).toEqual({ kind: 'done' });
    expect(operator.pods()).toEqual(['catalog-dc1-r1-0', 'catalog-dc1-r1-1', 'catalog-dc1-r2-0', 'catalog-dc1-r2-1']);
    game.end();
  });

  test('of several datacenters one has to be named, and only its number and its racks are meant', async () => {
    const operator = await ScriptedSizes.begin('casskop', { size: 4, racks: 2 });
    const { game } = operator;
    const rack = [{ name: 'r1' }, { name: 'r2' }];
    await operator.patch({
      spec: {
        topology: {
          dc: [
            { name: 'dc1', rack },
            { name: 'dc2', rack, nodesPerRacks: 3 },
          ],
        },
      },
    });
    await expect(game.plan(scaleTo(6))).rejects.toThrow(
      'It has the datacenters dc1, dc2; name one of them as the group.',
    );
    const plan = await game.plan({ ...scaleTo(6), group: 'dc1' });
    expect(plan.steps[0]?.effect).toContain(
      'spec.topology.dc[dc1].nodesPerRacks of CassandraCluster catalog becomes 3',
    );
    expect(plan.parameters['keeperPath']).toEqual(['spec', 'topology', 'dc', 'name=dc1', 'nodesPerRacks']);
    game.end();
  });

  test('what it puts back ends the run, and replicas that would be too few are refused before', async () => {
    const operator = await ScriptedSizes.begin('casskop', { size: 4, racks: 2 });
    const { game } = operator;
    expect(failing(await game.plan(scaleTo(2))).join()).toContain(
      'shop has 3 replicas in dc1, and 2 nodes would be left',
    );
    operator.refusesSize = true;
    const record = await game.toTheEnd(game.attempt(await game.plan(scaleTo(6)), 'first'));
    expect(reasonOf(record)).toContain('has 2 replicas instead of 3: somebody else has scaled it');
    game.end();
  });
});

describe('the operator of Instaclustr is asked for another size of a simulated ring', () => {
  test('one node at a time down, a rack round up; killed in the middle it is gone on with', async () => {
    const random = makeRandom(7);
    const operator = await ScriptedSizes.begin('instaclustr', { size: 5, racks: 2 });
    const { game } = operator;
    const plan = await game.plan(scaleTo(3));
    expect(failing(plan)).toEqual([]);
    expect(plan.steps.map(({ member }) => member)).toEqual(['cassandra-catalog-r1-2', 'cassandra-catalog-r2-1']);
    let record = await game.toTheEnd(game.attempt(plan, 'first', { ...alive(), diesAt: 60, arrives: true }));
    for (let times = 1; record?.state.kind !== 'done' && times < 6; times += 1) {
      const next = { ...alive(), diesAt: times < 3 ? 1 + random.below(120) : -1 };
      record = await game.toTheEnd(game.attempt(plan, `runner-${times}`, next, await game.earlier(plan)));
    }
    expect(record?.state).toEqual({ kind: 'done' });
    expect(operator.asked).toMatchObject([{ nodes: 4 }, { nodes: 3 }]);
    expect(operator.pods()).toEqual(['cassandra-catalog-r1-0', 'cassandra-catalog-r1-1', 'cassandra-catalog-r2-0']);
    game.end();
  });
});

describe('an operator that only hands the size on', () => {
  test('is told after the node has been decommissioned from here, and the StatefulSet is not touched', async () => {
    const operator = await ScriptedSizes.begin('vgkowski', { size: 4, racks: 1 });
    const { game } = operator;
    const plan = await game.plan(scaleTo(3));
    expect(failing(plan)).toEqual([]);
    const run = game.attempt(plan, 'first');
    await game.until(() => game.ring.node(3).leavingAt !== undefined);
    expect(operator.asked).toEqual([]);
    operator.setAlive(false);
    await game.until(() => waits(run).includes('catalog-3 to end'));
    expect(operator.asked.length).toBeLessThanOrEqual(1);
    operator.setAlive(true);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(operator.asked).toEqual([{ nbNodes: 3 }]);
    expect(game.ring.sizes).toEqual([]);
    expect(operator.pods()).toHaveLength(3);
    game.end();
  });

  test('that keeps the pod of a node that has not left is never told less', async () => {
    const operator = await ScriptedSizes.begin('vgkowski', { size: 3, racks: 1 });
    const { game } = operator;
    expect(failing(await game.plan(scaleTo(2))).join()).toContain('and 2 nodes would be left');
    const up = await game.plan(scaleTo(4));
    expect((await game.toTheEnd(game.attempt(up, 'first')))?.state).toEqual({ kind: 'done' });
    expect(operator.asked).toEqual([{ nbNodes: 4 }]);
    expect(operator.pods()).toHaveLength(4);
    game.end();
  });
});

describe('CassKop goes over the nodes of a simulated ring', () => {
  test('by one label at a time; what it has no word for is done from here', async () => {
    const operator = await ScriptedSizes.begin('casskop', { size: 3, racks: 1 });
    const { game } = operator;
    const plan = await game.plan(tend('cleanup'));
    expect(failing(plan)).toEqual([]);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(operator.begun).toEqual(['catalog-dc1-r1-2', 'catalog-dc1-r1-1', 'catalog-dc1-r1-0']);
    expect(game.ring.ring.nodes.every(({ jobs }) => jobs.size === 0)).toBe(true);
    const flush = await game.plan(tend('flush'), 'second');
    operator.setAlive(false);
    const run = game.attempt(flush, 'first');
    await game.clock.pass(20_000);
    expect(waits(run)).toContain('CassKop to run again');
    expect(game.ring.ring.nodes.every(({ jobs }) => jobs.size === 0)).toBe(true);
    operator.setAlive(true);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.ring.ring.nodes.every(({ jobs }) => jobs.size === 1)).toBe(true);
    game.end();
  });

  test('a pod that somebody else has asked for is waited for', async () => {
    const operator = await ScriptedSizes.begin('casskop', { size: 2, racks: 1, keyspaces });
    const { game } = operator;
    const plan = await game.plan(tend('cleanup'));
    operator.label('catalog-dc1-r1-0', 'Ongoing');
    const run = game.attempt(plan, 'first');
    await game.clock.pass(20_000);
    expect(operator.begun).toEqual([]);
    expect(waits(run)).toContain('CassKop to be done with catalog-dc1-r1-0 (Ongoing)');
    operator.label('catalog-dc1-r1-0', 'Done');
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('an error of one pod ends the run, and the others are not asked for', async () => {
    const operator = await ScriptedSizes.begin('casskop', { size: 2, racks: 1, keyspaces });
    operator.failsOperations = true;
    const { game } = operator;
    const record = await game.toTheEnd(game.attempt(await game.plan(tend('upgrade sstables')), 'first'));
    expect(reasonOf(record)).toBe(
      'CassKop could not finish upgradesstables of catalog-dc1-r1-1 (label operation-status=Error).',
    );
    expect(operator.begun).toEqual(['catalog-dc1-r1-1']);
    game.end();
  });

  test('cancelled before it has begun, the label is taken back; a pod that is replaced is asked for again', async () => {
    const operator = await ScriptedSizes.begin('casskop', { size: 2, racks: 1, keyspaces });
    const { game } = operator;
    const label = (): string => game.ring.data().members.at(-1)?.pod?.meta.labels['operation-status'] ?? '';
    const run = game.attempt(await game.plan(tend('cleanup')), 'first');
    await game.until(() => label() === 'Ongoing');
    const pod = game.ring.simulation.world.pod('shop', 'catalog-dc1-r1-1');
    if (pod) game.ring.simulation.world.deletePod(pod);
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'done' });
    expect(operator.begun).toEqual(['catalog-dc1-r1-1', 'catalog-dc1-r1-1', 'catalog-dc1-r1-0']);
    const again = game.attempt(await game.plan(tend('cleanup'), 'second'), 'first');
    await game.until(() => {
      if (label() === 'ToDo') operator.setAlive(false);
      return label() === 'ToDo';
    });
    again.control.wish = 'cancel';
    expect((await game.toTheEnd(again))?.state).toEqual({ kind: 'cancelled' });
    expect(label()).toBe('Manual');
    game.end();
  });

  test('killed anywhere, it is gone on with, and no pod is asked for twice', async () => {
    for (const seed of [1, 2]) {
      const random = makeRandom(seed);
      const operator = await ScriptedSizes.begin('casskop', { size: 2, racks: 2, keyspaces, seed });
      const { game } = operator;
      const plan = await game.plan(tend('cleanup'));
      let record = await game.toTheEnd(
        game.attempt(plan, 'first', { ...alive(), diesAt: 1 + random.below(80), arrives: seed === 1 }),
      );
      for (let times = 1; record?.state.kind !== 'done' && times < 6; times += 1) {
        await game.clock.pass(random.below(30_000));
        const next = { ...alive(), diesAt: times < 3 ? 1 + random.below(60) : -1, arrives: random.below(2) === 0 };
        record = await game.toTheEnd(game.attempt(plan, `runner-${times}`, next, await game.earlier(plan)));
      }
      expect([seed, record?.state]).toEqual([seed, { kind: 'done' }]);
      expect([seed, operator.begun]).toEqual([seed, ['catalog-dc1-r1-0', 'catalog-dc1-r2-0']]);
      game.end();
    }
  });
});

test('a ring of the operator of Sky is not scaled, and why is said', async () => {
  const { game } = await ScriptedSizes.begin('vgkowski', { size: 2, racks: 1, keyspaces });
  const data = { ...game.ring.data(), flavour: 'sky' };
  const offer = cassandraOperations.offers(data).find(({ operation }) => operation === 'scale');
  expect(offer?.refusal).toContain(
    'decommissions nobody when a rack gets smaller, and whose webhook refuses to take a rack away',
  );
  game.end();
});
