import type { DataCluster } from '#core/live/model.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { NodePlanningPorts } from '#core/operations/operations.ts';
import type { NodePod, Residents } from '#core/operations/nodeDrain/residents.ts';
import { CLUSTER, KIND, NEW_NAMES, STEP } from '#core/operations/nodeDrain/steps.ts';
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
  const steps: PlannedStep[] = [];
  const preconditions: Precondition[] = [];
  const left: LeftMembers[] = [];
  for (const { data, pods } of members) {
    const reason = whyNotMoved(data, systems);
    if (reason !== undefined) {
      left.push({ data, pods, reason });
      continue;
    }
    const planned = await planPart({ data, pods }, systems, { ...ports, id: `${ports.id}.${parts.length + 1}` });
    if ('refusal' in planned) left.push({ data, pods, reason: planned.refusal });
    else if ('problem' in planned) preconditions.push(planned.problem);
    else {
      // Shown once, with the drain's own.
      parts.push({ ...planned.plan, preconditions: [] });
      steps.push(...inOrder(planned.plan.steps, data, pods).map((step) => ofDrain(step, data)));
      preconditions.push(...planned.plan.preconditions.map((one) => ofPart(one, data)));
    }
  }
  return { parts, steps, preconditions, left };
}

function whyNotMoved(data: DataCluster, systems: SystemTable): string | undefined {
  const offer = systems[data.system]?.offers(data).find(({ operation }) => operation === 'restart');
  if (!offer) return `Members of ${data.system} cannot be moved safely from here yet.`;
  return offer.refusal;
}

type PlannedPart =
  | { readonly plan: Plan }
  | { readonly problem: Precondition }
  /** Its system restarts other members as well, or none. */
  | { readonly refusal: string };

/** A drain follows members by their names. */
const NAMELESS =
  'Its operator gives new pods new names, by which a drain could not find them. Cordon the node, restart these members, then drain the rest.';

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
    if (plan?.steps.some(({ parameters }) => parameters[NEW_NAMES] === true)) return { refusal: NAMELESS };
    if (plan) return { plan };
    return { problem: { id: `${data.key}/plan`, title, state: 'fails', evidence: ['It cannot be planned.'] } };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'invalid') return { refusal: error.message };
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

/** As it is done in the drain. Steps that take nobody out, such as holding back a controller, are only carried along. */
function ofDrain(step: PlannedStep, data: DataCluster): PlannedStep {
  const carried = {
    ...step,
    id: `${data.key}/${step.id}`,
    title: `${shown(data)}: ${step.title}`,
    parameters: { [KIND]: 'member', [CLUSTER]: data.key, [STEP]: step.id },
  };
  if (step.member === undefined) return carried;
  return {
    ...carried,
    title: `${carried.title} on another node`,
    gate: `the node is cordoned, another one can take the pod, ${step.gate}`,
    done: `its pod is on another node; ${step.done}`,
  };
}

/**
 * Nodes that are only controllers go after the brokers: as long as the quorum is whole, brokers can hand over their leaders. One that is not
 * ready stays where its system has put it, because all others wait for it; so do steps that take nobody out.
 */
function inOrder(steps: readonly PlannedStep[], data: DataCluster, pods: readonly NodePod[]): readonly PlannedStep[] {
  const isLast = ({ member }: PlannedStep): boolean =>
    data.members.some(({ name, role }) => name === member && role === 'controller') &&
    pods.some(({ live }) => live.meta.name === member && live.isReady);
  const members = steps.filter(({ member }) => member !== undefined);
  const sorted = [...members.filter((step) => !isLast(step)), ...members.filter(isLast)];
  return steps.map((step) => (step.member === undefined ? step : (sorted.shift() ?? step)));
}

export function shown({ namespace, name }: DataCluster): string {
  return `${plainText(namespace, 63)}/${plainText(name, 63)}`;
}
