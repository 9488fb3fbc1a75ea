import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import { strangerAs } from '#core/operations/operated/resource.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import { journalCheck, missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { ReplaceWish } from '#core/operations/wishes.ts';
import type { CassandraOperation } from '#core/systems/cassandra/operations/cassandraOperation.ts';
import { examineRing } from '#core/systems/cassandra/operations/examination.ts';
import { cassOperator } from '#core/systems/cassandra/operations/operated/cassOperator.ts';
import { createTask, type TaskTarget } from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { datacenterCheck, tasksCheck } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import { FLAVOUR } from '#core/systems/cassandra/operations/operated/operatedPlan.ts';
import { taskTargetOf } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import { placeText } from '#core/systems/cassandra/operations/planRestart.ts';
import { deadChecks } from '#core/systems/cassandra/operations/replace/deadChecks.ts';
import { examineDead } from '#core/systems/cassandra/operations/replace/examineDead.ts';
import { meantNode } from '#core/systems/cassandra/operations/replace/findDead.ts';
import { deadParameters, planParameters, REPLACE_MS } from '#core/systems/cassandra/operations/replace/planParts.ts';
import { REPLACE_BY_TASK, TaskStep } from '#core/systems/cassandra/operations/replace/taskStep.ts';
import { otherKubernetes, ringTargetOf } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

/** A dead node of cass-operator, which replaces it itself. */
export const replaceByTask: CassandraOperation<'replace'> = {
  refusal: cassOperator.refusal,
  plan: planByTask,
  procedure: byTaskOf,
};

/** @throws ClusterProblem when no node can be asked, or when it cannot be told which node is meant */
async function planByTask(wish: ReplaceWish, { data, ...ports }: PlanningPorts): Promise<Plan> {
  const { cluster, clock, id } = ports;
  const task = taskTargetOf(data);
  if (wish.how === 'remove')
    throw new ClusterProblem(
      'invalid',
      'cass-operator removes nodes when its size is lowered; from here it replaces them.',
    );
  if (!task || !data.resource)
    throw new ClusterProblem('absent', `The CassandraDatacenter of ${data.name} may not be read.`);
  const { reading, problems } = await examineRing(data, ports);
  const meant = meantNode(wish, data, reading.ring);
  const target = await targetOf(data, cluster, reading.clusterNames[0]);
  const found = await examineDead({ wish, data, meant, reading, problems }, ports);
  const operators = await findOperators(cluster, 'cass-operator', data.namespace);
  const { pod } = meant;
  const step: PlannedStep = {
    id: `replace-${pod}`,
    title: `Have cass-operator replace ${pod}${placeText(meant.node)}`,
    member: pod,
    gate: `cass-operator is at rest; nothing of ${pod} runs, every other node sees it down, and the others are whole; then its name is typed once more`,
    effect: `a CassandraTask replacenode: cass-operator deletes the claims and the pod of ${pod}, and starts it with the address of the dead node`,
    done: `${pod} is up for every node and serves clients, and nobody knows the dead node any more`,
    expectedMs: REPLACE_MS,
    parameters: { ...deadParameters(found), [KIND]: REPLACE_BY_TASK },
  };
  return {
    format: 1,
    id,
    operation: 'replace',
    title: `Replace the dead node ${pod} of Cassandra ${data.name} by cass-operator`,
    target,
    madeAt: clock.now(),
    parameters: {
      ...planParameters(found),
      ...operatorParameters(operators),
      clusterName: task.clusterName,
      [FLAVOUR]: 'cass-operator',
    },
    preconditions: [
      journalCheck(await missingJournalRights(target, cluster)),
      ...deadChecks.flatMap((check): readonly Precondition[] => [check(found)].flatMap((one) => one ?? [])),
      operatorCheck('cass-operator', data.namespace, operators),
      datacenterCheck(data.resource, true),
      await tasksCheck(cluster, task, true),
      await taskTaken(cluster, task, id, pod),
    ],
    steps: [step],
    risks: [
      'The volume of the dead node is deleted with all that may still be on it. Before that the run pauses and wants the name of the pod.',
      'Once cass-operator has begun it goes on by itself, whoever watches; ended early, the run leaves it to the operator.',
      'It is sent each range by one replica. What that one lacked it lacks too, until it is repaired.',
    ],
    needsTypedName: true,
  };
}

/** The server tries without effect. */
async function taskTaken(
  cluster: PlanningPorts['cluster'],
  target: TaskTarget,
  planId: string,
  pod: string,
): Promise<Precondition> {
  const id = { id: 'task-right', title: 'A CassandraTask may be created' };
  try {
    const wanted = {
      target,
      planId,
      stepId: 'try',
      command: 'replacenode',
      args: { pod_name: pod },
      scope: pod,
    } as const;
    await createTask(cluster, wanted, { dryRun: true });
    return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
    return { ...id, state: 'fails', evidence: [error.message], fix: 'Ask for the right to create CassandraTasks.' };
  }
}

function byTaskOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const target = ringTargetOf(plan, ports);
  const level = plan.parameters['level'] === 'min-ISR safe' ? 'min-ISR safe' : 'fully replicated';
  const { anchor, namespace } = plan.target;
  return new ProcedureOfKinds(
    { [REPLACE_BY_TASK]: new TaskStep(plan, target, level) },
    async () => (await otherKubernetes(target)) ?? strangerAs(ports.cluster, namespace, anchor),
  );
}
