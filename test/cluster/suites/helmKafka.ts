import assert from 'node:assert/strict';
import path from 'node:path';
import process from 'node:process';
import { asArray, asText, at, parseJson } from '../bed/json.ts';
import { goProgram } from '../bed/native/goPrograms.ts';
import { helm } from '../bed/workloads/helmReleases.ts';
import { waitForFullIsr } from '../support/kafka.ts';
import { hooks, kafkaRelease, noteKey, withKafkaRelease } from '../support/kafkaRelease.ts';
import { assertRefused, told } from '../support/planned.ts';
import { onOwnBed, runProgram, type ProgramRun } from '../support/program.ts';
import { assertNothingWasLost, brokerPods, noteTimes, uidsOfBrokers, whileLoaded } from '../support/restart.ts';
import { read, tryControl, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const { namespace, name } = kafkaRelease;

const tests: readonly LiveTest[] = [
  {
    title:
      'rolling back the release of a Kafka cluster restarts its brokers safely, by Helm with its hooks and without Helm',
    run: (test) =>
      withKafkaRelease(test, async () => {
        const withoutHelm = await rollback(test, 1);
        test.note(`without Helm: ${assertRefused(withoutHelm, ['way'], /hooks, which only Helm itself can run/)}`);
        assert.equal(await exists(test, hooks.before), false);

        const folder = path.dirname(await goProgram('helm'));
        await rollsSafely(test, 1, { PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}` });
        assert.deepEqual(await notesOfBrokers(test), ['one', 'one', 'one']);
        for (const hook of Object.values(hooks)) assert.equal(await exists(test, hook), true);

        await rollsSafely(test, 2);
        assert.deepEqual(await notesOfBrokers(test), ['', '', '']);
        const history = asArray(parseJson(await helm(test.access, ['history', '-n', namespace, name, '-o', 'json'])));
        assert.deepEqual(
          history.map((one) => `${asText(at(one, 'status'))}: ${asText(at(one, 'description'))}`),
          [
            'superseded: Install complete',
            'superseded: Upgrade complete',
            'superseded: Rollback to 1',
            'deployed: Rollback to 2',
          ],
        );
      }),
  },
];

export const helmKafka: Suite = {
  name: 'helm-kafka',
  needs: ['kafka', 'helm'],
  optional: true,
  tests: onOwnBed(tests, 'load reaches pods directly, which only the bed on this machine allows'),
};

/** Under load: every broker is another pod afterwards, one after the other, and the StatefulSet rolls by itself as before. */
async function rollsSafely(
  test: TestCluster,
  to: number,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const before = await uidsOfBrokers(test);
  let program: ProgramRun | undefined;
  const load = await whileLoaded(test, async () => {
    program = await rollback(test, to, variables);
  });
  assert.ok(program);
  assert.equal(program.code, 0, told(program));
  assertNothingWasLost(test, load);
  noteTimes(test, program);
  const after = await uidsOfBrokers(test);
  assert.ok(after.every((uid, index) => uid !== before[index]));
  const set = await read(test, '-n', 'kafka', 'statefulset', 'kafka');
  assert.equal(at(set, 'spec', 'updateStrategy', 'type'), 'RollingUpdate');
  assert.equal(at(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0, 0);
  assert.equal(at(set, 'status', 'currentRevision'), at(set, 'status', 'updateRevision'));
  await waitForFullIsr(test);
}

const rollback = (
  { access }: TestCluster,
  to: number,
  variables: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> =>
  runProgram({ access, limitSeconds: 300, variables }, [
    'rollback',
    name,
    '-n',
    namespace,
    '--to',
    String(to),
    '--confirm',
    name,
    '--yes',
    '-o',
    'json',
  ]);

const notesOfBrokers = (test: TestCluster): Promise<readonly string[]> =>
  Promise.all(
    brokerPods.map(async (pod) =>
      asText(at(await read(test, '-n', 'kafka', 'pod', pod), 'metadata', 'annotations', noteKey)),
    ),
  );

const exists = async (test: TestCluster, configMap: string): Promise<boolean> =>
  (await tryControl(test, ['-n', namespace, 'get', 'configmap', configMap])).code === 0;
