import assert from 'node:assert/strict';
import { until } from '../bed/commands.ts';
import { asText, at } from '../bed/json.ts';
import { sparkPlace } from '../bed/workloads/spark.ts';
import { withLiveContext } from '../support/liveContext.ts';
import { told } from '../support/planned.ts';
import { runProgram, whyNotBuilt } from '../support/program.ts';
import { unasked } from '../support/restart.ts';
import { applicationOf, submit } from '../support/sparkSubmit.ts';
import { tellingsOf } from '../support/tellings.ts';
import { control, read, type Suite, type TestCluster } from '../support/suite.ts';

const { namespace } = sparkPlace;

export const spark: Suite = {
  name: 'spark',
  needs: ['spark'],
  optional: true,
  tests: [
    {
      title:
        'an application that spark-submit has started is one data cluster, from its driver to the end of its executors',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'adding';
          await withApplication(test, name, async () => {
            await submit(test, { name, executors: 2, args: ['20'] });
            test.note(await untilSaid(live, name, /^healthy: running: 2 executors/));
            const { cluster } = applicationOf(live, name) ?? assert.fail('it is not seen any more');
            assert.deepEqual(
              [cluster.flavour, cluster.version, cluster.members.map(({ role }) => role)],
              ['spark-submit', '4.0.1', ['driver', 'executor', 'executor']],
            );
            test.note(await untilSaid(live, name, /^done: completed/));
            assert.match(await control(test, '-n', namespace, 'logs', `${name}-driver`), /^round 20 of 20: 40$/m);
          });
        }),
    },
    {
      title: 'a driver that ends with an exit code is told as failed with it',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'failing';
          await withApplication(test, name, async () => {
            await submit(test, { name, executors: 1, args: ['1', '7'] });
            const told = await untilSaid(live, name, /^unhealthy/);
            test.note(told);
            assert.match(told, /exit code 7\b/);
          });
        }),
    },
    {
      title:
        'an executor that is moved off its node hands over its work before it ends, and the driver asks for another',
      skippedBecause: whyNotBuilt,
      run: (test) =>
        withLiveContext(test, async (live) => {
          const name = 'moving';
          const conf = { 'spark.decommission.enabled': 'true', 'spark.storage.decommission.enabled': 'true' };
          await withApplication(test, name, async () => {
            await submit(test, { name, executors: 2, args: ['200'], conf });
            await untilSaid(live, name, /^healthy: running: 2 executors/);
            const first = applicationOf(live, name)?.cluster.members.find(({ role }) => role === 'executor');
            assert.ok(first?.pod);
            const pod = await read(test, '-n', namespace, 'pod', first.name);
            const hook = at(pod, 'spec', 'containers', 0, 'lifecycle', 'preStop', 'exec', 'command', 0);
            assert.equal(asText(hook), '/opt/decom.sh');
            await moveOff(test, first.name);
            await until('another executor', 60, async () => {
              const members = applicationOf(live, name)?.cluster.members ?? [];
              const there = members.filter(({ role, pod: own }) => role === 'executor' && own?.isReady);
              return there.length === 2 && !there.some((member) => member.name === first.name);
            });
            const log = await control(test, '-n', namespace, 'logs', `${name}-driver`);
            assert.match(log, /decommission/i);
            assert.doesNotMatch(log, /Lost task/);
            test.note(said(live, name));
          });
        }),
    },
  ],
};

/** By the command line, which opens the node again and waits until the application is whole. */
async function moveOff(test: TestCluster, pod: string): Promise<void> {
  const node = asText(at(await read(test, '-n', namespace, 'pod', pod), 'spec', 'nodeName'));
  const target = [`node/${node}`, '--pod', `${namespace}/${pod}`];
  const program = await runProgram(test, ['drain', ...target, '--empty-dir', 'lose', '--confirm', node, ...unasked]);
  assert.equal(program.code, 0, told(program));
  test.note(`moved off ${node} in ${((program.ended - program.started) / 1000).toFixed(1)} s`);
}

const { said, untilSaid } = tellingsOf(applicationOf);

/** Executors and everything else of an application go with its driver. */
async function withApplication(test: TestCluster, name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await control(test, '-n', namespace, 'delete', 'pod', `${name}-driver`, '--ignore-not-found', '--wait=false');
  }
}
