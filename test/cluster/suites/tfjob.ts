import assert from 'node:assert/strict';
import { judgeTfJob } from '#core/systems/tfjob/live/judgeTfJob.ts';
import { until } from '../bed/commands.ts';
import { asText, at } from '../bed/json.ts';
import { withLiveContext } from '../support/liveContext.ts';
import { tryControl, type Suite } from '../support/suite.ts';
import {
  ensureNamespace,
  followSentences,
  holding,
  judged,
  logOf,
  patchJob,
  phasesOf,
  podsOf,
  readJob,
  trainingJob,
  uidsOf,
  untilSaid,
  withJobs,
  type JobWish,
  type ReplicaWish,
} from '../support/trainingJobs.ts';
import { withoutTimes } from '../support/tellings.ts';

/** Long enough to be looked at while it runs. */
const endless = ['--steps', '1000000'];
const short = ['--steps', '30'];
/** Long enough for the slowest replica to come while the others still work: they share the steps. */
const shared = ['--steps', '400'];

export const tfjob: Suite = {
  name: 'tfjob',
  needs: ['training-operator'],
  optional: true,
  tests: [
    {
      title: 'the operator that its own manifests install is found, with its release',
      run: (test) =>
        withLiveContext(test, async ({ watch }) => {
          const found = watch.view.operators.find(({ name }) => name === 'training-operator');
          assert.ok(found, 'it is not found');
          test.note(`${found.title} ${found.version}: ${found.health.sentence}`);
          assert.deepEqual(
            [found.namespace, found.flavour, found.version, found.watches, found.health.level],
            ['kubeflow', 'kubeflow-training-operator', '1.8.1', [], 'healthy'],
          );
        }),
    },
    {
      title: 'the webhook of the operator refuses a job without a container named tensorflow',
      async run(test) {
        await ensureNamespace(test);
        const job = JSON.stringify(trainingJob({ name: 'misnamed', worker: {} })).replace('"tensorflow"', '"trainer"');
        const { code, stderr } = await tryControl(test, ['create', '--dry-run=server', '-f', '-'], { input: job });
        assert.notEqual(code, 0);
        assert.match(stderr, /denied the request: .*must have at least one container with name tensorflow/);
      },
    },
    {
      title: 'from submission to success: what is said is what the real operator and the processes do',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'mnist';
          const told = followSentences(live, name);
          const job = { name, chief: { args: shared }, ps: {}, worker: { replicas: 2, args: shared } };
          await withJobs(test, [job], async () => {
            await untilSaid(live, name, /^healthy: running .*1 of 1 chief, 1 of 1 PS, 2 of 2 workers/);
            await untilSaid(live, name, /^done: succeeded/);
            told.stop();
            for (const sentence of told.all) test.note(sentence);
            assert.ok(told.all.length >= 3, told.all.join('\n'));
            assert.match(told.all[0] ?? '', /^working: (?:starting|waits for the operator)/);
            assert.match(told.all.at(-1) ?? '', /^done: succeeded T ago in T$/);
            assert.deepEqual(
              told.all.filter((text) => /^(?:unhealthy|warning)/.test(text)),
              [],
            );
            assert.deepEqual(holding(await readJob(test, name)), ['Created', 'Succeeded']);
            const log = await logOf(test, `${name}-chief-0`);
            assert.match(log, /"ps": \["mnist-ps-0\.training\.svc:2222"\]/);
            assert.match(log, /the training has ended\n$/);
          });
        }),
    },
    {
      title: 'what is left after the end is what cleanPodPolicy says, and what is left for nothing is told',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const policies = ['None', 'Running', 'All'];
          const jobs = policies.map((policy) => cleanedJob(policy));
          await withJobs(test, jobs, async () => {
            const left: Record<string, readonly string[]> = {};
            for (const policy of policies) {
              const name = nameOfCleaned(policy);
              await untilSaid(live, name, /^done: succeeded/);
              const wanted = { None: 2, Running: 1, All: 0 }[policy];
              left[policy] = await until(`${name} to be cleaned`, 30, async () => {
                const phases = await phasesOf(test, name);
                return phases.length === wanted && phases;
              });
            }
            assert.deepEqual(left, {
              None: ['clean-none-chief-0 Succeeded', 'clean-none-ps-0 Running'],
              Running: ['clean-running-chief-0 Succeeded'],
              All: [],
            });
            const later = sentenceLater(judged(live, 'clean-none'));
            test.note(later);
            assert.match(later, /^warning: succeeded .*; still running: 1 PS, cleanPodPolicy None leaves them$/);
            assert.match(sentenceLater(judged(live, 'clean-running')), /^done: succeeded/);
          });
        }),
    },
    {
      title: 'exit code 1 ends a job for good, exit code 137 has the replica made again',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const jobs = [failingJob('permanent', '1'), failingJob('retryable', '137')];
          const told = followSentences(live, 'retryable');
          await withJobs(test, jobs, async () => {
            const before = await until('the worker of retryable', 30, async () =>
              (await uidsOf(test, 'retryable')).get('retryable-worker-0'),
            );
            const failure = await untilSaid(live, 'permanent', /^unhealthy: failed/);
            test.note(failure);
            assert.match(withoutTimes(failure), /^unhealthy: failed T ago: worker-0 ended with exit code 1\b/);
            assert.deepEqual(holding(await readJob(test, 'permanent')), ['Created', 'Failed']);
            await untilSaid(live, 'retryable', /^done: succeeded/, 90);
            told.stop();
            for (const sentence of told.all) test.note(sentence);
            const after = (await uidsOf(test, 'retryable')).get('retryable-worker-0');
            assert.notEqual(after, before);
            assert.ok(
              told.all.some((text) => /^warning: restarting|137/.test(text)),
              told.all.join('\n'),
            );
          });
        }),
    },
    {
      title: 'what keeps replicas from running, and what ends a job, is told by its name',
      run: (test) =>
        withLiveContext(test, async (live) => {
          await withJobs(
            test,
            troubles.map(({ job }) => job),
            async () => {
              const told = await Promise.all(
                troubles.map(({ job: { name }, told: pattern }) => untilSaid(live, name, pattern, 90)),
              );
              for (const sentence of told) test.note(sentence);
            },
          );
        }),
    },
    {
      title: 'nothing wakes the operator at a deadline, which is told; at the next change it fails the job',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'too-long';
          // What still changes after the deadline, a replica that comes late say, would wake the operator.
          const job = { name, worker: { args: endless }, runPolicy: { activeDeadlineSeconds: 20 } };
          await withJobs(test, [job], async () => {
            const told = await untilSaid(live, name, /beyond its deadline|^unhealthy/);
            test.note(told);
            assert.match(told, /^warning: running for \d+ s, \d+ s beyond its deadline: 1 of 1 worker$/);
            await patchJob(test, name, { metadata: { annotations: { woken: 'yes' } } });
            const failed = await untilSaid(live, name, /^unhealthy: failed/);
            test.note(failed);
            assert.match(failed, /: it ran longer than its deadline of 20 s$/);
          });
        }),
    },
    {
      title: 'a suspended job has no pods and says so; resumed, it runs anew',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'paused';
          const job = { name, chief: { args: endless }, ps: {}, worker: { args: endless } };
          await withJobs(test, [job], async () => {
            await untilSaid(live, name, /^healthy: running/);
            const first = await readJob(test, name);
            await patchJob(test, name, { spec: { runPolicy: { suspend: true } } });
            test.note(await untilSaid(live, name, /: suspended/));
            await until('its pods to be gone', 30, async () => (await podsOf(test, name)).length === 0);
            assert.deepEqual(holding(await readJob(test, name)), ['Created', 'Suspended']);
            await patchJob(test, name, { spec: { runPolicy: { suspend: false } } });
            test.note(await untilSaid(live, name, /^healthy: running/));
            const second = await readJob(test, name);
            assert.equal(at(second, 'metadata', 'uid'), at(first, 'metadata', 'uid'));
            const started = [first, second].map((one) => Date.parse(asText(at(one, 'status', 'startTime'))));
            assert.ok((started[1] ?? 0) > (started[0] ?? 0), started.join(', '));
          });
        }),
    },
  ],
};

const nameOfCleaned = (policy: string): string => `clean-${policy.toLowerCase()}`;

const cleanedJob = (policy: string): JobWish => ({
  name: nameOfCleaned(policy),
  chief: { args: short },
  ps: {},
  runPolicy: { cleanPodPolicy: policy },
});

/** Its worker ends with that code when it starts for the first time, after a few steps: long enough to be seen before. */
const failingJob = (name: string, code: string): JobWish => ({
  name,
  chief: { args: ['--steps', '100'] },
  ps: {},
  worker: {
    restartPolicy: 'ExitCode',
    args: ['--steps', '100', '--pause', '0.5', '--exit-code', code, '--exit-times', '1'],
  },
});

function alwaysFailing(restartPolicy: string): ReplicaWish {
  return { restartPolicy, args: ['--steps', '100', '--exit-code', '2'] };
}

const troubles: readonly { readonly job: JobWish; readonly told: RegExp }[] = [
  {
    job: { name: 'no-room', worker: { cpu: '1000' } },
    told: /: starting: 0 of 1 worker; worker-0 cannot be scheduled: 0\/\d+ nodes are available: \d+ Insufficient cpu/,
  },
  {
    job: { name: 'no-image', worker: { image: 'data-clusters.local/missing:bed' } },
    told: /^unhealthy: starting: 0 of 1 worker; worker-0 cannot pull the image of container tensorflow \(\S+missing:bed\)/,
  },
  {
    job: { name: 'given-up', worker: alwaysFailing('OnFailure'), runPolicy: { backoffLimit: 1 } },
    told: /^unhealthy: failed .*: its replicas restarted as often as backoffLimit 1 allows$/,
  },
  {
    job: { name: 'crashing', worker: alwaysFailing('Always') },
    told: /^unhealthy: running .*; worker-0 is in a crash loop: container tensorflow ended with exit code 2, \d restart/,
  },
];

/** What would be said in two minutes if nothing changed. */
function sentenceLater(found: ReturnType<typeof judged>): string {
  const resource = found?.cluster.resource;
  if (found === undefined || resource === undefined) return 'not seen';
  const { level, sentence } = judgeTfJob(found.cluster, resource, Date.now() + 120_000);
  return `${level}: ${sentence}`;
}
