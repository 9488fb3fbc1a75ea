import type { PodView } from '#core/lint/rules/pods.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** The security contexts of the containers. */
export function containerContexts({ containers }: PodView): readonly NodeView[] {
  return containers.map(({ view }) => view.field('securityContext'));
}

/** The security context of the pod and those of its containers. */
export function allContexts(pod: PodView): readonly NodeView[] {
  return [pod.spec.field('securityContext'), ...containerContexts(pod)];
}
