import { isEmptyText } from '#core/kubernetes/rules/container/emptyText.ts';
import { knownVolumes } from '#core/kubernetes/rules/container/podVolumes.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

export const mountedVolumeMissing: PodRule = {
  id: 'POD16',
  title: 'A container mounts a volume that the pod does not have',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateVolumeMounts, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A mount names a volume of the pod or, in a StatefulSet, one of its volume claim templates. A name that is in neither is most often a
typing mistake, and in a database it is the difference between a disk and nothing.`,
  subject: 'pod',
  check: (pod, report) => {
    const volumes = knownVolumes(pod);
    if (!volumes) return;
    for (const { view } of pod.containers) {
      for (const mount of view.field('volumeMounts').items) {
        const name = mount.field('name');
        const { text, content } = name;
        if (isEmptyText(name))
          report({ at: name, cause: 'required', message: 'The name of the mounted volume is empty.' });
        if (text === undefined || text === '' || volumes.includes(text)) continue;
        const near = nearestName(text, volumes);
        const there = volumes.length > 0 ? `There are ${listNames(volumes, 'and')}` : 'There are none';
        report({
          at: name,
          cause: 'notFound',
          message: `${quoteText(text)} is no volume of this pod. ${there}${near === undefined ? '.' : `; did you mean ${near}?`}`,
          ...(near !== undefined && content?.kind === 'scalar'
            ? { fixes: () => [replaceScalar(content, near, `Change to ${near}`)] }
            : {}),
        });
      }
    }
  },
};
