import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { CONNECT, JOBS, jobSpec, parseSparkVersion, rolesOf } from '#core/systems/spark/rules/job.ts';

const FIRST_WITH_TEMPLATES = 3;

export const conflictingPlacement: ObjectRule = {
  id: 'SPK04',
  title: 'A node selector stands twice, or a pod template meets a Spark that has none',
  severity: 'error',
  source: 'spark-operator 2.5.2 SparkApplicationValidator.validateSpec, validateSparkVersion',
  fixable: false,
  refusedBy: 'nobody',
  why: `The node selector of the spec is for all pods and cannot be mixed with one of the driver or the executors. Pod templates exist since
Spark 3.0; the operator refuses them with an older version, and with a version it cannot read.`,
  subject: 'object',
  kinds: [...JOBS, CONNECT],
  check: (object, report) => {
    const spec = jobSpec(object);
    const shared = spec.field('nodeSelector');
    const version = spec.field('sparkVersion');
    const major = version.text === undefined ? undefined : (parseSparkVersion(version.text)?.[0] ?? 0);
    for (const { name, view } of rolesOf(object)) {
      const own = view.field('nodeSelector');
      const template = view.field('template');
      if (shared.isPresent && own.isPresent) {
        report({
          at: own,
          cause: 'forbidden',
          message: `The ${name} has a node selector, and the spec has one as well. The webhook of the Kubeflow Spark Operator refuses both together.`,
          related: [{ at: shared, message: 'The node selector of the spec' }],
        });
      }
      if (template.isPresent && major !== undefined && major < FIRST_WITH_TEMPLATES) {
        report({
          at: template,
          cause: 'forbidden',
          message: `Pod templates need Spark 3.0 or later, and sparkVersion is ${quoteText(version.text ?? '')}. The webhook of the Kubeflow Spark Operator refuses the ${object.kind.kind}.`,
          related: [{ at: version, message: 'The version' }],
        });
      }
    }
  },
};
