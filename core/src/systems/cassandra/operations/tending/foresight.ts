import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { readJournalOf, type JournalContents } from '#core/operations/configMapJournal.ts';
import { AT_ONCE, inParallel } from '#core/systems/cassandra/live/asking.ts';
import {
  parseCompactionThroughput,
  throughputQuestion,
} from '#core/systems/cassandra/nodetool/compactionThroughput.ts';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { parseSnapshots } from '#core/systems/cassandra/nodetool/snapshots.ts';
import { isSystemKeyspace } from '#core/systems/cassandra/replication.ts';
import type { RingDoor } from '#core/systems/cassandra/operations/door.ts';
import { memberNode, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import {
  cleanupEvidence,
  type EvidenceSources,
  type LookedAt,
  type NodeEvidence,
} from '#core/systems/cassandra/operations/tending/cleanupEvidence.ts';
import { addedAt, claimedAt, cleanedAt } from '#core/systems/cassandra/operations/tending/joins.ts';
import { judgeFiles, ownedTokens, type OwnedTokens } from '#core/systems/cassandra/operations/tending/ownedTokens.ts';
import type { Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';
import { workAhead, type NodeFiles, type WorkAhead } from '#core/systems/cassandra/operations/tending/workAhead.ts';

export interface ForesightPorts {
  readonly cluster: Cluster;
  readonly door: RingDoor;
  /** Of every member that is looked at: where its data is; empty when it has no claim. */
  readonly directories: ReadonlyMap<string, string>;
  readonly disks: ReadonlyMap<string, DiskRoom | undefined>;
}

export interface Foresight {
  /** Of every node that runs here; empty for other work than a cleanup. */
  readonly evidence: readonly NodeEvidence[];
  /** Of those that are gone over; empty for work that writes nothing anew. */
  readonly works: readonly WorkAhead[];
}

/**
 * Whether a cleanup is needed, and what is ahead of the nodes. Reads only: of each node that is gone over one listing of files and two
 * commands of nodetool; the journal; and where `isExact`, the ends of its largest files.
 * @throws ClusterProblem when nobody can be asked
 */
export async function foresee(
  wanted: {
    readonly data: DataCluster;
    readonly members: readonly LiveMember[];
    readonly verb: Verb;
    readonly reading: RingReading;
    readonly isExact: boolean;
  },
  ports: ForesightPorts,
): Promise<Foresight> {
  const { data, members, verb, reading, isExact } = wanted;
  if (verb.room === 'none') return { evidence: [], works: [] };
  const files: EvidenceSources['files'] = isExact ? await lookAtFiles(members, reading, ports) : new Map();
  const journal = verb.mode === 'cleanup' ? await journalOf(data, ports.cluster) : undefined;
  const evidence =
    verb.mode === 'cleanup'
      ? cleanupEvidence({
          ring: reading.ring,
          keyspaces: reading.keyspaces,
          claimedAt: claimedAt(data),
          cleanedAt: cleanedAt(data, journal),
          addedAt: addedAt(journal),
          files,
        })
      : [];
  const asked = await askNodes(data, members, reading, ports);
  const works = asked.map((node) =>
    workAhead(
      verb,
      node,
      evidence.find((one) => one.node === node.pod),
    ),
  );
  return { evidence, works };
}

/** What may not be read tells nothing. */
async function journalOf(data: DataCluster, cluster: Cluster): Promise<JournalContents | undefined> {
  try {
    return await readJournalOf(cluster, data);
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
    throw error;
  }
}

async function askNodes(
  { version }: DataCluster,
  members: readonly LiveMember[],
  reading: RingReading,
  { door, directories, disks }: ForesightPorts,
): Promise<readonly NodeFiles[]> {
  const found = new Map<string, NodeFiles>();
  await inParallel(members, AT_ONCE, async (member) => {
    const { name, pod } = member;
    const directory = directories.get(name) ?? '';
    const told = pod && (await askNode(door, pod, member.version || version));
    found.set(name, {
      pod: name,
      loadBytes: memberNode(reading, name)?.loadBytes,
      disk: disks.get(name),
      files: pod && directory !== '' ? await door.files(pod, directory) : undefined,
      throughput: told?.throughput,
      snapshots: told?.snapshots,
    });
  });
  return members.flatMap(({ name }) => found.get(name) ?? []);
}

async function askNode(
  door: RingDoor,
  pod: LivePod,
  version: string,
): Promise<Pick<NodeFiles, 'throughput' | 'snapshots'>> {
  const snapshots = { name: 'snapshots', args: ['listsnapshots'] };
  const batch = await door.run(pod, [throughputQuestion(version), snapshots]);
  const read = <Answer>(name: string, parse: (text: string) => Answer): Answer | undefined => {
    const result = batch?.results.get(name);
    return result && !failureOf(result) ? parse(result.stdout) : undefined;
  };
  return { throughput: read('throughput', parseCompactionThroughput), snapshots: read('snapshots', parseSnapshots) };
}

/** Keyspaces that are replicated alike have the same ranges; more ways than this are not asked for, a second of CPU each. */
const MOST_WAYS = 8;

async function lookAtFiles(
  members: readonly LiveMember[],
  reading: RingReading,
  { door, directories }: ForesightPorts,
): Promise<EvidenceSources['files']> {
  const found = new Map<string, LookedAt | 'not told'>();
  const observer = members.find(({ name, pod }) => pod !== undefined && reading.ring.observers.includes(name));
  const ways = waysOf(reading.keyspaces ?? []).slice(0, MOST_WAYS);
  if (!observer?.pod || ways.length === 0) return found;
  const ranges = await door.ranges(
    observer.pod,
    ways.map(([first]) => first),
  );
  // One after the other: each takes memory of its container.
  for (const { name, pod } of members) {
    const directory = directories.get(name) ?? '';
    const addresses = memberNode(reading, name)?.addresses ?? [];
    const looked = pod && directory !== '' ? await door.fileEnds(pod, directory) : undefined;
    if (!looked) {
      found.set(name, 'not told');
      continue;
    }
    const owned = new Map<string, OwnedTokens>();
    for (const [first, keyspaces] of ways) {
      const tokens = ownedTokens(ranges.get(first) ?? [], addresses);
      if (tokens) for (const keyspace of keyspaces) owned.set(keyspace, tokens);
    }
    found.set(name, { ...judgeFiles(looked.ends, owned), count: looked.count });
  }
  return found;
}

const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1);

/** By the first of those that are replicated alike; without keyspaces of Cassandra itself. */
function waysOf(keyspaces: readonly KeyspaceReplication[]): readonly (readonly [string, readonly string[]])[] {
  const ways = new Map<string, string[]>();
  for (const { keyspace, strategy, factors } of keyspaces) {
    if (isSystemKeyspace(keyspace) || strategy === 'LocalStrategy') continue;
    const way = JSON.stringify([strategy, Object.entries(factors).toSorted(byName)]);
    ways.set(way, [...(ways.get(way) ?? []), keyspace]);
  }
  return [...ways.values()].flatMap((names) => (names[0] === undefined ? [] : [[names[0], names] as const]));
}
