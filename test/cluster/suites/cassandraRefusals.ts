import assert from 'node:assert/strict';
import { asNumber, at, type Json } from '../bed/json.ts';
import { until } from '../bed/commands.ts';
import { assertRefused, checksIn, endOf, evidenceOf, isWaiting, stepsIn, told } from '../support/planned.ts';
import { nodeOf, replacePod, seconds } from '../support/pods.ts';
import { runProgram, whyNotBuilt, type ProgramRun } from '../support/program.ts';
import { unasked } from '../support/restart.ts';
import { members, ringSeenFrom, waitForRing } from '../support/ring.ts';
import { ringTarget, uidsOfNodes } from '../support/ringRestart.ts';
import { control, inPod, read, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

const agreed = [...unasked, '--confirm', 'cassandra'] as const;
const [first, , last] = members;
/** By which a plan for a Kubernetes node names what it checks of the ring. */
const ringKey = 'cassandra/cassandra/cassandra';

/** Each is a ring that must not be touched. Nothing of it may be changed by a run that is refused, or that waits and is ended. */
const tests: readonly LiveTest[] = [
  {
    title:
      'a disruption budget that never opens is waited for and named, and an interruption ends it with nobody drained',
    run: (cluster) =>
      untouched(cluster, async () => {
        await setBudget(cluster, 0);
        try {
          let refusals = 0;
          const program = await runProgram(cluster, ['restart', ...ringTarget, ...agreed], (event, child) => {
            if (!isWaiting(event, /disruption budget/)) return;
            refusals += 1;
            if (refusals === 2) child.kill('SIGINT');
          });
          assert.equal(program.code, 1, told(program));
          assert.deepEqual(checksIn(program, 'fails'), []);
          assert.match(evidenceOf(program, 'eviction'), /disruption budget/);
          assert.equal(at(endOf(program), 'kind'), 'cancelled', told(program));
          assert.deepEqual(stepsIn(program, 'acting'), []);
        } finally {
          await setBudget(cluster, 1);
        }
      }),
  },
  {
    title:
      'a cordoned node whose volume no other reaches keeps its member where it is, by a restart and by a drain of the node',
    run: (cluster) =>
      untouched(cluster, async () => {
        const node = await nodeOf(cluster, { namespace: 'cassandra', name: last });
        await control(cluster, 'cordon', node);
        try {
          const restart = await runProgram(cluster, ['restart', ...ringTarget, '--only', last, ...agreed]);
          cluster.note(assertRefused(restart, ['placement'], /cordoned; others: .*volume/));
          const drain = await runProgram(cluster, ['drain', `node/${node}`, '--confirm', node, ...unasked]);
          cluster.note(
            assertRefused(drain, [`${ringKey}/placement`, 'members-elsewhere'], /out of reach of its volume/),
          );
          // The others are on nodes that take pods.
          const other = await dryRun(cluster, first);
          assert.equal(other.code, 0, told(other));
        } finally {
          await control(cluster, 'uncordon', node);
        }
      }),
  },
  {
    title: 'a node is not added where no Kubernetes node could take it, nor is one taken away that replicas need',
    run: (cluster) =>
      untouched(cluster, async () => {
        const up = await runProgram(cluster, ['scale', ...ringTarget, '--to', '4', ...agreed]);
        cluster.note(assertRefused(up, ['nodes'], /can have 3 pods at most/));
        const down = await runProgram(cluster, ['scale', ...ringTarget, '--to', '2', ...agreed]);
        const found = assertRefused(
          down,
          ['replication'],
          /shop has 3 replicas in DC1-chicago, and 2 nodes would be left/,
        );
        cluster.note(found);
        const set = await read(cluster, '-n', 'cassandra', 'statefulset', 'cassandra');
        assert.equal(at(set, 'spec', 'replicas'), 3);
      }),
  },
  {
    title: 'a node that nobody hears is down for its peers, although it is ready, and keeps every other from going',
    run: (cluster) =>
      untouched(cluster, async () => {
        await inPod(cluster, 'cassandra', last, 'nodetool', 'disablegossip');
        try {
          await seenDown(cluster);
          const strict = await runProgram(cluster, ['restart', ...ringTarget, '--only', first, ...agreed]);
          // Whoever is down for long enough is also unreachable when its peers are asked for the schema.
          cluster.note(assertRefused(strict, ['ring'], new RegExp(`sees ${last} down`), ['schema']));
          const patient = ['--level', 'min-isr'];
          const lax = await runProgram(cluster, ['restart', ...ringTarget, '--only', first, ...patient, ...agreed]);
          assert.equal(lax.code, 2, told(lax));
          cluster.note(`with ${patient.join(' ')}: ${checksIn(lax, 'fails').join(', ')}`);
          assert.ok(checksIn(lax, 'fails').includes('quorum'), told(lax));
          assert.match(evidenceOf(lax, 'quorum'), /shop: 1 replicas would be left .*needs 2/);
        } finally {
          await inPod(cluster, 'cassandra', last, 'nodetool', 'enablegossip');
        }
      }),
  },
  {
    title: 'a node that was drained by hand calls itself up, and is found out by its peers',
    async run(cluster) {
      const before = await uidsOfNodes(cluster);
      await inPod(cluster, 'cassandra', last, 'nodetool', 'drain');
      try {
        await seenDown(cluster);
        const own = await ringSeenFrom(cluster, last);
        cluster.note(`drained, it sees ${own.map(({ state }) => state).join(' ')}`);
        const program = await runProgram(cluster, ['restart', ...ringTarget, '--only', first, ...agreed]);
        assert.equal(program.code, 2, told(program));
        assert.ok(checksIn(program, 'fails').includes('ring'), told(program));
        const found = evidenceOf(program, 'ring');
        cluster.note(found);
        assert.match(found, new RegExp(`${first} sees ${last} down`));
        const whole = await runProgram(cluster, [
          'rebalance',
          ...ringTarget,
          '--mode',
          'flush',
          '--dry-run',
          ...agreed,
        ]);
        assert.equal(whole.code, 2, told(whole));
        assert.deepEqual(await uidsOfNodes(cluster), before);
      } finally {
        const took = await replacePod(cluster, { namespace: 'cassandra', name: last });
        cluster.note(`it came back by a restart in ${seconds(took)}`);
        await waitForRing(cluster);
      }
    },
  },
];

export const cassandraRefusals: Suite = {
  name: 'cassandra-refusals',
  needs: ['cassandra'],
  tests: tests.map((test) => ({ ...test, skippedBecause: whyNotBuilt })),
};

/** The ring is whole before, and afterwards; its pods are the same ones. */
async function untouched(cluster: TestCluster, work: () => Promise<void>): Promise<void> {
  await waitForRing(cluster);
  const before = await uidsOfNodes(cluster);
  await work();
  await waitForRing(cluster);
  assert.deepEqual(await uidsOfNodes(cluster), before);
}

const seenDown = (cluster: TestCluster): Promise<boolean> =>
  until(`${last} to be down for ${first}`, 60, async () => {
    const rows = await ringSeenFrom(cluster, first);
    return rows.filter(({ state }) => state === 'DN').length === 1;
  });

const dryRun = (cluster: TestCluster, member: string): Promise<ProgramRun> =>
  runProgram(cluster, ['restart', ...ringTarget, '--only', member, '--dry-run', ...agreed]);

async function setBudget(cluster: TestCluster, maxUnavailable: number): Promise<void> {
  const patch = JSON.stringify({ spec: { maxUnavailable } });
  await control(cluster, '-n', 'cassandra', 'patch', 'poddisruptionbudget/cassandra', '--type=merge', '-p', patch);
  await until('the budget to be seen', 30, async () => {
    const budget: Json = await read(cluster, '-n', 'cassandra', 'poddisruptionbudget', 'cassandra');
    return (
      at(budget, 'status', 'observedGeneration') === at(budget, 'metadata', 'generation') &&
      asNumber(at(budget, 'status', 'disruptionsAllowed')) === maxUnavailable
    );
  });
}
