import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { APACHE_APPLICATION, CONNECT, jobSpec, JOBS, rolesOf } from '#core/systems/spark/rules/job.ts';
import { parseSparkMemory, suggestSparkMemory } from '#core/systems/spark/rules/memory.ts';

const SETTINGS = ['driver', 'executor'].flatMap((role) => [`spark.${role}.memory`, `spark.${role}.memoryOverhead`]);

export const memory: ObjectRule = {
  id: 'SPK07',
  title: 'Memory is not written as Spark reads it',
  severity: 'error',
  source: 'Apache Spark 4.0 JavaUtils.byteStringAs; spark-operator 2.5.2 validateMemoryString',
  fixable: true,
  refusedBy: 'nobody',
  why: `Memory goes to the JVM, so it is written as Java does: a whole number with k, m, g or t, which already count in steps of 1024. \`1g\` is
what Kubernetes calls \`1Gi\`; \`Gi\` and fractions are unknown to Spark. Only memoryLimit goes to Kubernetes.`,
  subject: 'object',
  kinds: [...JOBS, CONNECT, APACHE_APPLICATION],
  check: (object, report) => {
    for (const view of memoriesOf(object)) {
      const { text, content } = view;
      if (text === undefined || text === '' || parseSparkMemory(text) !== undefined) continue;
      const near = suggestSparkMemory(text);
      const who =
        object.groupKind === CONNECT ? 'The webhook of the Kubeflow Spark Operator refuses it' : 'The submission fails';
      report({
        at: view,
        cause: 'invalid',
        message: `${quoteText(text)} is no amount of memory to Spark, which wants a whole number with k, m, g or t${near === undefined ? '' : `, here ${near}`}. ${who}.`,
        ...(near !== undefined && content?.kind === 'scalar'
          ? { fixes: () => [replaceScalar(content, near, `Change to ${near}`)] }
          : {}),
      });
    }
  },
};

function memoriesOf(object: ObjectView): readonly NodeView[] {
  const conf = jobSpec(object).field('sparkConf');
  const roles = object.groupKind === APACHE_APPLICATION ? [] : rolesOf(object);
  return [
    ...roles.flatMap(({ view }) => [view.field('memory'), view.field('memoryOverhead')]),
    ...SETTINGS.map((key) => conf.field(key)),
  ];
}
