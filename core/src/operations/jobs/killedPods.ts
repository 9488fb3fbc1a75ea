import type { LivePod } from '#core/live/objects.ts';
import { counted } from '#core/live/plainText.ts';

/** `mnist-chief-0, mnist-worker-0 and 3 more`. */
export function namesOf(pods: readonly LivePod[], most = 6): string {
  const names = pods.slice(0, most).map(({ meta }) => meta.name);
  return pods.length > most ? `${names.join(', ')} and ${pods.length - most} more` : names.join(', ');
}

/** `2 pods are killed: mnist-chief-0, mnist-worker-0`. @param words what goes between the number and the names */
export function killedPods(pods: readonly LivePod[], one = 'pod', words = ''): string {
  return `${counted(pods.length, one)} ${pods.length === 1 ? 'is' : 'are'} killed${words}: ${namesOf(pods)}`;
}
