import type { Cause } from '#core/lint/finding.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** How the server looks at the update strategy of a kind; confirmed against kube-apiserver 1.34.4. */
interface StrategyKind {
  readonly field: string;
  readonly types: readonly string[];
  /** How it classes a type that there is not. */
  readonly unknownType: Cause;
  /** The type beside which no rolling update may be set up, and how that is classed; absent where it is ignored. */
  readonly without?: { readonly type: string; readonly cause: Cause };
}

export const STRATEGIES: Readonly<Record<string, StrategyKind>> = {
  'apps/StatefulSet': {
    field: 'updateStrategy',
    types: ['RollingUpdate', 'OnDelete'],
    unknownType: 'invalid',
    without: { type: 'OnDelete', cause: 'invalid' },
  },
  'apps/Deployment': {
    field: 'strategy',
    types: ['RollingUpdate', 'Recreate'],
    unknownType: 'unsupported',
    without: { type: 'Recreate', cause: 'forbidden' },
  },
  'apps/DaemonSet': { field: 'updateStrategy', types: ['RollingUpdate', 'OnDelete'], unknownType: 'unsupported' },
};

/** What a workload says of its rolling updates; undefined when it certainly makes none, or when that is not known. */
export function rollingUpdateOf({ groupKind, spec }: ObjectView): NodeView | undefined {
  const strategy = STRATEGIES[groupKind];
  if (!strategy) return undefined;
  const view = spec.field(strategy.field);
  const type = view.field('type');
  // Not every kind has the default in its schema, but it is the same for all.
  const isRolling = type.isAbsent || type.text === '' || type.text === 'RollingUpdate';
  return isRolling ? view.field('rollingUpdate') : undefined;
}
