import { describe, expect, test } from 'vitest';
import { listAt, numberAt, textAt } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { makeRandom } from '#test/support/random.ts';
import { alive, failing, namespace, notesOf, OperatedGame, waits } from './operatedRing.ts';
import type { Fate } from './simulatedKafka.ts';

const SCHEDULES = 3;

const scaleTo = (to: number) => ({ operation: 'scale', to }) as const;
/** Two nodes are enough for these. */
const small = { keyspaces: [{ name: 'shop', replication: 2 }] };
const pod = (rack: string, ordinal = 0): string => `demo-dc1-${rack}-sts-${ordinal}`;

const reasonOf = (record: RunRecord | undefined): string =>
  record && 'reason' in record.state ? record.state.reason : '';

const claims = (game: OperatedGame): readonly string[] =>
  game.simulation.world.store
    .list(kindNamed('PersistentVolumeClaim'), namespace)
    .map((claim) => textAt(claim, 'metadata', 'name'));

describe('cass-operator is asked for another size of a simulated datacenter', () => {
  test('up: a rack round at a time, each node joined, and the cleanup is left to the operator', async () => {
    const game = await OperatedGame.begin({ racks: ['r1', 'r2'], size: 2, ...small });
    const plan = await game.plan(scaleTo(5));
    expect(failing(plan)).toEqual([]);
    expect(plan.steps.map(({ parameters }) => [parameters['from'], parameters['to'], parameters['pods']])).toEqual([
      [2, 4, [pod('r1', 1), pod('r2', 1)]],
      [4, 5, [pod('r1', 2)]],
    ]);
    let joining = 0;
    const open: number[] = [];
    game.beforeSize = () => {
      open.push(game.tasks().filter((task) => textAt(task, 'status', 'completionTime') === '').length);
    };
    const record = await game.toTheEnd(game.attempt(plan, 'first'), () => {
      const now = game.clock.now();
      const joins = game.ring.nodes.filter((node) => node.state === 'running' && game.ring.isJoining(node, now));
      joining = Math.max(joining, joins.length);
    });
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.sizes).toEqual([4, 5]);
    expect([joining, open]).toEqual([1, [0, 0]]);
    expect(game.inRing()).toHaveLength(5);
    expect(game.tasks().map(({ metadata }) => metadata.name.replace(/\d+$/, ''))).toEqual(['cleanup-', 'cleanup-']);
    expect(notesOf(record).join()).toContain('Nothing has to be done for it.');
    game.end();
  });

  test('down: one node at a time, as the operator would choose it; its volume goes with it, which needs the typed name', async () => {
    const game = await OperatedGame.begin({ racks: ['r1', 'r2', 'r3'], size: 5 });
    const plan = await game.plan(scaleTo(3));
    expect(failing(plan)).toEqual([]);
    expect(plan.needsTypedName).toBe(true);
    expect(plan.preconditions.find(({ id }) => id === 'volumes')).toMatchObject({
      state: 'consent',
      evidence: [
        `cass-operator deletes PersistentVolumeClaim server-data-${pod('r2', 1)}, server-data-${pod('r1', 1)} by itself once the node has left`,
      ],
    });
    expect(plan.steps.map(({ member }) => member)).toEqual([pod('r2', 1), pod('r1', 1)]);
    let leaving = 0;
    const record = await game.toTheEnd(game.attempt(plan, 'first'), () => {
      const now = game.ring.nodes.filter(
        (node) => node.leavingAt !== undefined && !game.ring.hasLeft(node, game.clock.now()),
      );
      leaving = Math.max(leaving, now.length);
    });
    expect(record?.state).toEqual({ kind: 'done' });
    expect(leaving).toBe(1);
    expect(game.sizes).toEqual([4, 3]);
    expect(game.inRing()).toEqual([pod('r1'), pod('r2'), pod('r3')]);
    expect(claims(game)).toHaveLength(3);
    expect(notesOf(record)).toContain(`cass-operator has deleted PersistentVolumeClaim server-data-${pod('r2', 1)}`);
    game.end();
  });

  test('what its force would do to a keyspace is refused before: too few nodes for the replicas, fewer nodes than racks', async () => {
    const keyspaces = [{ name: 'shop', replication: 4 }];
    const game = await OperatedGame.begin({ racks: ['r1', 'r2'], size: 4, keyspaces });
    expect(failing(await game.plan(scaleTo(3))).join()).toContain(
      'replication: shop has 4 replicas in dc1, and 3 nodes would be left',
    );
    await expect(game.plan(scaleTo(1))).rejects.toThrow('There are 2 racks, and each needs a node: 1 are too few.');
    await expect(game.plan(scaleTo(4))).rejects.toThrow('has 4 nodes already');
    game.end();
  });

  test('a keyspace that wants more replicas by the time the node would go stops the run before anything is asked', async () => {
    const keyspaces = [{ name: 'shop', replication: 3 }];
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4, keyspaces });
    const plan = await game.plan(scaleTo(3));
    keyspaces[0] = { name: 'shop', replication: 4 };
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(reasonOf(record)).toContain('shop has 4 replicas in dc1, and 3 nodes would be left');
    expect(game.sizes).toEqual([]);
    game.end();
  });

  test('an operator that is not there is waited for, before and half-way; nothing is changed back', async () => {
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4 });
    const plan = await game.plan(scaleTo(3));
    await game.setOperator(false);
    const run = game.attempt(plan, 'first');
    await game.clock.pass(20_000);
    expect(game.sizes).toEqual([]);
    expect(waits(run).join()).toContain('cass-operator to run again');
    await game.setOperator(true);
    await game.until(() => game.node(pod('r1', 3)).leavingAt !== undefined);
    await game.setOperator(false);
    const paused = await game.toTheEnd(run);
    expect(paused?.state.kind).toBe('paused');
    expect(reasonOf(paused)).toMatch(/cass-operator to take the pod of .* away; and for cass-operator to run again/);
    expect(game.pods()).toHaveLength(4);
    await game.setOperator(true);
    expect((await game.toTheEnd(game.attempt(plan, 'second', alive(), paused)))?.state).toEqual({ kind: 'done' });
    expect(game.sizes).toEqual([3]);
    expect(game.pods()).toHaveLength(3);
    game.end();
  });

  test('a task that is open is waited for, whatever it does', async () => {
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4 });
    const plan = await game.plan(scaleTo(3));
    game.addTask('weekly', 'upgradesstables');
    expect(failing(await game.plan(scaleTo(3))).join()).toContain('tasks: CassandraTask weekly (upgradesstables)');
    const run = game.attempt(plan, 'first');
    await game.until(() => JSON.stringify(game.tasks()).includes('RUNNING'));
    await game.clock.pass(4000);
    expect(game.sizes).toEqual([]);
    expect(waits(run).join()).toContain('the end of CassandraTask weekly');
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('cancelled while a node leaves, it is awaited to its end, and no other is asked for', async () => {
    const game = await OperatedGame.begin({ racks: ['r1'], size: 5 });
    const run = game.attempt(await game.plan(scaleTo(3)), 'first');
    await game.until(() => game.node(pod('r1', 4)).leavingAt !== undefined);
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect(game.sizes).toEqual([4]);
    expect(game.pods()).toHaveLength(4);
    game.end();
  });

  test('a size that somebody else changes meanwhile ends the run', async () => {
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4 });
    const run = game.attempt(await game.plan(scaleTo(3)), 'first');
    await game.until(() => game.sizes.length > 0);
    game.patchDatacenter({ spec: { size: 4 } });
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: 'spec.size of CassandraDatacenter dc1 has 4 replicas instead of 3: somebody else has scaled it.',
    });
    game.end();
  });

  test('what its webhook refuses is said in its words, in the plan and when it is asked', async () => {
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4 });
    const plan = await game.plan(scaleTo(3));
    const words = 'admission webhook "vcassandradatacenter.kb.io" denied the request: attempted to change size';
    game.webhook = (kind) => (kind === 'CassandraDatacenter' ? words : undefined);
    expect(failing(await game.plan(scaleTo(3)))).toEqual([`size: spec.size of CassandraDatacenter dc1: ${words}`]);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state.kind).toBe('stopped');
    expect(reasonOf(record)).toBe(`spec.size of CassandraDatacenter dc1 may not become 3: ${words}`);
    expect(game.sizes).toEqual([]);
    game.end();
  });

  test('a refusal that the operator tells in its status ends the run with its words', async () => {
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4 });
    const run = game.attempt(await game.plan(scaleTo(3)), 'first');
    await game.until(() => game.sizes.length > 0);
    const message =
      'Not enough free space available to decommission. demo-dc1-r1-sts-0 has 10 free space, but 99 is needed.';
    game.patchStatus({ conditions: [{ type: 'Valid', status: 'False', message }] });
    game.simulation.stop();
    const record = await game.toTheEnd(run);
    expect(record?.state.kind).toBe('stopped');
    expect(reasonOf(record)).toContain(message);
    game.end();
  });

  test('a deployment tool that keeps the datacenter has to be agreed to', async () => {
    const annotations = { 'argocd.argoproj.io/tracking-id': 'shop' };
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4, annotations });
    const plan = await game.plan(scaleTo(5));
    expect(plan.preconditions.find(({ id }) => id === 'keepers')).toMatchObject({
      state: 'consent',
      evidence: expect.arrayContaining([
        'Argo CD keeps spec.size of CassandraDatacenter dc1 and may put it back at once',
      ]) as unknown,
    });
    expect(plan.needsTypedName).toBe(true);
    game.end();
  });

  test('a StatefulSet that was scaled by hand keeps the plan from starting', async () => {
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4 });
    await game.setOperator(false);
    game.patchSet('demo-dc1-r1-sts', { spec: { replicas: 5 } });
    const found = failing(await game.plan(scaleTo(3))).join();
    expect(found).toContain('by-hand: demo-dc1-r1-sts has 5 replicas, and 4 by spec.size of CassandraDatacenter dc1');
    game.end();
  });

  test('a pod that is taken away before its node has left ends the run, and it is said what is left to do', async () => {
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4, pace: { leaveMs: 600_000 } });
    const run = game.attempt(await game.plan(scaleTo(3)), 'first');
    await game.until(() => game.node(pod('r1', 3)).leavingAt !== undefined);
    await game.setOperator(false);
    game.patchSet('demo-dc1-r1-sts', { spec: { replicas: 3 } });
    const record = await game.toTheEnd(run);
    expect(reasonOf(record)).toMatch(
      /^The pod of demo-dc1-r1-sts-3 was taken away before its node had left: .* still know it\.$/,
    );
    expect(record?.state).toMatchObject({
      fix: expect.stringContaining('set spec.size of CassandraDatacenter dc1 back to 4') as unknown,
    });
    game.end();
  });

  test('a datacenter of a K8ssandraCluster is sized there, and its errors are passed on', async () => {
    const labels = { 'k8ssandra.io/cluster-name': 'demo', 'k8ssandra.io/cluster-namespace': namespace };
    const game = await OperatedGame.begin({ racks: ['r1'], size: 4, labels });
    await expect(game.plan(scaleTo(3))).rejects.toThrow('belongs to the K8ssandraCluster demo, which is not in this');
    const umbrella = new Umbrella(game, 4);
    const plan = await game.plan(scaleTo(3));
    expect(failing(plan)).toEqual([]);
    expect(plan.steps[0]?.effect).toContain('spec.cassandra.datacenters[dc1].size of K8ssandraCluster demo becomes 3');
    const record = await game.toTheEnd(game.attempt(plan, 'first'), () => void umbrella.handOn());
    expect(record?.state).toEqual({ kind: 'done' });
    expect(await umbrella.datacenters()).toEqual([
      { metadata: { name: 'other' }, size: 9 },
      { metadata: { name: 'dc1' }, size: 3, racks: [{ name: 'r1' }] },
    ]);
    expect(game.sizes).toEqual([]);
    await umbrella.fail('CassandraDatacenter write rejected, attempted to change size');
    expect(failing(await game.plan(scaleTo(4), 'second')).join()).toContain(
      'has an error: CassandraDatacenter write rejected',
    );
    game.end();
  });

  test(`${SCHEDULES} schedules: killed anywhere and gone on with; asked once for each size, and every node that went had left`, async () => {
    let killed = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const isUp = random.below(2) === 0;
      const [from, to] = isUp ? [2, 4] : [4, 2];
      const game = await OperatedGame.begin({ racks: ['r1', 'r2'], size: from, seed, ...small });
      const plan = await game.plan(scaleTo(to));
      const fate: Fate = { ...alive(), diesAt: 1 + random.below(120), arrives: random.below(2) === 0 };
      let record = await game.toTheEnd(game.attempt(plan, 'first', fate));
      for (let times = 1; record?.state.kind !== 'done' && times < 8; times += 1) {
        expect([seed, record?.state]).toEqual([seed, undefined]);
        killed += 1;
        await game.clock.pass(random.below(40_000));
        const next = { ...alive(), diesAt: times < 3 ? 1 + random.below(150) : -1, arrives: random.below(2) === 0 };
        record = await game.toTheEnd(game.attempt(plan, `runner-${times}`, next, await game.earlier(plan)));
      }
      expect([seed, record?.state]).toEqual([seed, { kind: 'done' }]);
      expect([seed, game.inRing().length, game.pods().length]).toEqual([seed, to, to]);
      expect([seed, game.sizes]).toEqual([seed, plan.steps.map(({ parameters }) => parameters['to'])]);
      game.end();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 2);
  });
});

const umbrellas = {
  group: 'k8ssandra.io',
  version: 'v1alpha1',
  plural: 'k8ssandraclusters',
  namespaced: true,
  namespace,
};

/** k8ssandra-operator: it hands the size of a datacenter on. */
class Umbrella {
  readonly #game: OperatedGame;

  constructor(game: OperatedGame, size: number) {
    this.#game = game;
    const { namespace: _, ...kind } = umbrellas;
    game.kept.serve({ ...kind, kind: 'K8ssandraCluster', verbs: [], versions: ['v1alpha1'] });
    const datacenters = [
      { metadata: { name: 'other' }, size: 9 },
      { metadata: { name: 'dc1' }, size, racks: [{ name: 'r1' }] },
    ];
    game.kept.put({
      apiVersion: 'k8ssandra.io/v1alpha1',
      kind: 'K8ssandraCluster',
      metadata: { namespace, name: 'demo' },
      spec: { cassandra: { datacenters } },
      status: { error: 'None' },
    });
  }

  async datacenters(): Promise<readonly unknown[]> {
    return listAt(await this.#game.kept.get({ ...umbrellas, name: 'demo' }), 'spec', 'cassandra', 'datacenters');
  }

  async handOn(): Promise<void> {
    const [, own] = await this.datacenters();
    this.#game.patchDatacenter({ spec: { size: numberAt(own, 'size') } });
  }

  async fail(error: string): Promise<void> {
    await this.#game.kept.mergePatch({ ...umbrellas, name: 'demo' }, { status: { error } });
  }
}
