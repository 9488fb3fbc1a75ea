import { describe, expect, test } from 'vitest';
import type { Precondition } from '#core/operations/model.ts';
import { CassandraGame } from './cassandraGame.ts';
import { lose, patchSet, setVariables } from './lostNodes.ts';
import type { RingWanted } from './simulatedRing.ts';

/** What keeps a node from being replaced, by the name of the question. */

interface Refusal {
  readonly title: string;
  readonly wanted?: Partial<RingWanted>;
  /** Before the node is lost; with nothing else, it is lost for two minutes. */
  readonly before?: (game: CassandraGame) => Promise<void> | void;
  readonly lost?: (game: CassandraGame) => Promise<void>;
  readonly id: string;
  readonly state: Precondition['state'];
  readonly says: RegExp;
}

const minutes = (game: CassandraGame, count: number): Promise<void> => game.clock.pass(count * 60_000);

const refusals: readonly Refusal[] = [
  {
    title: 'a node that is up',
    lost: async () => undefined,
    id: 'dead',
    state: 'fails',
    says: /nodetool of catalog-2 answers, in mode NORMAL/,
  },
  {
    title: 'a node that was drained and forgotten',
    lost: async (game) => {
      game.ring.ring.drain(game.ring.node(2), game.clock.now());
      await game.clock.pass(20_000);
    },
    id: 'dead',
    state: 'fails',
    says: /nodetool of catalog-2 answers, in mode DRAINED/,
  },
  {
    title: 'a node whose process runs and does not answer yet',
    lost: async (game) => {
      game.ring.hang(2);
      await minutes(game, 1);
    },
    id: 'dead',
    state: 'fails',
    says: /runs, and nodetool does not answer yet/,
  },
  {
    title: 'a node whose pod has just gone',
    lost: async (game) => {
      lose(game.ring, 2);
      await game.clock.pass(25_000);
    },
    id: 'dead',
    state: 'fails',
    says: /catalog-2/,
  },
  {
    title: 'a node whose volume is there',
    lost: async (game) => {
      game.ring.cordonAll();
      const pod = game.ring.simulation.world.pod('shop', 'catalog-2');
      if (pod) game.ring.simulation.world.remove(pod);
      await minutes(game, 3);
    },
    id: 'lost',
    state: 'consent',
    says: /is there, on no node of its own/,
  },
  {
    title: 'a second node that is away',
    before: (game) => game.ring.ring.drain(game.ring.node(1), game.clock.now()),
    id: 'ring',
    state: 'fails',
    says: /catalog-1 is in mode DRAINED/,
  },
  {
    title: 'rows that only this node had',
    wanted: { keyspaces: [{ name: 'sessions', replication: 1 }] },
    id: 'quorum',
    state: 'consent',
    says: /sessions has one replica of each row/,
  },
  {
    title: 'a node that does not bootstrap',
    before: (game) =>
      setVariables(game.ring, [
        { name: 'CASSANDRA_SEEDS', value: 'catalog-0.catalog' },
        { name: 'CASSANDRA_AUTO_BOOTSTRAP', value: 'false' },
      ]),
    id: 'bootstrap',
    state: 'fails',
    says: /auto_bootstrap is false/,
  },
  {
    title: 'options that come from elsewhere',
    before: (game) =>
      setVariables(game.ring, [
        { name: 'CASSANDRA_SEEDS', value: 'catalog-0.catalog' },
        { name: 'JVM_EXTRA_OPTS', valueFrom: { configMapKeyRef: { name: 'options', key: 'jvm' } } },
      ]),
    id: 'option',
    state: 'fails',
    says: /JVM_EXTRA_OPTS comes from a ConfigMap or a Secret/,
  },
  {
    title: 'a tool that puts the template back',
    before: (game) => patchSet(game.ring, { metadata: { labels: { 'argocd.argoproj.io/instance': 'shop' } } }),
    id: 'keepers',
    state: 'fails',
    says: /Argo CD/,
  },
];

describe('replacing a node of a simulated ring', () => {
  test.each(refusals)('$title: $id $state', async ({ wanted = {}, before, lost, id, state, says }) => {
    const game = await CassandraGame.begin({ size: 3, racks: 3, ...wanted });
    // A changed template would be rolled out before the node is lost.
    patchSet(game.ring, { spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } });
    await before?.(game);
    if (lost) await lost(game);
    else {
      lose(game.ring, 2);
      await minutes(game, 2);
    }
    const { preconditions } = await game.plan({ operation: 'replace', member: 'catalog-2', how: 'replace' });
    const found = preconditions.find((one) => one.id === id);
    expect(found?.state).toBe(state);
    expect(found?.evidence.join('; ')).toMatch(says);
    game.end();
  });

  test('of two that are lost it cannot be told which is which', async () => {
    const game = await CassandraGame.begin({ size: 4, racks: 1 });
    lose(game.ring, 1);
    lose(game.ring, 2);
    await minutes(game, 2);
    const wish = { operation: 'replace', member: 'catalog-2', how: 'replace' } as const;
    await expect(game.plan(wish)).rejects.toThrow(
      /^Which node of the ring is that of catalog-2 cannot be told; nodes of no known pod are down: /,
    );
    game.end();
  });

  test('a pod that there is not is named as such', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const wish = { operation: 'replace', member: 'catalog-7', how: 'replace' } as const;
    await expect(game.plan(wish)).rejects.toThrow('There is no node catalog-7 in catalog.');
    game.end();
  });
});
