import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { examine, type Refusal } from '#core/systems/kafka/operations/restartChecks.ts';
import { restartOrder } from '#core/systems/kafka/operations/restartOrder.ts';
import { unavoidableTopics, type RestartLevel } from '#core/systems/kafka/operations/safety.ts';

export interface PlanPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly door: KafkaDoor;
  /** A new id for the plan. */
  readonly id: string;
}

/** Who owns the pods decides by what way they are restarted; these are nobody's but the StatefulSet's. */
const plainFlavours = new Set(['kubernetes', 'bitnami']);

/** Roughly how long a broker takes to end, start and catch up; the run itself measures. */
const EXPECTED_MS = 45_000;

/**
 * A plan for the restart of a cluster, or of some of its nodes, with every precondition checked now.
 * @throws ClusterProblem when the cluster cannot be asked, or when it is not one that we may restart
 */
export async function planKafkaRestart(cluster: DataCluster, wish: RestartWish, ports: PlanPorts): Promise<Plan> {
  const refusal = restartRefusal(cluster);
  if (refusal !== undefined) throw new ClusterProblem('invalid', refusal);
  const state = await ports.door.state(undefined);
  const members = restartOrder(chosen(cluster, wish), state);
  if (members.length === 0) throw new ClusterProblem('absent', `No node of ${cluster.name} is to be restarted.`);
  const target = await targetOf(cluster, ports.cluster, state.clusterId);
  const preconditions = examine({
    cluster,
    members,
    state,
    disks: await ports.door.disks(),
    refusals: await tryEvictions(members, ports.cluster),
    missingRights: await missingJournalRights(target, ports.cluster),
    now: ports.clock.now(),
  });
  const consented = unavoidableTopics(
    members.map(({ index }) => index ?? -1),
    state,
  );
  return {
    format: 1,
    id: ports.id,
    operation: 'restart',
    title: `Safe restart of Kafka ${cluster.name}`,
    target,
    madeAt: ports.clock.now(),
    parameters: {
      level: wish.level,
      consented,
      nodes: cluster.members.map(({ name }) => name),
      nodeIds: cluster.members.map(({ index }) => index ?? -1),
      brokers: brokersOf(cluster),
    },
    preconditions,
    steps: members.map((member) => stepFor(member, wish.level)),
    risks: [
      'A pod that does not start again ends the run there: one broker is out, all others are untouched.',
      'A broker that catches up slowly is waited for as long as it moves.',
      'Clients that do not retry see a few NOT_LEADER_OR_FOLLOWER answers at each hand-over of leaders.',
    ],
    needsTypedName: preconditions.some(({ state: verdict }) => verdict === 'consent'),
  };
}

/** What keeps a plan from being started. */
export function obstaclesOf({ preconditions }: Plan): readonly Precondition[] {
  return preconditions.filter(({ state }) => state === 'fails');
}

/** Why it is not restarted by us; undefined when a plan can be made. */
export function restartRefusal({ flavour, name }: DataCluster): string | undefined {
  if (plainFlavours.has(flavour)) return undefined;
  return `${name} is run by an operator (${flavour}), which would undo what is done to its pods behind its back. Restart it by the operator's own way; the report of its health here shows when the next node may go.`;
}

function chosen({ members, workloads }: DataCluster, { only, pendingOnly }: RestartWish): readonly LiveMember[] {
  const unknown = only?.filter((name) => members.every((member) => member.name !== name)) ?? [];
  if (unknown.length > 0) throw new ClusterProblem('absent', `There is no node ${unknown.join(', ')}.`);
  const revisions = new Set(workloads.map(({ updateRevision }) => updateRevision));
  return members.filter(({ name, pod }) => {
    const isPending = !revisions.has(pod?.meta.labels['controller-revision-hash'] ?? '');
    return (only?.includes(name) ?? true) && (pendingOnly !== true || isPending);
  });
}

function brokersOf({ members }: DataCluster): readonly number[] {
  return members.filter(({ role }) => role !== 'controller').map(({ index }) => index ?? -1);
}

function stepFor({ name, index, pod, role, rack }: LiveMember, level: RestartLevel): PlannedStep {
  const others =
    level === 'fully replicated' ? 'every other replica is in sync' : 'min.insync.replicas is kept everywhere';
  return {
    id: name,
    title: `Restart ${name} (${role} ${index ?? '?'}${rack === '' ? '' : `, rack ${rack}`})`,
    member: name,
    gate: `all other brokers are registered, ${others}, and the controllers keep their majority`,
    effect: `${name} is evicted; its leaders go to other brokers`,
    done: `a new pod is ready and its broker is in every ISR; then it leads its partitions again`,
    expectedMs: EXPECTED_MS,
    parameters: { pod: name, nodeId: index ?? -1, before: pod?.meta.uid ?? '' },
  };
}

/** Why pods would not be evicted; the server tries without effect, disruption budgets included. */
async function tryEvictions(members: readonly LiveMember[], cluster: Cluster): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const { pod } of members) {
    if (!pod) continue;
    const { namespace, name, uid } = pod.meta;
    try {
      await cluster.evict({ namespace, name, uid }, { dryRun: true });
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      refusals.push({ pod: name, reason: error.message, isForNow: error.kind === 'busy' });
    }
  }
  return refusals;
}
