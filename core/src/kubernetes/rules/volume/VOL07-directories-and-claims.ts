import { reportMalformed, reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import { checkClaimSpec } from '#core/kubernetes/rules/claimSpec.ts';
import { checkPathOfNode } from '#core/kubernetes/rules/volume/paths.ts';
import { checkedVolumes, sourceOf } from '#core/kubernetes/rules/volume/sources.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** What is checked in each source, beside that it is named. */
const CHECKS: Readonly<Record<string, (source: NodeView, report: Report) => void>> = {
  hostPath: (source, report) => {
    reportMalformed(source.field('path'), 'path', checkPathOfNode, report);
    reportUnsupported(source.field('type'), 'type of hostPath', HOST_PATH_TYPES, report);
  },
  emptyDir: checkSizeLimit,
  ephemeral: checkEphemeral,
};

export const directoriesAndClaims: PodRule = {
  id: 'VOL07',
  title: 'The directory or claim a volume comes from is wrong',
  severity: 'error',
  source:
    'k8s.io/kubernetes pkg/apis/core/validation validateHostPathVolumeSource, validateVolumeSource and validateEphemeralVolumeSource, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A path on the node has no ".." in it, the size limit of an empty directory is not negative, and an ephemeral volume carries the
template of the claim that is made for the pod, with access modes and the storage it requests.`,
  subject: 'pod',
  check: (pod, reportRaw) => {
    for (const { volume, report } of checkedVolumes(pod, reportRaw)) {
      const source = sourceOf(volume);
      if (source) CHECKS[String(source.step)]?.(source, report);
    }
  },
};

function checkSizeLimit(source: NodeView, report: Report): void {
  const limit = source.field('sizeLimit');
  if (limit.quantity === undefined || limit.quantity >= 0) return;
  report({ at: limit, cause: 'forbidden', message: 'The size limit of the empty directory is negative.' });
}

function checkEphemeral(source: NodeView, report: Report): void {
  const template = source.field('volumeClaimTemplate');
  if (template.isAbsent) {
    const message = 'An ephemeral volume needs a volumeClaimTemplate: the claim that is made for the pod.';
    report({ at: template, cause: 'required', message });
    return;
  }
  for (const name of ['name', 'namespace']) {
    const at = template.at('metadata', name);
    if (!at.isPresent) continue;
    const message = `${name} cannot be set: the claim gets it from the pod. Only labels and annotations may stand here.`;
    report({ at, cause: 'forbidden', message });
  }
  if (template.field('spec').isPresent) checkClaimSpec(template.field('spec'), report);
}
