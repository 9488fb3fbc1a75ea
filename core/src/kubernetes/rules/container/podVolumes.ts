import type { PodView } from '#core/lint/rules/pods.ts';

/** Names of all volumes a container can mount, claim templates of a StatefulSet among them; undefined when there may be others. */
export function knownVolumes({ spec, object, volumes, claims }: PodView): readonly string[] | undefined {
  const lists = [spec, spec.field('volumes'), object.spec.field('volumeClaimTemplates')];
  if (lists.some((list) => list.isOpen)) return undefined;
  const names = [
    ...claims.map((claim) => claim.at('metadata', 'name').text),
    ...volumes.map((volume) => volume.field('name').text),
  ];
  return names.every((name) => name !== undefined) ? names : undefined;
}
