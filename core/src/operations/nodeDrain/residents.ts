import { decodePod } from '#core/live/decode/pod.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { Cluster, JsonObject } from '#core/live/ports.ts';
import { pods as podKind } from '#core/operations/nodeDrain/kinds.ts';

/** A pod on the node, with what the scheduler goes by. */
export interface NodePod {
  readonly live: LivePod;
  readonly raw: JsonObject;
}

/** What is on a node, by what a drain does with it. Every pod is in one list only; lists are sorted by namespace and name. */
export interface Residents {
  /** Members of data clusters, which go by the way of their own system. */
  readonly members: readonly { readonly data: DataCluster; readonly pods: readonly NodePod[] }[];
  /** What is evicted. */
  readonly others: readonly NodePod[];
  /** Started by the kubelet from files, which no API ends. */
  readonly mirrors: readonly NodePod[];
  /** A DaemonSet would start them again at once. */
  readonly daemons: readonly NodePod[];
  readonly finished: readonly NodePod[];
}

/** Pods that are on a node. @throws ClusterProblem when they may not be listed in all namespaces: then nobody knows what a drain does */
export async function podsOn(cluster: Cluster, node: string): Promise<readonly NodePod[]> {
  const found = await cluster.list({ ...podKind, fieldSelector: `spec.nodeName=${node}` });
  return found
    .flatMap((raw) => {
      const live = decodePod(raw);
      return live ? [{ live, raw }] : [];
    })
    .toSorted((a, b) => compare(podName(a), podName(b)));
}

/** `isAsked` tells the systems that answer for all their pods, companions as well. */
export function sortResidents(
  onNode: readonly NodePod[],
  clusters: readonly DataCluster[],
  isAsked: (data: DataCluster) => boolean = () => false,
): Residents {
  const owners = memberships(clusters, isAsked);
  const kinds = onNode.map((pod) => ({ pod, kind: kindOf(pod.live), data: owners.get(podName(pod)) }));
  const of = (kind: PodKind): readonly NodePod[] => kinds.filter((row) => row.kind === kind).map(({ pod }) => pod);
  const members = [...new Set(owners.values())]
    .map((data) => ({
      data,
      pods: kinds.filter((row) => row.kind === 'other' && row.data === data).map(({ pod }) => pod),
    }))
    .filter(({ pods }) => pods.length > 0)
    .toSorted((a, b) => compare(a.data.key, b.data.key));
  const others = kinds.filter(({ kind, data }) => kind === 'other' && data === undefined).map(({ pod }) => pod);
  return { members, others, mirrors: of('mirror'), daemons: of('daemon'), finished: of('finished') };
}

/** What stays on a drained node without anybody missing it. */
export function mayStay({ live }: NodePod): boolean {
  return kindOf(live) !== 'other';
}

/** `prod/orders-0`. */
export function podName({ live }: NodePod): string {
  return `${live.meta.namespace}/${live.meta.name}`;
}

export function controllerOf({ live }: NodePod): LivePod['meta']['owners'][number] | undefined {
  return live.meta.owners.find(({ isController }) => isController);
}

/** Companions, such as an operator for topics, hold no data: they are pods like any other. */
function memberships(
  clusters: readonly DataCluster[],
  isAsked: (data: DataCluster) => boolean,
): ReadonlyMap<string, DataCluster> {
  const owners = new Map<string, DataCluster>();
  for (const data of clusters) {
    for (const { name, role } of data.members) {
      if (role !== 'companion' || isAsked(data)) owners.set(`${data.namespace}/${name}`, data);
    }
  }
  return owners;
}

type PodKind = 'mirror' | 'finished' | 'daemon' | 'other';

/** Source: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_drain and k8s.io/api/core/v1 MirrorPodAnnotationKey. */
const MIRROR = 'kubernetes.io/config.mirror';

function kindOf({ meta, phase }: LivePod): PodKind {
  if (Object.hasOwn(meta.annotations, MIRROR)) return 'mirror';
  if (phase === 'Succeeded' || phase === 'Failed') return 'finished';
  return meta.owners.some(({ isController, kind }) => isController && kind === 'DaemonSet') ? 'daemon' : 'other';
}

const compare = (a: string, b: string): number => a.localeCompare(b, 'en');
