import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fullCluster } from '../bed/cluster.ts';
import { nodeMinor } from '../bed/versions.ts';
import { stopProcess } from '../faults/brokerProcess.ts';
import type { Fault, FaultBed, FaultOptions } from '../faults/fault.ts';
import { applyFault, undoFault } from '../faults/journal.ts';
import { partitionNode } from '../faults/network.ts';
import { cqlLoadDefaults, runCqlLoad, type CqlLoadReport } from '../load/cassandra/load.ts';
import { kafkaLoadDefaults, runKafkaLoad, type KafkaLoadReport } from '../load/kafka/load.ts';
import { nodeOf } from '../support/pods.ts';
import type { LiveTest, Suite, TestCluster } from '../support/suite.ts';

const tests: readonly LiveTest[] = [
  {
    title: 'a quiet cluster takes every write and keeps it',
    async run(cluster) {
      const [kafka, cql] = await Promise.all([
        runKafkaLoad(kafkaLoadDefaults, () => sleep(10_000)),
        runCqlLoad(cqlLoadDefaults, () => sleep(10_000)),
      ]);
      assertKafkaKeptAll(cluster, kafka);
      assertCassandraKeptAll(cluster, cql);
      // On a machine with much else to do a write may time out. Too few replicas there are never.
      assert.equal(cql.writes.failedByClass['unavailable'], undefined);
      assert.equal(kafka.strict.failedByClass['NOT_ENOUGH_REPLICAS'], undefined);
    },
  },
  {
    title: 'a broker that ends under load loses nothing, and producers that try again notice nothing',
    async run(cluster) {
      const report = await runKafkaLoad(kafkaLoadDefaults, async () => {
        await sleep(3000);
        await during(cluster, stopProcess, 'kafka/kafka-1', { signal: 'TERM' }, () => sleep(0));
      });
      assertKafkaKeptAll(cluster, report);
      assert.ok(report.metadata.leaderChanges > 0);
    },
  },
  {
    title: 'a node that is cut off for a while loses nothing of Kafka and nothing of Cassandra',
    async run(cluster) {
      const node = await nodeOf(cluster, { namespace: 'kafka', name: 'kafka-2' });
      const cut = new AbortController();
      const untilCut = async (): Promise<void> => {
        while (!cut.signal.aborted) await sleep(100);
      };
      const kafka = runKafkaLoad(kafkaLoadDefaults, untilCut);
      const cql = runCqlLoad(cqlLoadDefaults, untilCut);
      try {
        await sleep(5000);
        await during(cluster, partitionNode, node, {}, () => sleep(12_000));
        await sleep(3000);
      } finally {
        cut.abort();
      }
      assertKafkaKeptAll(cluster, await kafka);
      assertCassandraKeptAll(cluster, await cql);
    },
  },
];

export const load: Suite = { name: 'load', needs: ['kafka', 'cassandra'], tests: tests.map(onlyOnThisMachine) };

/** Load and faults reach pods and processes directly, which only the bed on this machine allows. */
function onlyOnThisMachine(test: LiveTest): LiveTest {
  return {
    ...test,
    skippedBecause: ({ mark }) => (mark.driver === 'native' ? undefined : 'it needs the test bed on this machine'),
  };
}

async function during(
  { access }: TestCluster,
  fault: Fault,
  target: string,
  options: FaultOptions,
  work: () => Promise<void>,
): Promise<void> {
  const bed: FaultBed = { cluster: fullCluster(nodeMinor), access };
  try {
    await applyFault(bed, fault, target, options);
    await work();
  } finally {
    await undoFault(bed, fault, target);
  }
}

function assertKafkaKeptAll(cluster: TestCluster, { strict, patient, metadata }: KafkaLoadReport): void {
  const { underMinIsrSeconds, offlineSeconds } = metadata;
  cluster.note(
    `Kafka: ${strict.sent + patient.sent} sent, ${strict.failed} failed at once ${JSON.stringify(strict.failedByClass)}, ` +
      `${patient.failed} for good, under min ISR ${underMinIsrSeconds} s, without leader ${offlineSeconds} s`,
  );
  assert.ok(strict.acknowledged > 0);
  assert.deepEqual([strict.lostExamples, patient.lostExamples], [[], []]);
  assert.deepEqual(patient.failedByClass, {});
  assert.deepEqual([strict.unanswered, strict.strangers, patient.duplicates], [0, 0, 0]);
  assert.equal(metadata.underReplicatedAtEnd, 0);
}

function assertCassandraKeptAll(cluster: TestCluster, { writes, reads, lostExamples, ring }: CqlLoadReport): void {
  cluster.note(
    `Cassandra: ${writes.sent + reads.sent} operations, ${writes.failed + reads.failed} failed ` +
      `${JSON.stringify({ ...writes.failedByClass, ...reads.failedByClass })}, not all up ${(ring.seconds - ring.allUpSeconds).toFixed(1)} s`,
  );
  assert.ok(writes.succeeded > 0);
  assert.deepEqual(lostExamples, []);
  assert.equal(reads.missed, 0);
}
