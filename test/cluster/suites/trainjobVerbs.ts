import assert from 'node:assert/strict';
import { asObject, asText, at } from '../bed/json.ts';
import { withLiveContext } from '../support/liveContext.ts';
import { told } from '../support/planned.ts';
import { jobVerbsOf } from '../support/jobVerbs.ts';
import { onOwnBed } from '../support/program.ts';
import { tryControl, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';
import { holding } from '../support/trainingJobs.ts';
import {
  judged,
  namespace,
  podsOf,
  readJobSet,
  readTrainJob,
  trainJob,
  uidsOf,
  untilSaid,
  withTrainJobs,
} from '../support/trainJobs.ts';

const { asked, carriedOut, resubmit } = jobVerbsOf('TrainJob', namespace);
const endless = ['--steps', '1000000'];
const running = /^healthy: running .*2 of 2 nodes$/;

const tests: readonly LiveTest[] = [
  {
    title: 'suspend kills every pod and waits until none is left; resumed, the same job runs with new pods',
    run: (test) =>
      withLiveContext(test, async (live) => {
        const name = 'held';
        await withTrainJobs(test, [{ name, args: endless }], async () => {
          await untilSaid(live, name, running);
          const [job, pods] = [await uidOf(test, name), await uidsOf(test, name)];
          await carriedOut(test, 'suspend', name);
          assert.deepEqual(await podsOf(test, name), []);
          assert.deepEqual(holding(await readTrainJob(test, name)), ['Suspended']);
          assert.equal(at(await readJobSet(test, name), 'spec', 'suspend'), true);
          await carriedOut(test, 'unsuspend', name);
          assert.notDeepEqual(await podsOf(test, name), []);
          await untilSaid(live, name, running);
          assert.equal(await uidOf(test, name), job);
          assert.ok((await uidsOf(test, name)).every((uid) => !pods.includes(uid)));
        });
      }),
  },
  {
    title: 'rerun makes a job anew as it is, resubmit as it is changed, and stop leaves nothing of it',
    run: (test) =>
      withLiveContext(test, async (live) => {
        const name = 'again';
        await withTrainJobs(test, [{ name, args: endless }], async () => {
          await untilSaid(live, name, running);
          const uids = [await uidOf(test, name)];
          await carriedOut(test, 'rerun', name);
          await untilSaid(live, name, running);
          uids.push(await uidOf(test, name));
          await resubmit(test, name, trainJob({ name, nodes: 1, args: [...endless, '--pause', '0.2'] }));
          await untilSaid(live, name, /^healthy: running .*1 of 1 node$/);
          uids.push(await uidOf(test, name));
          assert.equal(new Set(uids).size, 3);
          const [pod] = await podsOf(test, name);
          assert.deepEqual(at(pod, 'spec', 'containers', 0, 'args'), [...endless, '--pause', '0.2']);
          await carriedOut(test, 'stop', name);
          assert.deepEqual(await podsOf(test, name), []);
          for (const kind of ['trainjob', 'jobset'])
            assert.notEqual((await tryControl(test, ['-n', namespace, 'get', kind, name])).code, 0);
          assert.equal(judged(live, name), undefined);
        });
      }),
  },
  {
    title: 'what the JobSet of a suspended job takes is written to it, and anything else makes the job anew',
    run: (test) =>
      withLiveContext(test, async (live) => {
        const name = 'placed';
        await withTrainJobs(test, [{ name, args: endless }], async () => {
          await untilSaid(live, name, running);
          await carriedOut(test, 'suspend', name);
          const uid = await uidOf(test, name);
          await resubmit(test, name, overridden(name, { nodeSelector: { 'kubernetes.io/os': 'linux' } }));
          assert.equal(await uidOf(test, name), uid);
          await resubmit(test, name, overridden(name, { serviceAccountName: 'default' }));
          assert.notEqual(await uidOf(test, name), uid);
          // Made anew it is suspended as before.
          await untilSaid(live, name, /^done: suspended$/);
          await carriedOut(test, 'unsuspend', name);
          await untilSaid(live, name, running);
          const [pod] = await podsOf(test, name);
          assert.equal(at(pod, 'spec', 'serviceAccountName'), 'default');
        });
      }),
  },
  {
    title: 'the number of nodes is not offered to be changed, and a run says why',
    run: (test) =>
      withTrainJobs(test, [{ name: 'fixed', args: endless }], async () => {
        const program = await asked(test, ['workers', 'fixed', '--to', '3']);
        assert.notEqual(program.code, 0);
        assert.match(told(program), /number of nodes of a TrainJob cannot be changed/);
      }),
  },
  {
    title: 'a suspension that JobSet refuses is not taken for done: the run pauses as soon as the trainer tells it',
    run: (test) =>
      withLiveContext(test, async (live) => {
        const name = 'refused';
        await withTrainJobs(test, [{ name, args: endless }], async () => {
          await untilSaid(live, name, running);
          const edit = JSON.stringify({ spec: { trainer: { numNodes: 3 } } });
          await tryControl(test, ['-n', namespace, 'patch', 'trainjob', name, '--type=merge', '-p', edit]);
          const program = await asked(test, ['suspend', name], 60);
          assert.equal(program.code, 1, told(program));
          assert.match(told(program), /The JobSet of TrainJob refused refuses to be suspended/);
          test.note(`paused after ${((program.ended - program.started) / 1000).toFixed(1)} s`);
          assert.deepEqual(holding(await readTrainJob(test, name)), ['Suspended']);
          assert.equal((await podsOf(test, name)).length, 2);
        });
      }),
  },
];

export const trainjobVerbs: Suite = {
  name: 'trainjob-verbs',
  needs: ['trainer'],
  optional: true,
  tests: onOwnBed(tests, 'the operator runs on the bed of this machine only'),
};

const uidOf = async (test: TestCluster, name: string): Promise<string> =>
  asText(at(await readTrainJob(test, name), 'metadata', 'uid'));

function overridden(name: string, override: object): object {
  const job = trainJob({ name, args: endless });
  const podSpecOverrides = [{ targetJobs: [{ name: 'node' }], ...override }];
  return { ...job, spec: { ...asObject(at(job, 'spec')), podSpecOverrides } };
}
