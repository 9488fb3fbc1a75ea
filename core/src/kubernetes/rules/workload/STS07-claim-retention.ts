import { reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

const POLICIES = ['Retain', 'Delete'];

export const claimRetention: ObjectRule = {
  id: 'STS07',
  title: 'persistentVolumeClaimRetentionPolicy is not Retain or Delete',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation ValidatePersistentVolumeClaimRetentionPolicyType, 1.34',
  // Earlier servers drop the field unless a feature gate is on.
  since: '1.27',
  fixable: true,
  refusedBy: 'server',
  why: `The policy decides whether the claims of a StatefulSet, and with them its data, go when it is deleted or scaled down. Retain, the
default, keeps them.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: ({ spec }, report) => {
    const policy = spec.field('persistentVolumeClaimRetentionPolicy');
    for (const view of [policy.field('whenDeleted'), policy.field('whenScaled')]) {
      // The server puts the default in the place of an empty text.
      if (view.text !== '') reportUnsupported(view, 'retention policy', POLICIES, report);
    }
  },
};
