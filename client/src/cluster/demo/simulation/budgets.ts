import { ApiError } from './apiError.ts';
import { isPodReady, shapedAs, type Budget, type Pod } from './objects.ts';
import type { World } from './world.ts';

interface BudgetState {
  readonly expected: number;
  readonly healthy: number;
  readonly desired: number;
  readonly allowed: number;
}

/** The disruption controller: how many pods of each budget may be evicted now. */
export function tickBudgets(world: World): void {
  for (const budget of world.budgets()) {
    const { expected, healthy, desired, allowed } = stateOf(world, budget);
    world.setStatus(budget, {
      observedGeneration: budget.metadata.generation ?? 1,
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
      expectedPods: expected,
    });
  }
}

/**
 * Evicts a pod where its budgets allow it.
 * @throws ApiError 429 when they do not, 500 when more than one budget covers the pod
 */
export function evict(
  world: World,
  pod: Pod,
  options: { readonly graceSeconds?: number; readonly isDryRun: boolean },
): void {
  const budgets = world.budgets(pod.metadata.namespace).filter((budget) => covers(budget, pod));
  if (budgets.length > 1) {
    throw new ApiError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const [budget] = budgets;
  const isCounted = isPodReady(pod) && pod.metadata.deletionTimestamp === undefined;
  if (budget !== undefined && isCounted) {
    const { allowed, healthy, desired } = stateOf(world, budget);
    if (allowed < 1) {
      throw new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
        causes: [
          {
            reason: 'DisruptionBudget',
            field: '',
            message: `The disruption budget ${budget.metadata.name} needs ${desired} healthy pods and has ${healthy} currently`,
          },
        ],
        retryAfterSeconds: 10,
      });
    }
  }
  if (!options.isDryRun) world.deletePod(pod, options.graceSeconds);
}

function stateOf(world: World, budget: Budget): BudgetState {
  const pods = world.pods(budget.metadata.namespace).filter((pod) => covers(budget, pod));
  const expected = Math.max(pods.length, wantedOf(world, pods));
  const healthy = pods.filter((pod) => isPodReady(pod) && pod.metadata.deletionTimestamp === undefined).length;
  const { minAvailable, maxUnavailable } = budget.spec;
  const desired =
    maxUnavailable === undefined
      ? amountOf(minAvailable ?? 0, expected)
      : Math.max(0, expected - amountOf(maxUnavailable, expected));
  return { expected, healthy, desired, allowed: expected === 0 ? 0 : Math.max(0, healthy - desired) };
}

/** Members that their sets want, so that one that is just replaced still counts. */
function wantedOf(world: World, pods: readonly Pod[]): number {
  const owners = new Map(pods.flatMap((pod) => pod.metadata.ownerReferences ?? []).map((owner) => [owner.uid, owner]));
  let wanted = 0;
  for (const { kind, name } of owners.values()) {
    const set = kind === 'StatefulSet' ? world.get(kind, pods[0]?.metadata.namespace ?? '', name) : undefined;
    const spec = shapedAs<{ readonly replicas?: number } | undefined>(set?.['spec']);
    wanted += spec?.replicas ?? 0;
  }
  return wanted;
}

function covers({ spec }: Budget, pod: Pod): boolean {
  const labels = Object.entries(spec.selector?.matchLabels ?? {});
  return labels.length > 0 && labels.every(([key, value]) => pod.metadata.labels?.[key] === value);
}

/** A percentage is rounded up. */
function amountOf(value: number | string, of: number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? Math.ceil((Number.parseFloat(value) / 100) * of) : Number.parseInt(value, 10) || 0;
}
