import type { AccessLimit, ContextView } from '#core/live/view.ts';

export interface ToldLimits {
  /** Each worth a line of its own. */
  readonly single: readonly AccessLimit[];
  /** Kinds of operators: there are dozens, and who may not read one may as a rule read none. */
  readonly kinds: readonly AccessLimit[];
}

/** API groups of Kubernetes itself. */
const ownGroups = new Set(['', 'apps', 'policy', 'apiextensions.k8s.io']);

/**
 * What a person wants to know of what may not be read: of a kind that was refused everywhere and then in single namespaces the latter;
 * of one that can be read in the namespaces that are watched nothing, but for pods, because that keeps other namespaces unseen.
 */
export function toldLimits({ limits, namespaces }: Pick<ContextView, 'limits' | 'namespaces'>): ToldLimits {
  const nameOf = ({ verb, group, resource }: AccessLimit): string => `${verb} ${resource}.${group}`;
  const refusedInNamespaces = new Set(limits.filter(({ namespace }) => namespace !== undefined).map(nameOf));
  const told = limits.filter((limit) => {
    if (limit.namespace !== undefined) return true;
    if (limit.group === '' && limit.resource === 'pods') return true;
    return !refusedInNamespaces.has(nameOf(limit)) && (namespaces === undefined || !isReadable(limit));
  });
  const single = told.filter(({ group }) => ownGroups.has(group));
  return { single, kinds: told.filter(({ group }) => !ownGroups.has(group)) };
}

/** Kinds that are asked for in single namespaces when they may not be listed everywhere; the others belong to none. */
function isReadable({ resource }: AccessLimit): boolean {
  return !['nodes', 'namespaces', 'customresourcedefinitions'].includes(resource);
}
