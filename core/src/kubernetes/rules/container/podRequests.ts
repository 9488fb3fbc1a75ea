import { isSidecar } from '#core/kubernetes/rules/container/containers.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Whether a container without a request counts with its limit, as the server fills it in when it makes the pod. */
export type MissingRequest = 'limit' | 'nothing';

/**
 * What all containers of a pod request together at most: the regular ones and sidecars at once, or an init container with the sidecars
 * before it. Undefined when a part cannot be read. Source: k8s.io/component-helpers resource.AggregateContainerRequests, 1.34.
 */
export function aggregateRequests({ containers }: PodView, name: string, missing: MissingRequest): number | undefined {
  const of = (view: NodeView): number => requestOf(view, name, missing);
  const sum = (views: readonly NodeView[]): number => views.reduce((total, view) => total + of(view), 0);
  const inits = containers.filter(({ list }) => list === 'initContainers').map(({ view }) => view);
  const regular = containers.filter(({ list }) => list === 'containers').map(({ view }) => view);
  if (inits.some((view) => view.field('restartPolicy').isUnknown)) return undefined;
  const starting = inits.map((view, index) => sum(inits.slice(0, index).filter(isSidecar)) + of(view));
  const total = Math.max(sum(regular) + sum(inits.filter(isSidecar)), ...starting);
  return Number.isNaN(total) ? undefined : total;
}

/** Not a number when it is not known. */
function requestOf(container: NodeView, name: string, missing: MissingRequest): number {
  const request = container.at('resources', 'requests', name);
  if (!request.isAbsent) return request.quantity ?? Number.NaN;
  const limit = container.at('resources', 'limits', name);
  if (missing === 'nothing' || limit.isAbsent) return 0;
  return limit.quantity ?? Number.NaN;
}
