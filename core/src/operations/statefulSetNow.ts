import { numberAt, objectAt, textAt, type JsonObject } from '#core/json.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { LivePod, LiveWorkload } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type ResourceKind } from '#core/live/ports.ts';
import { gitOpsOf } from '#core/operations/keepers.ts';

/**
 * What a StatefulSet does by itself with pods of an older template, and what keeps it from doing so. Source: the StatefulSet controller.
 * With RollingUpdate it replaces pods of an older revision from the highest ordinal down to the partition, going by readiness alone; with
 * OnDelete it replaces none, and a pod that is made anew takes the newest template. `rollingUpdate` is only allowed beside RollingUpdate.
 */

const statefulSets: ResourceKind = { group: 'apps', version: 'v1', plural: 'statefulsets', namespaced: true };
const pods: ResourceKind = { group: '', version: 'v1', plural: 'pods', namespaced: true };

const REVISION_LABEL = 'controller-revision-hash';

/** A StatefulSet as it is now. */
export interface StatefulSetNow {
  readonly workload: LiveWorkload;
  /** `spec.updateStrategy` as the server has it. */
  readonly strategy: JsonObject;
  /** Pods of an older template than the newest, by name. Of no meaning unless the newest template is observed. */
  readonly older: readonly string[];
  /** The controller has seen the newest template, so that its revisions are those of today. */
  readonly isObserved: boolean;
  /** Tools that keep it as it is written elsewhere, and may undo what is done to it; see gitOpsOf. */
  readonly gitOps: readonly string[];
}

/** @throws ClusterProblem */
export async function readStatefulSet(cluster: Cluster, namespace: string, name: string): Promise<StatefulSetNow> {
  const object = await cluster.get({ ...statefulSets, namespace, name });
  const workload = decodeStatefulSet(object);
  if (!workload) throw new ClusterProblem('server', `The server's answer about the StatefulSet ${name} has no name.`);
  const found = await podsOf(workload, cluster);
  return {
    workload,
    strategy: objectAt(object, 'spec', 'updateStrategy'),
    older: found.filter((pod) => isOlder(pod, workload)).map(({ meta }) => meta.name),
    isObserved: isObserved(workload),
    gitOps: gitOpsOf(object),
  };
}

async function podsOf({ meta, selector }: LiveWorkload, cluster: Cluster): Promise<readonly LivePod[]> {
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const found = await cluster.list({ ...pods, namespace: meta.namespace, labelSelector });
  return found
    .flatMap((object) => decodePod(object) ?? [])
    .filter((pod) => pod.meta.owners.some(({ uid }) => uid === meta.uid));
}

export function isOlder({ meta }: LivePod, { updateRevision }: LiveWorkload): boolean {
  return updateRevision !== '' && meta.labels[REVISION_LABEL] !== updateRevision;
}

function isObserved({ meta, observedGeneration }: LiveWorkload): boolean {
  return meta.generation === undefined || (observedGeneration ?? 0) >= meta.generation;
}

/** A newer template than that of all pods. */
export function isPending({ currentRevision, updateRevision }: LiveWorkload): boolean {
  return currentRevision !== updateRevision;
}

/** The controller is replacing pods by itself right now, or will as soon as it looks. */
export function isRollingOut(workload: LiveWorkload): boolean {
  const { updateStrategy, partition, replicas, updatedReplicas, firstOrdinal = 0 } = workload;
  if (updateStrategy === 'OnDelete' || !isPending(workload)) return false;
  return updatedReplicas < replicas - Math.max(0, partition - firstOrdinal);
}

/** `RollingUpdate, partition 2`. */
export function describeStrategy(strategy: JsonObject): string {
  const type = textAt(strategy, 'type') || 'RollingUpdate';
  const partition = numberAt(strategy, 'rollingUpdate', 'partition') ?? 0;
  return partition > 0 ? `${type}, partition ${partition}` : type;
}

export function isSameStrategy(a: JsonObject, b: JsonObject): boolean {
  return normalized(a) === normalized(b);
}

/** As the server fills it in. */
function normalized(strategy: JsonObject): string {
  const type = textAt(strategy, 'type') || 'RollingUpdate';
  if (type === 'OnDelete') return type;
  const rolling = objectAt(strategy, 'rollingUpdate');
  return JSON.stringify([type, rolling['partition'] ?? 0, rolling['maxUnavailable'] ?? null]);
}

export function isHeld(strategy: JsonObject): boolean {
  return textAt(strategy, 'type') === 'OnDelete';
}

/** The strategy becomes OnDelete, of this very StatefulSet or not at all. @throws ClusterProblem */
export function setOnDelete(cluster: Cluster, { meta }: LiveWorkload, options = {}): Promise<JsonObject> {
  const patch = { metadata: { uid: meta.uid }, spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } };
  return cluster.mergePatch({ ...statefulSets, namespace: meta.namespace, name: meta.name }, patch, options);
}

/**
 * Puts a strategy back, unless the StatefulSet has changed since it was read: a template that came in between would be rolled out by the
 * controller. @throws ClusterProblem of kind `conflict` then
 */
export function setStrategy(cluster: Cluster, { meta }: LiveWorkload, strategy: JsonObject): Promise<JsonObject> {
  const { uid, resourceVersion, namespace, name } = meta;
  const patch = { metadata: { uid, resourceVersion }, spec: { updateStrategy: strategy } };
  return cluster.mergePatch({ ...statefulSets, namespace, name }, patch);
}
