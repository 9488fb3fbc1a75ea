import { isSetAt, numberAt, objectAt, objectsOf, textAt, textMapOf, timeAt, valueAt } from '#core/json.ts';
import { decodeContainers } from '#core/live/decode/container.ts';
import { orAbsent } from '#core/live/operators/anatomy/reading.ts';
import type {
  ControllerAnatomy,
  ControllerPod,
  LeaseAnatomy,
  OperatorSubject,
  ReadAccess,
} from '#core/live/operators/anatomy/model.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { parseTime } from '#core/time.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true } as const;
const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true } as const;
const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true } as const;

/** The Deployment and its pods. @throws ClusterProblem */
export async function readController(
  cluster: ReadAccess,
  { operator: { namespace, name } }: OperatorSubject,
): Promise<ControllerAnatomy> {
  const deployment = await cluster.get({ ...DEPLOYMENTS, namespace, name });
  const template = objectAt(deployment, 'spec', 'template', 'spec');
  return {
    serviceAccount: textAt(template, 'serviceAccountName') || textAt(template, 'serviceAccount') || 'default',
    containers: decodeContainers(template, namespace),
    pods: await readPods(cluster, namespace, textMapOf(valueAt(deployment, 'spec', 'selector', 'matchLabels'))),
    strategy: textAt(deployment, 'spec', 'strategy', 'type'),
  };
}

async function readPods(
  cluster: ReadAccess,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<readonly ControllerPod[]> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  if (labelSelector === '') return [];
  const pods = await cluster.list({ ...PODS, namespace, labelSelector });
  return pods.map(podOf).toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
}

function podOf(pod: JsonObject): ControllerPod {
  const statuses = objectsOf(valueAt(pod, 'status', 'containerStatuses'));
  return {
    name: textAt(pod, 'metadata', 'name'),
    node: textAt(pod, 'spec', 'nodeName'),
    isReady: statuses.length > 0 && statuses.every((status) => isSetAt(status, 'ready')),
    createdAt: timeAt(pod, 'metadata', 'creationTimestamp'),
    restarted: statuses
      .filter((status) => (numberAt(status, 'restartCount') ?? 0) > 0)
      .map((status) => textAt(status, 'name')),
  };
}

/**
 * The leases of its namespace that it leads by. A holder is named by the pod that holds it, mostly with a random end: `operator-7d9_3f2a`.
 * A pod that is gone has left its name, which begins with that of its Deployment.
 *
 * @throws ClusterProblem
 */
export async function readLeases(
  cluster: ReadAccess,
  { operator: { namespace, name } }: OperatorSubject,
  pods: readonly ControllerPod[],
): Promise<readonly LeaseAnatomy[]> {
  const leases = (await orAbsent(cluster.list({ ...LEASES, namespace }))) ?? [];
  return leases.flatMap((lease) => {
    const spec = objectAt(lease, 'spec');
    const holder = textAt(spec, 'holderIdentity');
    if (!isOf(holder, name)) return [];
    const seconds = numberAt(spec, 'leaseDurationSeconds');
    return [
      {
        name: textAt(lease, 'metadata', 'name'),
        holder,
        pod: pods.find((pod) => holder === pod.name || holder.startsWith(`${pod.name}_`))?.name,
        renewedAt: parseTime(textAt(spec, 'renewTime')),
        lengthMs: seconds === undefined ? undefined : seconds * 1_000,
      },
    ];
  });
}

/** Pods of a Deployment are named by it, by the hash of the template, and by five characters. */
function isOf(holder: string, deployment: string): boolean {
  return (
    holder.startsWith(`${deployment}-`) &&
    /^[a-z0-9]{1,10}-[a-z0-9]{5}(?:_|$)/.test(holder.slice(deployment.length + 1))
  );
}
