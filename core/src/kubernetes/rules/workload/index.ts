import { selector } from '#core/kubernetes/rules/workload/STS01-selector.ts';
import { selectorDoesNotMatch } from '#core/kubernetes/rules/workload/STS02-selector-does-not-match.ts';
import { podManagementPolicy } from '#core/kubernetes/rules/workload/STS03-pod-management-policy.ts';
import { updateStrategy } from '#core/kubernetes/rules/workload/STS04-update-strategy.ts';
import { partition } from '#core/kubernetes/rules/workload/STS05-partition.ts';
import { rollingUpdatePace } from '#core/kubernetes/rules/workload/STS06-rolling-update-pace.ts';
import { claimRetention } from '#core/kubernetes/rules/workload/STS07-claim-retention.ts';
import { negativeNumber } from '#core/kubernetes/rules/workload/STS08-negative-number.ts';
import { serviceName } from '#core/kubernetes/rules/workload/STS09-service-name.ts';
import { restartPolicy } from '#core/kubernetes/rules/workload/STS10-restart-policy.ts';
import { deadlineInTemplate } from '#core/kubernetes/rules/workload/STS11-deadline-in-template.ts';
import { ephemeralContainers } from '#core/kubernetes/rules/workload/STS12-ephemeral-containers.ts';
import { volumeClaim } from '#core/kubernetes/rules/workload/STS14-volume-claim.ts';
import { claimName } from '#core/kubernetes/rules/workload/STS15-claim-name.ts';
import { longName } from '#core/kubernetes/rules/workload/STS16-long-name.ts';
import { revisionHistory } from '#core/kubernetes/rules/workload/STS17-revision-history.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about what makes pods: StatefulSet, Deployment and their like, and about the claims of their pods. */
export const workloadRules: readonly Rule[] = [
  selector,
  selectorDoesNotMatch,
  podManagementPolicy,
  updateStrategy,
  partition,
  rollingUpdatePace,
  claimRetention,
  negativeNumber,
  serviceName,
  restartPolicy,
  deadlineInTemplate,
  ephemeralContainers,
  volumeClaim,
  claimName,
  longName,
  revisionHistory,
];
