import type { LiveMember } from '#core/live/model.ts';

/** Whether the pod of a member runs on a Kubernetes node, or is placed on one, so that it could leave it. */
export function isOnNode({ pod }: LiveMember): boolean {
  return pod !== undefined && pod.node !== '' && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';
}
