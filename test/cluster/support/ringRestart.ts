import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { cqlLoadDefaults, runCqlLoad, type CqlLoadReport } from '../load/cassandra/load.ts';
import { uidOf } from './pods.ts';
import { runProgram, type ProgramRun } from './program.ts';
import { members, ringSeenFrom, waitForRing } from './ring.ts';
import type { TestCluster } from './suite.ts';

/** The ring of the sample, as the command line names it. */
export const ringTarget = ['cassandra/cassandra', '-n', 'cassandra'] as const;

/** Seconds of load before what is measured and after it. */
const margin = 5;

export interface Loaded {
  readonly load: CqlLoadReport;
  readonly program: ProgramRun;
}

/** Runs the program under load at QUORUM, none of which is tried twice. */
export async function underCqlLoad(cluster: TestCluster, args: readonly string[]): Promise<Loaded> {
  await waitForRing(cluster);
  let program: ProgramRun | undefined;
  const load = await runCqlLoad(cqlLoadDefaults, async () => {
    await sleep(margin * 1000);
    program = await runProgram(cluster, args);
    await sleep(margin * 1000);
  });
  assert.ok(program);
  return { load, program };
}

/**
 * No operation lacked replicas, nothing acknowledged is lost, and one node was away at most. Connections that the drain closes, and what
 * the driver makes of them, are noted.
 */
export function assertQuorumWasKept(cluster: TestCluster, { writes, reads, lostExamples, ring }: CqlLoadReport): void {
  const classes = { ...writes.failedByClass };
  for (const [name, count] of Object.entries(reads.failedByClass)) classes[name] = (classes[name] ?? 0) + count;
  cluster.note(
    `${writes.sent + reads.sent} operations, ${writes.failed + reads.failed} failed ${JSON.stringify(classes)}; ` +
      `most nodes away ${ring.maxAwayAtOnce}, QUORUM at risk ${ring.quorumAtRiskSeconds} s, views differed ` +
      `${ring.disagreementSeconds} s`,
  );
  assert.ok(writes.succeeded > 0);
  assert.ok(reads.succeeded > 0);
  const lacking = Object.keys(classes).filter((name) => /unavailable|read timeout|write timeout/.test(name));
  assert.deepEqual(lacking, []);
  assert.deepEqual([lostExamples, reads.missed], [[], 0]);
  assert.ok(ring.maxAwayAtOnce <= 1, `${ring.maxAwayAtOnce} nodes were away at once`);
  assert.ok(ring.membersAtEnd.every(({ up }) => up === members.length));
}

export const uidsOfNodes = (cluster: TestCluster): Promise<string[]> =>
  Promise.all(members.map((name) => uidOf(cluster, { namespace: 'cassandra', name })));

/** By which nodes are the same, whatever their pods and addresses are. */
export async function hostIdsSeenFrom(cluster: TestCluster, member: string): Promise<string[]> {
  return (await ringSeenFrom(cluster, member)).map(({ hostId }) => hostId).toSorted();
}
