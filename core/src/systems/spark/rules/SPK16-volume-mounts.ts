import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { jobSpec, JOBS, rolesOf } from '#core/systems/spark/rules/job.ts';
import { isLocalDirectory } from '#core/systems/spark/rules/localDirectories.ts';
import { nearestName } from '#core/text/distance.ts';

export const volumeMounts: ObjectRule = {
  id: 'SPK16',
  title: 'A mount names a volume that the application does not have',
  severity: 'error',
  source: 'spark-operator 2.5.2 addVolumes of SparkPodDefaulter, addLocalDirConfOptions',
  fixable: true,
  refusedBy: 'nobody',
  why: `The operator gives a pod those volumes of the spec that its mounts name. A mount without its volume is left out in silence, and the
application runs without its data; if it is a local directory of Spark, the submission fails.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    const volumes = knownNames(jobSpec(object).field('volumes'));
    if (!volumes || jobSpec(object).isOpen) return;
    for (const { view } of rolesOf(object)) {
      for (const mount of view.field('volumeMounts').items) {
        const name = mount.field('name');
        const { text, content } = name;
        if (text === undefined || text === '' || volumes.includes(text)) continue;
        const near = nearestName(text, volumes);
        report({
          at: name,
          cause: 'notFound',
          message: `${quoteText(text)} is no volume of the spec. ${describeOthers(volumes, near)} ${isLocalDirectory(text) ? 'The submission fails' : 'The mount is left out in silence'}.`,
          ...(near !== undefined && content?.kind === 'scalar'
            ? { fixes: () => [replaceScalar(content, near, `Change to ${near}`)] }
            : {}),
        });
      }
    }
  },
};

function knownNames(list: NodeView): readonly string[] | undefined {
  const names = list.items.map((volume) => volume.field('name').text);
  const isKnown = (list.isAbsent || list.isPresent) && !list.isOpen;
  return isKnown && names.every((name) => name !== undefined) ? names : undefined;
}

function describeOthers(volumes: readonly string[], near: string | undefined): string {
  const there = `It has ${volumes.length > 0 ? listNames(volumes, 'and') : 'none'}`;
  return `${there}${near === undefined ? '.' : `; did you mean ${near}?`}`;
}
