import { ago } from '#core/live/durations.ts';
import { factsOf } from '#core/live/helm/revisionFacts.ts';
import { adviceOf } from '#core/live/helm/reports.ts';
import { counted } from '#core/live/plainText.ts';
import { levelIcon, levelWord } from '#core/live/tree/appearance.ts';
import { isShown } from '#core/live/tree/filter.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { branch, leaf, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import { builtInTarget, workloadTarget } from '#core/live/tree/references.ts';
import type { RowFlag, RowKind } from '#core/live/tree/row.ts';
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
    flags: flagsOf(scope, revisions.length > 1),
    label: name,
    description: [namespace, newest ? `revision ${newest.revision}` : '', newest?.status ?? ''],
    tooltip: [
      `Helm release ${name} in the namespace ${namespace}`,
      health.sentence,
      ...health.evidence.map(({ text }) => `• ${text}`),
      ...adviceOf(release),
    ],
    icon: health.level === 'healthy' ? { id: 'package' } : levelIcon(health.level),
    role: 'Helm release',
    state: levelWord(health.level),
    target: { kind: 'release', context: scope.name, namespace, name },
  } as const;
  return branch(parts, () => revisions.map((revision) => revisionNode(scope, id, release, revision)));
}

function revisionNode(scope: ContextScope, parent: string, release: HelmRelease, one: HelmRevision): TreeNode {
  const { revision, status, secret, modifiedAt, isConfigMap } = one;
  const facts = factsOf(one, scope.context.revisions);
  const { namespace, name, revisions } = release;
  const isNewest = revisions[0]?.revision === revision;
  const when = modifiedAt === undefined ? '' : whenText(scope.input.now - modifiedAt);
  return leaf({
    id: rowIds.revision(parent, revision),
    parent,
    kind: 'helmRevision',
    flags: flagsOf(scope, !isNewest),
    label: `Revision ${revision}`,
    description: [status, when, facts?.chart ?? '', facts && facts.appVersion !== '' ? `app ${facts.appVersion}` : ''],
    sentence: facts?.description ?? '',
    tooltip: [
      facts?.description ?? '',
      statusText(status),
      ...(isNewest ? adviceOf(release) : []),
      `Kept in the ${isConfigMap === true ? 'ConfigMap' : 'Secret'} ${secret}`,
    ],
    icon: { id: 'git-commit' },
    role: 'Helm',
    target: { kind: 'revision', context: scope.name, namespace, name, revision, secret },
  });
}

function flagsOf({ flags }: ContextScope, canRollBack: boolean): readonly RowFlag[] {
  return canRollBack ? [...flags, 'canRollBack'] : flags;
}

/** In steps of a minute, so that rows do not change with every second. */
function whenText(milliseconds: number): string {
  return milliseconds < 120_000 ? 'under 2 min ago' : ago(milliseconds);
}

/** What a status of Helm means. Source: the release statuses of Helm 3 and 4. */
const statusTexts: ReadonlyMap<string, string> = new Map([
  ['deployed', 'It is what the cluster should be.'],
  ['superseded', 'It was deployed, and a later revision has taken its place.'],
  ['failed', 'It was not carried out to its end; what it had changed by then stayed.'],
  ['uninstalled', 'Its objects were removed, and its history was kept.'],
  ['uninstalling', 'Its objects are being removed, or whoever did it was interrupted.'],
  ['pending-install', 'It is being installed, or whoever did it was interrupted.'],
  ['pending-upgrade', 'It is being brought into effect, or whoever did it was interrupted.'],
  ['pending-rollback', 'It is being brought into effect, or whoever did it was interrupted.'],
]);

function statusText(status: string): string {
  return statusTexts.get(status) ?? '';
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
