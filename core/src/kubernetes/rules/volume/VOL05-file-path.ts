import { isMissing, reportMalformed, reportMissing } from '#core/kubernetes/rules/fields.ts';
import { filesOf, type VolumeFile } from '#core/kubernetes/rules/volume/files.ts';
import { checkPathInVolume } from '#core/kubernetes/rules/volume/paths.ts';
import { checkedVolumes, sourceOf } from '#core/kubernetes/rules/volume/sources.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';

export const filePath: PodRule = {
  id: 'VOL05',
  title: 'A file of a volume lies outside it, or has no source',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateKeyToPath and validateDownwardAPIVolumeFile, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `An item of a volume says which key or field becomes which file. The path of the file is relative to the volume: it does not begin
with "/" or "..", and has no ".." in it.`,
  subject: 'pod',
  check: (pod, reportRaw) => {
    for (const { volume, report } of checkedVolumes(pod, reportRaw)) {
      const source = sourceOf(volume);
      for (const file of source ? filesOf(source).flatMap(({ files }) => files) : []) checkFile(file, report);
    }
  },
};

function checkFile({ item, path, from }: VolumeFile, report: Report): void {
  const printed: Report = (hit) => report({ ...hit, path: `${path}.${String(hit.at.step)}` });
  reportMissing(item.field('path'), 'path of the file', printed);
  reportMalformed(item.field('path'), 'path', checkPathInVolume, printed);
  if (from === 'key') reportMissing(item.field('key'), 'key', printed);
  else checkField({ item, path, from }, report);
}

function checkField({ item, path }: VolumeFile, report: Report): void {
  const [field, resource] = [item.field('fieldRef'), item.field('resourceFieldRef')];
  if (field.isPresent && resource.isPresent) {
    if (item.isOpen) return;
    const message = 'The file comes from fieldRef and from resourceFieldRef; it can have one source only.';
    report({ at: resource, path, cause: 'invalid', message, related: [{ at: field, message: 'The other source' }] });
  } else if (!resource.isPresent && isMissing(field)) {
    const message = 'The file has no source: either fieldRef or resourceFieldRef must be given.';
    report({ at: item, path, cause: 'required', message });
  }
}
