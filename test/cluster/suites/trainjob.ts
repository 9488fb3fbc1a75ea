import assert from 'node:assert/strict';
import { until } from '../bed/commands.ts';
import { asText, at } from '../bed/json.ts';
import { withLiveContext } from '../support/liveContext.ts';
import { readItems, tryControl, type Suite, type TestCluster } from '../support/suite.ts';
import { holding } from '../support/trainingJobs.ts';
import {
  followSentences,
  namespace,
  patchTrainJob,
  podsOf,
  prepare,
  readJobSet,
  readTrainJob,
  trainJob,
  uidsOf,
  untilSaid,
  withTrainJobs,
} from '../support/trainJobs.ts';

/** Long enough to be looked at while it runs. */
const endless = ['--steps', '1000000'];
const running = /^healthy: running .*2 of 2 nodes$/;

export const trainjob: Suite = {
  name: 'trainjob',
  needs: ['trainer'],
  optional: true,
  tests: [
    {
      title: 'the trainer that its own manifests install is found, with its release',
      run: (test) =>
        withLiveContext(test, async ({ watch }) => {
          const found = watch.view.operators.find(({ flavour }) => flavour === 'kubeflow-trainer');
          assert.ok(found, 'it is not found');
          test.note(`${found.title} ${found.version}: ${found.health.sentence}`);
          assert.deepEqual(
            [found.namespace, found.name, found.version, found.health.level],
            ['kubeflow-system', 'kubeflow-trainer-controller-manager', '2.0.0', 'healthy'],
          );
        }),
    },
    {
      title: 'a job of a runtime that is not there is refused by the webhook of the trainer',
      async run(test) {
        await prepare(test);
        const job = JSON.stringify(trainJob({ name: 'orphan', runtimeRef: { name: 'nowhere' } }));
        const { code, stderr } = await tryControl(test, ['create', '-f', '-'], { input: job });
        assert.notEqual(code, 0);
        assert.match(stderr, /denied the request: .*"nowhere" not found: .* must be created before the TrainJob/);
      },
    },
    {
      title: 'from submission to Complete: what is said is what the trainer, JobSet and the pods do',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'whole';
          const told = followSentences(live, name);
          await withTrainJobs(test, [{ name, args: ['--steps', '40'] }], async () => {
            await untilSaid(live, name, running);
            // This release counts no jobs and writes no condition before the end.
            assert.equal((await readTrainJob(test, name))['status'], undefined);
            await untilSaid(live, name, /^done: completed/);
            told.stop();
            for (const sentence of told.all) test.note(sentence);
            assert.match(told.all[0] ?? '', /^working: (?:starting|waits for the operator|running: 0 of 2 nodes)/);
            assert.match(told.all.at(-1) ?? '', /^done: completed T ago in T$/);
            assert.deepEqual(
              told.all.filter((text) => /^(?:unhealthy|warning)/.test(text)),
              [],
            );
            assert.deepEqual(holding(await readTrainJob(test, name)), ['Complete']);
          });
        }),
    },
    {
      title: 'exit code 3 of a node ends the job, and is what is said of it',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'broken';
          await withTrainJobs(test, [{ name, args: ['--steps', '100', '--exit-code', '3'] }], async () => {
            const text = await untilSaid(live, name, /^unhealthy: failed/);
            test.note(text);
            assert.match(text, /^unhealthy: failed (?:\d+ s ago|just now): node-[01] ended with exit code 3\b/);
            assert.deepEqual(holding(await readTrainJob(test, name)), ['Failed']);
          });
        }),
    },
    {
      title: 'nodes come after their initializer, and a JobSet that begins anew is told with its times',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'anew';
          const told = followSentences(live, name);
          const runtimeRef = { kind: 'TrainingRuntime', name: 'prepared' };
          const args = ['--steps', '100', '--exit-code', '3'];
          await withTrainJobs(test, [{ name, args, runtimeRef }], async () => {
            await untilSaid(live, name, /^unhealthy: failed/, 90);
            told.stop();
            for (const sentence of told.all) test.note(sentence);
            const order = [
              /^working: preparing: dataset-initializer at work$/,
              /^(?:healthy|working): running for T: [12] of 2 nodes/,
              /^working: preparing, begun anew 1 of 1 times: dataset-initializer at work$/,
              /^(?:healthy|working): running for T, begun anew 1 of 1 times: [12] of 2 nodes/,
              /^unhealthy: failed T ago, begun anew 1 of 1 times: node-[01] ended with exit code 3/,
            ];
            const places = order.map((pattern) => told.all.findIndex((text) => pattern.test(text)));
            assert.ok(!places.includes(-1), places.join(', '));
            assert.deepEqual(
              places,
              places.toSorted((a, b) => a - b),
            );
          });
        }),
    },
    {
      title: 'suspended by hand it has no pods and says so; resumed, it runs with new ones',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'paused';
          await withTrainJobs(test, [{ name, args: endless }], async () => {
            await untilSaid(live, name, running);
            const before = await uidsOf(test, name);
            const told = followSentences(live, name);
            await patchTrainJob(test, name, { spec: { suspend: true } });
            await untilSaid(live, name, /^done: suspended$/);
            assert.deepEqual(await podsOf(test, name), []);
            assert.deepEqual(holding(await readTrainJob(test, name)), ['Suspended']);
            await patchTrainJob(test, name, { spec: { suspend: false } });
            await untilSaid(live, name, running);
            told.stop();
            for (const sentence of told.all) test.note(sentence);
            assert.ok((await uidsOf(test, name)).every((uid) => !before.includes(uid)));
            assert.deepEqual(
              told.all.filter((text) => /^unhealthy|picked it up/.test(text)),
              [],
            );
          });
        }),
    },
    {
      title:
        'pods that JobSet does not let go are not told as suspended, nor a JobSet that stays suspended as picked up by nobody',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'stuck';
          await withTrainJobs(test, [{ name, args: endless }], async () => {
            await untilSaid(live, name, running);
            // This release takes the edit, and its JobSet then takes neither that nor anything that comes with it (trainer #3008).
            await patchTrainJob(test, name, { spec: { trainer: { numNodes: 3 } } });
            await patchTrainJob(test, name, { spec: { suspend: true } });
            await until('the trainer to say that it is suspended', 30, async () =>
              holding(await readTrainJob(test, name)).includes('Suspended'),
            );
            test.note(
              await untilSaid(
                live,
                name,
                /^working: being suspended: its JobSet is not, and 2 of its pods are still there$/,
              ),
            );
            assert.equal(at(await readJobSet(test, name), 'spec', 'suspend'), false);
            assert.equal((await podsOf(test, name)).length, 2);
            test.note(
              await untilSaid(
                live,
                name,
                /^warning: said to be suspended, but its JobSet is not, and 2 of its pods are still there: /,
                90,
              ),
            );
            const refusal = await refusals(test);
            assert.ok(
              refusal.some((text) => text.includes('vjobset.kb.io')),
              refusal.join('\n'),
            );
            await patchTrainJob(test, name, { spec: { trainer: { numNodes: 2 } } });
            await untilSaid(live, name, /^done: suspended$/, 120);
            await patchTrainJob(test, name, { spec: { trainer: { numNodes: 3 } } });
            await patchTrainJob(test, name, { spec: { suspend: false } });
            test.note(await untilSaid(live, name, /^working: being resumed: its JobSet is still suspended$/));
            test.note(await untilSaid(live, name, /^warning: resumed .*, but its JobSet is still suspended: /, 90));
            assert.equal((await podsOf(test, name)).length, 0);
          });
        }),
    },
  ],
};

/** What the trainer has told of jobs whose JobSet it could not write. */
async function refusals(test: TestCluster): Promise<readonly string[]> {
  const reason = 'reason=TrainJobResourcesCreationFailed';
  const events = await readItems(test, '-n', namespace, 'events', '--field-selector', reason);
  return events.map((event) => asText(at(event, 'message')));
}
