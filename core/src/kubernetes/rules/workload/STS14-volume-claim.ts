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
    const later = refusedLater(object);
    for (const claim of claimsOf(object)) {
      checkClaimSpec(claim, (hit) => report(later === undefined ? hit : { ...hit, consequence: later }));
    }
  },
};

function claimsOf({ groupKind, spec }: ObjectView) {
  if (groupKind === '/PersistentVolumeClaim') return [spec];
  return spec.field('volumeClaimTemplates').items.map((claim) => claim.field('spec'));
}

/** What happens where the server does not look into the StatefulSet. */
function refusedLater(object: ObjectView): string | undefined {
  if (viewPod(object)?.isValidatedAtOnce ?? true) return undefined;
  return `The API server of ${object.kubernetesVersion} accepts the StatefulSet and then refuses its claims, so none of its pods ever starts.`;
}
