import type { ObjectRule } from '#core/lint/rules/rule.ts';

const JOB = [
  'parallelism',
  'completions',
  'backoffLimit',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
  'activeDeadlineSeconds',
  'ttlSecondsAfterFinished',
];

/** Fields below `spec` that must not be negative; confirmed against kube-apiserver 1.34.4. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'apps/StatefulSet': ['replicas', 'minReadySeconds', 'ordinals.start'],
  'apps/Deployment': ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'],
  'apps/ReplicaSet': ['replicas', 'minReadySeconds'],
  '/ReplicationController': ['replicas', 'minReadySeconds'],
  'apps/DaemonSet': ['minReadySeconds', 'revisionHistoryLimit'],
  'batch/Job': JOB,
  'batch/CronJob': [
    'startingDeadlineSeconds',
    'successfulJobsHistoryLimit',
    'failedJobsHistoryLimit',
    ...JOB.map((field) => `jobTemplate.spec.${field}`),
  ],
};

export const negativeNumber: ObjectRule = {
  id: 'STS08',
  title: 'A count or a number of seconds of a workload is negative',
  severity: 'error',
  source: 'k8s.io/apimachinery pkg/api/validation ValidateNonnegativeField, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: 'Counts of pods and waiting times begin at 0. Where a limit may be open, it is left out, not set to -1.',
  subject: 'object',
  kinds: Object.keys(FIELDS),
  check: ({ groupKind, spec }, report) => {
    for (const field of FIELDS[groupKind] ?? []) {
      const view = spec.at(...field.split('.'));
      const { integer } = view;
      if (integer === undefined || integer >= 0) continue;
      report({
        at: view,
        cause: 'invalid',
        message: `${field.replace('jobTemplate.spec.', '')} is ${integer}; it must be 0 or more.`,
      });
    }
  },
};
