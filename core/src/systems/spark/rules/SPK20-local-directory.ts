import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { jobSpec, JOBS } from '#core/systems/spark/rules/job.ts';
import { isLocalDirectory, LOCAL_DIRECTORY_SOURCES } from '#core/systems/spark/rules/localDirectories.ts';

export const localDirectory: ObjectRule = {
  id: 'SPK20',
  title: 'A local directory of Spark is a volume of a kind that Spark cannot make',
  severity: 'error',
  source: 'spark-operator 2.5.2 addLocalDirConfOptions',
  fixable: false,
  refusedBy: 'nobody',
  why: `Volumes whose name begins with \`spark-local-dir-\` hold what Spark shuffles and spills. The operator hands them to Spark as settings, and
Spark has settings for four kinds of volumes only. Any other kind fails the submission.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    for (const volume of jobSpec(object).field('volumes').items) {
      const name = volume.field('name').text;
      if (name === undefined || !isLocalDirectory(name) || volume.isOpen) continue;
      const sources = volume.fields.filter(({ step, isPresent }) => step !== 'name' && isPresent);
      const [source] = sources;
      if (!source || sources.some(({ step }) => LOCAL_DIRECTORY_SOURCES.includes(String(step)))) continue;
      report({
        at: source,
        cause: 'unsupported',
        message: `The local directory ${quoteText(name)} is a volume of type ${String(source.step)}; Spark can use ${listNames(LOCAL_DIRECTORY_SOURCES)}. The submission fails.`,
      });
    }
  },
};
