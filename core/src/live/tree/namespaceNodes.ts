import { counted } from '#core/live/plainText.ts';
import { needsAttention } from '#core/live/tree/appearance.ts';
import { clusterNode } from '#core/live/tree/clusterNodes.ts';
import { shownClusters } from '#core/live/tree/filter.ts';
import { favouritesFirst, groupBy } from '#core/live/tree/grouping.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { isFiltering } from '#core/live/tree/input.ts';
import { branch, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import type { JudgedCluster } from '#core/live/view.ts';

/** With more namespaces than these, they start closed. */
const EXPANDED_NAMESPACES = 8;

/** The namespaces that have data clusters. What the user has put first comes first, and so does the namespace it is in. */
export function namespaceNodes(scope: ContextScope, parent: string): readonly TreeNode[] {
  const groups = groupBy(shownClusters(scope.context, scope.input.filter), ({ cluster }) => cluster.namespace);
  const expansion = groups.size <= EXPANDED_NAMESPACES || isFiltering(scope.input.filter) ? 'expanded' : 'collapsed';
  const { favourites } = scope.input;
  const isFirst = ([namespace, clusters]: readonly [string, readonly JudgedCluster[]]): boolean =>
    favourites.has(rowIds.namespace(scope.name, namespace)) ||
    clusters.some(({ cluster }) => favourites.has(rowIds.cluster(scope.name, cluster.key)));
  return favouritesFirst([...groups], isFirst).map(([namespace, clusters]) =>
    namespaceNode(scope, parent, namespace, clusters, expansion),
  );
}

function namespaceNode(
  scope: ContextScope,
  parent: string,
  namespace: string,
  clusters: readonly JudgedCluster[],
  expansion: 'collapsed' | 'expanded',
): TreeNode {
  const { input, name } = scope;
  const id = rowIds.namespace(name, namespace);
  const troubled = clusters.filter(({ health }) => needsAttention(health.level)).length;
  const parts = {
    id,
    parent,
    kind: 'namespace',
    flags: [...scope.flags, input.favourites.has(id) ? 'favourite' : 'ordinary'],
    label: namespace,
    description: [
      counted(clusters.length, 'data cluster'),
      troubled === 0 ? '' : `${troubled} need${troubled === 1 ? 's' : ''} attention`,
    ],
    tooltip: [`Namespace ${namespace} of ${name}`],
    icon: { id: 'symbol-namespace' },
    role: 'Namespace',
    target: { kind: 'namespace', context: name, namespace },
  } as const;
  const isFirst = ({ cluster }: JudgedCluster): boolean => input.favourites.has(rowIds.cluster(name, cluster.key));
  return branch(
    parts,
    () => favouritesFirst(clusters, isFirst).map((judged) => clusterNode(scope, id, judged)),
    expansion,
  );
}
