import type { PodView } from '#core/lint/rules/pods.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** The containers that run as long as the pod does: the regular ones and sidecars (init containers that are always restarted). */
export function servingContainers({ containers }: PodView): readonly NodeView[] {
  return containers
    .filter(({ view, list }) => list === 'containers' || (list === 'initContainers' && isSidecar(view)))
    .map(({ view }) => view);
}

export function isSidecar(container: NodeView): boolean {
  return container.field('restartPolicy').text === 'Always';
}
