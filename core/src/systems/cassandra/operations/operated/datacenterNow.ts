import { listAt, numberAt } from '#core/json.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer, Precondition } from '#core/operations/model.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import { readResource, type ResourceRef } from '#core/operations/operated/resource.ts';
import { textAt } from '#core/systems/cassandra/live/reading.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import {
  describeTask,
  openTasks,
  type TaskNow,
  type TaskTarget,
} from '#core/systems/cassandra/operations/operated/cassandraTask.ts';

/**
 * Whether cass-operator is at rest with a CassandraDatacenter. Source: its API types and its reconciler, 1.32. Its condition Healthy is not
 * asked: it imagines a keyspace with one replica a rack.
 */

/** `off`: nothing will happen until somebody changes that; `not ready`: also said when nothing but a pod is not ready. */
export interface Unrest {
  readonly kind: 'off' | 'at work' | 'not ready';
  /** Without a full stop. */
  readonly text: string;
}

interface Sign {
  readonly type: string;
  readonly when: 'True' | 'False';
  readonly kind: Unrest['kind'];
  readonly text: string;
}

const atWork = (type: string, text: string): Sign => ({ type, when: 'True', kind: 'at work', text });

/** The more telling ones first. */
const signs: readonly Sign[] = [
  { type: 'Valid', when: 'False', kind: 'off', text: 'cass-operator refuses the resource' },
  { type: 'Stopped', when: 'True', kind: 'off', text: 'the datacenter is stopped' },
  atWork('Decommission', 'the datacenter is being decommissioned'),
  atWork('ReplacingNodes', 'cass-operator replaces nodes'),
  atWork('ScalingUp', 'cass-operator adds nodes'),
  atWork('ScalingDown', 'cass-operator removes nodes'),
  atWork('Resuming', 'cass-operator starts the datacenter again'),
  atWork('RollingRestart', 'cass-operator restarts nodes'),
  atWork('ResizingVolumes', 'cass-operator resizes volumes'),
  atWork('Updating', 'cass-operator applies a change'),
];

/** Undefined when it is done with the newest spec and content. */
export function datacenterUnrest({ meta, spec, status }: LiveCustom): Unrest | undefined {
  if (spec['stopped'] === true) return { kind: 'off', text: `${meta.name} is told to be stopped` };
  const sign = signs.find(({ type, when }) => conditionOf(status, type)?.status === when);
  if (sign) return { kind: sign.kind, text: `${sign.text}${detailOf(status, sign.type)}` };
  const observed = numberAt(status, 'observedGeneration') ?? 0;
  if (meta.generation !== undefined && observed < meta.generation)
    return { kind: 'at work', text: `cass-operator has not taken up the last change of ${meta.name}` };
  const progress = textAt(status, 'cassandraOperatorProgress');
  if (progress !== 'Ready')
    return {
      kind: 'not ready',
      text: `cass-operator is not done with ${meta.name} (${progress || 'it says nothing'})`,
    };
  const isReady = conditionOf(status, 'Ready');
  if (isReady?.status !== 'False') return undefined;
  return { kind: 'not ready', text: `cass-operator does not call ${meta.name} ready${detailOf(status, 'Ready')}` };
}

const FIXES: Readonly<Record<Unrest['kind'], string>> = {
  off: 'Repair the resource, or start the datacenter, first.',
  'at work': 'Wait until it is over.',
  'not ready': 'See what it waits for, in its log and in the Events of the datacenter.',
};

/** `hasUnready`: a pod is not ready, which the resource says as well, and which is dealt with first. */
export function datacenterCheck(resource: LiveCustom, hasUnready: boolean): Precondition {
  const id = { id: 'operator-rest', title: 'cass-operator is at rest' };
  const unrest = datacenterUnrest(resource);
  if (!unrest)
    return { ...id, state: 'holds', evidence: [`${resource.meta.name} is Ready, and its last change is taken up`] };
  const isExpected = unrest.kind === 'not ready' && hasUnready;
  return { ...id, state: isExpected ? 'warns' : 'fails', evidence: [unrest.text], fix: FIXES[unrest.kind] };
}

/** A change of the pods that waits for a word of the user, as after an update of the operator; nothing when there is none. */
export function heldChangeCheck({ meta, status }: LiveCustom): readonly Precondition[] {
  if (conditionOf(status, 'RequiresUpdate')?.status !== 'True') return [];
  return [
    {
      id: 'held-change',
      title: 'No change of the pods is held back',
      state: 'warns',
      evidence: [`cass-operator holds a change of the pods of ${meta.name} back (RequiresUpdate)`],
      fix: 'This operation does not apply it. The annotation cassandra.datastax.com/autoupdate-spec lets cass-operator apply it.',
    },
  ];
}

/** Never two tasks. `isNeeded`: a task is created, so that what may not be listed keeps the operation from being begun. */
export async function tasksCheck(cluster: Cluster, target: TaskTarget, isNeeded: boolean): Promise<Precondition> {
  const id = { id: 'tasks', title: 'cass-operator is asked for nothing else' };
  try {
    const open = await openTasks(cluster, target);
    if (open.length === 0) return { ...id, state: 'holds', evidence: ['No CassandraTask is open'] };
    return { ...id, state: 'fails', evidence: open.slice(0, 6).map(describeTask), fix: 'Wait until it is over.' };
  } catch (error) {
    if (!(error instanceof ClusterProblem) || (error.kind !== 'forbidden' && error.kind !== 'absent')) throw error;
    const evidence = [`CassandraTasks may not be listed: ${error.message}`];
    return { ...id, state: isNeeded ? 'fails' : 'consent', evidence, fix: 'Ask for the right to list CassandraTasks.' };
  }
}

/** What a gate asks of cass-operator. */
export interface AtRestQuestion {
  readonly namespace: string;
  readonly ref: ResourceRef;
  readonly target: TaskTarget;
  /** Deployments that run it, as in operatorParameters. */
  readonly operators: readonly string[];
  /** A pod that is to be restarted is not ready, which the resource says as well. */
  readonly isUnreadyExpected: boolean;
  /** A task that does not count, because it is the step's own. */
  readonly except?: Pick<TaskNow, 'name'>;
}

/** Why cass-operator must not be asked for anything now, nor a node be taken out; undefined when it is at rest. @throws ClusterProblem */
export async function obstacleOfDatacenter(cluster: Cluster, question: AtRestQuestion): Promise<Answer | undefined> {
  const { namespace, ref, target, operators, isUnreadyExpected, except } = question;
  const missing = await operatorObstacle(cluster, operators, 'cass-operator');
  if (missing) return missing;
  const { resource } = await readResource(cluster, namespace, ref);
  const unrest = datacenterUnrest(resource);
  if (unrest?.kind === 'off') return { kind: 'stop', reason: `${unrest.text}.`, fix: FIXES.off };
  if (unrest && !(unrest.kind === 'not ready' && isUnreadyExpected)) return waiting(unrest.text, [unrest.text], false);
  const open = (await knownTasks(cluster, target)).filter(({ name }) => name !== except?.name);
  const [first] = open;
  if (!first) return undefined;
  const done = open.flatMap(({ pods }) => pods.filter(({ state }) => state === 'completed')).length;
  return waiting(`the end of ${describeTask(first)}`, [open.length, done], false);
}

/** Where they may not be listed, the plan has asked for consent or was not begun. */
async function knownTasks(cluster: Cluster, target: TaskTarget): Promise<readonly TaskNow[]> {
  try {
    return await openTasks(cluster, target);
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return [];
    throw error;
  }
}

function conditionOf(status: LiveCustom['status'], type: string): { status: string; message: string } | undefined {
  const found = listAt(status, 'conditions').find((one) => textAt(one, 'type') === type);
  return found === undefined ? undefined : { status: textAt(found, 'status'), message: textAt(found, 'message') };
}

function detailOf(status: LiveCustom['status'], type: string): string {
  const message = conditionOf(status, type)?.message ?? '';
  return message === '' ? '' : `: ${message}`;
}
