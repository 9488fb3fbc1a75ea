import { textAt, timeAt } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Awaited, Plan, PlannedStep } from '#core/operations/model.ts';
import { readMemberPods } from '#core/operations/memberPods.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import { numberIn } from '#core/operations/stepParameters.ts';
import type { RerunWish } from '#core/operations/wishes.ts';
import type { SparkJob } from '#core/systems/spark/operations/job.ts';
import { consequence, examine, planOperated, type Examined } from '#core/systems/spark/operations/plans/parts.ts';
import { gone, wait } from '#core/systems/spark/operations/steps/answers.ts';
import { DELETE_POD, type PodWord } from '#core/systems/spark/operations/steps/podStep.ts';

/** The server pod of a SparkConnect, which its operator makes anew from the spec. @throws ClusterProblem */
export async function planConnectRerun(wish: RerunWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  return planOperated(
    examined,
    {
      operation: wish.operation,
      title: `Restart the Connect server ${examined.target.name}`,
      preconditions: [consequence(examined, 'rerun', true)],
      rights: [podRight(examined)],
      undoing: 'nothing is written here, so there is nothing to undo',
      steps: [await serverStepOf(examined, ports)],
      risks: [SESSIONS],
      isTyped: true,
    },
    ports,
  );
}

export const SESSIONS = 'Every session ends, with its temporary views and cached data; clients have to connect anew.';

export const podRight = ({ target: { namespace } }: Examined) => ({
  verb: 'delete',
  group: '',
  resource: 'pods',
  namespace,
});

/** @throws ClusterProblem when there is no server pod */
export async function serverStepOf({ now, target, kind }: Examined, { cluster }: PlanningPorts): Promise<PlannedStep> {
  const name = textAt(now.resource.status, 'server', 'podName') || `${target.name}-server`;
  const pod = (await readMemberPods(cluster, target.namespace, [name])).of(name);
  if (!pod) {
    const text = `${target.name} has no server pod ${name}, so there is none to be made anew: the operator has to make it first.`;
    throw new ClusterProblem('absent', text);
  }
  return {
    id: 'server',
    title: `Delete the server pod ${name}`,
    member: name,
    gate: `the ${kind.operator} is there to make it anew, and the pod is the one of the plan`,
    effect: 'the pod is deleted with the grace it has, and the operator makes a new one from the spec',
    done: 'the operator says Ready of a new pod',
    expectedMs: 90_000,
    parameters: { kind: DELETE_POD, pod: name, uid: pod.meta.uid },
  };
}

/** A new pod may take its time to pull its image; that nobody makes one shows at once. */
const MADE_MS = 60_000;

/** The operator's word of the new server, which is given once a probe of the server itself has answered. */
export function serverWord(job: SparkJob): PodWord {
  return {
    obstacle: () => job.operatorMissing(),
    after: (pod, context) => afterServer(job, pod, context),
  };
}

async function afterServer(job: SparkJob, pod: LivePod | undefined, { memory }: StepContext): Promise<Awaited> {
  const now = await job.own();
  if (!now) return gone(job);
  const askedAt = numberIn(memory, 'askedAt');
  if (!pod) {
    const missing = await job.operatorMissing();
    if (job.clock.now() - askedAt < MADE_MS)
      return missing ?? wait(`${job.operator} to make a new server pod`, ['absent'], true);
    const why = missing?.kind === 'wait' ? `waiting for ${missing.waitingFor}` : `${job.operator} makes none`;
    return {
      kind: 'pause',
      reason: `The server pod is gone, and ${why}.`,
      fix: 'Look into the log of the operator, then resume. Until then nobody can connect.',
      remember: { askedAt: job.clock.now() },
    };
  }
  const isOfNewPod =
    (timeAt(readyCondition(now.resource.status), 'lastTransitionTime') ?? 0) >= (pod.meta.createdAt ?? 0);
  if (now.state === 'Ready' && isOfNewPod) return { kind: 'yes', evidence: `The operator says Ready of the new pod` };
  return wait(`${job.operator} to say Ready of the new server: it says ${now.state || 'nothing yet'}`, [
    now.state,
    pod.phase,
  ]);
}

/** The status keeps its last word until the operator looks again, so its time counts. */
function readyCondition(status: Readonly<Record<string, unknown>>): unknown {
  const conditions = status['conditions'];
  return (Array.isArray(conditions) ? conditions : []).find((one: unknown) => textAt(one, 'type') === 'ServerPodReady');
}
