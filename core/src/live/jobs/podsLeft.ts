import type { LivePod } from '#core/live/objects.ts';

/** Pods that have not ended. */
export function livingPods(pods: readonly LivePod[]): readonly LivePod[] {
  return pods.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
}

/**
 * Pods that live, and those that have ended and are still being deleted: a TFJob that is let go on before they are gone takes their end for
 * its own, and fails. Seen with training-operator 1.8.1.
 */
export function podsLeft(pods: readonly LivePod[]): readonly LivePod[] {
  const living = new Set(livingPods(pods));
  return pods.filter((pod) => living.has(pod) || pod.meta.deletedAt !== undefined);
}
