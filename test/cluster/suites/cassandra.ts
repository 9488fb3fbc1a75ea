import assert from 'node:assert/strict';
import { types } from 'cassandra-driver';
import { openCql } from '../support/cql.ts';
import { replacePod, seconds } from '../support/pods.ts';
import { members, ringProblems, ringSeenFrom, waitForRing } from '../support/ring.ts';
import { control, type Suite } from '../support/suite.ts';

export const cassandra: Suite = {
  name: 'cassandra',
  needs: ['cassandra'],
  tests: [
    {
      title: 'every member sees every member up and normal',
      async run(cluster) {
        assert.deepEqual(await ringProblems(cluster), []);
      },
    },
    {
      title: 'what is written at QUORUM through one member is read at ALL through another',
      async run(cluster) {
        const id = 1_000_000 + (Date.now() % 1_000_000);
        const writer = await openCql(cluster.access, members[0]);
        try {
          await writer.execute('INSERT INTO shop.orders (id, item) VALUES (?, ?)', [id, 'smoke']);
        } finally {
          await writer.close();
        }
        const reader = await openCql(cluster.access, members[2]);
        try {
          const query = 'SELECT item FROM shop.orders WHERE id = ?';
          const { rows } = await reader.execute(query, [id], types.consistencies.all);
          assert.deepEqual(
            rows.map((row) => String(row.get('item'))),
            ['smoke'],
          );
        } finally {
          await reader.close();
        }
      },
    },
    {
      title: 'a deleted member drains, comes back as itself and is seen by all',
      async run(cluster) {
        const before = (await ringSeenFrom(cluster, members[0])).map(({ hostId }) => hostId).toSorted();
        const ready = await replacePod(cluster, { namespace: 'cassandra', name: members[1] });
        await waitForRing(cluster);
        const after = (await ringSeenFrom(cluster, members[0])).map(({ hostId }) => hostId).toSorted();
        assert.deepEqual(after, before);
        // A member that was drained has nothing left to replay.
        const log = await control(cluster, '-n', 'cassandra', 'logs', members[1], '--tail=-1');
        const replayed = /(\d+) replayed mutations/.exec(log)?.[1] ?? '0';
        cluster.note(`ready after ${seconds(ready)}, ${replayed} mutations replayed`);
        assert.equal(replayed, '0');
      },
    },
  ],
};
