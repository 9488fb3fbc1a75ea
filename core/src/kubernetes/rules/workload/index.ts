import { selectorDoesNotMatch } from '#core/kubernetes/rules/workload/STS02-selector-does-not-match.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about what makes pods: StatefulSet, Deployment and their like. */
export const workloadRules: readonly Rule[] = [selectorDoesNotMatch];
