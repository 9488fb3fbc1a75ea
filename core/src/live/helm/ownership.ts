import type { ObjectMeta } from '#core/live/objects.ts';

/**
 * Name of the Helm release an object belongs to; undefined when Helm does not manage it. Helm writes both marks on everything it
 * installs and adopts nothing without them.
 */
export function helmReleaseOf({ labels, annotations }: ObjectMeta): string | undefined {
  const release = annotations['meta.helm.sh/release-name'];
  return labels['app.kubernetes.io/managed-by'] === 'Helm' && release !== '' ? release : undefined;
}
