import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { asText } from '../bed/json.ts';
import type { KafkaLoadReport } from '../load/kafka/load.ts';
import { waitForFullIsr } from '../support/kafka.ts';
import { onOwnBed, type ProgramRun, runProgram } from '../support/program.ts';
import {
  assertNothingWasLost,
  kafkaTarget,
  noteTimes,
  uidsOfBrokers,
  unasked,
  whileLoaded,
} from '../support/restart.ts';
import { isStep } from '../support/restartTimes.ts';
import { control, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const tests: readonly LiveTest[] = [
  {
    title: 'a safe restart of every broker under load loses nothing and leaves no partition without enough replicas',
    async run(cluster) {
      const before = await uidsOfBrokers(cluster);
      const { load, program } = await underLoad(cluster, ['restart', ...kafkaTarget, ...unasked]);
      assert.equal(program.code, 0, program.err);
      assertNothingWasLost(cluster, load);
      const after = await uidsOfBrokers(cluster);
      assert.ok(after.every((uid, index) => uid !== before[index]));
      assert.equal(load.metadata.preferredLeadersAtEnd, 100);
      noteTimes(cluster, program);
      await assertEventsTell(cluster, ['RestartStarted', 'RestartMemberOut', 'RestartMemberBack', 'RestartDone']);
    },
  },
  {
    title: 'only the broker that is named is restarted',
    async run(cluster) {
      const before = await uidsOfBrokers(cluster);
      const { load, program } = await underLoad(cluster, ['restart', ...kafkaTarget, '--only', 'kafka-1', ...unasked]);
      assert.equal(program.code, 0, program.err);
      assertNothingWasLost(cluster, load);
      const after = await uidsOfBrokers(cluster);
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
      const before = await uidsOfBrokers(cluster);
      const killed = await runProgram(cluster, ['restart', ...kafkaTarget, ...unasked], (event, child) => {
        if (isStep(event, 'awaiting')) child.kill('SIGKILL');
      });
      assert.equal(killed.code, null);
      const again = await runProgram(cluster, ['restart', ...kafkaTarget, ...unasked]);
      assert.equal(again.code, 2);
      assert.match(again.err, /has not ended\.\n.*data-clusters resume kafka\/kafka/);
      const out = asText(killed.events.findLast((event) => isStep(event, 'awaiting'))?.['step']);
      const started = performance.now();
      const resumed = await runProgram(cluster, ['resume', ...kafkaTarget, ...unasked]);
      assert.equal(resumed.code, 0, resumed.err);
      assert.ok(!resumed.events.some((event) => isStep(event, 'acting') && event['step'] === out), 'evicted twice');
      cluster.note(`resumed and done in ${Math.round((performance.now() - started) / 1000)} s, lock included`);
      const after = await uidsOfBrokers(cluster);
      assert.ok(after.every((uid, index) => uid !== before[index]));
      await waitForFullIsr(cluster);
    },
  },
  {
    title: 'a node that does not exist keeps it from being started',
    async run(cluster) {
      const none = await runProgram(cluster, ['restart', ...kafkaTarget, '--only', 'kafka-7', ...unasked]);
      assert.equal(none.code, 2);
      assert.match(none.err, /There is no node kafka-7/);
    },
  },
];

export const kafkaRestart: Suite = {
  name: 'kafka-restart',
  isLong: true,
  needs: ['kafka'],
  tests: onOwnBed(tests, 'load reaches pods directly, which only the bed on this machine allows'),
};

interface Measured {
  readonly load: KafkaLoadReport;
  readonly program: ProgramRun;
}

async function underLoad(cluster: TestCluster, args: readonly string[]): Promise<Measured> {
  let program: ProgramRun | undefined;
  const load = await whileLoaded(cluster, async () => {
    program = await runProgram(cluster, args);
  });
  assert.ok(program);
  return { load, program };
}

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
