import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { OperationTarget, Plan, PlannedStep, Precondition, StepValue } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { journalCheck, targetOf } from '#core/operations/target.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';
import { examineRest, examineRing, type Examination } from '#core/systems/cassandra/operations/examination.ts';
import { pendingMembers, podPreconditions } from '#core/systems/cassandra/operations/podPreconditions.ts';
import { nodeParameters } from '#core/systems/cassandra/operations/restartOf.ts';
import { inChosenOrder, orderRisks, restartOrder } from '#core/systems/cassandra/operations/restartOrder.ts';
import { quorumFindings, ringPreconditions } from '#core/systems/cassandra/operations/ringPreconditions.ts';
import type { RestartLevel } from '#core/systems/cassandra/operations/safety.ts';

/** Roughly how long a node takes to end, start, settle and get its hints: 75 to 80 s were measured; the run itself measures. */
export const EXPECTED_MS = 80_000;

/** What a restart would meet now. */
export interface RestartLook {
  /** Those that are restarted, in their order. */
  readonly members: readonly LiveMember[];
  readonly target: OperationTarget;
  readonly examination: Examination;
  readonly preconditions: readonly Precondition[];
}

/**
 * A plan for the restart of a ring, or of some of its nodes, with every precondition checked now.
 * @throws ClusterProblem when no node can be asked, or when it is not a ring that we may restart
 */
export async function planCassandraRestart(wish: RestartWish, ports: PlanningPorts): Promise<Plan> {
  return restartPlan(wish, ports, await lookAtRestart(wish, ports));
}

/** @throws ClusterProblem when no node can be asked, or when the wish cannot be fulfilled there */
export async function lookAtRestart(wish: RestartWish, { data, ...ports }: PlanningPorts): Promise<RestartLook> {
  const { reading, problems } = await examineRing(data, ports);
  const members = inChosenOrder(restartOrder(chosen(data, wish), reading.ring), wish.order);
  if (members.length === 0) throw new ClusterProblem('absent', `No node of ${data.name} is to be restarted.`);
  const target = await targetOf(data, ports.cluster, reading.clusterNames[0]);
  const found = { data, members, level: wish.level, reading, problems };
  const examination = await examineRest(found, target, ports);
  const preconditions = [...preconditionsOf(examination), ...orderCheck(members, wish, reading.ring)];
  return { members, target, examination, preconditions };
}

/** One pod after the other, each drained and evicted. */
export function restartPlan(
  wish: RestartWish,
  { data, ...ports }: PlanningPorts,
  { members, target, examination, preconditions }: RestartLook,
): Plan {
  const { ring } = examination.reading;
  return {
    format: 1,
    id: ports.id,
    operation: 'restart',
    title: `Safe restart of Cassandra ${data.name}`,
    target,
    madeAt: ports.clock.now(),
    parameters: { level: wish.level, ...consentParameters(examination), ...nodeParameters(data, ring) },
    preconditions,
    steps: members.map((member) => stepFor(member, wish.level, data, ring)),
    risks: [
      'A node that does not come back ends the run there: one is away, all others are untouched. Others keep writes for it for three hours as a rule; after that it has to be repaired.',
      'A drain cannot be taken back: once begun, the restart of that node is awaited to its end.',
      'Clients see the connections to the node close; a driver tries its requests at another node if it may.',
    ],
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
  };
}

/** Every question, asked in the order in which it is shown. */
export function preconditionsOf(examination: Examination): readonly Precondition[] {
  return [
    journalCheck(examination.missingJournalRights),
    ...[...ringPreconditions, ...podPreconditions].map((check) => check(examination)),
  ];
}

export function consentParameters(examination: Examination): Readonly<Record<string, StepValue>> {
  return { consented: quorumFindings(examination).unavoidable.map(({ keyspace }) => keyspace) };
}

/** Who owns the pods decides by what way they are restarted; these are nobody's but the StatefulSet's. */
export function refusalOf({ flavour, name, resource, workloads }: DataCluster): string | undefined {
  if (flavour !== 'kubernetes' || resource !== undefined) {
    return `${name} is run by an operator (${flavour}), which would undo what is done to its pods behind its back. Restart it by the operator's own way; the report of its health here shows when the next node may go.`;
  }
  const other = workloads.find(({ kind }) => kind !== 'StatefulSet');
  if (other)
    return `${name} is run by a ${other.kind}, whose pods come back as new nodes; only a StatefulSet gives them their volumes again.`;
  return undefined;
}

/** @throws ClusterProblem of kind `absent` for names that there are not */
function chosen(data: DataCluster, { only, order, pendingOnly }: RestartWish): readonly LiveMember[] {
  requireMembers(data, [...(only ?? []), ...(order ?? [])]);
  const pending = pendingMembers(data);
  return data.members.filter(
    ({ name }) => (only?.includes(name) ?? true) && (pendingOnly !== true || pending.has(name)),
  );
}

/** @throws ClusterProblem of kind `absent` for names that there are not */
export function requireMembers({ members }: DataCluster, names: readonly string[]): void {
  const unknown = names.filter((name) => members.every((member) => member.name !== name));
  if (unknown.length > 0) throw new ClusterProblem('absent', `There is no node ${unknown.join(', ')}.`);
}

function orderCheck(members: readonly LiveMember[], { order }: RestartWish, ring: RingView): readonly Precondition[] {
  const evidence = order ? orderRisks(members, ring) : [];
  if (evidence.length === 0) return [];
  return [{ id: 'order', title: 'The chosen order is as safe as ours', state: 'warns', evidence }];
}

function stepFor(member: LiveMember, level: RestartLevel, data: DataCluster, ring: RingView): PlannedStep {
  const { name } = member;
  const node = ring.nodes.find((one) => one.member === name);
  const isDrained = node?.verdict === 'drained';
  const hints = level === 'fully replicated' ? ', and has got the writes kept for it' : '';
  return {
    id: name,
    title: `Restart ${name}${placeText(node)}`,
    member: name,
    gate: isDrained ? `every other node is up and normal for all; ${name} is drained already` : gateWords(level),
    effect: `${name} ${isDrained ? 'is' : 'is drained, its peers see it down, and its pod is'} evicted`,
    done: `a new pod has the same Host ID, is up for every node, serves clients, stays so for 10 s${hints}`,
    expectedMs: EXPECTED_MS,
    parameters: stepParameters(member, data, ring),
  };
}

export function gateWords(level: RestartLevel): string {
  const others =
    level === 'fully replicated'
      ? 'every node is up and normal for every other'
      : 'nothing joins, leaves or is disputed';
  return `${others}, on one schema; nothing is streamed or repaired; every range keeps a QUORUM`;
}

export function placeText(node: RingNode | undefined): string {
  return node ? ` (${node.datacenter}, rack ${node.rack})` : '';
}

/** What a step has to know of its node. */
export function stepParameters(
  { name, pod, version }: LiveMember,
  data: DataCluster,
  ring: RingView,
): Readonly<Record<string, StepValue>> {
  return {
    pod: name,
    before: pod?.meta.uid ?? '',
    hostId: ring.nodes.find(({ member }) => member === name)?.hostId ?? '',
    version: version || data.version,
  };
}
