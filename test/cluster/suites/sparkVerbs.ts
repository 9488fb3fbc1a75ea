import assert from 'node:assert/strict';
import { asArray, asNumber, asText, at, type Json } from '../bed/json.ts';
import { told } from '../support/planned.ts';
import { onOwnBed, type ProgramRun } from '../support/program.ts';
import { isCordoned } from '../support/nodes.ts';
import {
  apacheApplication,
  apacheCluster,
  kubeflowApplication,
  kubeflowConnect,
  kubeflowSchedule,
} from '../support/sparkReplay/sparkJobs.ts';
import { submittedDriver } from '../support/sparkReplay/replayedSubmit.ts';
import { together, type Scenario } from '../support/sparkReplay/together.ts';
import type { ReplayedSpark } from '../support/sparkReplay/withReplay.ts';
import type { Suite } from '../support/suite.ts';

const application = 'sparkapplications.sparkoperator.k8s.io';
const schedules = 'scheduledsparkapplications.sparkoperator.k8s.io';
const apache = 'sparkapplications.spark.apache.org';
const clusters = 'sparkclusters.spark.apache.org';

const scenarios: readonly Scenario[] = [
  {
    title: 'an application of the Kubeflow operator is rerun, suspended, resumed, resubmitted and stopped',
    async run(spark) {
      await spark.apply(kubeflowApplication({ name: 'sums', executors: 2 }));
      await spark.untilSaid('sums', /^healthy: running: 2 of 2 executors/);
      const first = await runOf(spark, 'sums');

      await refused(spark, /cannot be changed while it runs/, 'workers', 'sums', '--to', '3');
      await refused(spark, /not suspended/, 'unsuspend', 'sums');
      assert.deepEqual(await runOf(spark, 'sums'), first);

      await done(spark, 'rerun', 'sums');
      await spark.untilSaid('sums', /^healthy: running: 2 of 2 executors/);
      const second = await runOf(spark, 'sums');
      assertAnew(first, second);

      await done(spark, 'suspend', 'sums');
      assert.equal((await runOf(spark, 'sums')).pods.size, 0);
      assert.match(await spark.untilSaid('sums', /suspended/), /^done: suspended$/);
      await refused(spark, /Resume Job/, 'rerun', 'sums');

      await done(spark, 'unsuspend', 'sums');
      await spark.untilSaid('sums', /^healthy: running: 2 of 2 executors/);
      const third = await runOf(spark, 'sums');
      assertAnew(second, third);

      const edited = kubeflowApplication({ name: 'sums', executors: 1, args: ['100000', '0'] });
      await succeeded(spark, 'resubmit', 'sums', spark.runWithFile('resubmit', 'sums', edited));
      await spark.untilSaid('sums', /^healthy: running: 1 of 1 executor/);
      const fourth = await runOf(spark, 'sums');
      assertAnew(third, fourth);
      assert.deepEqual(at(await spark.read(application, 'sums'), 'spec', 'arguments'), ['100000', '0']);

      await done(spark, 'stop', 'sums');
      assert.equal(await spark.isThere(application, 'sums'), false);
      assert.equal((await spark.pods(labelOf('sums'))).size, 0);
      assertSaid(spark, 'sums', [
        /^working: submitted T ago, (?:there is no driver pod yet|the driver is starting)/,
        /^working: running: 0 of 2 executors/,
        /^healthy: running: 2 of 2 executors/,
        /^working: its spec has changed: the last run is being deleted/,
        /^working: about to run again/,
        /^healthy: running: 2 of 2 executors/,
        /^working: being suspended/,
        /^done: suspended/,
        /^working: resuming/,
        /^healthy: running: 2 of 2 executors/,
        /^healthy: running: 1 of 1 executor/,
      ]);
    },
  },
  {
    title: 'an application that has ended is told with its end, refuses what is over, and can be rerun',
    async run(spark) {
      await spark.apply(
        kubeflowApplication({ name: 'short', executors: 1, args: ['3', '0'] }),
        kubeflowApplication({ name: 'failing', executors: 1, args: ['2', '7'] }),
      );
      spark.test.note(await spark.untilSaid('failing', /^unhealthy: driver failed .*with exit code 7/));
      spark.test.note(await spark.untilSaid('short', /^done: completed/));
      const before = await runOf(spark, 'short');
      await refused(spark, /has ended/, 'suspend', 'short');
      await refused(spark, /has ended/, 'stop', 'failing');
      await done(spark, 'rerun', 'short');
      await spark.untilSaid('short', /^healthy: running: 1 of 1 executor/);
      assert.notEqual((await runOf(spark, 'short')).submission, before.submission);
      await spark.untilSaid('short', /^done: completed/);
    },
  },
  {
    title:
      'a schedule is paused beside its run and resumed; of a Connect server the pod is made anew with other executors',
    async run(spark) {
      await spark.apply(
        kubeflowSchedule('nightly', '0 3 * * *'),
        kubeflowSchedule('wrong', '0 3 *'),
        kubeflowConnect('notebooks', 1),
      );
      await Promise.all([pausedAndResumed(spark), servedAnew(spark)]);
    },
  },
  {
    title:
      'an application of the Apache operator is deleted and made anew, and stopped only while its operator is there',
    async run(spark) {
      await spark.apply(apacheApplication({ name: 'counts', executors: 2 }));
      await spark.untilSaid('counts', /^healthy: running: 2 of 2 executors/);
      const [uid, pods] = [await uidOf(spark, apache, 'counts'), await spark.pods(apacheLabelOf('counts'))];
      await refused(spark, /suspend/, 'suspend', 'counts');
      await refused(spark, /cannot be changed while it runs/, 'workers', 'counts', '--to', '3');

      await done(spark, 'rerun', 'counts');
      await spark.untilSaid('counts', /^healthy: running: 2 of 2 executors/);
      assert.notEqual(await uidOf(spark, apache, 'counts'), uid);
      const after = await spark.pods(apacheLabelOf('counts'));
      assert.ok([...after.values()].every((one) => ![...pods.values()].includes(one)));
      assert.deepEqual(await spark.list('secrets'), []);
      assert.equal(at(await spark.read(apache, 'counts'), 'spec', 'mainClass'), 'Job');

      await spark.operatorPods('apache', 0);
      await refused(spark, /0 of 0 ready/, 'stop', 'counts');
      assert.deepEqual(await spark.pods(apacheLabelOf('counts')), after);
      await spark.operatorPods('apache', 1);
      await done(spark, 'stop', 'counts');
      assert.equal(await spark.isThere(apache, 'counts'), false);
      assert.equal((await spark.pods(apacheLabelOf('counts'))).size, 0);
    },
  },
  {
    title: 'workers of a SparkCluster come and go, and its master counts them',
    async run(spark) {
      await spark.apply(apacheCluster('shared', 2));
      await spark.untilSaid('shared', /^healthy: master is ready, 2 of 2 workers/);
      const before = await spark.pods('spark-role=worker');
      const more = await done(spark, 'workers', 'shared', '--to', '3');
      assert.match(JSON.stringify(more.events), /counts 3 workers that are alive/);
      const grown = await spark.pods('spark-role=worker');
      assert.deepEqual([...grown.keys()].toSorted(), ['shared-worker-0', 'shared-worker-1', 'shared-worker-2']);
      assert.ok([...before].every(([pod, uid]) => grown.get(pod) === uid));
      await done(spark, 'workers', 'shared', '--to', '1');
      assert.deepEqual([...(await spark.pods('spark-role=worker')).keys()], ['shared-worker-0']);
      await done(spark, 'stop', 'shared');
      assert.equal(await spark.isThere(clusters, 'shared'), false);
    },
  },
  {
    title:
      'an executor leaves its node and another comes; a driver does not leave without being asked about, and can be stopped',
    async run(spark) {
      await spark.make(submittedDriver('byhand', 2));
      await spark.untilSaid('byhand', /^healthy: running: 2 executors/);
      await refused(spark, /spark-submit once more/, 'rerun', 'byhand');
      await executorMoved(spark);
      await driverStays(spark);
      await done(spark, 'stop', 'byhand');
      assert.equal((await spark.pods('spark-app-name=byhand')).size, 0);
    },
  },
];

export const sparkVerbs: Suite = {
  name: 'spark-verbs',
  // Its pods are of an image that every bed has.
  needs: [],
  isLong: true,
  tests: onOwnBed(together('spark-verbs', scenarios), 'the images of the bed of this machine are needed'),
};

/** One submission of an application, as the cluster has it. */
interface Run {
  readonly uid: string;
  readonly submission: string;
  readonly generation: number;
  readonly pods: ReadonlyMap<string, string>;
}

const labelOf = (name: string): string => `sparkoperator.k8s.io/app-name=${name}`;
const apacheLabelOf = (name: string): string => `spark.operator/spark-app-name=${name}`;

async function runOf(spark: ReplayedSpark, name: string): Promise<Run> {
  const object = await spark.read(application, name);
  return {
    uid: asText(at(object, 'metadata', 'uid')),
    submission: asText(at(object, 'status', 'submissionID')),
    generation: asNumber(at(object, 'metadata', 'generation')),
    pods: await spark.pods(labelOf(name)),
  };
}

const uidOf = async (spark: ReplayedSpark, kind: string, name: string): Promise<string> =>
  asText(at(await spark.read(kind, name), 'metadata', 'uid'));

const ownExecutors = 'spark-app-name=byhand,spark-role=executor';

/** The same object, submitted once more with pods of its own. */
function assertAnew(before: Run, after: Run): void {
  assert.equal(after.uid, before.uid);
  assert.ok(after.generation > before.generation);
  assert.notEqual(after.submission, before.submission);
  const old = new Set(before.pods.values());
  assert.ok(after.pods.size > 0 && [...after.pods.values()].every((uid) => !old.has(uid)));
}

/** That the product has said something like each of these, in this order. */
function assertSaid(spark: ReplayedSpark, name: string, patterns: readonly RegExp[]): void {
  const all = spark.sentences.get(name) ?? [];
  let from = 0;
  for (const pattern of patterns) {
    const found = all.findIndex((text, index) => index >= from && pattern.test(text));
    assert.ok(found >= 0, `${String(pattern)} was not said: ${all.join(' | ')}`);
    from = found + 1;
  }
}

const done = (spark: ReplayedSpark, verb: string, name: string, ...more: string[]): Promise<ProgramRun> =>
  succeeded(spark, verb, name, spark.run(verb, name, ...more));

async function succeeded(
  spark: ReplayedSpark,
  verb: string,
  name: string,
  running: Promise<ProgramRun>,
): Promise<ProgramRun> {
  const program = await running;
  assert.equal(program.code, 0, told(program));
  spark.test.note(`${verb} ${name}: ${((program.ended - program.started) / 1000).toFixed(1)} s`);
  return program;
}

/** Nothing is begun, and the reason is told. */
async function refused(
  spark: ReplayedSpark,
  why: RegExp,
  verb: string,
  name: string,
  ...more: string[]
): Promise<void> {
  const program = await spark.run(verb, name, ...more);
  assert.equal(program.code, 2, told(program));
  const reason = told(program);
  assert.match(reason, why);
  spark.test.note(`${verb} ${name} refused: ${program.err.trim().split('\n').at(-1) ?? ''}`);
}

async function pausedAndResumed(spark: ReplayedSpark): Promise<void> {
  await spark.untilSaid('nightly', /^healthy: next run in .*; last run .* is still going on/);
  const run = asText(at(await spark.read(schedules, 'nightly'), 'status', 'lastRunName'));
  await spark.untilSaid(run, /^healthy: running: 1 of 1 executor/);
  const before = await runOf(spark, run);
  await refused(spark, /Pause Schedule/, 'stop', 'nightly');
  await done(spark, 'schedule', 'nightly', '--pause');
  assert.equal(at(await spark.read(schedules, 'nightly'), 'spec', 'suspend'), true);
  await spark.untilSaid('nightly', /^done: suspended; last run .* is still going on/);
  await done(spark, 'schedule', 'nightly', '--resume');
  const after = await spark.read(schedules, 'nightly');
  assert.equal(at(after, 'spec', 'suspend'), false);
  assert.ok(Date.parse(asText(at(after, 'status', 'nextRun'))) > Date.now());
  assert.deepEqual(await runOf(spark, run), before);
  await spark.untilSaid('wrong', /^unhealthy: the schedule "0 3 \*" is refused: expected exactly 5 fields/);
  const right = kubeflowSchedule('wrong', '0 3 * * *');
  await succeeded(spark, 'resubmit', 'wrong', spark.runWithFile('resubmit', 'wrong', right));
  await spark.untilSaid('wrong', /^healthy: next run in/);
}

async function servedAnew(spark: ReplayedSpark): Promise<void> {
  const connects = 'sparkconnects.sparkoperator.k8s.io';
  await spark.untilSaid('notebooks', /^healthy: ready, 1 of 1 executor/);
  const [uid, first] = [await uidOf(spark, connects, 'notebooks'), await uidOf(spark, 'pod', 'notebooks-server')];
  await done(spark, 'rerun', 'notebooks');
  const second = await uidOf(spark, 'pod', 'notebooks-server');
  assert.notEqual(second, first);
  await spark.untilSaid('notebooks', /^healthy: ready, 1 of 1 executor/);
  await done(spark, 'workers', 'notebooks', '--to', '2');
  await spark.untilSaid('notebooks', /^healthy: ready, 2 of 2 executors/);
  assert.notEqual(await uidOf(spark, 'pod', 'notebooks-server'), second);
  assert.equal(await uidOf(spark, connects, 'notebooks'), uid);
}

const nodeOf = async (spark: ReplayedSpark, pod: string): Promise<string> =>
  asText(at(await spark.read('pod', pod), 'spec', 'nodeName'));

async function executorMoved(spark: ReplayedSpark): Promise<void> {
  const [before, driver] = [await spark.pods(ownExecutors), await uidOf(spark, 'pod', 'byhand-driver')];
  const [name = ''] = before.keys();
  const node = await nodeOf(spark, name);
  const moved = await spark.run('drain', `node/${node}`, '--pod', `${spark.namespace}/${name}`, '--empty-dir', 'lose');
  await succeeded(spark, 'drain', name, Promise.resolve(moved));
  const after = await spark.pods(ownExecutors);
  assert.equal(after.size, 2);
  const uids = new Set(before.values());
  const fresh = [...after].filter(([, uid]) => !uids.has(uid));
  assert.equal(fresh.length, 1);
  assert.notEqual(await nodeOf(spark, fresh[0]?.[0] ?? ''), node);
  assert.equal(await uidOf(spark, 'pod', 'byhand-driver'), driver);
  assert.equal(await isCordoned(spark.test, node), false);
}

/** Of the pod alone, and of its whole node. */
async function driverStays(spark: ReplayedSpark): Promise<void> {
  const name = 'byhand-driver';
  const [node, uid] = [await nodeOf(spark, name), await uidOf(spark, 'pod', name)];
  for (const only of [['--pod', `${spark.namespace}/${name}`], ['--dry-run']]) {
    const program = await spark.run('drain', `node/${node}`, '--empty-dir', 'lose', ...only);
    assert.equal(program.code, 2, told(program));
    const failing = failingOf(program).filter((check) => JSON.stringify(check).includes(name));
    assert.equal(failing.length, 1, told(program));
    spark.test.note(`the driver stays: ${JSON.stringify(at(failing[0], 'evidence'))}`);
  }
  assert.equal(await uidOf(spark, 'pod', name), uid);
  assert.equal(await isCordoned(spark.test, node), false);
}

function failingOf({ events }: ProgramRun): readonly Json[] {
  const plan = events.find(({ type }) => type === 'plan');
  return asArray(at(plan, 'plan', 'preconditions')).filter((check) => at(check, 'state') !== 'holds');
}
