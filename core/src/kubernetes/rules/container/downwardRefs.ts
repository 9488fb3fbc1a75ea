import { filesOf } from '#core/kubernetes/rules/volume/files.ts';
import { checkedVolumes, sourceOf } from '#core/kubernetes/rules/volume/sources.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** A reference to something of the pod itself, in an environment variable or a file of a volume. */
export interface DownwardRef {
  readonly ref: NodeView;
  /** As the server prints it, but for the index of a volume, of which `report` takes care. */
  readonly path: string;
  readonly holder: 'env' | 'volume';
  readonly report: Report;
}

type RefName = 'fieldRef' | 'resourceFieldRef';

/** All references of one sort. */
export function downwardRefs(pod: PodView, name: RefName, report: Report): readonly DownwardRef[] {
  return [...envRefs(pod, name, report), ...volumeRefs(pod, name, report)].filter(
    ({ ref }) => ref.content?.kind === 'map',
  );
}

function envRefs({ containers }: PodView, name: RefName, report: Report): readonly DownwardRef[] {
  return containers.flatMap(({ view }) =>
    view.field('env').items.map((variable): DownwardRef => {
      const ref = variable.at('valueFrom', name);
      return { ref, path: ref.path, holder: 'env', report };
    }),
  );
}

function volumeRefs(pod: PodView, name: RefName, reportRaw: Report): readonly DownwardRef[] {
  return checkedVolumes(pod, reportRaw).flatMap(({ volume, report }) => {
    const source = sourceOf(volume);
    const files = source ? filesOf(source).flatMap((place) => place.files) : [];
    return files
      .filter(({ from }) => from === 'field')
      .map(({ item, path }): DownwardRef => ({
        ref: item.field(name),
        path: `${path}.${name}`,
        holder: 'volume',
        report,
      }));
  });
}
