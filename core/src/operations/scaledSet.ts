import { numberAt, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { ClusterProblem, type Cluster, type ObjectAddress, type WriteOptions } from '#core/live/ports.ts';
import type { Answer } from '#core/operations/model.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';

/** A StatefulSet as far as its size goes, as it is now. */
export interface ScaledSet {
  readonly object: JsonObject;
  readonly uid: string;
  readonly replicas: number;
  /** Its controller has seen the newest spec and replaces no pod. */
  readonly isSettled: boolean;
}

export function setAddress(namespace: string, name: string): ObjectAddress {
  return { group: 'apps', version: 'v1', plural: 'statefulsets', namespaced: true, namespace, name };
}

export async function readScaledSet(cluster: Cluster, namespace: string, name: string): Promise<ScaledSet> {
  const object = await cluster.get(setAddress(namespace, name));
  const generation = numberAt(object, 'metadata', 'generation') ?? 0;
  const isObserved = (numberAt(object, 'status', 'observedGeneration') ?? generation) >= generation;
  const replicas = numberAt(object, 'spec', 'replicas') ?? 1;
  const isRolling =
    textAt(object, 'status', 'currentRevision') !== textAt(object, 'status', 'updateRevision') &&
    textAt(object, 'spec', 'updateStrategy', 'type') !== 'OnDelete';
  return { object, uid: textAt(object, 'metadata', 'uid'), replicas, isSettled: isObserved && !isRolling };
}

/** Counts only for the version of the StatefulSet that was read. @throws ClusterProblem */
export async function setReplicas(
  cluster: Cluster,
  { object }: ScaledSet,
  replicas: number,
  options: WriteOptions = {},
): Promise<void> {
  const metadata = {
    uid: valueAt(object, 'metadata', 'uid'),
    resourceVersion: valueAt(object, 'metadata', 'resourceVersion'),
  };
  const address = setAddress(textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name'));
  await cluster.mergePatch(address, { metadata, spec: { replicas } }, options);
}

/** The same as the act of a step. What got no answer is left open. */
export async function actReplicas(cluster: Cluster, set: ScaledSet, replicas: number): Promise<ActOutcome> {
  const name = textAt(set.object, 'metadata', 'name');
  try {
    await setReplicas(cluster, set, replicas);
    return { kind: 'acted' };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'conflict') return { kind: 'again', waitingFor: `${name}, which somebody else has changed` };
    if (error.kind !== 'forbidden' && error.kind !== 'invalid') throw error;
    const reason = `${name} may not be scaled: ${error.message}`;
    return { kind: 'stop', reason, fix: 'Ask for the right to patch StatefulSets, or see what refuses it.' };
  }
}

/** Why it is not the StatefulSet of the plan, or not of the size it had. */
export function otherSet(
  { uid, replicas }: ScaledSet,
  wanted: { readonly workload: string; readonly uid: string; readonly from: number },
): Answer | undefined {
  if (uid !== wanted.uid) {
    const reason = `${wanted.workload} is another one than when the plan was made.`;
    return { kind: 'stop', reason, fix: 'Make a new plan.' };
  }
  if (replicas === wanted.from) return undefined;
  const reason = `Somebody has scaled ${wanted.workload} to ${replicas}; it had ${wanted.from} when the plan was made.`;
  return { kind: 'stop', reason, fix: 'Make a new plan for what is there now.' };
}

/** Somebody else keeps the size, or has changed his mind. */
export function scaledElsewhere(workload: string, { replicas }: ScaledSet, wanted: number): Answer {
  const reason = `${workload} has ${replicas} replicas instead of ${wanted}: somebody else has scaled it.`;
  return { kind: 'stop', reason, fix: 'Find out who keeps its size, and change it there.' };
}
