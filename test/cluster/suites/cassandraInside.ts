import assert from 'node:assert/strict';
import type { JudgedCluster } from '#core/live/view.ts';
import { cassandraFacts, type CassandraInside } from '#core/systems/cassandra/live/inside.ts';
import { everyNodeUpFromEveryView, oneSchema } from '#core/systems/cassandra/ringChecks.ts';
import { until } from '../bed/commands.ts';
import { withLiveContext, type LiveContext } from '../support/liveContext.ts';
import { waitForSet } from '../support/pods.ts';
import { members, waitForRing } from '../support/ring.ts';
import { control, type Suite, type TestCluster } from '../support/suite.ts';

const namespace = 'cassandra';
const key = 'cassandra/cassandra/cassandra';
const target = members[1];

export const cassandraInside: Suite = {
  name: 'cassandra-inside',
  needs: ['cassandra'],
  tests: [
    {
      title: 'a ring that is asked through its pods is whole from every node, with one version of the schema',
      async run(testCluster) {
        await withLiveContext(testCluster, async (live) => {
          const started = performance.now();
          const judged = await live.inspect(key);
          const facts = factsOf(judged);
          testCluster.note(`asked in ${((performance.now() - started) / 1000).toFixed(1)} s: ${verdictOf(judged)}`);
          assert.deepEqual(judged.inside?.problems, []);
          assert.deepEqual(everyNodeUpFromEveryView(facts.ring, members), { holds: true, against: [] });
          assert.deepEqual(oneSchema(facts.ring), { holds: true, against: [] });
          assert.deepEqual(
            facts.ring.nodes.map(({ member, memberKnownBy, mode }) => [member, memberKnownBy, mode]),
            members.map((member) => [member, 'itself', 'NORMAL']),
          );
          assert.equal(judged.cluster.wanted, members.length);
          assert.equal(verdictOf(judged), 'healthy: 3 of 3 nodes, all up and normal from every node');
          assert.ok(facts.ring.nodes.every(({ loadBytes, owns }) => loadBytes !== undefined && owns !== undefined));
          assert.ok(facts.keyspaces.some(({ keyspace }) => keyspace === 'shop'));
        });
      },
    },
    {
      title: 'a deleted member is named as down, as its peers see it, and the ring is whole again later',
      async run(testCluster) {
        await withLiveContext(testCluster, async (live) => {
          const before = await live.inspect(key);
          await control(testCluster, '-n', namespace, 'delete', 'pod', target, '--wait=false');
          try {
            const down = verdictOf(await waitUntilSeenDown(live));
            testCluster.note(down);
            // Its new pod may be there already, and what the peers said is then of the one before.
            assert.match(down, /^(?:unhealthy|working|unknown): 2 of 3 nodes up; .*cassandra-1 /);
          } finally {
            await waitForSet(testCluster, namespace, 'cassandra');
            await waitForRing(testCluster);
          }
          await assertWhole(testCluster, live, before);
        });
      },
    },
  ],
};

function factsOf({ inside }: JudgedCluster): CassandraInside {
  const facts = cassandraFacts(inside);
  assert.ok(facts, `Nobody could be asked: ${inside?.problems.join('; ') ?? 'nothing was answered'}`);
  return facts;
}

/** `healthy: 3 of 3 nodes, all up and normal from every node`. */
const verdictOf = ({ health }: JudgedCluster): string => `${health.level}: ${health.sentence}`;

const hostIds = (judged: JudgedCluster): readonly string[] =>
  factsOf(judged)
    .ring.nodes.map(({ hostId }) => hostId)
    .toSorted();

/** Both peers hold it for down, under the name of its pod: it is found by its Host ID, since its address is gone. */
async function waitUntilSeenDown(live: LiveContext): Promise<JudgedCluster> {
  let last: JudgedCluster | undefined;
  await until(`the peers of ${target} to see it down`, 90, async () => {
    last = await live.inspect(key);
    const node = cassandraFacts(last.inside)?.ring.nodes.find(({ member }) => member === target);
    return node?.peers.length === 2 && node.peers.every(({ liveness }) => liveness === 'down');
  });
  assert.ok(last);
  return last;
}

async function assertWhole(testCluster: TestCluster, live: LiveContext, before: JudgedCluster): Promise<void> {
  const after = await live.inspect(key);
  testCluster.note(verdictOf(after));
  assert.deepEqual(everyNodeUpFromEveryView(factsOf(after).ring, members), { holds: true, against: [] });
  assert.deepEqual(hostIds(after), hostIds(before));
}
