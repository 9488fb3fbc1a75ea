import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import type { JudgedCluster } from '#core/live/view.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { neverCancelled } from '#core/ports.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { isKafkaInside, type KafkaInside } from '#core/systems/kafka/live/insideFacts.ts';
import { until } from '../bed/commands.ts';
import { withLiveContext, type LiveContext } from '../support/liveContext.ts';
import { control, type Suite } from '../support/suite.ts';

const key = 'kafka/kafka/kafka';

export const kafkaInside: Suite = {
  name: 'kafka-inside',
  needs: ['kafka'],
  tests: [
    {
      title: 'three brokers tell of themselves that everything is in sync',
      run: (test) =>
        withLiveContext(test, async (live) => {
          await untilWhole(live, key);
          const started = performance.now();
          const judged = await live.inspect(key);
          test.note(`${judged.health.sentence}; asked in ${Math.round(performance.now() - started)} ms`);
          const facts = factsOf(judged);
          assert.equal(facts.via, 'protocol');
          assert.deepEqual(
            facts.brokers?.map(({ id, pod, isFenced }) => [id, pod, isFenced]),
            [0, 1, 2].map((id) => [id, `kafka-${id}`, false]),
          );
          assert.ok(
            facts.brokers?.every(
              ({ logDirs }) => (logDirs?.length ?? 0) > 0 && logDirs?.every(({ error }) => error === ''),
            ),
          );
          assert.deepEqual(facts.unseenTopics, []);
          assert.ok([0, 1, 2].includes(facts.quorum?.leaderId ?? -1));
          assert.equal(facts.quorum?.voters.length, 3);
          const orders = facts.topics.find(({ name }) => name === 'orders');
          assert.deepEqual([orders?.partitions, orders?.replicationFactor, orders?.minIsr], [6, 3, 2]);
          assert.match(judged.health.sentence, /^3 of 3 brokers, \d+ partitions in sync/);
        }),
    },
    {
      title: 'while a broker is away its partitions are named, and later all is whole again',
      run: (test) =>
        withLiveContext(test, async (live) => {
          await untilWhole(live, key);
          await control(test, '-n', 'kafka', 'delete', 'pod', 'kafka-1', '--wait=false');
          const broken = await until('partitions to be told as under-replicated', 90, async () => {
            const judged = await live.inspect(key);
            return (partitionsOf(judged)?.underReplicated.count ?? 0) > 0 && judged;
          });
          test.note(broken.health.sentence);
          const names = partitionsOf(broken)?.underReplicated.names ?? [];
          assert.ok(
            names.some((name) => /^(?:orders|events)-\d+$/.test(name)),
            names.join(', '),
          );
          assert.ok(['warning', 'unhealthy'].includes(broken.health.level), broken.health.level);
          const started = performance.now();
          await untilWhole(live, key);
          test.note(`whole again ${Math.round((performance.now() - started) / 1000)} s later`);
        }),
    },
    {
      title: 'where no port may be forwarded, the tools of a pod tell of the partitions',
      run: (test) =>
        withLiveContext(test, async (live) => {
          await untilWhole(live, key);
          const judged = await live.inspect(key);
          const cluster = withoutForwards(live.cluster);
          const access = { cluster, clock: live.clock, cancellation: neverCancelled };
          const started = performance.now();
          const inside = await kafkaLive.inspect?.(judged.cluster, access);
          test.note(`asked in ${Math.round(performance.now() - started)} ms`);
          assert.ok(isKafkaInside(inside?.facts), inside?.problems.join('; '));
          assert.equal(inside.facts.via, 'tools');
          assert.deepEqual(inside.facts.partitions?.underReplicated, { count: 0, names: [] });
          assert.equal(inside.facts.quorum?.voters.length, 3);
        }),
    },
    {
      title: 'brokers behind TLS and a password are asked with what their pods are given',
      skippedBecause: ({ workloads }) =>
        workloads.includes('kafka-secured') ? undefined : 'kafka-secured is not deployed',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const secured = live.watch.view.clusters.find(({ cluster }) => cluster.namespace === 'kafka-secured');
          assert.ok(secured, 'there is no data cluster in kafka-secured');
          assert.equal(secured.cluster.members.length, 6);
          await untilWhole(live, secured.cluster.key);
          const facts = factsOf(await live.inspect(secured.cluster.key));
          assert.equal(facts.via, 'protocol');
          assert.equal(facts.principal, 'User shop');
          assert.deepEqual(
            facts.brokers?.map(({ id }) => id),
            [100, 101, 102],
          );
          assert.equal(facts.quorum?.voters.length, 3);
        }),
    },
  ],
};

/** After a suite that breaks things, or another test here, Kafka may still be at it. */
const untilWhole = (live: LiveContext, of: string): Promise<JudgedCluster> =>
  until('every partition to be in sync', 240, async () => {
    const judged = await live.inspect(of);
    const partitions = partitionsOf(judged);
    const brokers = judged.inside && isKafkaInside(judged.inside.facts) ? judged.inside.facts.brokers : undefined;
    return partitions?.underReplicated.count === 0 && partitions.offline.count === 0 && brokers?.length === 3 && judged;
  });

function factsOf({ inside }: JudgedCluster): KafkaInside {
  if (isKafkaInside(inside?.facts)) return inside.facts;
  throw new Error(`Kafka could not be asked: ${inside?.problems.join('; ') ?? 'nobody asked'}`);
}

const partitionsOf = ({ inside }: JudgedCluster): KafkaInside['partitions'] =>
  isKafkaInside(inside?.facts) ? inside.facts.partitions : undefined;

/** The same cluster for somebody who may not forward ports. */
const withoutForwards = (cluster: Cluster): Cluster => ({
  ...cluster,
  kafka: () => Promise.reject(new ClusterProblem('forbidden', 'Forwarding ports is not allowed in this test.')),
});
