import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, Awaited, Plan, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn, textsIn } from '#core/operations/stepParameters.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import {
  createTask,
  describeTask,
  ownTask,
  taskNameOf,
  type TaskWanted,
} from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { obstacleOfDatacenter } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import { unagreed } from '#core/systems/cassandra/operations/replace/agreement.ts';
import { DeadGate } from '#core/systems/cassandra/operations/replace/deadGate.ts';
import { readClaims } from '#core/systems/cassandra/operations/replace/lostVolume.ts';
import { replacePartsOf, type ReplaceParts } from '#core/systems/cassandra/operations/replace/replaceParts.ts';
import { Replacing } from '#core/systems/cassandra/operations/replace/replacing.ts';
import type { RestartLevel } from '#core/systems/cassandra/operations/safety.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

export const REPLACE_BY_TASK = 'replace-by-task';

/** How often a task that is gone before anything happened is created again. */
const TRIES = 3;

/**
 * Has cass-operator replace a dead node:
 *
 * 1. The gate asks the operator (alive, at rest but for this pod, asked for nothing else), and that the node is dead and the others whole
 *    (deadGate.ts). Then the run pauses, names what cass-operator will delete, and goes on for whoever types the name of the pod.
 * 2. A CassandraTask `replacenode` with the name of the pod is created, under the same name by everybody who goes on with the plan.
 * 3. The new pod is awaited by the ring, never by the task alone: a task is called complete also when it has failed.
 *
 * Nothing but the task is written. It cannot be taken back once the operator has begun, and is awaited.
 */
export class TaskStep implements StepKind {
  readonly #plan: Plan;
  readonly #target: RingTarget;
  readonly #gate: DeadGate;
  readonly #replacing: Replacing;

  constructor(plan: Plan, target: RingTarget, level: RestartLevel) {
    this.#plan = plan;
    this.#target = target;
    this.#gate = new DeadGate(target);
    this.#replacing = new Replacing(target, level);
  }

  async isDone({ step, memory }: StepContext): Promise<boolean> {
    const parts = replacePartsOf(step);
    const pods = await this.#target.ring.pods();
    const hostId = await this.#replacing.joinedAs(step, parts, pods);
    if (hostId === undefined) return false;
    const before = textIn(memory, 'uid');
    return hostId !== parts.dead || (before !== '' && pods.of(parts.pod)?.meta.uid !== before);
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    return (await ownTask(this.#target.cluster, this.#wanted(step.id, replacePartsOf(step)))) !== undefined;
  }

  async prepare({ step, memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const pod = (await this.#target.ring.pods()).of(replacePartsOf(step).pod);
    return { ...memory, uid: pod?.meta.uid ?? '' };
  }

  async gate({ step, memory }: StepContext): Promise<Answer> {
    const parts = replacePartsOf(step);
    const { cluster, namespace, ring } = this.#target;
    const wanted = this.#wanted(step.id, parts);
    const busy = await obstacleOfDatacenter(cluster, {
      namespace,
      ref: this.#plan.target.anchor,
      target: wanted.target,
      operators: textsIn(this.#plan.parameters, 'operators'),
      isUnreadyExpected: true,
      except: { name: taskNameOf(wanted) },
    });
    if (busy) return busy;
    const pods = await ring.pods();
    const answer = await this.#gate.ask(parts, pods);
    if (answer.kind !== 'yes') return answer;
    return unagreed(parts, pods.of(parts.pod), await readClaims(cluster, namespace, parts.claims), memory) ?? answer;
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const parts = replacePartsOf(step);
    try {
      await createTask(this.#target.cluster, this.#wanted(step.id, parts));
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind !== 'forbidden' && error.kind !== 'invalid') throw error;
      const reason = `cass-operator may not be asked to replace ${parts.pod}: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right to create CassandraTasks, or see what refuses it.' };
    }
  }

  async awaited({ step, memory }: StepContext): Promise<Awaited> {
    const parts = replacePartsOf(step);
    const { cluster, ring } = this.#target;
    const task = await ownTask(cluster, this.#wanted(step.id, parts));
    if (task?.state === 'failed') {
      const why = task.error === '' ? '' : `: ${task.error}`;
      const reason = `CassandraTask ${task.name} has failed, although it may call itself complete${why}.`;
      return {
        kind: 'stop',
        reason,
        fix: `Look at the log of cass-operator and at ${parts.pod}; then make a new plan.`,
      };
    }
    const told = task ? describeTask(task) : 'its task is gone';
    const pods = await ring.pods();
    const pod = pods.of(parts.pod);
    if (!pod) return waiting(`${parts.pod} to be created again (${told})`, ['absent', told], false);
    if (pod.meta.uid === textIn(memory, 'uid')) {
      if (task || pod.meta.deletedAt !== undefined)
        return waiting(`cass-operator to delete ${parts.pod} (${told})`, ['same pod', told], false);
      return lost(parts, memory);
    }
    if (!ring.isRunning(pod)) {
      const states = pod.states.map(({ state, restarts }) => `${state} ${restarts}`);
      return waiting(`${parts.pod} to run (${told})`, [pod.phase, told, ...states], false);
    }
    const answer = await this.#replacing.awaited(step, parts, pod, pods);
    if (answer.kind !== 'yes' || !task || task.state === 'completed') return answer;
    return waiting(`cass-operator to say that it is done (${told})`, [told], false);
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const { pod, dead } = replacePartsOf(step);
    return Promise.resolve([
      `${pod} has taken the place of ${dead}`,
      `Each range was sent by one replica, so ${pod} may lack what that one lacked. Next is a repair of ${pod}.`,
      ...this.#replacing.notesOf(step.id),
    ]);
  }

  #wanted(stepId: string, { pod }: ReplaceParts): TaskWanted {
    const { target, parameters, id } = this.#plan;
    return {
      target: {
        namespace: target.namespace,
        datacenter: target.anchor.name,
        clusterName: textIn(parameters, 'clusterName'),
      },
      planId: id,
      stepId,
      command: 'replacenode',
      args: { pod_name: pod },
      scope: pod,
    };
  }
}

/** Somebody has deleted it before cass-operator began. */
function lost({ pod }: ReplaceParts, memory: StepContext['memory']): Awaited {
  const tries = Math.max(0, numberIn(memory, 'tries')) + 1;
  const reason = `The task is gone, and ${pod} is the same pod as before`;
  if (tries < TRIES) return { kind: 'again', reason, remember: { tries } };
  return { kind: 'stop', reason: `${reason}, ${TRIES} times.`, fix: 'See who deletes CassandraTasks.' };
}
