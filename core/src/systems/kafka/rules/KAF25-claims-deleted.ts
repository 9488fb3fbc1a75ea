import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';

/** When claims go, and what is lost with them. */
const OCCASIONS = [
  {
    field: 'whenScaled',
    consequence: 'A broker that is scaled away loses its data at once, also those that no other broker has',
  },
  { field: 'whenDeleted', consequence: 'Deleting the StatefulSet, for instance to make it anew, deletes all topics' },
] as const;

export const claimsDeleted: ObjectRule = {
  id: 'KAF25',
  title: 'The disks of brokers are deleted with their pods',
  severity: 'warning',
  source: 'Kubernetes documentation of persistentVolumeClaimRetentionPolicy',
  fixable: false,
  refusedBy: 'nobody',
  why: `By default a StatefulSet keeps the claims of its pods. With \`Delete\` they go when the set gets smaller, or with the set itself. For brokers
that means that partitions which were not moved away before are lost, and that a set cannot be made anew without losing its topics.`,
  subject: 'object',
  check: (object, report) => {
    if (object.groupKind !== 'apps/StatefulSet' || viewBrokers(object).length === 0) return;
    for (const { field, consequence } of OCCASIONS) {
      const policy = object.spec.at('persistentVolumeClaimRetentionPolicy', field);
      if (!policy.isPresent || policy.text !== 'Delete') continue;
      report({ at: policy, cause: 'invalid', message: `${field} is Delete. ${consequence}.` });
    }
  },
};
