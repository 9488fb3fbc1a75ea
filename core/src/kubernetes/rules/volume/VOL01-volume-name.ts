import { checkDnsLabel } from '#core/kubernetes/names.ts';
import { hasUnknownKey, repetitions, reportMalformed, reportMissing } from '#core/kubernetes/rules/fields.ts';
import { checkedVolumes, sourceOf, VOLUME_SOURCES, type CheckedVolume } from '#core/kubernetes/rules/volume/sources.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const volumeName: PodRule = {
  id: 'VOL01',
  title: 'The name of a volume is malformed or repeated, or the volume has no source',
  severity: 'error',
  source:
    'k8s.io/kubernetes pkg/apis/core/validation ValidateVolumes, 1.34; for the missing source pkg/apis/core/v1 SetDefaults_Volume',
  fixable: true,
  refusedBy: 'server',
  why: `Containers mount volumes by name, so a name is a label of at most 63 characters and stands once in its pod.

A volume that says nothing of where its data is kept is not refused: the API server makes it an empty directory of the node, and what a
database writes there is gone with the pod. That is a warning here, unless \`emptyDir\` is written.`,
  subject: 'pod',
  check: (pod, report) => {
    const checked = checkedVolumes(pod, report);
    const volumes = checked.map(({ volume }) => volume);
    const repeated = new Map(repetitions(volumes, (volume) => volume.field('name').text));
    for (const one of checked) {
      const name = one.volume.field('name');
      reportMissing(name, 'name of the volume', one.report);
      reportMalformed(name, 'volume name', checkDnsLabel, one.report);
      const earlier = repeated.get(one.volume);
      if (earlier) {
        one.report({
          at: name,
          cause: 'duplicate',
          message: `There are two volumes called ${quoteText(name.text ?? '')} in this pod.`,
          related: [{ at: earlier.field('name'), message: 'It stands here before' }],
        });
      }
      reportNoSource(one);
    }
  },
};

function reportNoSource({ volume, report }: CheckedVolume): void {
  if (volume.content?.kind !== 'map' || volume.isOpen || hasUnknownKey(volume) || sourceOf(volume)) return;
  const written = volume.fields.filter(({ step }) => step !== 'name');
  const known = VOLUME_SOURCES.map(({ name }) => name).filter((name) => name !== 'emptyDir');
  if (!written.every(({ step }) => known.includes(String(step)))) return;
  const [empty] = written;
  const begins = empty
    ? `Nothing is given for ${String(empty.step)}`
    : 'The volume says nothing of where its data is kept';
  report({
    at: empty ?? volume.field('name'),
    severity: 'warning',
    cause: 'required',
    message: `${begins}, so the API server silently makes it an empty directory of the node: what is written there is gone with the pod. If that is meant, write "emptyDir: {}".`,
  });
}
