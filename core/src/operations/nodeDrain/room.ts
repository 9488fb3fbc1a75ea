import { objectsOf, scalarText, textOf, valueAt } from '#core/json.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { parseQuantity } from '#core/kubernetes/quantity.ts';
import { maxPodsOf } from '#core/operations/nodeDrain/admits.ts';

const resources = ['cpu', 'memory'] as const;

/**
 * What a node lacks to take a pod beside those that are there: `cpu`, `memory`, `pods`. Requests count, as for the scheduler: those of all
 * containers together, or of the largest init container. Source: https://kubernetes.io/docs/concepts/workloads/pods/init-containers
 */
export function lackingRoom(node: JsonObject, pod: JsonObject, present: readonly JsonObject[]): readonly string[] {
  const running = present.filter((one) => !isOver(one));
  const lacking = resources.filter((resource) => {
    const total = amount(valueAt(node, 'status', 'allocatable', resource));
    if (total === undefined) return false;
    const used = running.reduce((sum, one) => sum + requestOf(one, resource), 0);
    // Sums of fractions are off by a little.
    return used + requestOf(pod, resource) > total * (1 + 1e-9);
  });
  return running.length + 1 > maxPodsOf(node) ? [...lacking, 'pods'] : lacking;
}

function requestOf(pod: JsonObject, resource: string): number {
  const of = (container: JsonObject): number => amount(valueAt(container, 'resources', 'requests', resource)) ?? 0;
  const containers = objectsOf(valueAt(pod, 'spec', 'containers')).map(of);
  const first = objectsOf(valueAt(pod, 'spec', 'initContainers')).map(of);
  const overhead = amount(valueAt(pod, 'spec', 'overhead', resource)) ?? 0;
  return (
    Math.max(
      containers.reduce((sum, one) => sum + one, 0),
      ...first,
    ) + overhead
  );
}

function isOver(pod: JsonObject): boolean {
  return ['Succeeded', 'Failed'].includes(textOf(valueAt(pod, 'status', 'phase')));
}

function amount(value: unknown): number | undefined {
  return parseQuantity(scalarText(value))?.value;
}
