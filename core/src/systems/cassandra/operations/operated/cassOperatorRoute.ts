import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep } from '#core/operations/model.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import { strangerAs } from '#core/operations/operated/resource.ts';
import { sleep } from '#core/operations/poller.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';
import {
  createTask,
  deleteTask,
  describeTask,
  ownTask,
  taskNameOf,
  type TaskNow,
  type TaskTarget,
  type TaskWanted,
} from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { obstacleOfDatacenter } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import type { PodGuard } from '#core/systems/cassandra/operations/operated/strict.ts';
import type { Question, RackRoute } from '#core/systems/cassandra/operations/operated/rackRoll.ts';
import { obstacleOfSets, readRackSets, type RackSet } from '#core/systems/cassandra/operations/operated/rackSets.ts';
import type { RackStep } from '#core/systems/cassandra/operations/operated/rackStep.ts';

const TITLE = 'cass-operator';
const LABELS = { rack: 'cassandra.datastax.com/rack' };

/** A round of the operator takes less: what it has read of a task that is gone is acted on by then. */
const ROUND_MS = 5000;

/**
 * cass-operator is asked by a CassandraTask `restart` for one rack, which it answers by an annotation in the template of the StatefulSet.
 * Never with `pod_name`, of which a restart takes no notice; never with `fast`, which deletes a whole rack at once. A task that is deleted
 * keeps it from later racks only: a roll that has begun is the StatefulSet controller's. Source: restartSts of cass-operator 1.32.
 */
export class CassOperatorRoute implements RackRoute, PodGuard {
  readonly title = TITLE;
  readonly #plan: Plan;
  readonly #cluster: Cluster;
  readonly #clock: Clock;

  constructor(plan: Plan, { cluster, clock }: { readonly cluster: Cluster; readonly clock: Clock }) {
    this.#plan = plan;
    this.#cluster = cluster;
    this.#clock = clock;
  }

  stranger(): Promise<string | undefined> {
    const { anchor, namespace } = this.#plan.target;
    return strangerAs(this.#cluster, namespace, anchor);
  }

  async obstacle(rack: RackStep): Promise<Answer | undefined> {
    const name = taskNameOf(this.#wanted(rack));
    return (await this.#atRest(false, { name })) ?? obstacleOfSets(rack, await this.#sets(), LABELS);
  }

  podObstacle(_step: PlannedStep, pod: LivePod | undefined): Promise<Answer | undefined> {
    return this.#atRest(pod?.isReady !== true);
  }

  async question(rack: RackStep): Promise<Question> {
    const task = await ownTask(this.#cluster, this.#wanted(rack));
    const sets = await this.#sets();
    const others = sets.filter(({ workload, isSettled }) => workload !== rack.workload && !isSettled);
    if (task && isOpen(task) && others.length > 0) return astray(task, rack, others);
    const isRolling = sets.some(({ workload, isSettled }) => workload === rack.workload && !isSettled);
    if (task?.state === 'failed') return failed(task);
    if (isRolling) return { kind: 'begun', text: `${rack.workload} rolls` };
    if (!task) return { kind: 'none' };
    if (task.state === 'waiting') return { kind: 'asked' };
    return task.state === 'running' ? { kind: 'begun', text: describeTask(task) } : { kind: 'done' };
  }

  async ask(rack: RackStep): Promise<void> {
    await createTask(this.#cluster, this.#wanted(rack));
  }

  async withdraw(rack: RackStep): Promise<readonly string[]> {
    const begun = new ClusterProblem('busy', `${TITLE} has begun with rack ${rack.rack} meanwhile.`);
    const task = await ownTask(this.#cluster, this.#wanted(rack));
    if (task && task.state !== 'waiting') throw begun;
    if (task) await deleteTask(this.#cluster, this.#plan.target.namespace, task);
    await sleep(this.#clock, ROUND_MS);
    const sets = await this.#sets();
    if (sets.some(({ workload, isSettled }) => workload === rack.workload && !isSettled)) throw begun;
    return [`CassandraTask ${taskNameOf(this.#wanted(rack))} is deleted before ${TITLE} began with it`];
  }

  async leave(rack: RackStep): Promise<readonly string[]> {
    const task = await ownTask(this.#cluster, this.#wanted(rack));
    if (!task || !isOpen(task)) return [];
    await deleteTask(this.#cluster, this.#plan.target.namespace, task);
    return [
      `CassandraTask ${task.name} is deleted, so that ${TITLE} begins with no other rack; the roll of ${rack.workload} goes on by the StatefulSet controller, and nobody watches it from here`,
    ];
  }

  async delay(): Promise<string> {
    const missing = await operatorObstacle(this.#cluster, this.#operators, TITLE);
    return missing?.kind === 'wait' ? `waiting for ${missing.waitingFor}` : '';
  }

  #atRest(isUnreadyExpected: boolean, except?: Pick<TaskNow, 'name'>): Promise<Answer | undefined> {
    const { anchor: ref, namespace } = this.#plan.target;
    const question = { namespace, ref, target: this.#taskTarget, operators: this.#operators, isUnreadyExpected };
    return obstacleOfDatacenter(this.#cluster, { ...question, ...(except ? { except } : {}) });
  }

  #wanted(rack: RackStep): TaskWanted {
    return {
      target: this.#taskTarget,
      planId: this.#plan.id,
      stepId: rack.id,
      command: 'restart',
      args: { rack: rack.rack },
      scope: rack.rack,
    };
  }

  #sets(): Promise<readonly RackSet[]> {
    const { parameters, target } = this.#plan;
    return readRackSets(this.#cluster, target.namespace, textsIn(parameters, 'workloads'));
  }

  get #taskTarget(): TaskTarget {
    const { parameters, target } = this.#plan;
    const { namespace, anchor } = target;
    return { namespace, datacenter: anchor.name, clusterName: textIn(parameters, 'clusterName') };
  }

  get #operators(): readonly string[] {
    return textsIn(this.#plan.parameters, 'operators');
  }
}

const isOpen = ({ state }: TaskNow): boolean => state === 'waiting' || state === 'running';

function failed({ name, failed: pods, error }: TaskNow): Question {
  const why = error === '' ? '' : `: ${error}`;
  return {
    kind: 'failed',
    reason: `CassandraTask ${name} has failed on ${pods} pods, although it may call itself complete${why}.`,
    fix: 'Look at the task and at the log of cass-operator. Delete the task to have this rack asked for again, or make a new plan.',
  };
}

function astray({ name }: TaskNow, { rack }: RackStep, others: readonly RackSet[]): Question {
  const names = others.map(({ workload }) => workload).join(', ');
  return {
    kind: 'astray',
    reason: `${names} is rolled as well, while ${name} is for rack ${rack} alone.`,
    fix: 'See who else restarts it: cass-operator takes every rack when it finds none of the name. Wait until everything is back, then make a new plan.',
  };
}
