import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { asText } from '../bed/json.ts';
import { onOwnBed, runProgram } from '../support/program.ts';
import { unasked } from '../support/restart.ts';
import { isStep } from '../support/restartTimes.ts';
import { members, ringSeenFrom, waitForRing } from '../support/ring.ts';
import {
  assertQuorumWasKept,
  hostIdsSeenFrom,
  noteStepTimes,
  ringTarget,
  uidsOfNodes,
  underCqlLoad,
} from '../support/ringRestart.ts';
import { inPod, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

/** Nothing of the sample needs consent but what the bed may lack; a name agrees to that too. */
const agreed = [...unasked, '--confirm', 'cassandra'] as const;

const tests: readonly LiveTest[] = [
  {
    title: 'a safe restart of every node under load keeps a QUORUM of every range, and each comes back as itself',
    async run(cluster) {
      const [before, hosts] = [await uidsOfNodes(cluster), await hostIdsSeenFrom(cluster, members[0])];
      const { load, program } = await underCqlLoad(cluster, ['restart', ...ringTarget, ...agreed]);
      assert.equal(program.code, 0, program.err);
      assertQuorumWasKept(cluster, load);
      const after = await uidsOfNodes(cluster);
      assert.ok(after.every((uid, index) => uid !== before[index]));
      assert.deepEqual(await hostIdsSeenFrom(cluster, members[1]), hosts);
      noteStepTimes(cluster, program);
    },
  },
  {
    title: 'only the node that is named is restarted',
    async run(cluster) {
      const before = await uidsOfNodes(cluster);
      const { load, program } = await underCqlLoad(cluster, [
        'restart',
        ...ringTarget,
        '--only',
        members[1],
        ...agreed,
      ]);
      assert.equal(program.code, 0, program.err);
      assertQuorumWasKept(cluster, load);
      const after = await uidsOfNodes(cluster);
      assert.deepEqual(
        after.map((uid, index) => uid !== before[index]),
        [false, true, false],
      );
      noteStepTimes(cluster, program);
    },
  },
  {
    title: 'a run that was killed while a node was drained is gone on with, and that node is finished first',
    async run(cluster) {
      const before = await uidsOfNodes(cluster);
      const killed = await runProgram(cluster, ['restart', ...ringTarget, ...agreed], (event, child) => {
        if (isStep(event, 'awaiting')) child.kill('SIGKILL');
      });
      assert.equal(killed.code, null);
      const out = asText(killed.events.findLast((event) => isStep(event, 'awaiting'))?.['step']);
      const again = await runProgram(cluster, ['restart', ...ringTarget, ...agreed]);
      assert.equal(again.code, 2);
      assert.match(again.err, /has not ended\.\n.*data-clusters resume cassandra\/cassandra/);
      const started = performance.now();
      const resumed = await runProgram(cluster, ['resume', ...ringTarget, ...agreed]);
      assert.equal(resumed.code, 0, resumed.err);
      assert.ok(!resumed.events.some((event) => isStep(event, 'acting') && event['step'] === out), 'drained twice');
      cluster.note(`resumed and done in ${Math.round((performance.now() - started) / 1000)} s, lock included`);
      const after = await uidsOfNodes(cluster);
      assert.ok(after.every((uid, index) => uid !== before[index]));
      await waitForRing(cluster);
    },
  },
  {
    title:
      'a node that is drained for maintenance calls itself up, keeps others from going, and comes back by a restart',
    async run(cluster) {
      const target = members[2];
      const how = ['--how', 'maintenance', '--member', target];
      const drained = await runProgram(cluster, ['drain', ...ringTarget, ...how, ...agreed]);
      try {
        assert.equal(drained.code, 0, drained.err);
        assert.match(await inPod(cluster, 'cassandra', target, 'nodetool', 'netstats'), /Mode: DRAINED/);
        await noteOwnWord(cluster, target);
        const seen = await ringSeenFrom(cluster, members[0]);
        assert.equal(seen.filter(({ state }) => state === 'DN').length, 1);
        const other = await runProgram(cluster, ['restart', ...ringTarget, '--only', members[0], ...agreed]);
        assert.equal(other.code, 2, 'another node would have been restarted');
      } finally {
        const back = await runProgram(cluster, ['restart', ...ringTarget, '--only', target, ...agreed]);
        assert.equal(back.code, 0, back.err);
        await waitForRing(cluster);
      }
    },
  },
  {
    title: 'a node that does not exist keeps it from being started',
    async run(cluster) {
      const none = await runProgram(cluster, ['restart', ...ringTarget, '--only', 'cassandra-7', ...agreed]);
      assert.equal(none.code, 2);
      assert.match(none.err, /There is no node cassandra-7/);
    },
  },
];

export const cassandraRestart: Suite = {
  name: 'cassandra-restart',
  isLong: true,
  needs: ['cassandra'],
  tests: onOwnBed(tests, 'load reaches pods directly, which only the bed on this machine allows'),
};

/** What its own status says of it, and who it says that it is: facts that every release may change. */
async function noteOwnWord(cluster: TestCluster, target: string): Promise<void> {
  const own = await ringSeenFrom(cluster, target);
  const info = await inPod(cluster, 'cassandra', target, 'sh', '-c', 'nodetool info 2>&1 | grep "^ID" || true');
  cluster.note(`drained, it sees ${own.map(({ state }) => state).join(' ')} and tells ${info.trim() || 'no Host ID'}`);
}
