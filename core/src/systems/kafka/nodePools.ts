import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import { UNKNOWN_VALUE } from '#core/workspace/values.ts';
import type { WorkspaceView } from '#core/workspace/view.ts';

export const STRIMZI_GROUP = 'kafka.strimzi.io';
export const CLUSTER_LABEL = 'strimzi.io/cluster';

/** The node pools of a cluster, as far as the workspace has them. */
export interface NodePools {
  readonly pools: readonly IndexedObject[];
  /** Whether it is likely that those are all: they are applied together with the object that asks. */
  readonly areTogether: boolean;
  /** Pods with a role; undefined when the replicas or roles of a pool are not known. */
  readonly brokers: number | undefined;
  readonly controllers: number | undefined;
}

/** The node pools of a cluster by its name; undefined when there are none here or when some cannot be read. */
export function nodePoolsOf(cluster: string, workspace: WorkspaceView): NodePools | undefined {
  const pools = workspace
    .ofKind('KafkaNodePool')
    .filter(({ group, labels }) => group === STRIMZI_GROUP && labels.some((label) => isClusterLabel(label, cluster)));
  const names = new Set(pools.map(({ name }) => name));
  if (pools.length === 0 || names.size < pools.length || !workspace.isCertain('KafkaNodePool')) return undefined;
  const { uris, isWhole, isPatched } = workspace.scope;
  return {
    pools,
    areTogether: isWhole && !isPatched && pools.every(({ uri }) => uris.has(uri)),
    brokers: countRole('broker', pools, workspace),
    controllers: countRole('controller', pools, workspace),
  };
}

function isClusterLabel([key, value]: readonly [string, string], cluster: string): boolean {
  return key === CLUSTER_LABEL && value === cluster;
}

function countRole(role: string, pools: readonly IndexedObject[], workspace: WorkspaceView): number | undefined {
  let sum = 0;
  for (const pool of pools) {
    const roles = pool.values['spec.roles'];
    const replicas = pool.values['spec.replicas'];
    if (roles === undefined || roles === UNKNOWN_VALUE || workspace.isPatched(pool)) return undefined;
    if (!roles.split(',').includes(role)) continue;
    if (replicas === undefined || !/^\d+$/.test(replicas)) return undefined;
    sum += Number(replicas);
  }
  return sum;
}
