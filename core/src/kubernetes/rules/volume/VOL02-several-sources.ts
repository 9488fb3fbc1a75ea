import { checkedVolumes, sourceOf, VOLUME_SOURCES } from '#core/kubernetes/rules/volume/sources.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const severalSources: PodRule = {
  id: 'VOL02',
  title: 'A volume has more than one source',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateVolumeSource, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A volume comes from one place: a claim, a ConfigMap, an empty directory. To put several into one directory there is \`projected\`.
The server goes through the sources in an order of its own and refuses all but the first, so it may name the one that was there before.`,
  subject: 'pod',
  check: (pod, reportRaw) => {
    for (const { volume, report } of checkedVolumes(pod, reportRaw)) {
      if (volume.isOpen) continue;
      const taken = sourceOf(volume);
      for (const { name, printed = name } of VOLUME_SOURCES) {
        const source = volume.field(name);
        if (!taken || source === taken || !source.isPresent) continue;
        const owner = volume.field('name').text;
        report({
          at: source,
          path: `${volume.path}.${printed}`,
          cause: 'forbidden',
          message: `The volume${owner === undefined ? '' : ` ${quoteText(owner)}`} comes from ${String(taken.step)} and from ${name}; it can have one source only.`,
          related: [{ at: taken, message: 'The other source' }],
        });
      }
    }
  },
};
