import assert from 'node:assert/strict';
import { asArray, asNumber, asText, at } from '../bed/json.ts';
import { stopProcess } from '../faults/brokerProcess.ts';
import { faultBedOf } from '../support/duringFault.ts';
import { assertRefused, checksIn, evidenceOf, isWaiting, stepsIn, told } from '../support/planned.ts';
import { onOwnBed, runProgram } from '../support/program.ts';
import { unasked } from '../support/restart.ts';
import { members, waitForRing } from '../support/ring.ts';
import {
  assertQuorumWasKept,
  hostIdsSeenFrom,
  noteStepTimes,
  ringTarget,
  underCqlLoad,
  uidsOfNodes,
} from '../support/ringRestart.ts';
import { whileSchemasDiffer, whileStrangerJoins } from '../support/ringTrouble.ts';
import { read, tryControl, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const agreed = [...unasked, '--confirm', 'cassandra'] as const;
const [first, second, last] = members;

const tests: readonly LiveTest[] = [
  {
    title: 'a node that joins keeps others from going and from being cleaned up, and is named',
    async run(cluster) {
      await waitForRing(cluster);
      const before = await uidsOfNodes(cluster);
      await whileStrangerJoins(cluster, async () => {
        const restart = await runProgram(cluster, ['restart', ...ringTarget, '--only', first, ...agreed]);
        cluster.note(assertRefused(restart, ['ring'], /joining/));
        const wish = ['rebalance', ...ringTarget, '--mode', 'cleanup', '--member', first, ...agreed];
        const cleanup = await runProgram(cluster, wish);
        assert.equal(cleanup.code, 2, told(cleanup));
        assert.match(evidenceOf(cleanup, 'ring'), /joining/);
        await noteRefusedCleanup(cluster, first);
      });
      assert.deepEqual(await uidsOfNodes(cluster), before);
    },
  },
  {
    title: 'two versions of the schema keep every node from going, and are named',
    async run(cluster) {
      await waitForRing(cluster);
      await whileSchemasDiffer(cluster, last, async () => {
        const before = await uidsOfNodes(cluster);
        const program = await runProgram(cluster, ['restart', ...ringTarget, '--only', second, ...agreed]);
        cluster.note(assertRefused(program, ['schema'], /2 versions of the schema/));
        const flush = await runProgram(cluster, ['rebalance', ...ringTarget, '--mode', 'flush', ...agreed]);
        assert.equal(flush.code, 2, told(flush));
        assert.ok(checksIn(flush, 'fails').includes('schema'), told(flush));
        assert.deepEqual(await uidsOfNodes(cluster), before);
      });
    },
  },
  {
    title: 'a node whose process is killed while it starts again is awaited, as itself, and no other goes meanwhile',
    async run(cluster) {
      const [before, hosts] = [await uidsOfNodes(cluster), await hostIdsSeenFrom(cluster, first)];
      let killing: Promise<unknown> | undefined;
      let isGone = false;
      const wish = ['restart', ...ringTarget, '--only', `${last},${second}`, ...agreed];
      const { load, program } = await underCqlLoad(cluster, wish, members, (event) => {
        isGone ||= isWaiting(event, /to be created again|to run$/);
        if (killing !== undefined || !isGone || !isWaiting(event, /to be NORMAL|nodetool of \S+ to answer/)) return;
        cluster.note(`killed while the run waits for ${asText(event['waitingFor'])}`);
        const target = `cassandra/${asText(event['step'])}`;
        killing = stopProcess.apply(faultBedOf(cluster), target, { signal: 'KILL' });
        killing.catch(() => undefined);
      });
      await killing;
      assert.ok(killing !== undefined, told(program));
      assert.equal(program.code, 0, told(program));
      assertQuorumWasKept(cluster, load);
      noteStepTimes(cluster, program);
      const [killed = ''] = stepsIn(program, 'acting');
      assert.equal(await restartsOf(cluster, killed), 1);
      assert.deepEqual(stepsIn(program, 'acting'), stepsIn(program, 'finishing'));
      assert.deepEqual(await hostIdsSeenFrom(cluster, first), hosts);
      assert.equal((await uidsOfNodes(cluster))[0], before[0]);
    },
  },
];

export const cassandraFaults: Suite = {
  name: 'cassandra-faults',
  isLong: true,
  needs: ['cassandra'],
  tests: onOwnBed(tests, 'faults reach into the bed on this machine'),
};

/** What Cassandra itself says to a cleanup meanwhile: the words by which a refusal is known. */
async function noteRefusedCleanup(cluster: TestCluster, node: string): Promise<void> {
  const command = ['-n', 'cassandra', 'exec', node, '--', 'nodetool', 'cleanup', 'shop'];
  const { code, stdout, stderr } = await tryControl(cluster, command);
  cluster.note(
    `nodetool cleanup meanwhile: exit ${code}: ${`${stdout} ${stderr}`.trim().slice(0, 300) || 'nothing said'}`,
  );
}

async function restartsOf(cluster: TestCluster, name: string): Promise<number> {
  const [status] = asArray(at(await read(cluster, '-n', 'cassandra', 'pod', name), 'status', 'containerStatuses'));
  return asNumber(at(status, 'restartCount'));
}
