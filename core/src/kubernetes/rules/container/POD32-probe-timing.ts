import { servingContainers } from '#core/kubernetes/rules/container/containers.ts';
import { isInt32 } from '#core/kubernetes/rules/container/portNumbers.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Zero stands for the default of these. */
const TIMINGS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold', 'successThreshold'];

export const probeTiming: PodRule = {
  id: 'POD32',
  title: 'A time or threshold of a probe cannot be',
  severity: 'error',
  source:
    'k8s.io/kubernetes pkg/apis/core/validation validateProbe, validateLivenessProbe and validateReadinessProbe, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Times and thresholds are not negative. Liveness and startup probes have passed after one success; only readiness can ask for more. A readiness
probe never ends a container, so it has no grace period.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const container of servingContainers(pod)) {
      for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) checkProbe(container.field(name), report);
    }
  },
};

function checkProbe(probe: NodeView, report: Report): void {
  for (const name of TIMINGS) {
    const view = probe.field(name);
    const { integer } = view;
    if (!view.isPresent || integer === undefined || !isInt32(integer)) continue;
    const isOnce = name === 'successThreshold' && probe.step !== 'readinessProbe';
    if (integer < 0) report({ at: view, cause: 'invalid', message: `${name} is ${integer}; it cannot be negative.` });
    else if (isOnce && integer > 1) {
      report({
        at: view,
        cause: 'invalid',
        message: `The successThreshold of a ${String(probe.step)} must be 1, not ${integer}.`,
      });
    }
  }
  checkGracePeriod(probe.field('terminationGracePeriodSeconds'), report);
}

function checkGracePeriod(view: NodeView, report: Report): void {
  const { integer, parent } = view;
  if (integer === undefined) return;
  if (parent?.step === 'readinessProbe') {
    const message = 'A readinessProbe cannot have terminationGracePeriodSeconds, because it ends no container.';
    report({ at: view, cause: 'invalid', message });
  } else if (integer <= 0) {
    report({ at: view, cause: 'invalid', message: `terminationGracePeriodSeconds is ${integer}; it must be above 0.` });
  }
}
