import { counted } from '#core/live/plainText.ts';
import { clusterLimitNodes } from '#core/live/tree/limitNodes.ts';
import { groupBy } from '#core/live/tree/grouping.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { branch, messageNode, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import {
  budgetNode,
  claimNode,
  customNode,
  eventNode,
  nameNode,
  serviceNode,
  workloadNode,
  type GroupScope,
} from '#core/live/tree/objectNodes.ts';
import type { RowKind } from '#core/live/tree/row.ts';
import type { LiveCustom, LiveEvent } from '#core/live/objects.ts';
import type { JudgedCluster } from '#core/live/view.ts';

/** Events beyond these are in the detail view. */
const SHOWN_EVENTS = 50;

interface Group {
  readonly kind: RowKind;
  readonly label: string;
  readonly icon: string;
  /** What tells groups of one kind apart. */
  readonly id?: string;
  /** Of what is in it, where that is cheap to know. */
  readonly count: number | undefined;
  readonly nodes: (scope: GroupScope) => readonly TreeNode[];
}

/** What a data cluster has besides its members; empty groups are left out. */
export function groupNodes(scope: ContextScope, parent: string, judged: JudgedCluster): readonly TreeNode[] {
  const groups = [...objectGroups(judged), ...customGroups(judged.cluster.customs), eventGroup(scope, judged)];
  return [
    ...groups.filter(({ count }) => count !== 0).map((group) => groupNode(scope, parent, judged, group)),
    ...clusterLimitNodes(scope, parent, judged.cluster),
  ];
}

function objectGroups({ cluster }: JudgedCluster): readonly Group[] {
  const { workloads, claims, services, budgets, configMaps, secrets } = cluster;
  return [
    {
      kind: 'workloads',
      label: 'Workloads',
      icon: 'server-process',
      count: workloads.length,
      nodes: (scope) => workloads.map((workload) => workloadNode(scope, workload)),
    },
    {
      kind: 'storage',
      label: 'Storage',
      icon: 'archive',
      count: claims.length,
      nodes: (scope) => claims.map((claim) => claimNode(scope, claim)),
    },
    {
      kind: 'configuration',
      label: 'Configuration',
      icon: 'settings-gear',
      count: configMaps.length + secrets.length,
      nodes: (scope) => [
        ...configMaps.map((name) => nameNode(scope, 'ConfigMap', name)),
        ...secrets.map((name) => nameNode(scope, 'Secret', name)),
      ],
    },
    {
      kind: 'services',
      label: 'Services',
      icon: 'plug',
      count: services.length,
      nodes: (scope) => services.map((service) => serviceNode(scope, service)),
    },
    {
      kind: 'budgets',
      label: 'Disruption budgets',
      icon: 'shield',
      count: budgets.length,
      nodes: (scope) => budgets.map((budget) => budgetNode(scope, budget)),
    },
  ];
}

/** Kinds in the order the data cluster names them. */
function customGroups(customs: readonly LiveCustom[]): readonly Group[] {
  const byKind = groupBy(customs, ({ group, customKind }) => `${customKind}.${group}`);
  return [...byKind].map(([id, objects]) => ({
    kind: 'customGroup',
    label: objects[0]?.customKind ?? id,
    icon: 'symbol-class',
    id,
    count: objects.length,
    nodes: (scope) => objects.map((custom) => customNode(scope, custom)),
  }));
}

/** Events are asked for when the group is opened, so their number is not known before. */
function eventGroup({ context }: ContextScope, { cluster }: JudgedCluster): Group {
  const events = context.events.get(cluster.key);
  return {
    kind: 'events',
    label: 'Events',
    icon: 'history',
    count: undefined,
    nodes: (scope) => eventNodes(scope, events),
  };
}

function eventNodes(scope: GroupScope, events: readonly LiveEvent[] | undefined): readonly TreeNode[] {
  if (!events) return [messageIn(scope, 'Reading events…', 'loading~spin')];
  if (events.length === 0) return [messageIn(scope, 'Nothing has happened lately.', 'info')];
  return events
    .toReversed()
    .slice(0, SHOWN_EVENTS)
    .map((event) => eventNode(scope, event));
}

function groupNode(scope: ContextScope, cluster: string, judged: JudgedCluster, group: Group): TreeNode {
  const { kind, label, icon, id: distinction, count } = group;
  const { key } = judged.cluster;
  const id = rowIds.group(cluster, distinction ?? kind);
  const parts = {
    id,
    parent: cluster,
    kind,
    flags: scope.flags,
    label,
    description: [count === undefined ? '' : String(count)],
    tooltip: [count === undefined ? label : `${label}: ${counted(count, 'object')}`],
    icon: { id: icon },
    role: 'Group',
    target: { kind: 'none', context: scope.name, key },
  } as const;
  const definitions = scope.context.view?.definitions ?? [];
  return branch(parts, () => group.nodes({ scope, parent: id, cluster: judged.cluster, definitions }));
}

function messageIn({ scope, parent }: GroupScope, text: string, icon: string): TreeNode {
  return messageNode(parent, scope.name, text, { id: icon });
}
