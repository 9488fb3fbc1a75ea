import { describe, expect, test } from 'vitest';
import type { RunRecord } from '#core/operations/model.ts';
import { alive, CassandraGame } from './cassandraGame.ts';
import { knownNodes, lose } from './lostNodes.ts';
import { deleteIn } from './ringDeletions.ts';

const remove = (member: string) => ({ operation: 'replace', member, how: 'remove' }) as const;

const asks = (record: RunRecord | undefined): string | undefined =>
  record?.state.kind === 'paused' ? record.state.asks?.typed : undefined;

async function withLost(ordinal: number, size: number): Promise<CassandraGame> {
  const game = await CassandraGame.begin({ size, racks: 1 });
  lose(game.ring, ordinal);
  await game.clock.pass(120_000);
  return game;
}

const claim = { group: '', version: 'v1', plural: 'persistentvolumeclaims', namespaced: true, namespace: 'shop' };
const pod = { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace: 'shop' };

describe('a dead node that does not come back', () => {
  test('is removed after its StatefulSet was made smaller, and the others take over', async () => {
    const game = await withLost(3, 4);
    const dead = game.ring.node(3);
    const plan = await game.plan(remove('catalog-3'));
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    expect(plan.steps.map(({ id }) => id)).toEqual(['without-catalog-3', 'remove-catalog-3']);
    const paused = await game.toTheEnd(game.attempt(plan, 'first'));
    expect([asks(paused), dead.leavingAt]).toEqual(['catalog-3', undefined]);
    const record = await game.toTheEnd(game.attempt(plan, 'second', alive(), paused, 'catalog-3'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(knownNodes(game.ring)).toHaveLength(3);
    expect(game.ring.sizes.map(({ replicas }) => replicas)).toEqual([3]);
    expect(game.ring.deleted).toEqual([]);
    expect(record?.steps.flatMap(({ notes }) => notes)).toContain(
      'Its volume is kept, and must not be used again: delete PersistentVolumeClaim data-catalog-3 before catalog-3 is made again',
    );
    game.end();
  });

  test('is removed by another node when the one that was told to is started anew', async () => {
    const game = await withLost(3, 4);
    const plan = await game.plan(remove('catalog-3'));
    const paused = await game.toTheEnd(game.attempt(plan, 'first'));
    const run = game.attempt(plan, 'second', alive(), paused, 'catalog-3');
    await game.until(() => game.ring.node(3).removedBy !== undefined);
    await game.clock.pass(5000);
    const told = game.ring.ring.nodes.findIndex((node) => node === game.ring.node(3).removedBy);
    game.ring.kill(told);
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'done' });
    expect(record?.steps.flatMap(({ notes }) => notes).join()).toContain('The removal was lost');
    game.end();
  });

  test('is named by its Host ID when another node has its pod by now', async () => {
    const game = await withLost(3, 4);
    const ghost = game.ring.node(3).hostId;
    // Somebody has deleted claim and pod without a word to the ring: what starts there is a new node.
    deleteIn(game.ring, { ...claim, name: 'data-catalog-3' }, {});
    deleteIn(game.ring, { ...pod, name: 'catalog-3' }, {});
    await game.until(() => game.ring.data().members.every((one) => one.pod?.isReady === true));
    await game.clock.pass(20_000);
    const up = await game.plan(remove('catalog-3'));
    expect(up.preconditions.find(({ id }) => id === 'dead')?.state).toBe('fails');
    await expect(game.plan({ ...remove(ghost), how: 'replace' })).rejects.toThrow('belongs to no pod');
    const plan = await game.plan(remove(ghost));
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    expect(plan.steps.map(({ id }) => id)).toEqual([`remove-${ghost}`]);
    const paused = await game.toTheEnd(game.attempt(plan, 'first'));
    const record = await game.toTheEnd(game.attempt(plan, 'second', alive(), paused, ghost));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(knownNodes(game.ring).map(({ hostId }) => hostId)).not.toContain(ghost);
    expect(game.ring.sizes).toEqual([]);
    game.end();
  });

  test('is not removed while its StatefulSet would make it again, or replicas want it', async () => {
    const game = await withLost(1, 3);
    const { preconditions } = await game.plan(remove('catalog-1'));
    expect(preconditions.find(({ id }) => id === 'pod')).toMatchObject({
      state: 'fails',
      evidence: ['catalog makes catalog-1 again, and it is not its last pod'],
    });
    expect(preconditions.find(({ id }) => id === 'replication')).toMatchObject({ state: 'consent' });
    game.end();
  });
});
