import type { PodView } from '#core/lint/rules/pods.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** A reference to something of the pod itself, in an environment variable or a file of a volume. */
export interface DownwardRef {
  readonly ref: NodeView;
  /** As the server prints it: items of downwardAPI volumes have no index there. */
  readonly path: string;
  readonly holder: 'env' | 'volume';
}

type RefName = 'fieldRef' | 'resourceFieldRef';

/** All references of one sort. */
export function downwardRefs(pod: PodView, name: RefName): readonly DownwardRef[] {
  return [...envRefs(pod, name), ...volumeRefs(pod, name)].filter(({ ref }) => ref.content?.kind === 'map');
}

function envRefs({ containers }: PodView, name: RefName): readonly DownwardRef[] {
  return containers.flatMap(({ view }) =>
    view.field('env').items.map((variable): DownwardRef => {
      const ref = variable.at('valueFrom', name);
      return { ref, path: ref.path, holder: 'env' };
    }),
  );
}

function volumeRefs(pod: PodView, name: RefName): readonly DownwardRef[] {
  const files = (source: NodeView, path: string): readonly DownwardRef[] =>
    source.field('items').items.map((item) => ({ ref: item.field(name), path: `${path}.${name}`, holder: 'volume' }));
  return validatedVolumes(pod).flatMap((volume, index) => {
    const path = `${pod.spec.field('volumes').path}[${pod.claims.length + index}]`;
    const sources = volume.at('projected', 'sources').items;
    return [
      ...files(volume.field('downwardAPI'), `${path}.downwardAPI`),
      ...sources.flatMap((source, at) =>
        files(source.field('downwardAPI'), `${path}.projected.sources[${at}].downwardAPI`),
      ),
    ];
  });
}

/** Claims of a StatefulSet stand before the volumes of its template, and in the place of those that have their name. */
function validatedVolumes({ volumes, claims }: PodView): readonly NodeView[] {
  const names = new Set(claims.map((claim) => claim.at('metadata', 'name').text));
  return claims.length === 0 ? volumes : volumes.filter((volume) => !names.has(volume.field('name').text));
}
