import assert from 'node:assert/strict';
import {
  historyOf,
  hooks,
  hooksThatRan,
  notesOf,
  rollbackArguments,
  withHelm,
  withRelease,
  type TakenSet,
} from '../support/dataRelease.ts';
import { waitForFullIsr } from '../support/kafka.ts';
import { assertRefused, told } from '../support/planned.ts';
import { onOwnBed, runProgram, type ProgramRun } from '../support/program.ts';
import { uidOf } from '../support/pods.ts';
import { assertNothingWasLost, brokerPods, noteTimes, whileLoaded } from '../support/restart.ts';
import { members, waitForRing } from '../support/ring.ts';
import { assertQuorumWasKept, noteStepTimes, underCqlLoad } from '../support/ringRestart.ts';
import { read, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';
import { at } from '../bed/json.ts';

/** A data cluster whose members are restarted by the rollback of its release. */
interface Held {
  readonly taken: TakenSet;
  readonly pods: readonly string[];
  /** Runs the program under load and asserts that nobody who used the data cluster has noticed. */
  readonly underLoad: (
    test: TestCluster,
    args: readonly string[],
    variables: Readonly<Record<string, string>>,
  ) => Promise<ProgramRun>;
  readonly whole: (test: TestCluster) => Promise<unknown>;
}

const kafka: Held = {
  taken: { namespace: 'kafka', set: 'kafka', release: 'brokers' },
  pods: brokerPods,
  whole: waitForFullIsr,
  async underLoad(test, args, variables) {
    let program: ProgramRun | undefined;
    const load = await whileLoaded(test, async () => {
      program = await runProgram({ ...test, variables }, args);
    });
    assert.ok(program);
    assert.equal(program.code, 0, told(program));
    assertNothingWasLost(test, load);
    noteTimes(test, program);
    return program;
  },
};

const cassandra: Held = {
  taken: { namespace: 'cassandra', set: 'cassandra', release: 'ring' },
  pods: members,
  whole: waitForRing,
  async underLoad(test, args, variables) {
    const { load, program } = await underCqlLoad({ ...test, variables }, args);
    assert.equal(program.code, 0, told(program));
    assertQuorumWasKept(test, load);
    noteStepTimes(test, program);
    return program;
  },
};

/** A revision with a note and hooks, which only Helm can run, and from it back to one without, which is written from here. */
const thereAndBack = (held: Held): LiveTest => ({
  title: 'a release is rolled back under load, by Helm with its hooks and without Helm, and its members restart safely',
  run: (test) =>
    withRelease(test, held.taken, async () => {
      const withoutHelm = await runProgram(test, rollbackArguments(held.taken, 1));
      test.note(`without Helm: ${assertRefused(withoutHelm, ['way'], /hooks, which only Helm itself can run/)}`);
      assert.deepEqual(await hooksThatRan(test, held.taken), []);

      await restartsSafely(test, held, 1, await withHelm());
      assert.deepEqual(new Set(await notesOf(test, held.taken, held.pods)), new Set(['one']));
      assert.deepEqual(await hooksThatRan(test, held.taken), hooks);

      await restartsSafely(test, held, 2, {});
      assert.deepEqual(new Set(await notesOf(test, held.taken, held.pods)), new Set(['']));
      assert.deepEqual(await historyOf(test, held.taken), [
        'superseded: Install complete',
        'superseded: Upgrade complete',
        'superseded: Rollback to 1',
        'deployed: Rollback to 2',
      ]);
    }),
});

/** Every member is another pod afterwards, and the StatefulSet rolls by itself as before. */
async function restartsSafely(
  test: TestCluster,
  { taken, pods, underLoad, whole }: Held,
  to: number,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const uids = (): Promise<string[]> =>
    Promise.all(pods.map((name) => uidOf(test, { namespace: taken.namespace, name })));
  const before = await uids();
  await underLoad(test, rollbackArguments(taken, to), variables);
  const after = await uids();
  assert.ok(after.every((uid, index) => uid !== before[index]));
  const set = await read(test, '-n', taken.namespace, 'statefulset', taken.set);
  assert.equal(at(set, 'spec', 'updateStrategy', 'type'), 'RollingUpdate');
  assert.equal(at(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0, 0);
  assert.equal(at(set, 'status', 'currentRevision'), at(set, 'status', 'updateRevision'));
  await whole(test);
}

const whyOwnBed = 'load reaches pods directly, which only the bed on this machine allows';

export const helmKafka: Suite = {
  name: 'helm-kafka',
  needs: ['kafka', 'helm'],
  optional: true,
  tests: onOwnBed([thereAndBack(kafka)], whyOwnBed),
};

export const helmCassandra: Suite = {
  name: 'helm-cassandra',
  isLong: true,
  needs: ['cassandra', 'helm'],
  optional: true,
  tests: onOwnBed([thereAndBack(cassandra)], whyOwnBed),
};
