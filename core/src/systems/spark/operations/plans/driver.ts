import { ClusterProblem } from '#core/live/ports.ts';
import { plainText } from '#core/live/plainText.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import { readMemberPods } from '#core/operations/memberPods.ts';
import { targetOf } from '#core/operations/target.ts';
import type { StopWish } from '#core/operations/wishes.ts';
import type { LivePod } from '#core/live/objects.ts';
import { otherCluster } from '#core/systems/spark/operations/job.ts';
import { planOf, rightsCheck } from '#core/systems/spark/operations/plans/parts.ts';
import { wait } from '#core/systems/spark/operations/steps/answers.ts';
import { DELETE_POD, executorsLeft, PodStep } from '#core/systems/spark/operations/steps/podStep.ts';

/** An application that was submitted without an operator: its driver pod is all there is of it. @throws ClusterProblem */
export async function planDriverStop(wish: StopWish, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const target = await targetOf(data, cluster, undefined);
  const { name } = target.anchor;
  const pod = (await readMemberPods(cluster, target.namespace, [name])).of(name);
  if (pod?.meta.uid !== target.anchor.uid) {
    throw new ClusterProblem(
      'absent',
      `The driver pod ${name} is gone or another one by now. Look at the application, then plan again.`,
    );
  }
  const executors = data.members.filter(({ role, pod: own }) => role === 'executor' && own?.phase === 'Running').length;
  return planOf(
    {
      operation: wish.operation,
      title: `Stop ${target.name}, and kill what it runs`,
      target: { ...target, anchorGoes: true },
      preconditions: [
        {
          id: 'consequence',
          title: 'What is killed by it',
          state: 'warns',
          evidence: [
            `The driver pod ${name} is ${plainText(pod.phase, 20)}, with ${executors} running executors`,
            'Nobody has kept how it was submitted: only another spark-submit with the same arguments runs it again',
          ],
          fix: 'Look up its command line first; it goes with the pod.',
        },
        ...ownerCheck(pod),
        await rightsCheck(cluster, [{ verb: 'delete', group: '', resource: 'pods', namespace: target.namespace }]),
      ],
      steps: [
        {
          id: 'driver',
          title: `Delete the driver pod ${name}`,
          member: name,
          gate: 'the pod is the one of the plan',
          effect: `the pod is deleted; it has ${pod.graceSeconds} s to end, and its executors are deleted because it owns them`,
          done: 'the driver and its executors are gone',
          expectedMs: 45_000,
          parameters: { kind: DELETE_POD, pod: name, uid: pod.meta.uid },
        },
      ],
      risks: ['The log of the driver goes with its pod, unless somebody collects logs.'],
      isTyped: true,
    },
    ports,
  );
}

function ownerCheck({ meta }: LivePod): readonly Precondition[] {
  const owner = meta.owners.find(({ isController }) => isController) ?? meta.owners[0];
  if (!owner) return [];
  return [
    {
      id: 'owner',
      title: 'Nobody makes the driver anew',
      state: 'consent',
      evidence: [
        `It belongs to ${plainText(owner.kind, 63)} ${plainText(owner.name, 253)}, which may start another one`,
      ],
      fix: 'Suspend or delete that one first.',
    },
  ];
}

export function driverStopOf({ target }: Plan, { cluster, clock }: UndertakingPorts): Procedure {
  const place = { cluster, clock, namespace: target.namespace };
  const step = new PodStep(place, {
    obstacle: () => Promise.resolve(undefined),
    after: async (pod, context) => {
      if (pod) return { kind: 'yes', evidence: 'The driver is gone; there is another one of its name by now' };
      const left = await executorsLeft(place, context);
      if (left.length === 0) return { kind: 'yes', evidence: 'Driver and executors are gone' };
      return wait(`${left.length} executors to end`, [left.length, ...left.map(({ meta }) => meta.name)]);
    },
  });
  return new ProcedureOfKinds({ [DELETE_POD]: step }, () => otherCluster(cluster, target));
}
