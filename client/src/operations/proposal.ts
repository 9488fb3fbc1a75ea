import type { DataCluster } from '#core/live/model.ts';
import type { Plan } from '#core/operations/model.ts';

/** A plan that nobody has agreed to yet, and what it was made of. */
export interface Proposal {
  readonly context: string;
  readonly plan: Plan;
  /** Every data cluster the plan or a part of it is about. */
  readonly clusters: readonly DataCluster[];
}

/** Those data clusters that a plan and its parts are about. */
export function clustersOf({ target, parts = [] }: Plan, known: readonly DataCluster[]): readonly DataCluster[] {
  const keys = new Set([target.key, ...parts.map((part) => part.target.key)]);
  return known.filter(({ key }) => keys.has(key));
}
