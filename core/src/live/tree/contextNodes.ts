import { counted, plainText } from '#core/live/plainText.ts';
import { needsAttention } from '#core/live/tree/appearance.ts';
import { isContextShown, shownClusters } from '#core/live/tree/filter.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { isFiltering, type TreeContext, type TreeInput } from '#core/live/tree/input.ts';
import { limitNodes } from '#core/live/tree/limitNodes.ts';
import { namespaceNodes } from '#core/live/tree/namespaceNodes.ts';
import { branch, messageNode, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import { operationNodes } from '#core/live/tree/operationNodes.ts';
import { definitionNodes, operatorNodes, releaseNodes } from '#core/live/tree/otherNodes.ts';
import type { RowFlag, RowIcon } from '#core/live/tree/row.ts';

/** The top of the tree: contexts that are put first, then the current one, then the others by name; simulations and vanished ones last. */
export function rootNodes(input: TreeInput): readonly TreeNode[] {
  return input.contexts
    .filter((context) => isContextShown(context, input.filter))
    .toSorted((a, b) => rankOf(a, input) - rankOf(b, input) || compareTexts(a.summary.name, b.summary.name))
    .map((context) => contextNode(context, input));
}

function rankOf({ summary, isVanished }: TreeContext, { favourites }: TreeInput): number {
  if (favourites.has(rowIds.context(summary.name))) return 0;
  if (isVanished) return 4;
  if (summary.isDemo) return 3;
  return summary.isCurrent ? 1 : 2;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The last row of a context, which is the same, with everything below it, as long as everything is that it is made from. */
const remembered = new WeakMap<TreeContext, { readonly basis: readonly unknown[]; readonly node: TreeNode }>();

function contextNode(context: TreeContext, input: TreeInput): TreeNode {
  // Ages are told in minutes.
  const basis = [input.filter, input.favourites, input.isAskable, input.offers, Math.floor(input.now / 60_000)];
  const known = remembered.get(context);
  if (known && basis.every((part, index) => part === known.basis[index])) return known.node;
  const node = makeContextNode(context, input);
  remembered.set(context, { basis, node });
  return node;
}

function makeContextNode(context: TreeContext, input: TreeInput): TreeNode {
  const { summary, isVanished } = context;
  const { name } = summary;
  const scope: ContextScope = { input, context, name, flags: inheritedFlags(context) };
  const isOpen = context.connection !== 'closed';
  const isUnusable = isVanished || summary.problem !== undefined;
  const own: RowFlag = isOpen ? 'connected' : isUnusable ? 'unusable' : 'disconnected';
  const rank: RowFlag = input.favourites.has(rowIds.context(name)) ? 'favourite' : 'ordinary';
  const state = stateOf(context);
  const parts = {
    id: rowIds.context(name),
    parent: undefined,
    kind: 'context',
    flags: [...scope.flags, own, rank],
    label: name,
    description: [...marksOf(context), state.text, countText(context)],
    tooltip: tooltipOf(context, state.text),
    icon: state.icon,
    role: summary.isDemo ? 'Simulated cluster' : 'Cluster',
    target: { kind: 'context', context: name },
  } as const;
  return branch(parts, () => contextChildren(scope, parts.id));
}

function inheritedFlags({ summary, isProtected, isReadOnly }: TreeContext): readonly RowFlag[] {
  return [
    ...(summary.isDemo ? (['demo'] as const) : []),
    ...(isProtected ? (['protected'] as const) : []),
    isReadOnly ? 'readOnly' : 'writable',
  ];
}

/** What must never be told by an icon alone. */
function marksOf({ summary, isProtected, isReadOnly, isVanished }: TreeContext): readonly string[] {
  return [
    summary.isDemo ? 'simulation' : '',
    isProtected ? 'protected' : '',
    isReadOnly ? 'read-only' : '',
    isVanished ? 'no longer in the kubeconfig' : '',
    summary.isCurrent && !isVanished ? 'current' : '',
  ];
}

interface ContextState {
  readonly text: string;
  readonly icon: RowIcon;
}

const warning = 'problemsWarningIcon.foreground';

function stateOf(context: TreeContext): ContextState {
  const { summary, isVanished, connection, problem, view } = context;
  if (connection === 'opening') return { text: 'connecting', icon: { id: 'loading~spin' } };
  if (connection === 'open' && view) return stateOfView(context);
  if (isVanished) return { text: '', icon: { id: 'circle-slash', color: 'disabledForeground' } };
  if (summary.problem !== undefined) return { text: summary.problem, icon: { id: 'warning', color: warning } };
  if (problem !== undefined) return { text: 'not connected', icon: { id: 'warning', color: warning } };
  return { text: '', icon: { id: summary.isDemo ? 'beaker' : 'vm-outline' } };
}

function stateOfView({ summary, view }: TreeContext): ContextState {
  switch (view?.phase) {
    case 'live':
      return { text: '', icon: { id: summary.isDemo ? 'beaker' : 'vm-active', color: 'testing.iconPassed' } };
    case 'interrupted':
      return {
        text: view.version ? 'connection lost, trying again' : 'no answer yet, trying again',
        icon: { id: 'debug-disconnect', color: warning },
      };
    case 'failed':
      return { text: 'not connected', icon: { id: 'warning', color: warning } };
    case 'connecting':
    case undefined:
      return { text: 'connecting', icon: { id: 'loading~spin' } };
  }
}

function countText({ view }: TreeContext): string {
  if (view === undefined || view.clusters.length === 0) return '';
  const unhealthy = view.clusters.filter(({ health }) => needsAttention(health.level)).length;
  const all = counted(view.clusters.length, 'data cluster');
  return unhealthy === 0 ? all : `${all}, ${unhealthy} need${unhealthy === 1 ? 's' : ''} attention`;
}

function tooltipOf(context: TreeContext, state: string): readonly string[] {
  const { summary, isVanished, isProtected, isReadOnly, view, problem } = context;
  return [
    `Context ${summary.name}`,
    summary.isDemo ? 'A simulation inside this editor; nothing here is real.' : '',
    `Cluster ${summary.cluster}${summary.server === '' ? '' : ` at ${summary.server}`}`,
    summary.user === '' ? '' : `User ${summary.user}`,
    `Namespace ${summary.namespace}`,
    view?.version ? `Kubernetes ${view.version.gitVersion}` : '',
    view?.namespaces ? `Watched namespaces: ${view.namespaces.join(', ')}` : '',
    isProtected ? 'Protected by a setting: changes want its name to be typed.' : '',
    isReadOnly ? 'Read-only by a setting: no action changes anything here.' : '',
    isVanished ? 'It is no longer in any kubeconfig file.' : '',
    view?.problem?.message ?? problem ?? summary.problem ?? state,
  ];
}

function contextChildren(scope: ContextScope, parent: string): readonly TreeNode[] {
  const { context, name } = scope;
  const { view } = context;
  if (view === undefined) return [messageNode(parent, name, closedText(context), closedIcon(context))];
  const nodes = [
    ...operationNodes(scope, parent),
    ...namespaceNodes(scope, parent),
    ...releaseNodes(scope, parent),
    ...operatorNodes(scope, parent),
    ...definitionNodes(scope, parent),
    ...limitNodes(scope, parent, { ...view, limits: [...view.limits, ...context.operations.limits] }),
  ];
  const hasClusters = shownClusters(context, scope.input.filter).length > 0;
  return hasClusters ? nodes : [messageNode(parent, name, emptyText(scope), { id: 'info' }), ...nodes];
}

function closedText({ connection, problem, summary, isVanished }: TreeContext): string {
  if (connection !== 'closed') return 'Connecting…';
  if (problem !== undefined) return plainText(problem, 400);
  if (isVanished) return 'The context is no longer in any kubeconfig file.';
  return summary.problem ?? 'Not connected. Choose Connect to watch this cluster.';
}

function closedIcon({ connection, problem, summary }: TreeContext): RowIcon {
  if (connection !== 'closed') return { id: 'loading~spin' };
  return problem === undefined && summary.problem === undefined ? { id: 'info' } : { id: 'warning', color: warning };
}

/** Why no data cluster is shown: the first reason that holds. */
function emptyText({ context, input }: ContextScope): string {
  const { view } = context;
  if (view?.phase === 'failed') return view.problem?.message ?? 'The cluster cannot be reached.';
  if (view === undefined || view.phase === 'connecting') return 'Reading the cluster…';
  if (view.clusters.length > 0 && isFiltering(input.filter)) return 'No data cluster matches the filter.';
  if (view.phase === 'interrupted') return `${view.problem?.message ?? 'The connection is lost.'} It is tried again.`;
  if (view.namespaces === undefined) return 'There are no data clusters here.';
  return `There are no data clusters in ${view.namespaces.join(', ')}.`;
}
