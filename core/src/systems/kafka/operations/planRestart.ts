import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition, StepValue } from '#core/operations/model.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { examine, type Refusal } from '#core/systems/kafka/operations/restartChecks.ts';
import { HELD_RESTART, type HeldRestartParameters } from '#core/operations/heldRestart.ts';
import { inChosenOrder, orderRisks, restartOrder } from '#core/systems/kafka/operations/restartOrder.ts';
import { RESTART } from '#core/systems/kafka/operations/restartOf.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import {
  examineTemplates,
  pendingMembers,
  type PendingTemplates,
} from '#core/systems/kafka/operations/templateChecks.ts';
import { KIND } from '#core/operations/stepKinds.ts';
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
  const members = inChosenOrder(restartOrder(chosen(cluster, wish), state), wish.order);
  if (members.length === 0) throw new ClusterProblem('absent', `No node of ${cluster.name} is to be restarted.`);
  const target = await targetOf(cluster, ports.cluster, state.clusterId);
  const templates = await examineTemplates(cluster, members, ports.cluster);
  const checked = examine({
    cluster,
    members,
    state,
    disks: await ports.door.disks(),
    refusals: await tryEvictions(members, ports.cluster),
    missingRights: await missingJournalRights(target, ports.cluster),
    now: ports.clock.now(),
  });
  const preconditions = [...checked, ...templates.preconditions, ...orderCheck(members, wish, state)];
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
    parameters: { level: wish.level, consented, ...nodeParameters(cluster) },
    preconditions,
    steps: [
      ...templates.steps.first,
      ...members.map((member) => stepFor(member, wish.level, heldBy(member, templates.held))),
      ...templates.steps.last,
    ],
    risks: [
      'A pod that does not start again ends the run there: one broker is out, all others are untouched.',
      'A broker that catches up slowly is waited for as long as it moves.',
      'Clients that do not retry see a few NOT_LEADER_OR_FOLLOWER answers at each hand-over of leaders.',
    ],
    needsTypedName: preconditions.some(({ state: verdict }) => verdict === 'consent'),
  };
}

/** Why it is not restarted by us; undefined when a plan can be made. */
export function restartRefusal({ flavour, name }: DataCluster): string | undefined {
  if (plainFlavours.has(flavour)) return undefined;
  return `${name} is run by an operator (${flavour}), which would undo what is done to its pods behind its back. Restart it by the operator's own way; the report of its health here shows when the next node may go.`;
}

/** @throws ClusterProblem of kind `absent` for names that there are not */
export function chosen(cluster: DataCluster, { only, order, pendingOnly }: RestartWish): readonly LiveMember[] {
  const { members } = cluster;
  const unknown = [...(only ?? []), ...(order ?? [])].filter((name) => members.every((member) => member.name !== name));
  if (unknown.length > 0) throw new ClusterProblem('absent', `There is no node ${unknown.join(', ')}.`);
  const pending = pendingMembers(cluster);
  return members.filter(({ name }) => (only?.includes(name) ?? true) && (pendingOnly !== true || pending.has(name)));
}

export function orderCheck(
  members: readonly LiveMember[],
  { order }: RestartWish,
  state: KafkaState,
): readonly Precondition[] {
  const evidence = order ? orderRisks(members, state) : [];
  if (evidence.length === 0) return [];
  return [{ id: 'order', title: 'The chosen order is as safe as ours', state: 'warns', evidence }];
}

/** By which restartOf.ts finds the nodes of a plan again. */
export function nodeParameters({ members }: DataCluster): Readonly<Record<string, StepValue>> {
  return {
    nodes: members.map(({ name }) => name),
    nodeIds: members.map(({ index }) => index ?? -1),
    brokers: members.filter(({ role }) => role !== 'controller').map(({ index }) => index ?? -1),
  };
}

function stepFor(
  { name, index, pod, role, rack }: LiveMember,
  level: RestartLevel,
  held: HeldRestartParameters | undefined,
): PlannedStep {
  return {
    id: name,
    title: `Restart ${name} (${role} ${index ?? '?'}${rack === '' ? '' : `, rack ${rack}`})`,
    member: name,
    gate: gateWords(level),
    effect: `${name} is evicted; its leaders go to other brokers${held ? '; it comes back with the new template' : ''}`,
    done: `a new pod is ready and its broker is in every ISR; then it leads its partitions again`,
    expectedMs: EXPECTED_MS,
    parameters: {
      [KIND]: held ? HELD_RESTART : RESTART,
      pod: name,
      nodeId: index ?? -1,
      before: pod?.meta.uid ?? '',
      ...held,
    },
  };
}

export function gateWords(level: RestartLevel): string {
  const others =
    level === 'fully replicated' ? 'every other replica is in sync' : 'min.insync.replicas is kept everywhere';
  return `all other brokers are registered, ${others}, and the controllers keep their majority`;
}

/** The StatefulSet of a member, where that is held. A pod that is not there is told by its name. */
function heldBy({ name, pod }: LiveMember, held: PendingTemplates['held']): HeldRestartParameters | undefined {
  const owner = pod?.meta.owners.find(({ kind }) => kind === 'StatefulSet')?.name ?? name.replace(/-\d+$/, '');
  const revision = held.get(owner);
  return revision === undefined ? undefined : { workload: owner, revision };
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
