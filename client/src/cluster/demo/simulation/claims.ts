import { kindNamed } from './kinds.ts';
import { recordOf, textOr, timeText, type KubeObject } from './objects.ts';
import type { World } from './world.ts';

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes: a claim that a pod uses stays, terminating, until that is gone. */
export function deleteClaim(world: World, claim: KubeObject): void {
  const { deletionTimestamp } = claim.metadata;
  if (deletionTimestamp !== undefined) return;
  if (!isUsed(world, claim)) removeClaim(world, claim);
  else
    world.store.put(kindNamed('PersistentVolumeClaim'), {
      ...claim,
      metadata: { ...claim.metadata, deletionTimestamp: timeText(world.now()) },
    });
}

/** Takes away the claims that were deleted while a pod used them. */
export class ClaimProtection {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  tick(): void {
    for (const claim of this.#world.store.list(kindNamed('PersistentVolumeClaim'))) {
      const isTerminating = claim.metadata.deletionTimestamp !== undefined;
      if (isTerminating && !isUsed(this.#world, claim)) removeClaim(this.#world, claim);
    }
  }
}

function isUsed(world: World, { metadata }: KubeObject): boolean {
  return world
    .pods(metadata.namespace)
    .some(({ spec }) =>
      (spec.volumes ?? []).some(({ persistentVolumeClaim: used }) => used?.claimName === metadata.name),
    );
}

/** Its volume goes with it, as the reclaim policy Delete says. */
function removeClaim(world: World, claim: KubeObject): void {
  const volume = world.get('PersistentVolume', '', textOr(recordOf(claim['spec'])['volumeName'], ''));
  world.remove(claim);
  if (volume !== undefined) world.remove(volume);
}
