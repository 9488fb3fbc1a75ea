import assert from 'node:assert/strict';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { asText } from '../bed/json.ts';
import { cqlLoadDefaults, runCqlLoad, type CqlLoadReport } from '../load/cassandra/load.ts';
import { whileFavoured } from '../load/favour.ts';
import { uidOf } from './pods.ts';
import { runProgram, type ProgramRun } from './program.ts';
import { members, ringSeenFrom, waitForRing } from './ring.ts';
import { describeStepTimes, ringTimes } from './ringTimes.ts';
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
export async function underCqlLoad(
  cluster: TestCluster & Parameters<typeof runProgram>[0],
  args: readonly string[],
  all: readonly string[] = members,
  onEvent?: Parameters<typeof runProgram>[2],
): Promise<Loaded> {
  await waitForRing(cluster, all);
  let program: ProgramRun | undefined;
  // Where others compile on the same processors, a nodetool takes ten times as long as in a ring of its own.
  const load = await whileFavoured(() =>
    runCqlLoad(cqlLoadDefaults, async () => {
      await sleep(margin * 1000);
      program = await runProgram(cluster, args, onEvent);
      await sleep(margin * 1000);
    }),
  );
  assert.ok(program);
  return { load, program };
}

/** No operation lacked replicas or waited in vain for one, and nothing acknowledged is lost. What a drain does to connections is noted. */
export function assertServed(cluster: TestCluster, { writes, reads, lostExamples, ring }: CqlLoadReport): void {
  const classes = { ...writes.failedByClass };
  for (const [name, count] of Object.entries(reads.failedByClass)) classes[name] = (classes[name] ?? 0) + count;
  cluster.note(
    `${writes.sent + reads.sent} operations, ${writes.failed + reads.failed} failed ${JSON.stringify(classes)}; ` +
      `most nodes away ${ring.maxAwayAtOnce}, QUORUM at risk ${ring.quorumAtRiskSeconds} s, views differed ` +
      `${ring.disagreementSeconds} s`,
  );
  assert.ok(writes.succeeded > 0);
  assert.ok(reads.succeeded > 0);
  const lacking = Object.keys(classes).filter((name) => /unavailable|timeout/.test(name));
  assert.deepEqual(lacking, []);
  assert.deepEqual([lostExamples, reads.missed], [[], 0]);
}

/** As above, and one of the three nodes was away at most. */
export function assertQuorumWasKept(cluster: TestCluster, load: CqlLoadReport): void {
  assertServed(cluster, load);
  const { ring } = load;
  assert.ok(ring.maxAwayAtOnce <= 1, `${ring.maxAwayAtOnce} nodes were away at once`);
  assert.ok(ring.membersAtEnd.every(({ up }) => up === members.length));
}

/** Where the time of a run went, a line for each of its steps. */
export function noteStepTimes(cluster: TestCluster, { events, started, ended }: ProgramRun): void {
  const first = events.find(({ type }) => type === 'step');
  const plan =
    first === undefined ? '' : `, plan ${((Date.parse(asText(first['time'])) - started) / 1000).toFixed(1)} s`;
  cluster.note(
    `${((ended - started) / 1000).toFixed(1)} s in all${plan}; load of the machine ${loadavg()[0]?.toFixed(1)}`,
  );
  for (const times of ringTimes(events)) cluster.note(describeStepTimes(times));
}

export const uidsOfNodes = (cluster: TestCluster): Promise<string[]> =>
  Promise.all(members.map((name) => uidOf(cluster, { namespace: 'cassandra', name })));

/** By which nodes are the same, whatever their pods and addresses are. */
export async function hostIdsSeenFrom(cluster: TestCluster, member: string): Promise<string[]> {
  return (await ringSeenFrom(cluster, member)).map(({ hostId }) => hostId).toSorted();
}
