import { decodePod } from '#core/live/decode/pod.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type ResourceKind } from '#core/live/ports.ts';

const pods: ResourceKind = { group: '', version: 'v1', plural: 'pods', namespaced: true };

/** The pods of some members, as they are now. */
export class MemberPods {
  readonly #pods: ReadonlyMap<string, LivePod>;

  constructor(found: readonly LivePod[]) {
    this.#pods = new Map(found.map((pod) => [pod.meta.name, pod]));
  }

  /** Undefined while there is no pod of that name. */
  of(name: string): LivePod | undefined {
    return this.#pods.get(name);
  }
}

/** @throws ClusterProblem when one of them cannot be read; one that is not there is no problem */
export async function readMemberPods(
  cluster: Cluster,
  namespace: string,
  names: readonly string[],
): Promise<MemberPods> {
  const found = await Promise.all(names.map((name) => readPod(cluster, namespace, name)));
  return new MemberPods(found.flatMap((pod) => pod ?? []));
}

async function readPod(cluster: Cluster, namespace: string, name: string): Promise<LivePod | undefined> {
  try {
    return decodePod(await cluster.get({ ...pods, namespace, name }));
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}
