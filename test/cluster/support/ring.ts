import { until } from '../bed/commands.ts';
import { tryControl, type TestCluster } from './suite.ts';

export const members = ['cassandra-0', 'cassandra-1', 'cassandra-2'] as const;

export interface RingRow {
  /** UN is up and normal. */
  readonly state: string;
  readonly address: string;
  readonly hostId: string;
}

/** The ring as one member sees it; empty when the member does not answer. */
export async function ringSeenFrom(cluster: TestCluster, member: string): Promise<RingRow[]> {
  const { stdout } = await tryControl(cluster, ['-n', 'cassandra', 'exec', member, '--', 'nodetool', 'status']);
  return stdout.split('\n').flatMap((line) => {
    const [state, address] = line.split(/\s+/);
    const hostId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(line)?.[0];
    if (state === undefined || address === undefined || hostId === undefined || !/^[UD][NLJM]$/.test(state)) return [];
    return [{ state, address, hostId }];
  });
}

/** One line for every member that does not see all of them up and normal. */
export async function ringProblems(cluster: TestCluster, all: readonly string[] = members): Promise<string[]> {
  const views = await Promise.all(all.map(async (member) => ({ member, ring: await ringSeenFrom(cluster, member) })));
  return views
    .filter(({ ring }) => ring.length !== all.length || ring.some(({ state }) => state !== 'UN'))
    .map(({ member, ring }) => `${member} sees ${ring.map(({ state, address }) => `${address} ${state}`).join(', ')}`);
}

/** Each question starts a JVM in every pod, so they are not asked too often. */
export const waitForRing = (cluster: TestCluster, all: readonly string[] = members): Promise<boolean> =>
  until(
    'every member to see all up and normal',
    180,
    async () => (await ringProblems(cluster, all)).length === 0,
    1000,
  );
