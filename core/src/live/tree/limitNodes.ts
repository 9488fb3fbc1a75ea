import type { DataCluster } from '#core/live/model.ts';
import { isFiltering } from '#core/live/tree/input.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { branch, leaf, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import { counted } from '#core/live/plainText.ts';
import { toldLimits } from '#core/live/toldLimits.ts';
import type { AccessLimit, ContextView } from '#core/live/view.ts';

interface Consequence {
  /** What is missing because of it, with its verb: `Services are not shown`. */
  readonly missing: string;
  readonly advice?: string;
}

/** What a missing right costs, by what it is about. */
const consequences: Readonly<Record<string, Consequence>> = {
  namespaces: {
    missing: 'Namespaces are not listed',
    advice: 'Name the namespaces you may read in the setting dataClusters.namespaces.',
  },
  nodes: { missing: 'Nodes and zones are not shown' },
  pods: { missing: 'Pods are not shown' },
  'pods/exec': { missing: 'Systems are not asked from inside their pods' },
  'pods/log': { missing: 'Logs are not shown' },
  'pods/portforward': { missing: 'Ports are not forwarded' },
  services: { missing: 'Services are not shown' },
  configmaps: { missing: 'Operations of others are not shown' },
  secrets: { missing: 'Helm releases are not shown' },
  persistentvolumeclaims: { missing: 'Storage is not shown' },
  poddisruptionbudgets: { missing: 'Disruption budgets are not shown' },
  events: { missing: 'Events are not shown' },
  customresourcedefinitions: { missing: 'Definitions are not shown' },
};

const otherNamespaces: Consequence = {
  missing: 'Other namespaces are not shown',
  advice: 'Name those you may read in the setting dataClusters.namespaces.',
};

/** What of a data cluster is not shown for want of a right. */
const partsOfCluster = new Set(['services', 'persistentvolumeclaims', 'poddisruptionbudgets']);

/** What may not be read in a context: quiet rows, one alone or several in a group. They hide while something is looked for. */
export function limitNodes(
  scope: ContextScope,
  parent: string,
  view: Pick<ContextView, 'limits' | 'namespaces'>,
): readonly TreeNode[] {
  const { single, kinds } = toldLimits(view);
  const count = single.length + (kinds.length > 0 ? 1 : 0);
  if (count === 0 || isFiltering(scope.input.filter)) return [];
  const [only] = single;
  if (only && count === 1) return [limitNode(scope, parent, undefined, only)];
  const id = rowIds.group(parent, 'limitGroup');
  const parts = {
    id,
    parent,
    kind: 'limitGroup',
    flags: scope.flags,
    label: 'Not shown',
    description: [`${single.length + kinds.length} rights are missing`],
    tooltip: ['What may not be read with this login, and what that costs. Everything else works.'],
    icon: { id: 'lock' },
    role: 'Group',
    target: { kind: 'none', context: scope.name, key: undefined },
  } as const;
  return [
    branch(parts, () => [
      ...single.map((limit) => limitNode(scope, id, undefined, limit)),
      ...(kinds.length > 0 ? [kindsNode(scope, id, kinds)] : []),
    ]),
  ];
}

/** The kinds of operators in one row; the tooltip has their names. */
function kindsNode(scope: ContextScope, parent: string, kinds: readonly AccessLimit[]): TreeNode {
  const names = [...new Set(kinds.map(({ resource, group }) => `${resource}.${group}`))].toSorted();
  const right = `no right to list ${counted(names.length, 'kind')}`;
  return leaf({
    id: rowIds.limit(parent, 'list', 'kinds', ''),
    parent,
    kind: 'limit',
    flags: scope.flags,
    label: `Custom resources of operators are not shown: ${right}`,
    tooltip: [`Custom resources of operators are not shown: ${right}.`, ...names],
    icon: { id: 'lock', color: 'disabledForeground' },
    role: '',
    target: { kind: 'none', context: scope.name, key: undefined },
  });
}

/** The same, where the missing thing would stand in a data cluster. */
export function clusterLimitNodes(scope: ContextScope, parent: string, cluster: DataCluster): readonly TreeNode[] {
  const limits = scope.context.view?.limits ?? [];
  return limits
    .filter(
      ({ resource, namespace }) =>
        partsOfCluster.has(resource) && (namespace ?? cluster.namespace) === cluster.namespace,
    )
    .map((limit) => limitNode(scope, parent, cluster.key, limit));
}

function limitNode(scope: ContextScope, parent: string, key: string | undefined, limit: AccessLimit): TreeNode {
  const { verb, group, resource, namespace, reason } = limit;
  const isElsewhere = resource === 'pods' && namespace === undefined && scope.context.view?.namespaces !== undefined;
  const { missing, advice = '' } = isElsewhere ? otherNamespaces : consequenceOf(resource);
  const plural = group === '' ? resource : `${resource}.${group}`;
  const right = `no right to ${verb} ${plural} in ${namespace ?? 'all namespaces'}`;
  return leaf({
    id: rowIds.limit(parent, verb, plural, namespace ?? ''),
    parent,
    kind: 'limit',
    flags: scope.flags,
    label: `${missing}: ${right}`,
    tooltip: [`${missing}: ${right}.`, advice, reason === '' ? '' : `The server says: ${reason}`],
    icon: { id: 'lock', color: 'disabledForeground' },
    role: '',
    target: { kind: 'none', context: scope.name, key },
  });
}

function consequenceOf(resource: string): Consequence {
  const known = Object.hasOwn(consequences, resource) ? consequences[resource] : undefined;
  return known ?? { missing: `${resource.charAt(0).toUpperCase()}${resource.slice(1)} are not shown` };
}
