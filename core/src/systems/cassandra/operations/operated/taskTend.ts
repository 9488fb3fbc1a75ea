import type { LivePod } from '#core/live/objects.ts';
import { sizeText } from '#core/live/sizes.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, Awaited, PlannedStep, StepValue } from '#core/operations/model.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import type { ResourceRef } from '#core/operations/operated/resource.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { KIND, type StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn, textsIn } from '#core/operations/stepParameters.ts';
import type { TendingMode } from '#core/operations/wishes.ts';
import type { DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import {
  createTask,
  deleteTask,
  describeTask,
  openTasks,
  ownTask,
  taskNameOf,
  type TaskArguments,
  type TaskCommand,
  type TaskNow,
  type TaskTarget,
  type TaskWanted,
} from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { obstacleOfDatacenter } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import { operatorCleanups } from '#core/systems/cassandra/operations/operated/operatorCleanups.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { stopOperatorWork } from '#core/systems/cassandra/operations/operated/stopOperatorWork.ts';
import { MEMBERSHIP, progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';
import { TendStep } from '#core/systems/cassandra/operations/tending/tendStep.ts';
import { isTendingMode, neededRoom, verbs, type Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';

/** A datacenter of cass-operator, and who goes over its nodes. */
export interface TaskRoute {
  readonly planId: string;
  readonly madeAt: number;
  /** The CassandraDatacenter. */
  readonly ref: ResourceRef;
  readonly target: TaskTarget;
  readonly operators: readonly string[];
}

/** What a mode is called in a CassandraTask; those that are missing have none. */
export const commands: Readonly<Partial<Record<TendingMode, TaskCommand>>> = {
  cleanup: 'cleanup',
  rebuild: 'rebuild',
  'upgrade sstables': 'upgradesstables',
  compact: 'compact',
  flush: 'flush',
};

/**
 * Commands for which cass-operator looks at `pod_name`; for the others it goes over the whole datacenter whatever it is told. Source: the PodFilter of
 * its jobs, the same from 1.18 to 1.32.
 */
export const heedsPod = (command: TaskCommand): boolean => command === 'compact' || command === 'flush';

/** How often a task that nodes have refused because others joined or left is made again. */
const TRIES = 3;
/** cass-operator deletes a finished task a day after its end; what is gone after less was never made, or deleted by somebody. */
const KEPT_MS = 23 * 60 * 60_000;

/**
 * Work of cass-operator on nodes, by one CassandraTask: on one node where the command lets it be chosen, else on a datacenter, whose racks it goes over one
 * after the other and whose nodes one by one (maxConcurrentPods 1).
 *
 * 1. The gate asks that cass-operator is there and at rest, that no other CassandraTask is open, its own cleanup after a scale-up among them, and what our
 *    own way asks: every node up and normal for all, on one schema, nothing joins, leaves, streams or is repaired; the disks have the room.
 * 2. The task is created under a name that plan, step and try give it, so that whoever goes on finds it.
 * 3. It is awaited by its own account, node by node, and by what compactionstats and netstats of the node at work say. `Complete` is also said of a task
 *    that failed: failures are read first, and every node of the step has to be told of. Nodes that refused because others joined or left are
 *    gone over again by another task, three times at most.
 *
 * Properties: never a second task beside one that is open; a cleanup that cass-operator has begun by itself since the plan was made counts as that of the
 * step; a task that somebody deleted pauses the run. Cancelled, the task is deleted, so that no further node is begun, and the work of the node
 * under way is stopped where nodetool can; where it cannot, it goes on there to its end.
 */
export class TaskTend implements StepKind {
  readonly #target: RingTarget;
  readonly #route: TaskRoute;
  /** Our own way, of which the gate is the same. */
  readonly #own: TendStep;

  constructor(target: RingTarget, route: TaskRoute) {
    this.#target = target;
    this.#route = route;
    this.#own = new TendStep(target);
  }

  async isDone(context: StepContext): Promise<boolean> {
    if (context.memory['attempt'] === undefined) return false;
    const task = await this.#task(context);
    return task !== undefined && verdictOn(task, partsOf(context.step).pods).kind === 'done';
  }

  async hasActed(context: StepContext): Promise<boolean> {
    return (await this.#task(context)) !== undefined;
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const attempt = Math.max(0, numberIn(memory, 'attempt'));
    return Promise.resolve({ ...memory, attempt, preparedAt: this.#target.ring.now() });
  }

  async gate(context: StepContext): Promise<Answer> {
    const { step, memory } = context;
    const preparedAt = numberIn(memory, 'preparedAt');
    const now = this.#target.ring.now();
    if (preparedAt > 0 && now - preparedAt > KEPT_MS && (await this.#task(context)) === undefined) {
      const reason = `CassandraTask ${this.#name(context)} is gone. cass-operator deletes finished ones after a day, so it is not known whether it has ended.`;
      return { kind: 'pause', reason, fix: 'Look at the nodes. Resume to do it again.', remember: { preparedAt: now } };
    }
    const { ref, target, operators } = this.#route;
    const { namespace } = target;
    const question = { namespace, ref, target, operators, isUnreadyExpected: false };
    const obstacle = await obstacleOfDatacenter(this.#target.cluster, question);
    if (obstacle) return obstacle;
    return (await this.#noRoom(step)) ?? this.#own.gate({ ...context, step: ownStep(step) });
  }

  async act(context: StepContext): Promise<ActOutcome> {
    // One of the operator may have done it while the gate was waited for.
    if ((await this.#task(context)) !== undefined) return { kind: 'acted' };
    try {
      await createTask(this.#target.cluster, this.#wanted(context));
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind !== 'forbidden' && error.kind !== 'invalid' && error.kind !== 'absent') throw error;
      const reason = `cass-operator may not be asked: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right to create CassandraTasks, or see to what refuses it.' };
    }
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const { step, memory } = context;
    const { pods } = partsOf(step);
    const task = await this.#task(context);
    if (!task) {
      const reason = `CassandraTask ${this.#name(context)} was deleted by somebody before it was over.`;
      const fix = 'No further node is begun. Resume to ask again, or cancel.';
      return { kind: 'pause', reason, fix, remember: { preparedAt: this.#target.ring.now() } };
    }
    const verdict = verdictOn(task, pods);
    if (verdict.kind === 'done') return { kind: 'yes', evidence: verdict.text };
    if (verdict.kind === 'under way') return this.#underWay(context, task);
    const attempt = Math.max(0, numberIn(memory, 'attempt'));
    if (verdict.kind === 'too early' && attempt + 1 < TRIES)
      return { kind: 'again', reason: verdict.text, remember: { attempt: attempt + 1 } };
    return { kind: 'stop', reason: `${verdict.text}.`, fix: 'Look at the log of these nodes, then make a new plan.' };
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    const task = await this.#task(context);
    if (!task) return [];
    const whose = task.planId === '' ? ', which cass-operator had made by itself after it had added nodes' : '';
    return [`CassandraTask ${task.name}${whose}: ${countOf(task)} nodes done; cass-operator deletes it after a day`];
  }

  /** The task can always be taken back; what that stops is said in the plan. */
  canAbort(): boolean {
    return true;
  }

  async abort(context: StepContext): Promise<readonly string[]> {
    const task = await this.#task(context);
    if (!task || task.state === 'completed' || task.state === 'failed') return [];
    if (task.planId === '') return [`CassandraTask ${task.name} is cass-operator's own and goes on`];
    const { cluster } = this.#target;
    await deleteTask(cluster, this.#route.target.namespace, task);
    const at = running(task);
    const deleted = `CassandraTask ${task.name} is deleted after ${countOf(task)} nodes; no further one is begun`;
    // A job that the management API has begun cannot be cancelled there.
    return [deleted, ...(await stopOperatorWork(this.#target, at, partsOf(context.step).verb))];
  }

  async #underWay({ step, memory }: StepContext, task: TaskNow): Promise<Answer> {
    const { pods, verb } = partsOf(step);
    const missing = await operatorObstacle(this.#target.cluster, this.#route.operators, 'cass-operator');
    if (missing?.kind === 'wait')
      return waiting(`CassandraTask ${task.name}; ${missing.waitingFor}`, missing.measure, false);
    if (task.state === 'waiting') {
      const others = (await openTasks(this.#target.cluster, this.#route.target)).filter(
        ({ name }) => name !== task.name,
      );
      const why = others.length === 0 ? 'cass-operator to begin it' : others.map(describeTask).join(', ');
      return waiting(
        `CassandraTask ${task.name} to have its turn: ${why}`,
        [task.state, ...others.map(countOf)],
        false,
      );
    }
    const at = running(task);
    const found = await this.#ring(at, verb);
    const done = `${countOf(task)} of ${pods.length} nodes`;
    const where = at.length === 0 ? '' : `, at ${named(at)}${found.text === '' ? '' : ` (${found.text})`}`;
    const failed = task.failed === 0 ? '' : `, ${task.failed} failed`;
    // Where nothing can be seen inside, the operator's own word has to do: it asks the node every ten seconds.
    const minutes = Math.floor((this.#target.ring.now() - numberIn(memory, 'preparedAt')) / 60_000);
    const measure = [countOf(task), ...at, ...(found.isTold ? found.measure : [minutes])];
    return waiting(`CassandraTask ${task.name}: ${done}${failed}${where}`, measure, false);
  }

  async #ring(
    at: readonly string[],
    verb: Verb,
  ): Promise<{ readonly text: string; readonly measure: readonly (number | string)[]; readonly isTold: boolean }> {
    const [name] = at;
    const pod = name === undefined ? undefined : (await this.#target.ring.pods()).of(name);
    const answer = pod && (await this.#target.ring.door.ask(pod, [questions.netstats, questions.compactions]));
    const { text, measure, isAtWork } = progressOf(verb, answer);
    return { text, measure, isTold: isAtWork };
  }

  async #task(context: StepContext): Promise<TaskNow | undefined> {
    const { cluster } = this.#target;
    const own = await ownTask(cluster, this.#wanted(context));
    if (own || partsOf(context.step).verb.mode !== 'cleanup') return own;
    const { target, madeAt } = this.#route;
    const found = await operatorCleanups(cluster, target);
    return found.find((one) => one.madeAt >= madeAt && one.task.state !== 'failed')?.task;
  }

  #name(context: StepContext): string {
    return taskNameOf(this.#wanted(context));
  }

  #wanted({ step, memory }: StepContext): TaskWanted {
    const { command, args, scope } = partsOf(step);
    const attempt = Math.max(0, numberIn(memory, 'attempt'));
    return {
      target: this.#route.target,
      planId: this.#route.planId,
      stepId: step.id,
      command,
      args,
      // What comes last is cut off where a name gets too long.
      scope: attempt === 0 ? scope : `try-${attempt + 1}-${scope}`,
      maxConcurrentPods: 1,
    };
  }

  /** What everything takes is asked of the node; where one file is meant and none is known, all of the disk that is used has to do. */
  async #load(pod: LivePod, { size, free }: DiskRoom, { room }: Verb): Promise<number> {
    const answer = room === 'everything' ? await this.#target.ring.door.ask(pod, [questions.info]) : undefined;
    return answer?.info?.loadBytes ?? size - free;
  }

  /** Of each node; looking at a disk is no question to the node. */
  async #noRoom(step: PlannedStep): Promise<Answer | undefined> {
    const { pods, verb, directory } = partsOf(step);
    if (verb.room === 'none' || directory === '') return undefined;
    const found = await this.#target.ring.pods();
    for (const name of pods) {
      const pod = found.of(name);
      const disk = pod && (await this.#target.ring.door.disk(pod, directory));
      const needed = disk && neededRoom(verb, await this.#load(pod, disk, verb), disk.largest);
      if (!disk || needed === undefined || disk.free >= needed) continue;
      const reason = `The disk of ${name} has ${sizeText(disk.free)} free, and ${sizeText(needed)} may be needed.`;
      return { kind: 'stop', reason, fix: 'Clear snapshots, or give it a larger volume, first.' };
    }
    return undefined;
  }
}

type Verdict =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'under way' }
  | { readonly kind: 'failed' | 'too early'; readonly text: string };

/** By its own account, failures first. Versions before 1.27 tell of no single pods, only how many. */
export function verdictOn(task: TaskNow, pods: readonly string[]): Verdict {
  if (task.state === 'waiting' || task.state === 'running') return { kind: 'under way' };
  if (task.state === 'failed') return failureOf(task);
  const missing = pods.filter((name) => task.pods.every(({ pod, state }) => pod !== name || state !== 'completed'));
  if (task.pods.length > 0 && missing.length > 0)
    return {
      kind: 'failed',
      text: `CassandraTask ${task.name} calls itself Complete, and says nothing of ${named(missing)}`,
    };
  if (countOf(task) >= pods.length)
    return { kind: 'done', text: `CassandraTask ${task.name} ended well on ${countOf(task)} nodes` };
  const text = `CassandraTask ${task.name} calls itself Complete after ${countOf(task)} of ${pods.length} nodes`;
  return { kind: 'failed', text };
}

function failureOf({ name, pods, error, failed, succeeded }: TaskNow): Verdict {
  const bad = pods.filter(({ state }) => state === 'error');
  const texts = bad.map((one) => `${one.pod}${one.error === '' ? '' : `: ${one.error}`}`);
  const where = texts.length === 0 ? `on ${failed} nodes${error === '' ? '' : `: ${error}`}` : `on ${named(texts)}`;
  const isEarly = bad.length > 0 && bad.every((one) => MEMBERSHIP.test(one.error));
  const text = `CassandraTask ${name} failed ${where}; ${succeeded} others are done`;
  return { kind: isEarly ? 'too early' : 'failed', text };
}

const countOf = ({ pods, succeeded }: TaskNow): number =>
  Math.max(succeeded, pods.filter(({ state }) => state === 'completed').length);

const running = ({ pods }: TaskNow): readonly string[] =>
  pods.filter(({ state }) => state === 'running').map(({ pod }) => pod);

interface TaskParts {
  /** Every node that has to be done. */
  readonly pods: readonly string[];
  readonly verb: Verb;
  readonly command: TaskCommand;
  readonly args: TaskArguments;
  readonly scope: string;
  readonly directory: string;
}

function partsOf({ parameters }: PlannedStep): TaskParts {
  const mode = textIn(parameters, 'mode');
  const command = isTendingMode(mode) ? commands[mode] : undefined;
  if (!isTendingMode(mode) || command === undefined)
    throw new ClusterProblem('invalid', `The plan has a mode that no CassandraTask has: ${mode}.`);
  const pods = textsIn(parameters, 'pods');
  const source = textIn(parameters, 'source');
  return {
    pods,
    verb: verbs[mode],
    command,
    args: argumentsOf(command, pods, source),
    scope: textIn(parameters, 'scope'),
    directory: textIn(parameters, 'directory'),
  };
}

/** One thread, where a command can be told. */
export function argumentsOf(command: TaskCommand, pods: readonly string[], source: string): TaskArguments {
  const [pod] = pods;
  if (heedsPod(command)) return pod === undefined ? {} : { pod_name: pod };
  return command === 'rebuild' ? { source_datacenter: source } : { jobs: 1 };
}

/** The step as our own way would have it, for its gate: disks are looked at before. */
function ownStep(step: PlannedStep): PlannedStep {
  const [pod = ''] = textsIn(step.parameters, 'pods');
  return { ...step, parameters: { ...step.parameters, [KIND]: 'tend', pod, directory: '' } };
}
