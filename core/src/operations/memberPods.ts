import { decodePod } from '#core/live/decode/pod.ts';
import type { LivePod } from '#core/live/objects.ts';
import { podTrouble } from '#core/live/podTrouble.ts';
import { ClusterProblem, type Cluster, type ResourceKind } from '#core/live/ports.ts';

const pods: ResourceKind = { group: '', version: 'v1', plural: 'pods', namespaced: true };

/** The pods of some members, as they are now. */
export interface FoundPods {
  /** Undefined while there is no pod of that name. */
  of(name: string): LivePod | undefined;
}

export class MemberPods implements FoundPods {
  readonly #pods: ReadonlyMap<string, LivePod>;

  constructor(found: readonly LivePod[]) {
    this.#pods = new Map(found.map((pod) => [pod.meta.name, pod]));
  }

  of(name: string): LivePod | undefined {
    return this.#pods.get(name);
  }
}

/** What does not mend itself by waiting. */
const hopelessKinds = new Set<string>(['unschedulable', 'image', 'configuration', 'crash', 'memory', 'evicted']);

/** Why a pod will not become ready by itself; a pod that has just been created is in trouble that may pass. */
export function hopelessTrouble(pod: LivePod, now: number): string | undefined {
  const trouble = podTrouble(pod, now);
  return trouble?.level === 'unhealthy' && hopelessKinds.has(trouble.kind) ? trouble.sentence : undefined;
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
