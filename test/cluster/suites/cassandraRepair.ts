import assert from 'node:assert/strict';
import { asText } from '../bed/json.ts';
import { isWaiting, stepsIn, told } from '../support/planned.ts';
import { onOwnBed } from '../support/program.ts';
import { unasked } from '../support/restart.ts';
import { members } from '../support/ring.ts';
import { bulkOn, emptyRing, fillRingWithout } from '../support/ringData.ts';
import { assertQuorumWasKept, noteStepTimes, ringTarget, uidsOfNodes, underCqlLoad } from '../support/ringRestart.ts';
import type { LiveTest, Suite } from '../support/suite.ts';

const agreed = [...unasked, '--confirm', 'cassandra'] as const;

const tests: readonly LiveTest[] = [
  {
    title: 'a repair goes from node to node under load, one at a time, and gives back what a node has lost',
    async run(cluster) {
      const node = members[1];
      try {
        await fillRingWithout(cluster, node);
        const [whole, lacking] = [await bulkOn(cluster, members[0]), await bulkOn(cluster, node)];
        const before = await uidsOfNodes(cluster);
        const { load, program } = await underCqlLoad(cluster, [
          'rebalance',
          ...ringTarget,
          '--mode',
          'repair',
          ...agreed,
        ]);
        assert.equal(program.code, 0, told(program));
        assertQuorumWasKept(cluster, load);
        noteStepTimes(cluster, program);
        assert.deepEqual(stepsIn(program, 'acting'), stepsIn(program, 'finishing'));
        assert.equal(stepsIn(program, 'acting').length, members.length);
        const progress = program.events.filter((event) => isWaiting(event, /to be repaired \(.*%/));
        cluster.note(`told ${progress.length} times, such as: ${asText(progress[0]?.['waitingFor'])}`);
        assert.deepEqual(await uidsOfNodes(cluster), before);
        const after = await bulkOn(cluster, node);
        cluster.note(`${node} had ${lacking} of ${whole} KiB, and has ${after} now`);
        assert.ok(lacking < whole / 10);
        assert.ok(after > (whole * 9) / 10);
      } finally {
        await emptyRing();
      }
    },
  },
];

export const cassandraRepair: Suite = {
  name: 'cassandra-repair',
  isLong: true,
  needs: ['cassandra'],
  tests: onOwnBed(tests, 'load reaches pods directly, which only the bed on this machine allows'),
};
