import assert from 'node:assert/strict';
import type { Cluster } from '#core/live/ports.ts';
import { cassandraFacts, type CassandraInside } from '#core/systems/cassandra/live/inside.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import { everyNodeUpFromEveryView, oneSchema } from '#core/systems/cassandra/ringChecks.ts';
import { until } from '../bed/commands.ts';
import { inspectNow, withCluster, type Inspected } from '../support/liveCluster.ts';
import { waitForSet } from '../support/pods.ts';
import { members, waitForRing } from '../support/ring.ts';
import { control, type Suite, type TestCluster } from '../support/suite.ts';

const namespace = 'cassandra';
const target = members[1];

export const cassandraInside: Suite = {
  name: 'cassandraInside',
  needs: ['cassandra'],
  tests: [
    {
      title: 'a ring that is asked through its pods is whole from every node, with one version of the schema',
      async run(testCluster) {
        await withCluster(testCluster, async (cluster) => {
          const started = performance.now();
          const { data, inside, verdict } = await inspectNow(cluster, cassandraLive, namespace);
          const facts = factsOf(inside);
          testCluster.note(`asked in ${((performance.now() - started) / 1000).toFixed(1)} s: ${verdict}`);
          assert.deepEqual(inside.problems, []);
          assert.deepEqual(everyNodeUpFromEveryView(facts.ring, members), { holds: true, against: [] });
          assert.deepEqual(oneSchema(facts.ring), { holds: true, against: [] });
          assert.deepEqual(
            facts.ring.nodes.map(({ member, memberKnownBy, mode }) => [member, memberKnownBy, mode]),
            members.map((member) => [member, 'itself', 'NORMAL']),
          );
          assert.equal(data.wanted, members.length);
          assert.equal(verdict, 'healthy: 3 of 3 nodes, all up and normal from every node');
          assert.ok(facts.ring.nodes.every(({ loadBytes, owns }) => loadBytes !== undefined && owns !== undefined));
          assert.ok(facts.keyspaces.some(({ keyspace }) => keyspace === 'shop'));
        });
      },
    },
    {
      title: 'a deleted member is named as down, as its peers see it, and the ring is whole again later',
      async run(testCluster) {
        await withCluster(testCluster, async (cluster) => {
          const before = await inspectNow(cluster, cassandraLive, namespace);
          await control(testCluster, '-n', namespace, 'delete', 'pod', target, '--wait=false');
          try {
            const down = await waitUntilSeenDown(cluster, before);
            testCluster.note(down.verdict);
            assert.match(down.verdict, /^(?:unhealthy|working): 2 of 3 nodes up; .*cassandra-1 /);
          } finally {
            await waitForSet(testCluster, namespace, 'cassandra');
            await waitForRing(testCluster);
          }
          await assertWhole(testCluster, cluster, before);
        });
      },
    },
  ],
};

function factsOf(inside: Inspected['inside']): CassandraInside {
  const facts = cassandraFacts(inside);
  assert.ok(facts, `Nobody could be asked: ${inside.problems.join('; ')}`);
  return facts;
}

const hostIds = ({ inside }: Inspected): readonly string[] =>
  factsOf(inside)
    .ring.nodes.map(({ hostId }) => hostId)
    .toSorted();

/** Both peers hold it for down, under the name of its pod: it is found by its Host ID, since its address is gone. */
async function waitUntilSeenDown(cluster: Cluster, before: Inspected): Promise<Inspected> {
  let last = before;
  await until(`the peers of ${target} to see it down`, 90, async () => {
    last = await inspectNow(cluster, cassandraLive, namespace, last.inside);
    const node = cassandraFacts(last.inside)?.ring.nodes.find(({ member }) => member === target);
    return node?.peers.length === 2 && node.peers.every(({ liveness }) => liveness === 'down');
  });
  return last;
}

async function assertWhole(testCluster: TestCluster, cluster: Cluster, before: Inspected): Promise<void> {
  const after = await inspectNow(cluster, cassandraLive, namespace, before.inside);
  testCluster.note(after.verdict);
  assert.deepEqual(everyNodeUpFromEveryView(factsOf(after.inside).ring, members), { holds: true, against: [] });
  assert.deepEqual(hostIds(after), hostIds(before));
}
