import type { DataCluster } from '#core/live/model.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { NodePlanningPorts } from '#core/operations/operations.ts';
import type { NodePod, Residents } from '#core/operations/nodeDrain/residents.ts';
import { CLUSTER, KIND, STEP } from '#core/operations/nodeDrain/steps.ts';
import type { SystemTable } from '#core/operations/systemOperations.ts';

/** What a drain makes of the data clusters that have members on the node. */
export interface Parts {
  readonly parts: readonly Plan[];
  readonly steps: readonly PlannedStep[];
  /** Of the parts, and of those that could not be planned. */
  readonly preconditions: readonly Precondition[];
  /** Members that stay, with the reason. */
  readonly left: readonly LeftMembers[];
}

export interface LeftMembers {
  readonly data: DataCluster;
  readonly pods: readonly NodePod[];
  readonly reason: string;
}

/** A restart that ends on another node is what moves a member; so each system's own restart is asked for a plan. */
export async function planParts(
  members: Residents['members'],
  systems: SystemTable,
  ports: NodePlanningPorts,
): Promise<Parts> {
  const parts: Plan[] = [];
  const steps: Member[] = [];
  const preconditions: Precondition[] = [];
  const left: LeftMembers[] = [];
  for (const { data, pods } of members) {
    const reason = whyNotMoved(data, systems);
    if (reason !== undefined) {
      left.push({ data, pods, reason });
      continue;
    }
    const planned = await planPart({ data, pods }, systems, { ...ports, id: `${ports.id}.${parts.length + 1}` });
    if ('problem' in planned) {
      preconditions.push(planned.problem);
      continue;
    }
    parts.push({ ...planned.plan, preconditions: [] });
    steps.push(...planned.plan.steps.map((step) => memberOf(step, data)));
    preconditions.push(...planned.plan.preconditions.map((one) => ofPart(one, data)));
  }
  return { parts, steps: inOrder(steps), preconditions, left };
}

function whyNotMoved(data: DataCluster, systems: SystemTable): string | undefined {
  const offer = systems[data.system]?.offers(data).find(({ operation }) => operation === 'restart');
  if (!offer) return `Members of ${data.system} cannot be moved safely from here yet.`;
  return offer.refusal;
}

type PlannedPart = { readonly plan: Plan } | { readonly problem: Precondition };

/** A data cluster that cannot be planned keeps the node from being drained, and everything else is looked at nevertheless. */
async function planPart(
  { data, pods }: Residents['members'][number],
  systems: SystemTable,
  { cluster, clock, id }: NodePlanningPorts,
): Promise<PlannedPart> {
  const title = `${shown(data)}: its members can be restarted safely`;
  try {
    const only = pods.map(({ live }) => live.meta.name);
    const wish = { operation: 'restart', level: 'fully replicated', only } as const;
    const plan = await systems[data.system]?.plan(wish, { data, cluster, clock, id });
    if (plan) return { plan };
    return { problem: { id: `${data.key}/plan`, title, state: 'fails', evidence: ['It cannot be planned.'] } };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    const fix = 'Repair it first, and plan the drain again.';
    return { problem: { id: `${data.key}/plan`, title, state: 'fails', evidence: [error.message], fix } };
  }
}

/** Shown as its own; that a run can be written down is asked once for all. */
function ofPart(precondition: Precondition, data: DataCluster): Precondition {
  const id = precondition.id === 'journal' ? JOURNAL_OF_PART : `${data.key}/${precondition.id}`;
  return { ...precondition, id, title: `${shown(data)}: ${precondition.title}` };
}

/** Taken together with the one of the drain. */
export const JOURNAL_OF_PART = 'journal-of-part';

interface Member extends PlannedStep {
  readonly isController: boolean;
}

function memberOf(step: PlannedStep, data: DataCluster): Member {
  const role = data.members.find(({ name }) => name === step.member)?.role;
  return {
    ...step,
    id: `${data.key}/${step.id}`,
    title: `${shown(data)}: ${step.title}`,
    gate: `the node is cordoned, another one can take the pod, ${step.gate}`,
    done: `its pod is on another node; ${step.done}`,
    parameters: { [KIND]: 'member', [CLUSTER]: data.key, [STEP]: step.id },
    isController: role === 'controller',
  };
}

/** Nodes that are only controllers come last: as long as the quorum is whole, brokers can hand over their leaders. */
function inOrder(steps: readonly Member[]): readonly PlannedStep[] {
  const sorted = steps.toSorted((a, b) => Number(a.isController) - Number(b.isController));
  return sorted.map(({ isController: _isController, ...step }) => step);
}

export function shown({ namespace, name }: DataCluster): string {
  return `${plainText(namespace, 63)}/${plainText(name, 63)}`;
}
