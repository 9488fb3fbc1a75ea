import { checkClaimSpec } from '#core/kubernetes/rules/claimSpec.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import { viewPod } from '#core/lint/rules/pods.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const volumeClaim: ObjectRule = {
  id: 'STS14',
  title: 'A volume claim is incomplete or contradicts itself',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidatePersistentVolumeClaimSpec, in a StatefulSet since 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A claim says how its volume may be mounted and how much storage it requests. Since Kubernetes 1.34 a StatefulSet with a wrong claim
template is refused when it is applied; earlier servers take it and then refuse every claim, so that no pod ever starts.`,
  subject: 'object',
  kinds: ['apps/StatefulSet', '/PersistentVolumeClaim'],
  check: (object, report) => {
    const isLater = viewPod(object)?.isValidatedAtOnce === false;
    for (const claim of claimsOf(object)) {
      checkClaimSpec(claim, (hit) => report(isLater ? { ...hit, refused: 'later' } : hit));
    }
  },
};

function claimsOf({ groupKind, spec }: ObjectView) {
  if (groupKind === '/PersistentVolumeClaim') return [spec];
  return spec.field('volumeClaimTemplates').items.map((claim) => claim.field('spec'));
}
