import { allContexts } from '#core/kubernetes/rules/security/contexts.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const MAX_ID = 2 ** 31 - 1;

/** Single ids; those of a container are a part of those of a pod. */
const ID_FIELDS = ['runAsUser', 'runAsGroup', 'fsGroup'];

export const userIds: PodRule = {
  id: 'SEC01',
  title: 'The id of a user or group is out of range',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validatePodSpecSecurityContext and ValidateSecurityContext, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Ids of users and groups go from 0 to ${MAX_ID}. There is no "nobody" or -1: to leave an id to the image, leave the field out.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const context of allContexts(pod)) {
      for (const id of [
        ...ID_FIELDS.map((name) => context.field(name)),
        ...context.field('supplementalGroups').items,
      ]) {
        const { integer } = id;
        if (integer === undefined || (integer >= 0 && integer <= MAX_ID)) continue;
        report({
          at: id,
          cause: 'invalid',
          message: `${nameOf(id)} ${integer} is out of range: ids go from 0 to ${MAX_ID}.`,
        });
      }
    }
  },
};

function nameOf(id: NodeView): string {
  return typeof id.step === 'string' ? id.step : 'The supplemental group';
}
