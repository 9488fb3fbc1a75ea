import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { until } from '../bed/commands.ts';
import { waitForFullIsr } from '../support/kafka.ts';
import { nodeOf, seconds, uidOf, waitForSet } from '../support/pods.ts';
import { waitForRing } from '../support/ring.ts';
import { control, tryControl, type Suite, type TestCluster } from '../support/suite.ts';

const drainOptions = ['--ignore-daemonsets', '--delete-emptydir-data'];
const moving = { namespace: 'kafka-secured', name: 'kafka-brokers-1' } as const;

export const disruptions: Suite = {
  name: 'disruptions',
  needs: ['kafka', 'cassandra'],
  tests: [
    {
      title: 'a drain empties one node, a second one is refused by the budgets, and uncordoning heals',
      async run(cluster) {
        const first = await nodeOf(cluster, { namespace: 'kafka', name: 'kafka-1' });
        const second = await nodeOf(cluster, { namespace: 'kafka', name: 'kafka-2' });
        try {
          const started = performance.now();
          await control(cluster, 'drain', first, ...drainOptions, '--timeout=240s');
          cluster.note(`drained in ${seconds((performance.now() - started) / 1000)}`);
          await assertWaitsForItsVolume(cluster);
          const { code, stderr } = await tryControl(cluster, ['drain', second, ...drainOptions, '--timeout=8s']);
          assert.notEqual(code, 0);
          assert.match(stderr, /violate the pod's disruption budget/);
        } finally {
          await control(cluster, 'uncordon', first, second);
        }
        await recover(cluster);
      },
    },
    {
      title: 'a pod whose volume may move goes to another node with its data',
      skippedBecause: ({ workloads }) =>
        workloads.includes(moving.namespace) ? undefined : 'kafka-secured, which has such volumes, is not deployed',
      async run(cluster) {
        const from = await nodeOf(cluster, moving);
        const old = await uidOf(cluster, moving);
        await control(cluster, 'cordon', from);
        try {
          await control(cluster, '-n', moving.namespace, 'delete', 'pod', moving.name, '--timeout=200s');
          await waitForSet(cluster, moving.namespace, 'kafka-brokers');
          assert.notEqual(await uidOf(cluster, moving), old);
          assert.notEqual(await nodeOf(cluster, moving), from);
          const data = ['-n', moving.namespace, 'exec', moving.name, '--', 'ls', '/var/lib/kafka/data'];
          assert.match(await control(cluster, ...data), /^orders-\d$/m);
        } finally {
          await control(cluster, 'uncordon', from);
        }
      },
    },
  ],
};

/** Its volume is on the drained node, so the pod has to wait for it. */
async function assertWaitsForItsVolume(cluster: TestCluster): Promise<void> {
  const phase = ['-n', 'kafka', 'get', 'pod', 'kafka-1', '-o', 'jsonpath={.status.phase}'];
  const isPending = async (): Promise<boolean> => (await tryControl(cluster, phase)).stdout === 'Pending';
  await until('kafka-1 to wait for its node', 30, isPending);
}

async function recover(cluster: TestCluster): Promise<void> {
  const started = performance.now();
  await waitForSet(cluster, 'kafka', 'kafka');
  await waitForSet(cluster, 'cassandra', 'cassandra');
  await waitForFullIsr(cluster);
  await waitForRing(cluster);
  cluster.note(`whole again ${seconds((performance.now() - started) / 1000)} after uncordoning`);
}
