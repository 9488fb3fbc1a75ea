import type { LivePod } from '#core/live/objects.ts';
import { counted } from '#core/live/plainText.ts';
import type { Answer } from '#core/operations/model.ts';

/** `mnist-chief-0, mnist-worker-0 and 3 more`. */
export function namesOf(pods: readonly LivePod[], most = 6): string {
  const names = pods.slice(0, most).map(({ meta }) => meta.name);
  return pods.length > most ? `${names.join(', ')} and ${pods.length - most} more` : names.join(', ');
}

/** `2 pods are killed: mnist-chief-0, mnist-worker-0`. @param words what goes between the number and the names */
export function killedPods(pods: readonly LivePod[], one = 'pod', words = ''): string {
  return `${counted(pods.length, one)} ${pods.length === 1 ? 'is' : 'are'} killed${words}: ${namesOf(pods)}`;
}

/** A wait for these pods to be gone; undefined when there are none. */
export function untilGone(pods: readonly LivePod[]): Extract<Answer, { kind: 'wait' }> | undefined {
  if (pods.length === 0) return undefined;
  const measure = pods.map(({ meta }) => meta.name);
  return { kind: 'wait', waitingFor: `its pods to be gone: ${namesOf(pods)}`, measure, isNear: true };
}
