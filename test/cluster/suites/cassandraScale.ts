import assert from 'node:assert/strict';
import { asText, at } from '../bed/json.ts';
import { fullCluster, nodeName } from '../bed/cluster.ts';
import { startNodes, stopNode } from '../bed/native/nodes.ts';
import { provideVolumes } from '../bed/native/volumes.ts';
import { nodeMinor } from '../bed/versions.ts';
import { assertRefused, endOf, isWaiting, stepsIn, told } from '../support/planned.ts';
import { nodeOf, uidOf } from '../support/pods.ts';
import { onOwnBed, runProgram } from '../support/program.ts';
import { unasked } from '../support/restart.ts';
import { members, ringSeenFrom, waitForRing } from '../support/ring.ts';
import { bulkOn, emptyRing, fillRing, slowStreams, throttled } from '../support/ringData.ts';
import { assertServed, hostIdsSeenFrom, noteStepTimes, ringTarget, underCqlLoad } from '../support/ringRestart.ts';
import { control, inPod, read, tryControl, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const agreed = [...unasked, '--confirm', 'cassandra'] as const;
const added = 'cassandra-3';
const all = [...members, added] as const;
const pod = { namespace: 'cassandra', name: added } as const;
/** Of the bed: one for the fourth member, and one that it can move to. */
const [fourth, fifth] = [4, 5] as const;

/** They build on one another, in this order; the last one takes away what the first has added. */
const tests: readonly LiveTest[] = [
  {
    title: 'a fourth node joins under load, and everybody knows it before the run ends',
    async run(cluster) {
      await fillRing(cluster);
      await addNode(fourth);
      const { load, program } = await withMovableVolumes(cluster, () =>
        underCqlLoad(cluster, ['scale', ...ringTarget, '--to', '4', ...agreed]),
      );
      assert.equal(program.code, 0, told(program));
      assertServed(cluster, load);
      noteStepTimes(cluster, program);
      await waitForRing(cluster, all);
      assert.equal((await hostIdsSeenFrom(cluster, added)).length, 4);
      cluster.note(
        `it was sent ${await bulkOn(cluster, added)} KiB of the table; ${members[0]} has ${await bulkOn(cluster, members[0])}`,
      );
      assert.ok((await bulkOn(cluster, added)) > 10_000);
    },
  },
  {
    title: 'a cleanup that is cancelled is stopped in the node, and nothing of it goes on',
    async run(cluster) {
      const node = members[0];
      const before = await bulkOn(cluster, node);
      await throttled(cluster, [node], 1, async () => {
        let isAsked = false;
        const wish = ['rebalance', ...ringTarget, '--mode', 'cleanup', '--member', node, ...agreed];
        const program = await runProgram(cluster, wish, (event, child) => {
          if (isAsked || !isWaiting(event, /Cleanup of data_clusters_bulk\.rows/)) return;
          isAsked = true;
          cluster.note(asText(event['waitingFor']));
          child.kill('SIGINT');
        });
        assert.equal(program.code, 1, told(program));
        assert.equal(at(endOf(program), 'kind'), 'cancelled', told(program));
        const stats = await inPod(cluster, 'cassandra', node, 'nodetool', 'compactionstats');
        assert.doesNotMatch(stats, /Cleanup/);
        assert.equal(await toolsIn(cluster, node), 0, 'its nodetool goes on');
        const after = await bulkOn(cluster, node);
        cluster.note(`${before} KiB before, ${after} after`);
      });
    },
  },
  {
    title: 'a cleanup under load goes from node to node, tells how far it is, and drops what the new node owns',
    async run(cluster) {
      const before = await Promise.all(members.map((node) => bulkOn(cluster, node)));
      const wish = ['rebalance', ...ringTarget, '--mode', 'cleanup', '--member', members.join(','), ...agreed];
      const { load, program } = await throttled(cluster, members, 4, () => underCqlLoad(cluster, wish, all));
      assert.equal(program.code, 0, told(program));
      assertServed(cluster, load);
      noteStepTimes(cluster, program);
      const progress = program.events.filter((event) => isWaiting(event, /Cleanup of \S+ \d+ %/));
      cluster.note(`told ${progress.length} times, such as: ${asText(progress[0]?.['waitingFor'])}`);
      assert.ok(progress.length > 0);
      assert.deepEqual(stepsIn(program, 'acting').length, members.length);
      const after = await Promise.all(members.map((node) => bulkOn(cluster, node)));
      cluster.note(`KiB before ${before.join(', ')}; after ${after.join(', ')}`);
      assert.ok(after.every((size, index) => size < (before[index] ?? 0)));
    },
  },
  {
    title: 'a drain of the Kubernetes node moves its member to another one under load, as the same node of the ring',
    async run(cluster) {
      const node = await nodeOf(cluster, pod);
      assert.equal(node, nodeName(fourth));
      await addNode(fifth);
      const [uid, hosts] = [await uidOf(cluster, pod), await hostIdsSeenFrom(cluster, members[0])];
      try {
        const wish = ['drain', `node/${node}`, '--confirm', node, ...unasked];
        const { load, program } = await underCqlLoad(cluster, wish, all);
        assert.equal(program.code, 0, told(program));
        assertServed(cluster, load);
        noteStepTimes(cluster, program);
        assert.notEqual(await uidOf(cluster, pod), uid);
        assert.equal(await nodeOf(cluster, pod), nodeName(fifth));
        assert.deepEqual(await hostIdsSeenFrom(cluster, members[0]), hosts);
        assert.equal(at(await read(cluster, 'node', node), 'spec', 'unschedulable'), true);
      } finally {
        await control(cluster, 'uncordon', node);
      }
      await waitForRing(cluster, all);
    },
  },
  {
    title:
      'the fourth node leaves under load by a decommission; its pod goes once nobody knows it, and its volume is kept',
    async run(cluster) {
      assert.equal((await ringSeenFrom(cluster, added)).length, all.length);
      await slowStreams(cluster, added, 16);
      const { load, program } = await underCqlLoad(cluster, ['scale', ...ringTarget, '--to', '3', ...agreed], all);
      assert.equal(program.code, 0, told(program));
      assertServed(cluster, load);
      noteStepTimes(cluster, program);
      const progress = program.events.filter((event) => isWaiting(event, /to stream what it holds \(streams \d+ %/));
      cluster.note(`told ${progress.length} times, such as: ${asText(progress[0]?.['waitingFor'])}`);
      assert.ok(progress.length > 0);
      await waitForRing(cluster);
      assert.equal(await replicas(cluster), 3);
      const claims = await control(cluster, '-n', 'cassandra', 'get', 'pvc', '-o', 'name');
      assert.match(claims, /cassandra-data-cassandra-3/);
      const again = await runProgram(cluster, ['scale', ...ringTarget, '--to', '4', ...agreed]);
      cluster.note(assertRefused(again, ['old-volumes'], /cassandra-data-cassandra-3 is left of an earlier node/));
      await tidy(cluster);
    },
  },
];

export const cassandraScale: Suite = {
  name: 'cassandra-scale',
  isLong: true,
  needs: ['cassandra'],
  tests: onOwnBed(tests, 'a node is added, which only the bed on this machine can'),
};

/** Processes of nodetool that run in the container of a member. */
async function toolsIn(cluster: TestCluster, node: string): Promise<number> {
  const count = 'grep -al "[N]odeTool" /proc/[0-9]*/cmdline 2>/dev/null | wc -l';
  return Number(await inPod(cluster, 'cassandra', node, 'sh', '-c', count));
}

const replicas = async (cluster: TestCluster): Promise<unknown> =>
  at(await read(cluster, '-n', 'cassandra', 'statefulset', 'cassandra'), 'spec', 'replicas');

async function addNode(number: number): Promise<void> {
  await startNodes(fullCluster(nodeMinor), [number]);
  await provideVolumes(fullCluster(nodeMinor), [number]);
}

/** Claims that are made meanwhile get volumes that every Kubernetes node reaches. */
async function withMovableVolumes<T>(cluster: TestCluster, work: () => Promise<T>): Promise<T> {
  const key = 'storageclass.kubernetes.io/is-default-class';
  const prefer = async (preferred: string, other: string): Promise<void> => {
    await control(cluster, 'annotate', '--overwrite', 'storageclass', other, `${key}=false`);
    await control(cluster, 'annotate', '--overwrite', 'storageclass', preferred, `${key}=true`);
  };
  await prefer('shared', 'local');
  try {
    return await work();
  } finally {
    await prefer('local', 'shared');
  }
}

async function tidy(cluster: TestCluster): Promise<void> {
  await emptyRing();
  await control(cluster, '-n', 'cassandra', 'delete', 'pvc', `cassandra-data-${added}`);
  for (const number of [fourth, fifth]) {
    await stopNode(fullCluster(nodeMinor), number);
    await tryControl(cluster, ['delete', 'node', nodeName(number)]);
  }
  await provideVolumes(fullCluster(nodeMinor));
}
