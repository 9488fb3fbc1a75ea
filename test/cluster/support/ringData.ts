import type { Client } from 'cassandra-driver';
import { randomBytes } from 'node:crypto';
import { until } from '../bed/commands.ts';
import { datacenter, openStrictSession } from '../load/cassandra/session.ts';
import { members, ringSeenFrom, waitForRing } from './ring.ts';
import { inPod, type TestCluster } from './suite.ts';

/** A keyspace of its own, three replicas of everything, large enough that work on its files can be watched. */
const keyspace = 'data_clusters_bulk';
const rows = 3000;
const rowBytes = 16_000;
const atOnce = 16;

/** Fills the keyspace, some 45 MB that do not compress, and writes it to files. */
export async function fillRing(cluster: TestCluster, nodes: readonly string[] = members): Promise<void> {
  await makeBulk();
  await writeBulk();
  for (const node of nodes) await inPod(cluster, 'cassandra', node, 'nodetool', 'flush', keyspace);
}

/** Fills it while one member is not heard of, and nobody keeps anything for it: it lacks all of that until it is repaired. */
export async function fillRingWithout(cluster: TestCluster, member: string): Promise<void> {
  const others = members.filter((one) => one !== member);
  const tell = async (names: readonly string[], command: string): Promise<void> => {
    for (const name of names) await inPod(cluster, 'cassandra', name, 'nodetool', command);
  };
  await makeBulk();
  await tell(others, 'disablehandoff');
  await tell([member], 'disablebinary');
  await tell([member], 'disablegossip');
  try {
    await until(`${member} to be down for the others`, 60, () => isDownFor(cluster, others));
    await writeBulk();
  } finally {
    await tell([member], 'enablegossip');
    await tell([member], 'enablebinary');
    await tell(others, 'enablehandoff');
    await waitForRing(cluster);
  }
  for (const node of members) await inPod(cluster, 'cassandra', node, 'nodetool', 'flush', keyspace);
}

async function isDownFor(cluster: TestCluster, others: readonly string[]): Promise<boolean> {
  const views = await Promise.all(others.map((name) => ringSeenFrom(cluster, name)));
  return views.every((rows) => rows.some(({ state }) => state === 'DN'));
}

async function makeBulk(): Promise<void> {
  await withSession(async (client) => {
    const replication = `{'class': 'NetworkTopologyStrategy', '${datacenter}': 3}`;
    await client.execute(`CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${replication}`);
    await client.execute(`CREATE TABLE IF NOT EXISTS ${keyspace}.rows (id int PRIMARY KEY, value blob)`);
  });
}

const writeBulk = (): Promise<void> =>
  withSession(async (client) => {
    for (let id = 0; id < rows; id += atOnce) {
      const inserts = Array.from({ length: atOnce }, (_, more) =>
        client.execute(`INSERT INTO ${keyspace}.rows (id, value) VALUES (?, ?)`, [id + more, randomBytes(rowBytes)]),
      );
      await Promise.all(inserts);
    }
  });

export const emptyRing = (): Promise<void> =>
  withSession(async (client) => {
    await client.execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
  });

async function withSession(work: (client: Client) => Promise<void>): Promise<void> {
  const client = await openStrictSession();
  try {
    await work(client);
  } finally {
    await client.shutdown();
  }
}

/** Kilobytes of its files on one node, without snapshots. */
export async function bulkOn(cluster: TestCluster, node: string): Promise<number> {
  const folder = `/var/lib/cassandra/data/${keyspace}`;
  const told = await inPod(cluster, 'cassandra', node, 'du', '-sk', '--exclude=snapshots', folder);
  return Number(told.split(/\s/)[0]);
}

/** Cleanup and compaction write so many megabytes a second on these nodes while the work is done. */
export async function throttled<T>(
  cluster: TestCluster,
  nodes: readonly string[],
  megabytes: number,
  work: () => Promise<T>,
): Promise<T> {
  const set = async (value: number): Promise<void> => {
    for (const node of nodes)
      await inPod(cluster, 'cassandra', node, 'nodetool', 'setcompactionthroughput', `${value}`);
  };
  await set(megabytes);
  try {
    return await work();
  } finally {
    await set(usualMegabytes);
  }
}

/** What Cassandra 5.0 comes with. */
const usualMegabytes = 64;

/** What a node sends to others goes so slowly, in megabits a second, that it can be watched. */
export async function slowStreams(cluster: TestCluster, node: string, megabits: number): Promise<void> {
  const set = ['nodetool', 'setstreamthroughput'];
  await inPod(cluster, 'cassandra', node, ...set, `${megabits}`);
  await inPod(cluster, 'cassandra', node, ...set, '-e', `${megabits}`);
}
