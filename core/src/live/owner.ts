import { helmReleaseOf } from '#core/live/helm/ownership.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { ObjectMeta } from '#core/live/objects.ts';

/** What made an object: its controller, else any owner, else a Helm release. */
export function ownerOf(meta: ObjectMeta | undefined): DataCluster['owner'] {
  if (meta === undefined) return undefined;
  const owner = meta.owners.find(({ isController }) => isController) ?? meta.owners[0];
  if (owner !== undefined) return owner;
  const helmRelease = helmReleaseOf(meta);
  return helmRelease === undefined ? undefined : { helmRelease };
}
