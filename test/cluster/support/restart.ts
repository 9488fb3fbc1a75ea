import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { pause } from '../load/pace.ts';
import { kafkaLoadDefaults, runKafkaLoad, type KafkaLoadReport } from '../load/kafka/load.ts';
import { waitForFullIsr } from './kafka.ts';
import { uidOf } from './pods.ts';
import type { ProgramRun } from './program.ts';
import { describeTimes, restartTimes } from './restartTimes.ts';
import { tryControl, type TestCluster } from './suite.ts';

export const brokerPods = ['kafka-0', 'kafka-1', 'kafka-2'] as const;
/** The cluster of the sample, as the command line names it. */
export const kafkaTarget = ['kafka/kafka', '-n', 'kafka'] as const;
export const unasked = ['--yes', '-o', 'json'] as const;

/** Seconds of load before what is measured and after it. */
const margin = 5;

/** Load on a topic of its own while something happens to the brokers. */
export async function whileLoaded(
  cluster: TestCluster,
  work: (signals: Parameters<Parameters<typeof runKafkaLoad>[1]>[0]) => Promise<void>,
): Promise<KafkaLoadReport> {
  await waitForFullIsr(cluster);
  return runKafkaLoad(kafkaLoadDefaults, async (signals) => {
    await sleep(margin * 1000);
    await work(signals);
    await sleep(margin * 1000);
  });
}

/** Nothing acknowledged is lost, no write was refused for lack of replicas, and one broker was out at most. */
export function assertNothingWasLost(cluster: TestCluster, { strict, patient, metadata }: KafkaLoadReport): void {
  cluster.note(
    `${strict.sent + patient.sent} sent, ${strict.failed} failed at once ${JSON.stringify(strict.failedByClass)}, ` +
      `${patient.failed} for good; under min ISR ${metadata.underMinIsrSeconds} s, without leader ` +
      `${metadata.offlineSeconds} s, most brokers out of sync ${metadata.maxBrokersOutOfSync}`,
  );
  assert.ok(strict.acknowledged > 0);
  assert.deepEqual([strict.lostExamples, patient.lostExamples], [[], []]);
  assert.deepEqual(patient.failedByClass, {});
  assert.equal(strict.failedByClass['NOT_ENOUGH_REPLICAS'], undefined);
  assert.equal(strict.failedByClass['NOT_ENOUGH_REPLICAS_AFTER_APPEND'], undefined);
  assert.equal(metadata.underMinIsrSeconds, 0);
  assert.ok(metadata.maxBrokersOutOfSync <= 1, `${metadata.maxBrokersOutOfSync} brokers were out of sync at once`);
  assert.equal(metadata.underReplicatedAtEnd, 0);
}

/** What the engine adds to the time that the members take by themselves. */
export const noteTimes = (cluster: TestCluster, { events, started, ended }: ProgramRun): void =>
  cluster.note(describeTimes(restartTimes(events, started, ended)));

export const uidsOfBrokers = (cluster: TestCluster): Promise<string[]> =>
  Promise.all(brokerPods.map((name) => uidOf(cluster, { namespace: 'kafka', name })));

/** How many pods of each broker's name were seen while the work lasted: more than two means that one was evicted twice. */
export async function countPods(cluster: TestCluster, work: () => Promise<void>): Promise<readonly number[]> {
  const seen = new Map<string, Set<string>>(brokerPods.map((name) => [name, new Set()]));
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      const output = ['-o', 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}'];
      const { code, stdout } = await tryControl(cluster, ['-n', 'kafka', 'get', 'pods', '-l', 'app=kafka', ...output]);
      for (const line of code === 0 ? stdout.split('\n') : []) {
        const [name = '', uid = ''] = line.split(' ');
        seen.get(name)?.add(uid);
      }
      await pause(1500, over.signal);
    }
  })();
  try {
    await work();
  } finally {
    over.abort();
    await looking;
  }
  return [...seen.values()].map(({ size }) => size);
}
