import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { asText } from '../bed/json.ts';
import { kafkaLoadDefaults, runKafkaLoad, type KafkaLoadReport } from '../load/kafka/load.ts';
import { waitForFullIsr } from '../support/kafka.ts';
import { uidOf } from '../support/pods.ts';
import { runProgram, whyNotBuilt, type ProgramRun } from '../support/program.ts';
import { describeTimes, isStep, restartTimes } from '../support/restartTimes.ts';
import { control, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const pods = ['kafka-0', 'kafka-1', 'kafka-2'] as const;
const target = ['kafka/kafka', '-n', 'kafka'] as const;
const run = ['--yes', '-o', 'json'] as const;
/** Seconds of load before the restart and after it. */
const margin = 5;

const tests: readonly LiveTest[] = [
  {
    title: 'a safe restart of every broker under load loses nothing and leaves no partition without enough replicas',
    async run(cluster) {
      const before = await uids(cluster);
      const { load, program } = await underLoad(cluster, ['restart', ...target, ...run]);
      assert.equal(program.code, 0, program.err);
      assertNothingWasLost(cluster, load);
      const after = await uids(cluster);
      assert.ok(after.every((uid, index) => uid !== before[index]));
      assert.equal(load.metadata.preferredLeadersAtEnd, 100);
      noteTimes(cluster, program);
      await assertEventsTell(cluster, ['RestartStarted', 'RestartMemberOut', 'RestartMemberBack', 'RestartDone']);
    },
  },
  {
    title: 'only the broker that is named is restarted',
    async run(cluster) {
      const before = await uids(cluster);
      const { load, program } = await underLoad(cluster, ['restart', ...target, '--only', 'kafka-1', ...run]);
      assert.equal(program.code, 0, program.err);
      assertNothingWasLost(cluster, load);
      const after = await uids(cluster);
      assert.deepEqual(
        after.map((uid, index) => uid !== before[index]),
        [false, true, false],
      );
      noteTimes(cluster, program);
    },
  },
  {
    title: 'a run that was killed between eviction and rejoin is gone on with, and nobody is evicted twice',
    async run(cluster) {
      const before = await uids(cluster);
      const killed = await runProgram(cluster, ['restart', ...target, ...run], (event, child) => {
        if (isStep(event, 'awaiting')) child.kill('SIGKILL');
      });
      assert.equal(killed.code, null);
      const again = await runProgram(cluster, ['restart', ...target, ...run]);
      assert.equal(again.code, 2);
      assert.match(again.err, /has not ended\.\n.*data-clusters resume kafka\/kafka/);
      const out = asText(killed.events.findLast((event) => isStep(event, 'awaiting'))?.['step']);
      const started = performance.now();
      const resumed = await runProgram(cluster, ['resume', ...target, ...run]);
      assert.equal(resumed.code, 0, resumed.err);
      assert.ok(!resumed.events.some((event) => isStep(event, 'acting') && event['step'] === out), 'evicted twice');
      cluster.note(`resumed and done in ${Math.round((performance.now() - started) / 1000)} s, lock included`);
      const after = await uids(cluster);
      assert.ok(after.every((uid, index) => uid !== before[index]));
      await waitForFullIsr(cluster);
    },
  },
  {
    title: 'a node that does not exist keeps it from being started',
    async run(cluster) {
      const none = await runProgram(cluster, ['restart', ...target, '--only', 'kafka-7', ...run]);
      assert.equal(none.code, 2);
      assert.match(none.err, /There is no node kafka-7/);
    },
  },
];

export const kafkaRestart: Suite = {
  name: 'kafka-restart',
  isLong: true,
  needs: ['kafka'],
  tests: tests.map((test) => ({
    ...test,
    skippedBecause: ({ mark }) =>
      mark.driver === 'native'
        ? whyNotBuilt()
        : 'load reaches pods directly, which only the bed on this machine allows',
  })),
};

interface Measured {
  readonly load: KafkaLoadReport;
  readonly program: ProgramRun;
}

async function underLoad(cluster: TestCluster, args: readonly string[]): Promise<Measured> {
  await waitForFullIsr(cluster);
  let program: ProgramRun | undefined;
  const load = await runKafkaLoad(kafkaLoadDefaults, async () => {
    await sleep(margin * 1000);
    program = await runProgram(cluster, args);
    await sleep(margin * 1000);
  });
  assert.ok(program);
  return { load, program };
}

function assertNothingWasLost(cluster: TestCluster, { strict, patient, metadata }: KafkaLoadReport): void {
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

const noteTimes = (cluster: TestCluster, { events, started, ended }: ProgramRun): void =>
  cluster.note(describeTimes(restartTimes(events, started, ended)));

const uids = (cluster: TestCluster): Promise<string[]> =>
  Promise.all(pods.map((name) => uidOf(cluster, { namespace: 'kafka', name })));

async function assertEventsTell(cluster: TestCluster, reasons: readonly string[]): Promise<void> {
  const about = ['--field-selector', 'involvedObject.kind=StatefulSet,involvedObject.name=kafka'];
  const output = ['-o', 'jsonpath={range .items[*]}{.reason}{"\\n"}{end}'];
  const text = await control(cluster, '-n', 'kafka', 'get', 'events', ...output, ...about);
  const told = new Set(text.split('\n'));
  assert.deepEqual(
    reasons.filter((reason) => !told.has(reason)),
    [],
  );
}
