import type { DataCluster } from '#core/live/model.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { HeldSet } from '#core/operations/helmRollback/heldSets.ts';
import type { RollbackPlanningPorts } from '#core/operations/helmRollback/planRollback.ts';
import { CLUSTER, KIND, MEMBER, STEP } from '#core/operations/helmRollback/steps.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { SystemTable } from '#core/operations/systemOperations.ts';

/** How the members of data clusters come to the new template: by the restart of their own systems. */
export interface MemberParts {
  readonly parts: readonly Plan[];
  readonly steps: readonly PlannedStep[];
  readonly preconditions: readonly Precondition[];
}

/** @throws ClusterProblem when a data cluster cannot be asked at all */
export async function planMembers(
  held: readonly HeldSet[],
  ports: RollbackPlanningPorts & { readonly systems: SystemTable },
): Promise<MemberParts> {
  const parts: Plan[] = [];
  const steps: PlannedStep[] = [];
  const preconditions: Precondition[] = [];
  for (const data of new Set(held.map((one) => one.data))) {
    const sets = held.filter((one) => one.data === data);
    const planned = await planPart(data, sets, { ...ports, id: `${ports.id}.${parts.length + 1}` });
    if ('problem' in planned) preconditions.push(planned.problem);
    else {
      parts.push({ ...planned, preconditions: [] });
      steps.push(...planned.steps.map((step) => ofRollback(step, data, sets)));
      preconditions.push(...planned.preconditions.map((one) => ofPart(one, data)));
    }
  }
  return { parts, steps, preconditions };
}

async function planPart(
  data: DataCluster,
  sets: readonly HeldSet[],
  { systems, cluster, clock, id }: RollbackPlanningPorts & { readonly systems: SystemTable },
): Promise<Plan | { readonly problem: Precondition }> {
  const title = `${shown(data)}: its members can be restarted safely`;
  const only = data.members.filter(({ name }) => setOf(name, sets) !== undefined).map(({ name }) => name);
  try {
    const wish = { operation: 'restart', level: 'fully replicated', only } as const;
    const plan = await systems[data.system]?.plan(wish, { data, cluster, clock, id });
    if (plan) return plan;
    return { problem: { id: `${data.key}/plan`, title, state: 'fails', evidence: ['It cannot be planned.'] } };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    const fix = 'Repair it first, and plan the rollback again.';
    return { problem: { id: `${data.key}/plan`, title, state: 'fails', evidence: [error.message], fix } };
  }
}

/** Pods of a StatefulSet have its name and a number. */
function setOf(pod: string, sets: readonly HeldSet[]): HeldSet | undefined {
  return sets.find(({ name }) => pod.startsWith(`${name}-`) && /^\d+$/.test(pod.slice(name.length + 1)));
}

/** As it is done in the rollback. */
function ofRollback(step: PlannedStep, data: DataCluster, sets: readonly HeldSet[]): PlannedStep {
  const workload = step.member === undefined ? '' : (setOf(step.member, sets)?.name ?? '');
  const carried = {
    ...step,
    id: `${data.key}/${step.id}`,
    title: `${shown(data)}: ${step.title}`,
    parameters: { [KIND]: MEMBER, [CLUSTER]: data.key, [STEP]: step.id, workload, pod: step.member ?? '' },
  };
  if (step.member === undefined) return carried;
  return {
    ...carried,
    gate: `the rollback is deployed, ${workload} is at OnDelete and its controller has seen the new template, ${step.gate}`,
    done: `the pod has the new template; ${step.done}`,
  };
}

/** That a run can be written down is asked once for all. */
function ofPart(precondition: Precondition, data: DataCluster): Precondition {
  return { ...precondition, id: `${data.key}/${precondition.id}`, title: `${shown(data)}: ${precondition.title}` };
}

function shown({ namespace, name }: DataCluster): string {
  return `${plainText(namespace, 63)}/${plainText(name, 63)}`;
}
