import type { KnownRevisions } from '#core/live/helm/revisionFacts.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import type { ContextSummary } from '#core/live/ports.ts';
import type { ContextView } from '#core/live/view.ts';
import type { OperationName } from '#core/operations/model.ts';
import type { ContextOperations } from '#core/operations/shownRun.ts';

/** Everything the tree is drawn from. Plain data: the same input gives the same rows. */
export interface TreeInput {
  readonly contexts: readonly TreeContext[];
  readonly filter: TreeFilter;
  /** Ids of rows: contexts, namespaces and data clusters that come first among their like. */
  readonly favourites: ReadonlySet<string>;
  /** Whether the system behind a data cluster can be asked itself. */
  readonly isAskable: (cluster: DataCluster) => boolean;
  /** Operations that a data cluster's menu has, also those that are refused there with a reason. */
  readonly offers: (cluster: DataCluster) => readonly OperationName[];
  /** Milliseconds since 1970, for ages. */
  readonly now: number;
}

export interface TreeFilter {
  /** Words that must all occur, whatever their case; empty for no filter. */
  readonly text: string;
  readonly onlyUnhealthy: boolean;
}

export interface TreeContext {
  readonly summary: ContextSummary;
  /** It was shown and is no longer in any kubeconfig. */
  readonly isVanished: boolean;
  readonly isProtected: boolean;
  readonly isReadOnly: boolean;
  readonly connection: 'closed' | 'opening' | 'open';
  /** Why it could not be opened; untrusted text. */
  readonly problem: string | undefined;
  /** What is watched; undefined unless the connection is open. */
  readonly view: ContextView | undefined;
  /** Keys of the data clusters that are asked again and again. */
  readonly asked: ReadonlySet<string>;
  /** By key of the data cluster, newest last; only of those whose events are shown. */
  readonly events: ReadonlyMap<string, readonly LiveEvent[]>;
  /** What revisions of Helm releases hold; only of those that were there while their release was open. */
  readonly revisions?: KnownRevisions;
  readonly operations: ContextOperations;
}

export const NO_FILTER: TreeFilter = { text: '', onlyUnhealthy: false };

export function isFiltering({ text, onlyUnhealthy }: TreeFilter): boolean {
  return onlyUnhealthy || text.trim() !== '';
}
