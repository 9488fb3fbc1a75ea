import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export type ContainerList = 'initContainers' | 'containers' | 'ephemeralContainers';

export interface ContainerView {
  readonly view: NodeView;
  readonly list: ContainerList;
}

/** A pod, on its own or as the template of a workload. */
export interface PodView {
  readonly object: ObjectView;
  /** The template, or the Pod itself: what holds `metadata` and `spec`. */
  readonly template: NodeView;
  readonly metadata: NodeView;
  readonly spec: NodeView;
  readonly isTemplate: boolean;
  /** All containers, init containers first, as the server goes through them. */
  readonly containers: readonly ContainerView[];
  readonly volumes: readonly NodeView[];
  /** Volume claim templates of a StatefulSet, which stand before its volumes. */
  readonly claims: readonly NodeView[];
  /** Whether the API server looks at the pod when it gets the object; otherwise its pods are refused later. */
  readonly isValidatedAtOnce: boolean;
}

/** Where the kinds of Kubernetes keep their pod, from the root of the object. */
const POD_PLACES: Readonly<Record<string, readonly string[]>> = {
  '/Pod': [],
  '/PodTemplate': ['template'],
  '/ReplicationController': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'batch/Job': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
};

/** First minor in which the API server validates the pod template of a StatefulSet (kubernetes/kubernetes PR #131790). */
const STATEFUL_SET_PODS_VALIDATED = '1.34';

/** The pod of an object of a built-in kind; undefined when it has none. */
export function viewPod(object: ObjectView): PodView | undefined {
  const place = POD_PLACES[object.groupKind];
  if (!place) return undefined;
  const template = object.root.at(...place);
  if (!template.isPresent) return undefined;
  const spec = template.field('spec');
  const lists: readonly ContainerList[] = ['initContainers', 'containers', 'ephemeralContainers'];
  const isStatefulSet = object.groupKind === 'apps/StatefulSet';
  return {
    object,
    template,
    metadata: template.field('metadata'),
    spec,
    isTemplate: place.length > 0,
    containers: lists.flatMap((list) => spec.field(list).items.map((view) => ({ view, list }))),
    volumes: spec.field('volumes').items,
    claims: isStatefulSet ? object.spec.field('volumeClaimTemplates').items : [],
    isValidatedAtOnce: !isStatefulSet || object.isAtLeast(STATEFUL_SET_PODS_VALIDATED),
  };
}
