import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type AccessQuestion, type Clock, type Cluster } from '#core/live/ports.ts';
import { OtherNodes, type Elsewhere } from '#core/operations/nodeDrain/elsewhere.ts';
import { tryEviction, type Refused } from '#core/operations/nodeDrain/evictions.ts';
import { pods as podKind } from '#core/operations/nodeDrain/kinds.ts';
import { readNode } from '#core/operations/nodeDrain/node.ts';
import type { OperationTarget } from '#core/operations/model.ts';
import { missingJournalRights } from '#core/operations/target.ts';
import { neverCancelled } from '#core/ports.ts';
import { inspectRing } from '#core/systems/cassandra/live/inspect.ts';
import { managementEntrance } from '#core/systems/cassandra/management/access.ts';
import { RingDoor } from '#core/systems/cassandra/operations/door.ts';
import { askHandoffs, type Handoff } from '#core/systems/cassandra/operations/handoff.ts';
import { lossesOf } from '#core/systems/cassandra/operations/obstacles.ts';
import type { RingReading } from '#core/systems/cassandra/operations/reading.ts';
import type { RangesOf, RestartLevel } from '#core/systems/cassandra/operations/safety.ts';

/** Everything that was found out before a plan is made. */
export interface Examination {
  readonly data: DataCluster;
  /** Those that are to be taken out, in the order in which they go. */
  readonly members: readonly LiveMember[];
  readonly level: RestartLevel;
  readonly reading: RingReading;
  /** Who could not be asked and why, a sentence each. */
  readonly problems: readonly string[];
  /** Of keyspaces for which racks and factors do not settle it. */
  readonly ranges: RangesOf;
  readonly handoffs: readonly Handoff[];
  readonly placements: readonly Placement[];
  /** Evictions that would not be allowed; from server-side dry runs. */
  readonly refusals: readonly Refused[];
  /** What may not be done, and has to be. */
  readonly missingRights: readonly string[];
  readonly missingJournalRights: readonly string[];
  readonly now: number;
}

/** Where a pod is that may not come back there. */
export interface Placement {
  readonly pod: string;
  /** What is wrong with its Kubernetes node; undefined when it may not be read. */
  readonly trouble: string | undefined;
  readonly elsewhere: Elsewhere;
}

export interface ExaminingPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

/** What the nodes say now. @throws ClusterProblem when none of them could be asked */
export async function examineRing(
  data: DataCluster,
  { cluster, clock }: ExaminingPorts,
): Promise<{ readonly reading: RingReading; readonly problems: readonly string[] }> {
  const { facts, problems } = await inspectRing(data, { cluster, clock, cancellation: neverCancelled });
  if (!facts) throw new ClusterProblem('unreachable', `${problems.join('. ')}.`);
  const names = facts.answers.map(({ cluster: described }) => described?.name ?? '');
  const reading: RingReading = {
    ring: facts.ring,
    answers: facts.answers,
    clusterNames: [...new Set(names)].filter((name) => name !== ''),
    keyspaces: facts.keyspaces.length === 0 ? undefined : facts.keyspaces,
  };
  return { reading, problems };
}

export type Found = Pick<Examination, 'data' | 'members' | 'level' | 'reading' | 'problems'>;

/** Looks at everything else that a node's departure depends on. @throws ClusterProblem */
export async function examineRest(
  found: Found,
  target: OperationTarget,
  { cluster, clock }: ExaminingPorts,
): Promise<Examination> {
  const { data, members } = found;
  const door = new RingDoor(cluster, new Map(data.members.map(({ name, container }) => [name, container])));
  const observers = data.members.flatMap(({ name, pod }) =>
    pod && found.reading.ring.observers.includes(name) ? [pod] : [],
  );
  const [first] = observers;
  const keyspaces = unsettled(found);
  return {
    ...found,
    ranges: first && keyspaces.length > 0 ? await door.ranges(first, keyspaces) : new Map(),
    handoffs: await askHandoffs(door, observers),
    placements: await placementsOf(members, cluster),
    refusals: await tryEvictions(members, cluster),
    missingRights: await missingRights(target, data, cluster),
    missingJournalRights: await missingJournalRights(target, cluster),
    now: clock.now(),
  };
}

/** Keyspaces that may lose QUORUM because of who is away already: only their ranges can tell. */
function unsettled({ data, members, level, reading }: Found): readonly string[] {
  const all = data.members.map(({ name }) => name);
  const losses = members.flatMap(({ name }) => {
    const departure = { target: name, members: all, consented: new Set<string>() };
    const alone = new Set(
      lossesOf({ ...departure, level: 'fully replicated' }, reading).map(({ keyspace }) => keyspace),
    );
    return lossesOf({ ...departure, level }, reading).filter(({ keyspace }) => !alone.has(keyspace));
  });
  return [...new Set(losses.map(({ keyspace }) => keyspace))];
}

async function tryEvictions(members: readonly LiveMember[], cluster: Cluster): Promise<readonly Refused[]> {
  const refusals: Refused[] = [];
  for (const { pod } of members) {
    const refused = pod && (await tryEviction(cluster, pod.meta));
    if (refused) refusals.push(refused);
  }
  return refusals;
}

/** Pods whose Kubernetes node would not take them again, with what others would. */
async function placementsOf(members: readonly LiveMember[], cluster: Cluster): Promise<readonly Placement[]> {
  const placements: Placement[] = [];
  for (const { name, pod } of members) {
    if (!pod || pod.node === '') continue;
    const trouble = await troubleOf(pod.node, cluster);
    if (trouble === '') continue;
    const raw = await cluster.get({ ...podKind, namespace: pod.meta.namespace, name });
    const elsewhere = await new OtherNodes(cluster, pod.node).for({ live: pod, raw });
    placements.push({ pod: name, trouble, elsewhere });
  }
  return placements;
}

/** Empty for a node that takes pods. */
async function troubleOf(node: string, cluster: Cluster): Promise<string | undefined> {
  try {
    const { live } = await readNode(cluster, node);
    if (!live.isSchedulable) return `${node} is cordoned`;
    return live.isReady ? '' : `${node} is not ready`;
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'absent') return `There is no node ${node}`;
    if (error.kind === 'forbidden') return undefined;
    throw error;
  }
}

/** Commands in pods are not needed where every node can be asked by its management API. */
async function missingRights(
  { namespace }: OperationTarget,
  data: DataCluster,
  cluster: Cluster,
): Promise<readonly string[]> {
  const may = async (resource: string): Promise<boolean> => {
    const question: AccessQuestion = { verb: 'create', group: '', resource, namespace };
    return (await cluster.can(question)).isAllowed;
  };
  const missing = (resource: string): string => `No right to create ${resource} in ${namespace}`;
  const isEntered = (await may('pods/exec')) || (hasManagementOnly(data) && (await may('pods/portforward')));
  const [entry, eviction] = [
    isEntered ? [] : [missing('pods/exec')],
    (await may('pods/eviction')) ? [] : [missing('pods/eviction')],
  ];
  return [...entry, ...eviction];
}

const hasManagementOnly = ({ members }: DataCluster): boolean =>
  members.every(({ pod, container }) => pod !== undefined && managementEntrance(pod, container) !== undefined);
