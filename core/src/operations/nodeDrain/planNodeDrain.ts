import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { OperationTarget, Plan } from '#core/operations/model.ts';
import { examine } from '#core/operations/nodeDrain/checks.ts';
import { OtherNodes, type Elsewhere } from '#core/operations/nodeDrain/elsewhere.ts';
import { findBudgets, tryEviction, type Refused } from '#core/operations/nodeDrain/evictions.ts';
import { readNode, type DrainedNode } from '#core/operations/nodeDrain/node.ts';
import { planParts, straysAmong, type DecisiveHere, type Parts } from '#core/operations/nodeDrain/parts.ts';
import { pinnedChoices } from '#core/operations/nodeDrain/pinned.ts';
import { podName, podsOn, sortResidents, type NodePod, type Residents } from '#core/operations/nodeDrain/residents.ts';
import { cordonStep, evictStep, openStep, verifyStep } from '#core/operations/nodeDrain/steps.ts';
import type { NodePlanningPorts } from '#core/operations/operations.ts';
import type { SystemTable } from '#core/operations/systemOperations.ts';
import { missingJournalRights } from '#core/operations/target.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';

export interface NodeDrainPorts extends NodePlanningPorts {
  readonly systems: SystemTable;
}

/**
 * A plan that empties a node: cordon, then the members of data clusters one at a time by the way of their own system, then all other pods,
 * then a look at what is left. Every precondition is checked now.
 * @throws ClusterProblem when the cluster cannot be asked, there is no such node, or its pods may not be listed
 */
export async function planNodeDrain(wish: NodeDrainWish, ports: NodeDrainPorts): Promise<Plan> {
  const { cluster, clock, id } = ports;
  const node = await readNode(cluster, wish.node);
  const onNode = meantOf(await podsOn(cluster, wish.node), wish);
  const isAsked = ({ system }: DataCluster): boolean => ports.systems[system]?.departure !== undefined;
  const all = sortResidents(onNode, ports.clusters, isAsked);
  const strays = straysAmong(all.others, ports.systems);
  const planned = await planParts(all.members, wish, ports);
  const parts: Parts = { ...planned, decisive: [...planned.decisive, ...strays] };
  const residents = withoutStrays(all, strays, wish);
  const target = await targetOf(node, residents, cluster);
  const leaving = leavingOf(residents, parts);
  const elsewhere = await placesOf(cluster, wish.node, leaving);
  const preconditions = examine({
    node,
    wish,
    residents,
    parts,
    elsewhere,
    pinned: pinnedChoices(residents.members, elsewhere, ports.systems),
    missingRights: await missingRights(cluster, wish.node, residents.others),
    missingJournalRights: await missingJournalRights(target, cluster),
    refused: await tryAll(cluster, [...parts.evicted, ...residents.others]),
    ...(await findBudgets(cluster, leaving)),
  });
  return {
    format: 1,
    id,
    operation: 'drain',
    title: titleOf(wish),
    target,
    madeAt: clock.now(),
    parameters: {
      emptyDir: wish.emptyDir,
      unmovable: wish.unmovable ?? 'refuse',
      left: [...parts.left.flatMap(({ pods }) => pods), ...keptOf(parts, strays, wish)].map(podName),
      ...(wish.only ? { only: wish.only } : {}),
    },
    preconditions,
    steps: [
      cordonStep(wish.node),
      ...parts.steps,
      ...residents.others.map(evictStep),
      ...parts.waits,
      wish.only ? openStep(wish.node) : verifyStep(wish.node),
    ],
    risks: risksOf(parts, wish),
    needsTypedName:
      preconditions.some(({ state }) => state === 'consent') || parts.parts.some((part) => part.needsTypedName),
    ...(parts.parts.length > 0 ? { parts: parts.parts } : {}),
  };
}

function risksOf({ parts }: Parts, { only }: NodeDrainWish): readonly string[] {
  return [
    'A pod that finds no node stays pending. A member of a data cluster ends the run there, and the node takes pods again.',
    'A disruption budget that never allows an eviction is waited for until somebody cancels; its name is told.',
    only
      ? 'Nothing new is placed on the node while the run lasts.'
      : 'Once it is done the node stays cordoned until somebody uncordons it.',
    ...new Set(parts.flatMap(({ risks }) => risks)),
  ];
}

/** All pods, or those that are named. @throws ClusterProblem when one of them is not on the node */
function meantOf(onNode: readonly NodePod[], { node, only }: NodeDrainWish): readonly NodePod[] {
  if (!only) return onNode;
  const missing = only.filter((name) => !onNode.some((pod) => podName(pod) === name));
  if (missing.length > 0) throw new ClusterProblem('invalid', `There is no pod ${missing.join(', ')} on ${node}.`);
  return onNode.filter((pod) => only.includes(podName(pod)));
}

function titleOf({ node, only }: NodeDrainWish): string {
  return only ? `Move ${only.join(', ')} off the node ${node}` : `Drain of the node ${node}`;
}

/** Decisive pods that stay there on purpose. */
function keptOf(
  { decisive }: Parts,
  strays: readonly DecisiveHere[],
  { unmovable = 'refuse' }: NodeDrainWish,
): readonly NodePod[] {
  if (unmovable === 'evict') return [];
  return (unmovable === 'wait' ? strays : decisive).map(({ pod }) => pod);
}

/** Pods of jobs that are not known are evicted like others only when the wish says so. */
function withoutStrays(all: Residents, strays: readonly DecisiveHere[], { unmovable }: NodeDrainWish): Residents {
  if (unmovable === 'evict') return all;
  return { ...all, others: all.others.filter((pod) => !strays.some((stray) => stray.pod === pod)) };
}

/** What needs a place elsewhere: not what stays, nor decisive pods, which nobody makes again as they are. */
function leavingOf({ members, others }: Residents, { left, decisive }: Parts): readonly NodePod[] {
  const stay = new Set([...left.flatMap(({ pods }) => pods), ...decisive.map(({ pod }) => pod)]);
  return [...members.flatMap(({ pods }) => pods).filter((pod) => !stay.has(pod)), ...others];
}

/** Journal and lock are kept with the first data cluster on the node, else in `default`: nodes have no namespace. */
async function targetOf({ live }: DrainedNode, { members }: Residents, cluster: Cluster): Promise<OperationTarget> {
  const { name, uid } = live.meta;
  return {
    context: cluster.context.name,
    clusterIdentity: await cluster.identity(),
    namespace: members[0]?.data.namespace ?? 'default',
    system: 'kubernetes',
    key: `kubernetes/${name}`,
    name,
    anchor: { apiVersion: 'v1', kind: 'Node', name, uid },
    systemIdentity: undefined,
  };
}

/** Members come first: they are the ones that matter when there is room for some only. */
async function placesOf(
  cluster: Cluster,
  node: string,
  leaving: readonly NodePod[],
): Promise<ReadonlyMap<NodePod, Elsewhere>> {
  const others = new OtherNodes(cluster, node);
  const places = new Map<NodePod, Elsewhere>();
  for (const pod of leaving) places.set(pod, await others.for(pod));
  return places;
}

/** Members are asked for by their parts: not every system evicts. */
async function missingRights(cluster: Cluster, node: string, others: readonly NodePod[]): Promise<readonly string[]> {
  const namespaces = [...new Set(others.map(({ live }) => live.meta.namespace))];
  const questions = [
    { verb: 'patch', group: '', resource: 'nodes', name: node },
    ...namespaces.map((namespace) => ({ verb: 'create', group: '', resource: 'pods/eviction', namespace })),
  ];
  const answers = await Promise.all(
    questions.map(async (question) => ({ question, answer: await cluster.can(question) })),
  );
  return answers.flatMap(({ question, answer }) => {
    if (answer.isAllowed) return [];
    const where = 'namespace' in question ? ` in ${question.namespace}` : '';
    return [`No right to ${question.verb} ${question.resource}${where}`];
  });
}

async function tryAll(cluster: Cluster, pods: readonly NodePod[]): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  for (const { live } of pods) {
    if (live.meta.deletedAt !== undefined) continue;
    const one = await tryEviction(cluster, live.meta);
    if (one) refused.push(one);
  }
  return refused;
}
