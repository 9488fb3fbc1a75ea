import type { LivePod, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { judgeOperator } from '#core/live/operators/health.ts';
import { operatorVersion, recognizeOperator, watchedNamespaces } from '#core/live/operators/recognize.ts';
import type { OperatorView } from '#core/live/view.ts';

/** The operators that run in a namespace, by name. */
export function viewOperators(objects: NamespaceObjects, now: number): readonly OperatorView[] {
  return objects.workloads.flatMap((workload) => {
    const found = recognizeOperator(workload);
    if (!found) return [];
    const { operator, container } = found;
    return [
      {
        namespace: objects.namespace,
        name: workload.meta.name,
        title: operator.title,
        flavour: operator.flavour,
        version: operatorVersion(workload, container),
        watches: watchedNamespaces(operator.watches, container),
        workload,
        health: judgeOperator(workload, podsOf(workload, objects.pods), found, now),
      },
    ];
  });
}

function podsOf({ selector }: LiveWorkload, pods: readonly LivePod[]): readonly LivePod[] {
  const labels = Object.entries(selector);
  if (labels.length === 0) return [];
  return pods.filter(({ meta }) => labels.every(([key, value]) => meta.labels[key] === value));
}
