import type { LiveAccess } from '#client/actions/deps.ts';
import type { Asker, Choice } from '#client/operations/asker.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { textAt, valueAt } from '#core/json.ts';
import { ClusterProblem, type Cluster, type JsonObject, type WatchQuery } from '#core/live/ports.ts';
import type { ContextView } from '#core/live/view.ts';

export interface NodeSources {
  readonly access: Pick<LiveAccess, 'viewOf' | 'connectedContexts' | 'clusterOf'>;
  readonly asker: Asker;
}

export interface ChosenNode {
  readonly context: string;
  readonly node: string;
}

const nodes: WatchQuery = { group: '', version: 'v1', plural: 'nodes', namespaced: false };
const ZONE = 'topology.kubernetes.io/zone';

/** A Kubernetes node of a context that is connected. Undefined when nothing is chosen. */
export async function chooseNode({ access, asker }: NodeSources): Promise<ChosenNode | undefined> {
  const contexts = access.connectedContexts();
  if (contexts.length === 0)
    throw new UserProblem(
      'No cluster is connected.',
      'Connect a context in the Data Clusters view, or open the demo cluster.',
    );
  const context =
    contexts.length === 1
      ? contexts[0]
      : await asker.pick(
          'Context of the node',
          contexts.map((name) => ({ label: name, value: name })),
        );
  if (context === undefined) return undefined;
  const node = await asker.pick('Kubernetes node to drain', await nodeChoices(context, access));
  return node === undefined ? undefined : { context, node };
}

async function nodeChoices(context: string, access: NodeSources['access']): Promise<readonly Choice<string>[]> {
  const members = membersByNode(access.viewOf(context));
  const known = await readNodes(await access.clusterOf(context));
  const names = known?.map((node) => textAt(node, 'metadata', 'name')) ?? [...members.keys()];
  return names.toSorted().map((name) => ({
    label: name,
    description: describe(known?.find((node) => textAt(node, 'metadata', 'name') === name)),
    detail: members.get(name)?.join(', ') ?? 'no member of a data cluster',
    value: name,
  }));
}

/** Undefined when nodes may not be listed: then those are known that members are on. */
async function readNodes(cluster: Cluster): Promise<readonly JsonObject[] | undefined> {
  try {
    return await cluster.list(nodes);
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
    throw error;
  }
}

function describe(node: JsonObject | undefined): string {
  if (!node) return '';
  const zone = textAt(node, 'metadata', 'labels', ZONE);
  const isCordoned = valueAt(node, 'spec', 'unschedulable') === true;
  return [zone, isCordoned ? 'cordoned' : ''].filter((text) => text !== '').join(' · ');
}

function membersByNode(view: ContextView | undefined): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { cluster } of view?.clusters ?? []) {
    for (const { pod, name } of cluster.members) {
      if (pod && pod.node !== '') found.set(pod.node, [...(found.get(pod.node) ?? []), `${cluster.name}: ${name}`]);
    }
  }
  return found;
}
