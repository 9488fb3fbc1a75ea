import { describe, expect, test } from 'vitest';
import { decodeCustom } from '#core/live/decode/custom.ts';
import type { Plan, Precondition, Progress } from '#core/operations/model.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { CassandraGame, type Attempt } from './cassandraGame.ts';
import { rackSets } from './ringSets.ts';

const check = (plan: Plan, id: string): Precondition | undefined => plan.preconditions.find((one) => one.id === id);
const waits = ({ heard }: Attempt): readonly string[] =>
  heard.flatMap((progress: Progress) => (progress.kind === 'waiting' ? [progress.waitingFor] : []));

const kind = apiResource('cassandraoperator.instaclustr.com', 'v1alpha1', 'CassandraDataCenter');
const label = (name: string): string => `cassandra-operator.instaclustr.com/${name}`;

const sets = rackSets(
  { 'app.kubernetes.io/instance': 'catalog', [label('cluster')]: 'catalog', [label('datacenter')]: 'dc1' },
  (rack) => `cassandra-catalog-dc1-${rack}`,
  (rack) => ({ [label('rack')]: rack }),
);

/** The operator itself does nothing while its resource stays as it is, so that there is none. */
async function begin(preStop = ''): Promise<CassandraGame> {
  const game = await CassandraGame.begin({ size: 3, racks: 3, sets, preStop });
  game.kept.serve(kind);
  game.kept.put({
    apiVersion: 'cassandraoperator.instaclustr.com/v1alpha1',
    kind: 'CassandraDataCenter',
    metadata: { namespace: 'shop', name: 'dc1' },
    datacenter: 'dc1',
    cluster: 'catalog',
    spec: { nodes: 3 },
  });
  game.ring.customs = () => game.kept.objectsOf(kind).flatMap((one) => decodeCustom(kind)(one) ?? []);
  return game;
}

const resize = (game: CassandraGame, nodes: number) =>
  game.kept.mergePatch({ ...kind, namespace: 'shop', name: 'dc1' }, { spec: { nodes } });

describe('a ring whose operator has no word for a restart', () => {
  test('goes pod by pod, and what the operator would do is told', async () => {
    const game = await begin();
    const plan = await game.plan();
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    expect(check(plan, 'operator-effects')?.evidence.join(' ')).toContain('does not ask who is away');
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toHaveLength(3);
    expect(game.ring.mostAway).toBe(1);
    expect(game.kept.writes.filter(({ address }) => address.plural === kind.plural)).toEqual([]);
    game.end();
  });

  test('is waited with while its operator is told another size', async () => {
    const game = await begin();
    const plan = await game.plan();
    await resize(game, 6);
    expect(check(await game.plan(), 'operator-rest')).toMatchObject({ state: 'fails' });
    const run = game.attempt(plan, 'first');
    await game.until(() => waits(run).some((text) => text.endsWith('to be asked for 3 nodes again; it wants 6')));
    expect(game.ring.drains).toEqual([]);
    await resize(game, 3);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('is drained for maintenance, and left alone where the end of a pod is a decommission', async () => {
    const game = await begin('nodetool decommission');
    const plan = await game.plan();
    expect(check(plan, 'pre-stop')).toMatchObject({ state: 'fails' });
    const wish = { operation: 'drain', how: 'maintenance', members: ['cassandra-catalog-dc1-r1-0'] } as const;
    expect(check(await game.plan(wish), 'operator-effects')?.evidence).toContain(
      'It takes no notice of a pod that stays drained',
    );
    game.end();
  });
});
