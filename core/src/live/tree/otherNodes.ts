import { counted } from '#core/live/plainText.ts';
import { levelIcon, levelWord } from '#core/live/tree/appearance.ts';
import { isShown } from '#core/live/tree/filter.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { branch, leaf, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import { builtInTarget, workloadTarget } from '#core/live/tree/references.ts';
import type { RowKind } from '#core/live/tree/row.ts';
import { flavourTitle } from '#core/live/tree/titles.ts';
import type { DefinitionView, HelmRelease, HelmRevision, OperatorView } from '#core/live/view.ts';

export function releaseNodes(scope: ContextScope, parent: string): readonly TreeNode[] {
  const { context, input } = scope;
  const releases = (context.view?.releases ?? []).filter(({ namespace, name, health }) =>
    isShown(context, input.filter, `${namespace} ${name}`, health.level),
  );
  return groupOf(scope, parent, 'helmGroup', 'Helm releases', 'package', releases, releaseNode);
}

export function operatorNodes(scope: ContextScope, parent: string): readonly TreeNode[] {
  const { context, input } = scope;
  const operators = (context.view?.operators ?? []).filter(({ namespace, name, title, health }) =>
    isShown(context, input.filter, `${namespace} ${name} ${title}`, health.level),
  );
  return groupOf(scope, parent, 'operatorGroup', 'Operators', 'gear', operators, operatorNode);
}

export function definitionNodes(scope: ContextScope, parent: string): readonly TreeNode[] {
  const { context, input } = scope;
  const definitions = (context.view?.definitions ?? []).filter(({ group, kind }) =>
    isShown(context, input.filter, `${group} ${kind}`, undefined),
  );
  return groupOf(scope, parent, 'definitionGroup', 'Definitions', 'symbol-structure', definitions, definitionNode);
}

type GroupKind = 'helmGroup' | 'operatorGroup' | 'definitionGroup';

function groupOf<Item>(
  scope: ContextScope,
  parent: string,
  kind: GroupKind & RowKind,
  label: string,
  icon: string,
  items: readonly Item[],
  toNode: (scope: ContextScope, parent: string, item: Item) => TreeNode,
): readonly TreeNode[] {
  if (items.length === 0) return [];
  const id = rowIds.group(parent, kind);
  const parts = {
    id,
    parent,
    kind,
    flags: scope.flags,
    label,
    description: [String(items.length)],
    icon: { id: icon },
    role: 'Group',
    target: { kind: 'none', context: scope.name, key: undefined },
  } as const;
  return [branch(parts, () => items.map((item) => toNode(scope, id, item)))];
}

function releaseNode(scope: ContextScope, parent: string, release: HelmRelease): TreeNode {
  const { namespace, name, revisions, health } = release;
  const [newest] = revisions;
  const id = rowIds.release(scope.name, namespace, name);
  const parts = {
    id,
    parent,
    kind: 'helmRelease',
    flags: scope.flags,
    label: name,
    description: [namespace, newest ? `revision ${newest.revision}` : '', newest?.status ?? ''],
    tooltip: [
      `Helm release ${name} in the namespace ${namespace}`,
      health.sentence,
      ...health.evidence.map(({ text }) => `• ${text}`),
    ],
    icon: health.level === 'healthy' ? { id: 'package' } : levelIcon(health.level),
    role: 'Helm release',
    state: levelWord(health.level),
    target: { kind: 'release', context: scope.name, namespace, name },
  } as const;
  return branch(parts, () => revisions.map((revision) => revisionNode(scope, id, release, revision)));
}

function revisionNode(
  scope: ContextScope,
  parent: string,
  { namespace, name }: HelmRelease,
  { revision, status, secret }: HelmRevision,
): TreeNode {
  return leaf({
    id: rowIds.revision(parent, revision),
    parent,
    kind: 'helmRevision',
    flags: scope.flags,
    label: `Revision ${revision}`,
    description: [status],
    tooltip: [`Kept in the Secret ${secret}`],
    icon: { id: 'git-commit' },
    role: 'Helm',
    target: { kind: 'revision', context: scope.name, namespace, name, revision, secret },
  });
}

function operatorNode(scope: ContextScope, parent: string, operator: OperatorView): TreeNode {
  const { namespace, name, title, version, watches, workload, health } = operator;
  return leaf({
    id: rowIds.object(parent, namespace, name),
    parent,
    kind: 'operator',
    flags: scope.flags,
    label: title,
    description: [namespace, version],
    sentence: health.sentence,
    tooltip: [`${workload.kind} ${name} in the namespace ${namespace}`, health.sentence, watchText(watches)],
    icon: health.level === 'healthy' ? { id: 'gear', color: 'testing.iconPassed' } : levelIcon(health.level),
    role: 'Operator',
    state: levelWord(health.level),
    target: workloadTarget(scope.name, workload),
  });
}

function watchText(watches: readonly string[] | undefined): string {
  if (watches === undefined) return 'It does not say which namespaces it watches.';
  return watches.length === 0 ? 'It watches all namespaces.' : `It watches ${watches.join(', ')}.`;
}

function definitionNode(scope: ContextScope, parent: string, definition: DefinitionView): TreeNode {
  const { name, group, kind, versions, flavour } = definition;
  return leaf({
    id: rowIds.object(parent, 'CustomResourceDefinition', name),
    parent,
    kind: 'definition',
    flags: scope.flags,
    label: kind,
    description: [group, versions.join(', '), flavourTitle(flavour)],
    tooltip: [name, `Serves ${counted(versions.length, 'version')}: ${versions.join(', ')}`],
    icon: { id: 'symbol-structure' },
    role: 'Definition',
    target: builtInTarget(scope.name, 'CustomResourceDefinition', { namespace: '', name }),
  });
}
