import type { OperatorSubject } from '#core/live/operators/anatomy/model.ts';
import type { ContextView, JudgedCluster, OperatorView } from '#core/live/view.ts';

/** Which operator is meant: its Deployment. */
export interface OperatorName {
  readonly namespace: string;
  readonly name: string;
}

/** The operator as it is watched now; undefined when it is not there. */
export function findOperator({ operators }: ContextView, { namespace, name }: OperatorName): OperatorView | undefined {
  return operators.find((operator) => operator.namespace === namespace && operator.name === name);
}

export function subjectOf({ definitions, namespaces }: ContextView, operator: OperatorView): OperatorSubject {
  return {
    operator,
    definitions: definitions.filter(({ flavour }) => flavour === operator.flavour),
    namespaces,
  };
}

/** Data clusters of its kind in namespaces that it watches, and those in others, for which it does nothing. */
export function ownedBy(
  { clusters }: ContextView,
  { flavour, watches }: OperatorView,
): { readonly watched: readonly JudgedCluster[]; readonly unwatched: readonly JudgedCluster[] } {
  const own = clusters.filter(({ cluster }) => cluster.flavour === flavour && cluster.resource !== undefined);
  return {
    watched: own.filter(({ cluster }) => doesWatch(watches, cluster.namespace)),
    unwatched: own.filter(({ cluster }) => !doesWatch(watches, cluster.namespace)),
  };
}

/** Where it does not say what it watches, it may watch anything. */
export function doesWatch(watches: OperatorView['watches'], namespace: string): boolean {
  return watches === undefined || watches.length === 0 || namespace === '' || watches.includes(namespace);
}
