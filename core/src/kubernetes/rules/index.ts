import { containerRules } from '#core/kubernetes/rules/container/index.ts';
import { dataRules } from '#core/kubernetes/rules/data/index.ts';
import { metadataRules } from '#core/kubernetes/rules/metadata/index.ts';
import { podRules } from '#core/kubernetes/rules/pod/index.ts';
import { policyRules } from '#core/kubernetes/rules/policy/index.ts';
import { referenceRules } from '#core/kubernetes/rules/reference/index.ts';
import { schedulingRules } from '#core/kubernetes/rules/scheduling/index.ts';
import { securityRules } from '#core/kubernetes/rules/security/index.ts';
import { serviceRules } from '#core/kubernetes/rules/service/index.ts';
import { volumeRules } from '#core/kubernetes/rules/volume/index.ts';
import { workloadRules } from '#core/kubernetes/rules/workload/index.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** What the API server validates behind the schema. */
export const serverRules: readonly Rule[] = [
  ...metadataRules,
  ...workloadRules,
  ...containerRules,
  ...podRules,
  ...volumeRules,
  ...schedulingRules,
  ...securityRules,
  ...serviceRules,
  ...policyRules,
  ...dataRules,
  ...referenceRules,
];
