import type { DataCluster, InsideAccess, InsideFacts, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { askInside, messageOf, type Asked, type ConfigMemory, type Reachable } from '#core/systems/kafka/live/ask.ts';
import { findEntrance, toAccess, type Entrance } from '#core/systems/kafka/live/entrance.ts';
import { count } from '#core/systems/kafka/live/words.ts';
import { readObjects } from '#core/systems/kafka/live/reader.ts';
import { askByTools } from '#core/systems/kafka/live/askTools.ts';

/** Brokers beyond this are not asked one by one, so that a look at a cluster never opens hundreds of tunnels. */
const MEMBER_LIMIT = 60;

/** Asks Kafka itself: over its protocol, and where that is closed with the tools in a broker's pod. */
export async function inspectKafka(cluster: DataCluster, access: InsideAccess): Promise<InsideFacts> {
  const askedAt = access.clock.now();
  const reachable = reachableOf(cluster);
  const [first] = reachable.toSorted((a, b) => Number(b.member.pod?.isReady) - Number(a.member.pod?.isReady));
  if (!first) return { askedAt, facts: undefined, problems: ['No broker runs that could be asked'] };
  try {
    const reader = readObjects(access.cluster, cluster.namespace);
    const entrance = await findEntrance(cluster, first.member, reader);
    return await askThrough(entrance, cluster, reachable, first.member, access);
  } catch (error) {
    return { askedAt, facts: undefined, problems: [messageOf(error)] };
  }
}

/** Controllers alone do not describe topics. A number that is not known is stood in for by a negative one. */
function reachableOf({ members }: DataCluster): readonly Reachable[] {
  return members
    .filter(({ role, pod }) => role !== 'controller' && pod?.phase === 'Running' && pod.meta.deletedAt === undefined)
    .slice(0, MEMBER_LIMIT)
    .map((member, index) => ({ member, nodeId: member.index ?? -index - 1 }));
}

async function askThrough(
  entrance: Entrance,
  cluster: DataCluster,
  reachable: readonly Reachable[],
  first: LiveMember,
  access: InsideAccess,
): Promise<InsideFacts> {
  const askedAt = access.clock.now();
  try {
    const { facts, problems } = await askByProtocol(entrance, cluster, reachable, access);
    return { askedAt, facts, problems: [...problems, ...leftOut(cluster, reachable)] };
  } catch (error) {
    if (!isClosed(error) || access.cancellation.isCancellationRequested) throw error;
    // A login would show in the list of processes, and a broker that only starts has no memory to spare.
    if (entrance.tls || entrance.credentials || first.pod?.isReady !== true) throw error;
    return askByTools({ cluster, member: first, port: entrance.port, why: messageOf(error) }, access);
  }
}

async function askByProtocol(
  entrance: Entrance,
  cluster: DataCluster,
  reachable: readonly Reachable[],
  { cluster: live, clock, cancellation }: InsideAccess,
): Promise<Asked> {
  const nodeIds = reachable.map(({ nodeId, member }) => ({ nodeId, pod: member.name }));
  const connection = await live.kafka(toAccess(entrance, cluster.namespace, nodeIds));
  try {
    const memory = memoryOf(live, cluster.key, clock.now());
    return await askInside(connection, reachable, { principal: entrance.principal, memory, cancellation });
  } finally {
    connection.stop();
  }
}

function leftOut({ members }: DataCluster, reachable: readonly Reachable[]): readonly string[] {
  const running = members.filter(({ role, pod }) => role !== 'controller' && pod?.phase === 'Running').length;
  return running > MEMBER_LIMIT && reachable.length === MEMBER_LIMIT
    ? [`${count(running - MEMBER_LIMIT, 'broker')} beyond the first ${MEMBER_LIMIT} were not asked for their disks`]
    : [];
}

/** The way to the port is closed; a login that is refused would be refused to the tools as well. */
function isClosed(error: unknown): boolean {
  return error instanceof ClusterProblem && (error.kind === 'unreachable' || error.kind === 'forbidden');
}

interface Remembered {
  readonly at: number;
  readonly minIsr: Map<string, number>;
}

const memories = new WeakMap<Cluster, Map<string, Remembered>>();
/** Settings of topics may be remembered this long, in-sync replicas never. */
const CONFIG_MEMORY_MS = 60_000;

function memoryOf(live: Cluster, key: string, now: number): ConfigMemory {
  const all = memories.get(live) ?? new Map<string, Remembered>();
  memories.set(live, all);
  const before = all.get(key);
  const current =
    before && now - before.at < CONFIG_MEMORY_MS ? before : { at: now, minIsr: new Map<string, number>() };
  all.set(key, current);
  return current.minIsr;
}
