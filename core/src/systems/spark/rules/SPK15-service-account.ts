import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { jobSpec, JOBS } from '#core/systems/spark/rules/job.ts';

export const serviceAccount: ObjectRule = {
  id: 'SPK15',
  title: 'The driver has no service account of its own',
  severity: 'warning',
  source: 'Apache Spark 4.0 documentation, Running on Kubernetes, RBAC; spark-operator 2.5.2 driver.serviceAccount',
  fixable: false,
  refusedBy: 'nobody',
  why: `The driver makes its executors itself, with the rights of its service account. Without a name that is the account \`default\`, which in
most namespaces may not make pods: the driver starts, waits for executors and fails.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    const driver = jobSpec(object).field('driver');
    const pod = driver.at('template', 'spec');
    const names = [driver.field('serviceAccount'), pod.field('serviceAccountName'), pod.field('serviceAccount')];
    if (!driver.isPresent || !names.every((view) => view.isAbsent)) return;
    report({
      at: driver,
      path: `${driver.path}.serviceAccount`,
      cause: 'required',
      message: 'The driver has no serviceAccount, so it makes its executors as "default", which usually may not.',
    });
  },
};
