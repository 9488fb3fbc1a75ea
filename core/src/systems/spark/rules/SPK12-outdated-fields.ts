import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { jobSpec, JOBS, parseSparkVersion, rolesOf } from '#core/systems/spark/rules/job.ts';

const OF_ROLES: readonly (readonly [string, string])[] = [
  ['envVars', 'is outdated: env takes its place'],
  ['envSecretKeyRefs', 'is outdated: env with valueFrom.secretKeyRef takes its place'],
];

const OF_JOB: readonly (readonly [string, string])[] = [
  ['failureRetries', 'is ignored: restartPolicy.onFailureRetries takes its place'],
  ['retryInterval', 'is ignored: restartPolicy.onFailureRetryInterval takes its place'],
];

const OLDEST_MAINTAINED = 3;

export const outdatedFields: ObjectRule = {
  id: 'SPK12',
  title: 'A field or a version is outdated',
  severity: 'warning',
  source: 'spark-operator 2.5.2 api/v1beta2 types; Apache Spark versioning policy',
  fixable: true,
  refusedBy: 'nobody',
  why: `The operator still reads some fields of its first years and will drop them, others it ignores already. Spark 2 and Python 2 get no fixes
any more; Spark 3.0 and later do not even start with Python 2.`,
  subject: 'object',
  kinds: JOBS,
  check: (object, report) => {
    const spec = jobSpec(object);
    const fields = [
      ...OF_JOB.map(([name, state]) => ({ view: spec.field(name), name, state })),
      ...rolesOf(object).flatMap((role) =>
        OF_ROLES.map(([name, state]) => ({ view: role.view.field(name), name, state })),
      ),
    ];
    for (const { view, name, state } of fields) {
      if (view.isPresent) report({ at: view, cause: 'invalid', message: `${name} ${state}.` });
    }
    const python = spec.field('pythonVersion');
    const { content } = python;
    if (python.text === '2' && content?.kind === 'scalar') {
      report({
        at: python,
        cause: 'invalid',
        message: 'Python 2 is at its end, and Spark 3 does not run with it.',
        fixes: () => [{ ...replaceScalar(content, '3', 'Change to 3'), preferred: false }],
      });
    }
    const version = spec.field('sparkVersion');
    const major = version.text === undefined ? undefined : parseSparkVersion(version.text)?.[0];
    if (major === undefined || major >= OLDEST_MAINTAINED) return;
    report({
      at: version,
      cause: 'invalid',
      message: `Spark ${quoteText(version.text ?? '')} gets no fixes any more.`,
    });
  },
};
