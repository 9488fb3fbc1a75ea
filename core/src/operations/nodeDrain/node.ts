import { isSetAt, textAt } from '#core/json.ts';
import { decodeNode } from '#core/live/decode/others.ts';
import type { LiveNode } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import { nodeAddress } from '#core/operations/nodeDrain/kinds.ts';

/** The node that is drained, as it is now. */
export interface DrainedNode {
  readonly live: LiveNode;
  readonly raw: JsonObject;
}

/** @throws ClusterProblem, of kind `absent` when there is none of that name */
export async function readNode(cluster: Cluster, name: string): Promise<DrainedNode> {
  const raw = await cluster.get(nodeAddress(name));
  const live = decodeNode(raw);
  if (live?.meta.name === name) return { live, raw };
  throw new ClusterProblem('absent', `There is no node ${name}.`);
}

/**
 * Keeps a node from taking pods, or lets it take them again; only when nobody has written it since it was read, and it is the very node.
 * @throws ClusterProblem, of kind `conflict` when somebody has
 */
export async function setCordoned(cluster: Cluster, node: DrainedNode, isCordoned: boolean): Promise<void> {
  const { name, uid, resourceVersion } = node.live.meta;
  const metadata = { uid, resourceVersion };
  await cluster.mergePatch(nodeAddress(name), { metadata, spec: { unschedulable: isCordoned ? true : null } });
}

/** For the editor, once a drain is over. @throws ClusterProblem */
export async function uncordon(cluster: Cluster, name: string): Promise<void> {
  const node = await readNode(cluster, name);
  if (!node.live.isSchedulable) await setCordoned(cluster, node, false);
}

/** Why pods that go from the node might come back to it; undefined while it takes none. */
export function whyOpen({ raw }: DrainedNode): string | undefined {
  if (isSetAt(raw, 'spec', 'unschedulable')) return undefined;
  return `The node ${textAt(raw, 'metadata', 'name')} takes pods again: somebody has uncordoned it.`;
}
