import { userIds } from '#core/kubernetes/rules/security/SEC01-user-ids.ts';
import { privilegeEscalation } from '#core/kubernetes/rules/security/SEC02-privilege-escalation.ts';
import { profiles } from '#core/kubernetes/rules/security/SEC03-profiles.ts';
import { securityModes } from '#core/kubernetes/rules/security/SEC04-modes.ts';
import { sysctls } from '#core/kubernetes/rules/security/SEC05-sysctls.ts';
import { sharedProcesses } from '#core/kubernetes/rules/security/SEC06-shared-processes.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about what the processes of a pod may do. */
export const securityRules: readonly Rule[] = [
  userIds,
  privilegeEscalation,
  profiles,
  securityModes,
  sysctls,
  sharedProcesses,
];
