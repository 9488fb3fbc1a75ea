import assert from 'node:assert/strict';
import { asText, at } from '../bed/json.ts';
import { withLiveContext } from '../support/liveContext.ts';
import { jobVerbsOf } from '../support/jobVerbs.ts';
import { onOwnBed } from '../support/program.ts';
import { control, tryControl, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';
import {
  holding,
  judged,
  namespace,
  podsOf,
  readJob,
  trainingJob,
  uidsOf,
  untilSaid,
  withJobs,
  type JobWish,
} from '../support/trainingJobs.ts';

const { carriedOut, resubmit } = jobVerbsOf('TFJob', namespace);
const endless = ['--steps', '1000000'];

const jobOf = (name: string): JobWish => ({
  name,
  chief: { args: endless },
  ps: {},
  worker: { replicas: 2, args: endless },
});

/** With enableDynamicWorker a replica is told of no chief, so there is none: worker 0 decides the end. */
const elasticJob = (name: string): JobWish => ({
  name,
  ps: {},
  worker: { replicas: 2, args: endless },
  isDynamic: true,
});

const running = /^healthy: running .*1 of 1 chief, 1 of 1 PS, 2 of 2 workers/;

const tests: readonly LiveTest[] = [
  {
    title: 'suspend kills every pod and waits until none is left; resumed, the same job runs with new pods',
    run: (test) =>
      withLiveContext(test, async (live) => {
        const name = 'held';
        await withJobs(test, [jobOf(name)], async () => {
          await untilSaid(live, name, running);
          const [job, pods] = [await uidOf(test, name), await uidsOf(test, name)];
          await carriedOut(test, 'suspend', name);
          assert.deepEqual(await podsOf(test, name), []);
          assert.deepEqual(holding(await readJob(test, name)), ['Created', 'Suspended']);
          await carriedOut(test, 'unsuspend', name);
          await untilSaid(live, name, running);
          assert.equal(await uidOf(test, name), job);
          const after = await uidsOf(test, name);
          assert.deepEqual([...after.keys()], [...pods.keys()]);
          assert.ok([...after].every(([pod, uid]) => pods.get(pod) !== uid));
        });
      }),
  },
  {
    title: 'workers come and go without a restart of those that stay',
    run: (test) =>
      withLiveContext(test, async (live) => {
        const name = 'elastic';
        await withJobs(test, [elasticJob(name)], async () => {
          await untilSaid(live, name, /^healthy: running .*2 of 2 workers/);
          const before = await uidsOf(test, name);
          await carriedOut(test, 'workers', name, '--to', '3');
          await untilSaid(live, name, /3 of 3 workers/);
          const more = await uidsOf(test, name);
          assert.ok(more.has(`${name}-worker-2`));
          assert.ok([...before].every(([pod, uid]) => more.get(pod) === uid));
          const operator = await operatorRestarts(test);
          await carriedOut(test, 'workers', name, '--to', '1');
          await untilSaid(live, name, /^healthy: running .*1 of 1 worker\b/);
          // One after the other, this release of the operator outlives it.
          assert.equal(await operatorRestarts(test), operator);
          const fewer = await uidsOf(test, name);
          assert.deepEqual(
            [...fewer.keys()].toSorted(),
            ['ps-0', 'worker-0'].map((replica) => `${name}-${replica}`),
          );
          assert.ok([...fewer].every(([pod, uid]) => before.get(pod) === uid));
        });
      }),
  },
  {
    title: 'rerun makes a job anew as it is, resubmit as it is changed, and stop leaves nothing of it',
    run: (test) =>
      withLiveContext(test, async (live) => {
        const name = 'again';
        await withJobs(test, [jobOf(name)], async () => {
          await untilSaid(live, name, running);
          const uids = [await uidOf(test, name)];
          await carriedOut(test, 'rerun', name);
          await untilSaid(live, name, running);
          uids.push(await uidOf(test, name));
          await resubmit(
            test,
            name,
            trainingJob({ ...jobOf(name), worker: { replicas: 1, args: [...endless, '--pause', '0.2'] } }),
          );
          await untilSaid(live, name, /^healthy: running .*1 of 1 worker\b/);
          uids.push(await uidOf(test, name));
          assert.equal(new Set(uids).size, 3);
          const worker = (await podsOf(test, name)).find(
            (pod) => asText(at(pod, 'metadata', 'name')) === `${name}-worker-0`,
          );
          assert.deepEqual(at(worker, 'spec', 'containers', 0, 'args'), [...endless, '--pause', '0.2']);
          await carriedOut(test, 'stop', name);
          assert.deepEqual(await podsOf(test, name), []);
          assert.notEqual((await tryControl(test, ['-n', namespace, 'get', 'tfjob', name])).code, 0);
          assert.equal(judged(live, name), undefined);
        });
      }),
  },
];

/** Uids of its pods and how often each was restarted. */
async function operatorRestarts(test: TestCluster): Promise<string> {
  const format = '{range .items[*]}{.metadata.uid} {.status.containerStatuses[0].restartCount}{end}';
  const label = 'control-plane=kubeflow-training-operator';
  return control(test, '-n', 'kubeflow', 'get', 'pods', '-l', label, '-o', `jsonpath=${format}`);
}

export const tfjobVerbs: Suite = {
  name: 'tfjob-verbs',
  needs: ['training-operator'],
  optional: true,
  tests: onOwnBed(tests, 'the operator runs on the bed of this machine only'),
};

const uidOf = async (test: TestCluster, name: string): Promise<string> =>
  asText(at(await readJob(test, name), 'metadata', 'uid'));
