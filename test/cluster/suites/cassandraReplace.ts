import assert from 'node:assert/strict';
import { valueAt } from '#core/json.ts';
import { until } from '../bed/commands.ts';
import { onOwnBed, runProgram } from '../support/program.ts';
import { noteTimes, unasked } from '../support/restart.ts';
import { members, ringSeenFrom, waitForRing } from '../support/ring.ts';
import { hostIdsSeenFrom, ringTarget, uidsOfNodes } from '../support/ringRestart.ts';
import { control, read, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const agreed = [...unasked, '--confirm', 'cassandra'] as const;
const lost = members[2];
const namespace = ['-n', 'cassandra'] as const;

const tests: readonly LiveTest[] = [
  {
    title: 'a node that is up is not replaced',
    async run(cluster) {
      const refused = await runProgram(cluster, ['replace', ...ringTarget, '--member', lost, ...agreed]);
      assert.equal(refused.code, 2);
      assert.match(refused.err, /The node is dead/);
    },
  },
  {
    title:
      'a node that finds no place any more is replaced by its pod, once its name is typed, and nobody else is touched',
    async run(cluster) {
      const machine = await losing(cluster);
      try {
        const [before, hosts] = [await uidsOfNodes(cluster), await hostIdsSeenFrom(cluster, members[0])];
        const template = await templateOf(cluster);
        const paused = await runProgram(cluster, ['replace', ...ringTarget, '--member', lost, ...agreed]);
        assert.equal(paused.code, 1, paused.err);
        assert.match(paused.err, /--confirm-again cassandra-2/);
        const resume = ['resume', ...ringTarget, ...unasked, '--confirm-again', lost];
        // The ring wants a machine for each of its pods, and the only one that is left takes none yet.
        const stopped = await runProgram(cluster, resume);
        assert.equal(stopped.code, 1, stopped.err);
        assert.match(JSON.stringify(stopped.events), /cannot be scheduled/);
        await control(cluster, 'uncordon', machine);
        const program = await runProgram(cluster, resume);
        assert.equal(program.code, 0, program.err);
        await waitForRing(cluster);
        const [after, others] = [await uidsOfNodes(cluster), await hostIdsSeenFrom(cluster, members[1])];
        assert.deepEqual(after.slice(0, 2), before.slice(0, 2));
        assert.equal(others.length, hosts.length);
        assert.equal(others.filter((host) => hosts.includes(host)).length, hosts.length - 1);
        assert.equal(await templateOf(cluster), template);
        noteTimes(cluster, program);
      } finally {
        await control(cluster, 'uncordon', machine);
      }
    },
  },
];

/** Its machine takes no pods, and its volume is pinned to it: the same as lost, as long as nobody uncordons. */
async function losing(cluster: TestCluster): Promise<string> {
  await waitForRing(cluster);
  const pod = await control(cluster, ...namespace, 'get', 'pod', lost, '-o', 'jsonpath={.spec.nodeName}');
  const machine = pod.trim();
  await control(cluster, 'cordon', machine);
  await control(cluster, ...namespace, 'delete', 'pod', lost);
  // For the scheduler's word to count, a minute has to pass.
  await until('its pod to find no place, and others to see it down', 180, async () => {
    const phase = await control(cluster, ...namespace, 'get', 'pod', lost, '-o', 'jsonpath={.status.phase}');
    const seen = await ringSeenFrom(cluster, members[0]);
    const created = await control(
      cluster,
      ...namespace,
      'get',
      'pod',
      lost,
      '-o',
      'jsonpath={.metadata.creationTimestamp}',
    );
    const isOld = Date.now() - Date.parse(created.trim()) > 75_000;
    return phase.trim() === 'Pending' && isOld && seen.some(({ state }) => state === 'DN');
  });
  return machine;
}

/** What its pods are made from, and how they are replaced. */
async function templateOf(cluster: TestCluster): Promise<string> {
  const set = await read(cluster, ...namespace, 'statefulset', 'cassandra');
  return JSON.stringify([valueAt(set, 'spec', 'template'), valueAt(set, 'spec', 'updateStrategy')]);
}

export const cassandraReplace: Suite = {
  name: 'cassandra-replace',
  isLong: true,
  needs: ['cassandra'],
  tests: onOwnBed(tests, 'volumes are pinned to machines only on the bed on this machine'),
};
