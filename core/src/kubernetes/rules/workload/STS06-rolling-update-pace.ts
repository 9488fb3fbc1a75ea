import { readAmount, reportAmount } from '#core/kubernetes/rules/amount.ts';
import { rollingUpdateOf } from '#core/kubernetes/rules/workload/strategies.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export const rollingUpdatePace: ObjectRule = {
  id: 'STS06',
  title: 'maxUnavailable or maxSurge of a rolling update cannot be met',
  severity: 'error',
  source:
    'k8s.io/kubernetes pkg/apis/apps/validation ValidateRollingUpdateDeployment and ValidateRollingUpdateDaemonSet, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Both are a number of pods or a percentage. At least one of them must allow something, or no pod could ever be replaced; a DaemonSet
takes only one of them, and its default for maxUnavailable is 1. In a StatefulSet the API server drops maxUnavailable without a word
unless a feature gate is on.`,
  subject: 'object',
  kinds: ['apps/Deployment', 'apps/DaemonSet'],
  check: (object, report) => {
    const update = rollingUpdateOf(object);
    if (!update) return;
    const [surge, unavailable] = [update.field('maxSurge'), update.field('maxUnavailable')];
    const isDeployment = object.groupKind === 'apps/Deployment';
    reportAmount(surge, isDeployment ? 'any' : '100%', report);
    reportAmount(unavailable, '100%', report);
    if (update.isOpen) return;
    const [surges, misses] = [allowance(surge, isDeployment ? 1 : 0), allowance(unavailable, 1)];
    if (surges === 0 && misses === 0) {
      const message =
        'Neither maxUnavailable nor maxSurge allows a pod more or less, so no pod could ever be replaced.';
      report({ at: unavailable, cause: isDeployment ? 'invalid' : 'required', message });
    } else if (!isDeployment && surges === 1 && misses === 1) {
      const message = 'A DaemonSet with maxSurge must have maxUnavailable: 0, and the default is 1.';
      report({ at: surge, cause: 'invalid', message });
    }
  },
};

/** 1 when the amount allows something, 0 when it does not; undefined when that is not known. */
function allowance(view: NodeView, fallback: 0 | 1): 0 | 1 | undefined {
  if (view.isAbsent) return fallback;
  const amount = readAmount(view);
  if (amount === undefined || amount === 'malformed' || amount.value < 0) return undefined;
  return amount.value === 0 ? 0 : 1;
}
