import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { exactly } from '#core/preview/amounts.ts';
import { identityOf } from '#core/preview/identity.ts';
import type { CountPreview, ObjectPreview, PodPreview, Preview } from '#core/preview/model.ts';
import { containersOf, templateMounts } from '#core/preview/podSpec.ts';
import { isTrue, nameOf, readFirst, textOr } from '#core/preview/reading.ts';
import { totalsOf } from '#core/preview/totals.ts';
import { tfJobBehaviour } from '#core/systems/tfjob/preview/tfJobBehaviour.ts';
import { isDistributed, readTfCluster, tfConfigs, type TfCluster } from '#core/systems/tfjob/preview/tfConfig.ts';
import { areReplicasKnown, isCurrent, replicasOf, type ReplicaView } from '#core/systems/tfjob/rules/replicas.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** Pods that are named one by one; beyond it the first and the last. */
const NAMES_SHOWN = 20;

/**
 * What the Kubeflow Training Operator makes of a TFJob: a pod and a headless Service for every replica, under the same name, and TF_CONFIG in the
 * container `tensorflow`. Source: training-operator 1.8.1 and 1.9.4. Undefined for the versions before v1.
 */
export function foretellTfJob(object: ObjectView): Preview | undefined {
  if (!isCurrent(object)) return undefined;
  const { metadata, spec } = object;
  const name = nameOf(metadata.field('name'));
  const replicas = replicasOf(object);
  const cluster = readTfCluster(replicas, !areReplicasKnown(object));
  const namespace = textOr(readFirst(metadata.field('namespace')), '<namespace>');
  const isDynamic = isTrue(spec.field('enableDynamicWorker'));
  const isNeeded = cluster.state === 'known' && isDistributed(cluster.replicas);
  const texts = isNeeded ? tfConfigs(cluster.replicas, { job: name, namespace, isDynamic }) : [];
  const pods = replicas.map((replica) => podsOf(replica, name));
  const totals = totalsOf(pods);
  return {
    ...identityOf(object),
    operator: operatorNames['kubeflow-training-operator'],
    summary: summaryOf(pods, isTrue(spec.at('runPolicy', 'suspend'))),
    pods,
    ...(totals ? { totals } : {}),
    objects: [...pods.flatMap((pod) => servicesOf(pod)), ...podGroup(spec, name)],
    mounts: replicas.flatMap(({ key, role, pod }) => templateMounts((role ?? key).toLowerCase(), pod)),
    behaviour: tfJobBehaviour(object, replicas),
    texts,
    unknowns: unknownsOf(object, cluster, texts.length),
  };
}

const countable: ReadonlySet<string> = new Set(['chief', 'master', 'worker', 'evaluator']);

/** `worker`, `workers`, `PS`; a role that nobody knows stays as it is. */
function wordOf(role: string, count: string): string {
  if (role === 'ps') return 'PS';
  return countable.has(role) && count !== '1' ? `${role}s` : role;
}

function summaryOf(pods: readonly PodPreview[], isHeld: boolean): string {
  const parts = pods.map(({ role, count }) => `${count.text} ${wordOf(role, count.text)}`);
  const what = parts.length === 0 ? 'no pods: the job has no replicas' : `the pods of ${parts.join(', ')}`;
  return isHeld
    ? `The job is suspended: nothing is created until runPolicy.suspend is false. Then it is ${what}.`
    : `The operator creates ${what}${parts.length === 0 ? '' : ', and a headless Service for each'}.`;
}

function podsOf({ key, role, pod, count: replicas, view }: ReplicaView, job: string): PodPreview {
  const name = (role ?? key).toLowerCase();
  const count = countText(replicas, view);
  return { role: name, names: namesOf(`${job}-${name}`, count), count, containers: containersOf(pod), memoryParts: [] };
}

function countText(count: number | undefined, view: NodeView): CountPreview {
  if (count !== undefined && count >= 0 && Number.isSafeInteger(count)) return exactly(count);
  return { text: `an unknown number: ${view.field('replicas').path} is no number of replicas that is known` };
}

function namesOf(prefix: string, { least }: CountPreview): readonly string[] {
  if (least === undefined) return [`${prefix}-<index>`];
  if (least > NAMES_SHOWN) return [`${prefix}-0`, '...', `${prefix}-${least - 1}`];
  return Array.from({ length: least }, (_, index) => `${prefix}-${index}`);
}

function servicesOf({ names, count }: PodPreview): readonly ObjectPreview[] {
  if (count.least === 0) return [];
  const what = 'Headless, to the pod of the same name.';
  if (count.least !== undefined && count.least <= NAMES_SHOWN)
    return names.map((name) => ({ kind: 'Service', name, what }));
  return [{ kind: 'Service', name: names.join(' '), what: 'Headless, one for each pod, of the same name.' }];
}

function podGroup(spec: NodeView, name: string): readonly ObjectPreview[] {
  if (!spec.at('runPolicy', 'schedulingPolicy').isPresent) return [];
  const what =
    'The pods are scheduled together or not at all, only where the operator was started with a gang scheduler.';
  return [{ kind: 'PodGroup', name, what }];
}

function unknownsOf({ metadata }: ObjectView, cluster: TfCluster, shown: number): readonly string[] {
  if (cluster.state === 'unknown') return [`TF_CONFIG is not known: ${cluster.why}.`];
  const all = cluster.replicas.reduce((sum, { count }) => sum + count, 0);
  if (!isDistributed(cluster.replicas)) {
    return ['TF_CONFIG is not set: the job has one replica, which trains by itself.'];
  }
  const more =
    shown === 0
      ? 'TF_CONFIG has too many addresses to show.'
      : `TF_CONFIG is shown for ${shown} of ${all} replicas; the others differ in their index.`;
  return [
    ...(shown < all ? [more] : []),
    ...(readFirst(metadata.field('namespace')).state === 'given'
      ? []
      : ['The namespace in TF_CONFIG is the one the job is created in.']),
    'Where the operator was started with CUSTOM_CLUSTER_DOMAIN, that domain stands behind .svc in every address.',
  ];
}
